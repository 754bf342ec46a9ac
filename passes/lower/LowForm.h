//===- LowForm.h - What the low form asks of operands -----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `verify-low-form` checks it, `expand-arith` sees to it.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_LOWER_LOWFORM_H
#define TENON_PASSES_LOWER_LOWFORM_H

#include "mlir/IR/Value.h"

namespace tenon {

/// A constant below the width, or masked or bounded by one.
bool isProvenShiftAmount(mlir::Value amount);

/// A constant that is neither 0 nor, signed, -1; or a maximum with a positive
/// constant.
bool isProvenDivisor(mlir::Value divisor, bool isSigned);

} // namespace tenon

#endif // TENON_PASSES_LOWER_LOWFORM_H
