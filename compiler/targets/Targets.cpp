//===- Targets.cpp - The table of targets ---------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/Targets.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace tenon;

// Features by level; GCC and Clang read the same names without the sign. The
// last one keeps LLVM from splitting 512-bit vectors, as its v4 tuning would.
#define X86_V3 "avx2,fma,bmi,bmi2,f16c,lzcnt,movbe,popcnt"
#define X86_V4 X86_V3 ",avx512f,avx512bw,avx512cd,avx512dq,avx512vl"
#define X86_GCC "g++"
#define ARM_GCC "arm-none-eabi-g++"
#define A64_GCC "aarch64-linux-gnu-g++"

// clang-format off
//
// Of the rows of a triple, the most general one is first: a triple means it.
// Where a row could be otherwise:
// - `portable` has the widest vectors that every compiler handles well without
//   a flag, and nothing whose result depends on the machine: no FMA, and no
//   square root (an expansion gives the same bits everywhere).
// - `scalar` and `cortex-m0` reduce with as many partial sums as `portable`, so
//   that all give the same bits. Cores with a scalar FPU keep one: a second costs a
//   register and an add.
// - `armv7` uses the VFP alone: NEON flushes denormals. So do the vectors of floats
//   of `cortex-m55`. Compilers would make either of loops: the flags keep them
//   from it, and the pragma, where a user has others.
// - `cortex-m7`: boards of this kind have the single-precision FPU at least.
static constexpr auto None = kernel::DotKind::None, Dsp = kernel::DotKind::Dsp,
                      Vnni = kernel::DotKind::Vnni,
                      Dotprod = kernel::DotKind::Dotprod,
                      Mve = kernel::DotKind::Mve,
                      Neon = kernel::DotKind::Neon,
                      Maddwd = kernel::DotKind::Maddwd;
