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
  unsigned indexBits, alignment;
  const char *gcc, *gccFlags;
};

/// The table, in the order in which `tenon targets` prints it.
llvm::ArrayRef<Target> listTargets();

/// The row of this name, null if there is none. `host` gives the row that fits
/// the machine on which the compiler runs.
const Target *lookupTarget(llvm::StringRef name);

/// The name that the user may have meant, empty if none is near.
llvm::StringRef suggestTarget(llvm::StringRef name);

/// The row as the attribute that passes and emitters read.
kernel::TargetAttr getTargetAttr(mlir::MLIRContext *context,
                                 const Target &target);

/// `--set-target=name=NAME` puts the attribute on a module, for tests.
void registerSetTargetPass();

} // namespace tenon

#endif // TENON_COMPILER_TARGETS_TARGETS_H
