//===- Numbers.cpp - Float constants in regions ---------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/simplify/Numbers.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

std::optional<double> tenon::nn::getNumber(Value value) {
  FloatAttr attr;
  if (!matchPattern(value, m_Constant(&attr)))
    return std::nullopt;
  return attr.getValueAsDouble();
}

std::optional<NumberOperand> tenon::nn::getNumberOperand(Operation *op) {
  if (op->getNumOperands() != 2)
    return std::nullopt;
  Value lhs = op->getOperand(0), rhs = op->getOperand(1);
  if (std::optional<double> number = getNumber(rhs))
    return NumberOperand{lhs, *number};
  std::optional<double> number = getNumber(lhs);
  if (!number || isa<arith::DivFOp>(op))
    return std::nullopt;
  return NumberOperand{rhs, *number};
}