static const Target kTargets[] = {
    // name, summary, triple, cpu, features, abi, pragma, lanes, reduction lanes, registers, fma, sqrt, dot, index bits, alignment, gcc, flags
    {"host", "the machine that compiles", "", "", "", "", "", 1, 4, 16, false, false, None, 64, 16, "", ""},
    {"portable", "any machine, the same bits everywhere", "", "", "", "", "", 4, 4, 16, false, false, None, 64, 16, X86_GCC, ""},
    {"scalar", "any machine, as portable without vectors", "", "", "", "", "", 1, 4, 16, false, false, None, 64, 16, X86_GCC, ""},
    {"x86-64-v2", "x86-64 with SSE4.2", "x86_64-unknown-linux-gnu", "x86-64-v2", "", "", "sse4.2,popcnt", 4, 4, 16, false, true, Maddwd, 64, 16, X86_GCC, ""},
    {"x86-64-v3", "x86-64 with AVX2 and FMA", "x86_64-unknown-linux-gnu", "x86-64-v3", "", "", X86_V3, 8, 8, 16, true, true, Maddwd, 64, 32, X86_GCC, ""},
    {"x86-64-v3-vnni", "x86-64 with AVX2 and AVX-VNNI", "x86_64-unknown-linux-gnu", "x86-64-v3", "+avxvnni", "", X86_V3 ",avxvnni", 8, 8, 16, true, true, Vnni, 64, 32, X86_GCC, ""},
    {"x86-64-v4", "x86-64 with AVX-512", "x86_64-unknown-linux-gnu", "x86-64-v4", "-prefer-256-bit", "", X86_V4, 16, 16, 32, true, true, Maddwd, 64, 64, X86_GCC, ""},
    {"x86-64-v4-vnni", "x86-64 with AVX-512 and its VNNI", "x86_64-unknown-linux-gnu", "x86-64-v4", "-prefer-256-bit,+avx512vnni", "", X86_V4 ",avx512vnni", 16, 16, 32, true, true, Vnni, 64, 64, X86_GCC, ""},
    {"aarch64", "AArch64 Linux, any Armv8-A", "aarch64-unknown-linux-gnu", "generic", "+neon", "", "", 4, 4, 32, true, true, Neon, 64, 16, A64_GCC, ""},
    {"cortex-a53", "AArch64 Linux, Cortex-A53", "aarch64-unknown-linux-gnu", "cortex-a53", "", "", "", 4, 4, 32, true, true, Neon, 64, 16, A64_GCC, "-mcpu=cortex-a53"},
    {"cortex-a72", "AArch64 Linux, Cortex-A72", "aarch64-unknown-linux-gnu", "cortex-a72", "", "", "", 4, 4, 32, true, true, Neon, 64, 16, A64_GCC, "-mcpu=cortex-a72"},
    {"cortex-a76", "AArch64 Linux, Cortex-A76: dot products", "aarch64-unknown-linux-gnu", "cortex-a76", "", "", "arch=armv8.2-a+dotprod", 4, 4, 32, true, true, Dotprod, 64, 16, A64_GCC, "-mcpu=cortex-a76"},
    {"armv7", "Armv7-A Linux, hard float", "armv7-unknown-linux-gnueabihf", "cortex-a7", "", "hard", "fpu=vfpv4|no-neon", 1, 1, 32, true, true, Dsp, 32, 8, "arm-linux-gnueabihf-g++", "-mcpu=cortex-a7 -mfpu=vfpv4"},
    {"cortex-m0", "Cortex-M0, software floats", "thumbv6m-unknown-none-eabi", "cortex-m0", "", "soft", "", 1, 4, 4, false, false, None, 32, 8, ARM_GCC, "-mthumb -mcpu=cortex-m0"},
    {"cortex-m4", "Cortex-M4F", "thumbv7em-unknown-none-eabihf", "cortex-m4", "", "hard", "", 1, 1, 32, true, true, Dsp, 32, 8, ARM_GCC, "-mthumb -mcpu=cortex-m4 -mfpu=fpv4-sp-d16 -mfloat-abi=hard"},
    {"cortex-m7", "Cortex-M7, single-precision FPU", "thumbv7em-unknown-none-eabihf", "cortex-m7", "-fp64", "hard", "", 1, 1, 32, true, true, Dsp, 32, 8, ARM_GCC, "-mthumb -mcpu=cortex-m7 -mfpu=fpv5-sp-d16 -mfloat-abi=hard"},
    {"cortex-m33", "Cortex-M33 with FPU", "thumbv8m.main-unknown-none-eabihf", "cortex-m33", "", "hard", "", 1, 1, 32, true, true, Dsp, 32, 8, ARM_GCC, "-mthumb -mcpu=cortex-m33 -mfpu=fpv5-sp-d16 -mfloat-abi=hard"},
    {"cortex-m55", "Cortex-M55, its vectors for bytes", "thumbv8.1m.main-unknown-none-eabihf", "cortex-m55", "", "hard", "arch=armv8.1-m.main+mve+fp.dp|no-mve.fp", 1, 1, 32, true, true, Mve, 32, 8, ARM_GCC, "-mthumb -mcpu=cortex-m55+nomve.fp -mfloat-abi=hard"},
    {"riscv32imc", "RISC-V, 32 bits, software floats", "riscv32-unknown-none-elf", "generic-rv32", "+m,+c", "", "", 1, 4, 4, false, false, None, 32, 8, "riscv64-unknown-elf-g++", "-march=rv32imc -mabi=ilp32"},
    {"wasm32", "WebAssembly with SIMD", "wasm32-unknown-unknown", "generic", "+simd128", "", "simd128", 4, 4, 16, false, true, None, 32, 16, "", ""},
};
// clang-format on

ArrayRef<Target> tenon::listTargets() { return kTargets; }

/// The best row for this machine; `portable` where none fits.
static StringRef getHostName() {
  llvm::Triple triple(llvm::sys::getDefaultTargetTriple());
  if (triple.isAArch64() && triple.isLittleEndian())
    return "aarch64";
  if (triple.getArch() != llvm::Triple::x86_64)
    return "portable";
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  auto hasAll = [&](StringRef list) {
    return llvm::all_of(llvm::split(list, ','), [&](StringRef feature) {
      return features.lookup(feature);
    });
  };
  if (hasAll(X86_V4))
    return hasAll("avx512vnni") ? "x86-64-v4-vnni" : "x86-64-v4";
  if (hasAll(X86_V3))
    return hasAll("avxvnni") ? "x86-64-v3-vnni" : "x86-64-v3";
  return hasAll("sse4.2,popcnt") ? "x86-64-v2" : "portable";
}

//===----------------------------------------------------------------------===//
// Triples
//===----------------------------------------------------------------------===//

