//===- Numbers.h - Float constants in regions -------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SIMPLIFY_NUMBERS_H
#define TENON_PASSES_SIMPLIFY_NUMBERS_H

#include "mlir/IR/Value.h"
#include <optional>

namespace tenon::nn {

/// The number that `value` is; none where it is no constant float.
std::optional<double> getNumber(mlir::Value value);

/// The operands of an operation on a value and a number.
struct NumberOperand {
  mlir::Value other;
  double number;
};

/// `other op number`, or `number op other` unless that is a quotient; none
/// where `op` is neither.
std::optional<NumberOperand> getNumberOperand(mlir::Operation *op);

} // namespace tenon::nn

#endif // TENON_PASSES_SIMPLIFY_NUMBERS_H
