//===- Regions.h - The memories of a board ----------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a memory file (--memory) says is an attribute of the module:
//
//   kernel.regions = [{name = "dtcm", ram, size = 65536, section =
//   ".bss.dtcm"},
//                     {name = "qspi", size = 8388608, section = ".qspi"}]
//
// `place-in-regions` adds what they hold: `used = 4096`, and `arena` to one. A
// constant outside of the compiler's own section has `kernel.section`.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_KERNEL_REGIONS_H
#define TENON_DIALECTS_KERNEL_REGIONS_H

#include "dialects/kernel/Kernel.h"

namespace tenon::kernel {

inline constexpr llvm::StringLiteral kRegionsAttrName = "kernel.regions";
inline constexpr llvm::StringLiteral kSectionAttrName = "kernel.section";

struct MemoryRegion {
  std::string name;
  /// The linker's; empty: where the compiler puts constants or variables.
  std::string section;
  /// Whether the arena may lie there, or else constants.
  bool isRam = false;
  int64_t size = 0, used = 0;
  /// Before `place-in-regions`, whether the arena must lie there.
  bool hasArena = false;
};

void setRegions(mlir::ModuleOp module, llvm::ArrayRef<MemoryRegion> regions);

/// In the file's order, the most wanted first; none where there is no file.
std::vector<MemoryRegion> getRegions(mlir::ModuleOp module);

/// Those where the arena may lie.
std::vector<MemoryRegion> getArenaRegions(llvm::ArrayRef<MemoryRegion> regions);

/// "32768 bytes in dtcm, 65536 in sram".
std::string getSizes(llvm::ArrayRef<MemoryRegion> regions);

/// Where the linker puts a constant; empty: with all others.
llvm::StringRef getSection(GlobalOp global);

} // namespace tenon::kernel

#endif // TENON_DIALECTS_KERNEL_REGIONS_H
