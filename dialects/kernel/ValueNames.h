//===- ValueNames.h - The names of values in emitted C++ --------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `legalize-for-cpp` names every value and the printer asks for the names. An
// operation holds those of the values that it defines, the arguments of its
// blocks first, then its results:
//
//   %sum = scf.for %i = %0 to %8 step %1 iter_args(%acc = %x) -> f32 {
//     ...
//   } {kernel.names = ["i", "acc", "acc"]}
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_KERNEL_VALUENAMES_H
#define TENON_DIALECTS_KERNEL_VALUENAMES_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"

namespace tenon::kernel {

/// The values that `kernel.names` of an operation names, in order.
llvm::SmallVector<mlir::Value> getNamedValues(mlir::Operation *op);

/// What it, or `kernel.name` of a function's argument, calls a value; null
/// where it has no name.
mlir::StringAttr getValueName(mlir::Value value);

} // namespace tenon::kernel

#endif // TENON_DIALECTS_KERNEL_VALUENAMES_H
