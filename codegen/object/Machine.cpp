//===- Machine.cpp - LLVM's machine for a target --------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/object/Machine.h"

#include "codegen/object/ObjectEmitter.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace tenon;

/// Only what the target table names; LLVM would take longer for all.
static void initializeTargets() {
  static bool once = [] {
#define TENON_INITIALIZE(NAME)                                                 \
  LLVMInitialize##NAME##TargetInfo();                                          \
  LLVMInitialize##NAME##Target();                                              \
  LLVMInitialize##NAME##TargetMC();                                            \
  LLVMInitialize##NAME##AsmPrinter();
    TENON_INITIALIZE(X86)
    TENON_INITIALIZE(ARM)
    TENON_INITIALIZE(AArch64)
    TENON_INITIALIZE(RISCV)
    TENON_INITIALIZE(WebAssembly)
#undef TENON_INITIALIZE
    return true;
  }();
  (void)once;
}

std::unique_ptr<llvm::TargetMachine>
tenon::createTargetMachine(ModuleOp module, OptLevel level) {
  initializeTargets();
  kernel::TargetAttr target = kernel::getTarget(module);
  if (!target) {
    emitError(module.getLoc(), "the module names no target");
    return nullptr;
  }
  llvm::Triple triple(llvm::Triple::normalize(target.getTriple()));
  std::string error;
  const llvm::Target *found =
      llvm::TargetRegistry::lookupTarget(triple.str(), error);
  if (!found) {
    emitError(module.getLoc(), "LLVM cannot compile for '")
        << target.getTriple() << "': " << error;
    return nullptr;
  }
  llvm::TargetOptions options;
  // Products and sums are fused only where the low form says so.
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  options.FunctionSections = true;
  options.DataSections = true;
  if (target.getAbi() == "hard")
    options.FloatABIType = llvm::FloatABI::Hard;
  if (target.getAbi() == "soft")
    options.FloatABIType = llvm::FloatABI::Soft;
  if (triple.isRISCV())
    options.MCOptions.ABIName = triple.isArch64Bit() ? "lp64" : "ilp32";
  llvm::CodeGenOptLevel codegen = level == OptLevel::None
                                      ? llvm::CodeGenOptLevel::None
                                      : llvm::CodeGenOptLevel::Default;
  if (level == OptLevel::Speed)
    codegen = llvm::CodeGenOptLevel::Aggressive;
  bool isBare = triple.getOS() == llvm::Triple::UnknownOS;
  return std::unique_ptr<llvm::TargetMachine>(found->createTargetMachine(
      triple.str(), target.getCpu(), target.getFeatures(), options,
      isBare ? llvm::Reloc::Static : llvm::Reloc::PIC_, std::nullopt, codegen));
}

//===----------------------------------------------------------------------===//
// Names of processors and features
//===----------------------------------------------------------------------===//

/// The tables of the machine's processors; null where LLVM has none.
static std::unique_ptr<llvm::MCSubtargetInfo>
createSubtarget(StringRef triple, StringRef cpu, StringRef features) {
  initializeTargets();
  std::string name = llvm::Triple::normalize(triple), error;
  const llvm::Target *found = llvm::TargetRegistry::lookupTarget(name, error);
  if (!found)
    return nullptr;
  return std::unique_ptr<llvm::MCSubtargetInfo>(
      found->createMCSubtargetInfo(name, cpu, features));
}

MachineNames tenon::getMachineNames(StringRef triple) {
  MachineNames names;
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget =
      createSubtarget(triple, "", "");
  if (!subtarget)
    return names;
  for (const auto &row : subtarget->getAllProcessorDescriptions())
    names.processors.push_back(row.Key);
  for (const auto &row : subtarget->getAllProcessorFeatures())
    names.features.push_back(row.Key);
  return names;
}

bool tenon::hasFma(StringRef triple, StringRef cpu, StringRef features) {
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget =
      createSubtarget(triple, cpu, features);
  llvm::Triple machine(llvm::Triple::normalize(triple));
  if (!subtarget)
    return false;
  if (machine.isX86())
    return subtarget->checkFeatures("+fma");
  if (machine.isARM() || machine.isThumb())
    return subtarget->checkFeatures("+vfp4d16sp");
  return machine.isAArch64() && subtarget->checkFeatures("+fp-armv8");
}

bool tenon::hasWidthOfTriple(StringRef triple, StringRef cpu,
                             StringRef features) {
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget =
      createSubtarget(triple, cpu, features);
  bool hasBothWidths =
      subtarget && llvm::any_of(subtarget->getAllProcessorFeatures(),
                                [](const llvm::SubtargetFeatureKV &row) {
                                  return StringRef(row.Key) == "64bit";
                                });
  if (!hasBothWidths)
    return true; // the triple alone says it
  return subtarget->checkFeatures("+64bit") ==
         llvm::Triple(llvm::Triple::normalize(triple)).isArch64Bit();
}
