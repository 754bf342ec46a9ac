//===- Machine.h - LLVM's names of machines ---------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM ignores names that it does not know, or stops the program at them: who
// takes names from a user asks here first.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_OBJECT_MACHINE_H
#define TENON_CODEGEN_OBJECT_MACHINE_H

#include "llvm/ADT/StringRef.h"
#include <vector>

namespace tenon {

/// The processors of a triple and the features that they may have, sorted.
struct MachineNames {
  std::vector<llvm::StringRef> processors, features;
};
MachineNames getMachineNames(llvm::StringRef triple);

/// Whether a processor with these features, all of known names, runs code of
/// the triple's pointer width, where there are machines of both.
bool hasWidthOfTriple(llvm::StringRef triple, llvm::StringRef cpu,
                      llvm::StringRef features);

/// Whether it has fused multiply-adds of floats in hardware.
bool hasFma(llvm::StringRef triple, llvm::StringRef cpu,
            llvm::StringRef features);

} // namespace tenon

#endif // TENON_CODEGEN_OBJECT_MACHINE_H
