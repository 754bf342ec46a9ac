//===- Peak.h - How fast the machine multiplies -----------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_DRIVER_PEAK_H
#define TENON_COMPILER_DRIVER_PEAK_H

#include "compiler/targets/Targets.h"
#include "llvm/Support/Error.h"

namespace tenon {

/// Floating-point operations per second of one thread in a loop of independent
/// multiply-adds at the target's vector width; the best of some rounds.
llvm::Expected<double> measurePeak(mlir::MLIRContext &context,
                                   const Target &target);

} // namespace tenon

#endif // TENON_COMPILER_DRIVER_PEAK_H
