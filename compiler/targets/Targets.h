//===- Targets.h - What Tenon compiles for ----------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_TARGETS_TARGETS_H
#define TENON_COMPILER_TARGETS_TARGETS_H

#include "dialects/kernel/Kernel.h"

namespace tenon {

/// One row of the target table. All but the last two members become the
/// module's `#kernel.target`; those two are the command that compiles emitted
/// C++ for the target.
struct Target {
  const char *name, *summary;
  const char *triple, *cpu, *features, *abi;
  const char *pragma;
  unsigned lanes, reductionLanes, registers;
  bool fma, sqrt;
  kernel::DotKind dot;
  unsigned indexBits, alignment;
  const char *gcc, *gccFlags;
};

/// The table, in the order in which `tenon targets` prints it.
llvm::ArrayRef<Target> listTargets();

/// The row of this name or triple, null if there is none. `host` gives the row
/// that fits the machine on which the compiler runs; a triple the most general
/// row whose code runs there: `thumbv7em-none-eabihf` is `cortex-m4`.
const Target *lookupTarget(llvm::StringRef name);

/// Of a triple that no row fits, the first row for machines of its kind; null
/// if there is none.
const Target *findNearestTarget(llvm::StringRef triple);

/// What LLVM calls the machine of a row, which may leave it to where the
/// compiler runs.
struct Machine {
  std::string triple, cpu, features;
};
Machine getMachine(const Target &target);

/// The row as the attribute that passes and emitters read; also for a machine
/// of other processor and features.
kernel::TargetAttr getTargetAttr(mlir::MLIRContext *context,
                                 const Target &target);
kernel::TargetAttr getTargetAttr(mlir::MLIRContext *context,
                                 const Target &target, const Machine &machine);

} // namespace tenon

#endif // TENON_COMPILER_TARGETS_TARGETS_H