static bool isArm(const llvm::Triple &triple) {
  return triple.getArch() == llvm::Triple::arm ||
         triple.getArch() == llvm::Triple::thumb;
}

/// ARM and Thumb are one machine: the row says which code it gets.
static bool hasSameArch(const llvm::Triple &a, const llvm::Triple &b) {
  return a.getArch() == b.getArch() || (isArm(a) && isArm(b));
}

/// Where ARM's float arguments are: 'h' in float registers, 's' in others, 0
/// where the triple does not say.
static char getFloatAbi(const llvm::Triple &triple) {
  switch (triple.getEnvironment()) {
  case llvm::Triple::EABIHF:
  case llvm::Triple::GNUEABIHF:
  case llvm::Triple::MuslEABIHF:
    return 'h';
  case llvm::Triple::EABI:
  case llvm::Triple::GNUEABI:
  case llvm::Triple::MuslEABI:
    return 's';
  default:
    return 0;
  }
}

/// Whether code for `row` runs where `asked` says and has its calls.
static bool fits(const llvm::Triple &row, const llvm::Triple &asked) {
  if (!hasSameArch(row, asked) || row.getOS() != asked.getOS() || asked.isX32())
    return false;
  // A word in the system's place that is none of LLVM's means another system.
  if (asked.getOS() == llvm::Triple::UnknownOS &&
      !llvm::is_contained({"unknown", "none"}, asked.getOSName()))
    return false;
  if (!isArm(row))
    return row.getSubArch() == asked.getSubArch();
  // Every Cortex-M runs what Cortex-M0 does.
  llvm::Triple::SubArchType part = asked.getSubArch();
  bool hasPart = part == llvm::Triple::NoSubArch || part == row.getSubArch() ||
                 (row.getSubArch() == llvm::Triple::ARMSubArch_v6m &&
                  llvm::is_contained({llvm::Triple::ARMSubArch_v7m,
                                      llvm::Triple::ARMSubArch_v7em,
                                      llvm::Triple::ARMSubArch_v8m_baseline,
                                      llvm::Triple::ARMSubArch_v8m_mainline,
                                      llvm::Triple::ARMSubArch_v8_1m_mainline},
                                     part));
  return hasPart && getFloatAbi(row) == getFloatAbi(asked);
}

static const Target *findRow(
    StringRef triple,
    llvm::function_ref<bool(const llvm::Triple &row, const llvm::Triple &asked)>
        isMeant) {
  llvm::Triple asked(llvm::Triple::normalize(triple));
  if (!triple.contains('-') || asked.getArch() == llvm::Triple::UnknownArch)
    return nullptr;
  for (const Target &target : kTargets)
    if (*target.triple &&
        isMeant(llvm::Triple(llvm::Triple::normalize(target.triple)), asked))
      return &target;
  return nullptr;
}

const Target *tenon::findNearestTarget(StringRef triple) {
  auto hasSamePart = [](const auto &row, const auto &to) {
    return hasSameArch(row, to) && row.getOS() == to.getOS() &&
           row.getSubArch() == to.getSubArch();
  };
  const Target *row = findRow(triple, hasSamePart);
  return row ? row : findRow(triple, hasSameArch);
}

const Target *tenon::lookupTarget(StringRef name) {
  if (name == "host")
    name = getHostName();
  for (const Target &target : kTargets)
    if (name == target.name)
      return &target;
  return findRow(name, fits);
}

Machine tenon::getMachine(const Target &target) {
  if (*target.triple)
    return {target.triple, target.cpu, target.features};
  std::string triple = llvm::sys::getDefaultTargetTriple();
  bool isX86 = llvm::Triple(triple).getArch() == llvm::Triple::x86_64;
  return {triple, isX86 ? "x86-64" : "generic", target.features};
}

kernel::TargetAttr tenon::getTargetAttr(MLIRContext *context,
                                        const Target &target) {
  return getTargetAttr(context, target, getMachine(target));
}

kernel::TargetAttr tenon::getTargetAttr(MLIRContext *context,
                                        const Target &target,
                                        const Machine &machine) {
  return kernel::TargetAttr::get(
      context, target.name, machine.triple, machine.cpu, machine.features,
      target.abi, target.pragma, target.lanes, target.reductionLanes,
      target.registers, target.fma, target.sqrt, target.dot, target.indexBits,
      target.alignment);
}
