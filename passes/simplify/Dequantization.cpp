//===- Dequantization.cpp - Maps that only dequantize ---------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/simplify/Dequantization.h"
#include "dialects/nn/Quantization.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

int64_t Dequantization::getMaximum() const {
  auto type = cast<IntegerType>(getElementType());
  Interval range = getIntegerRange(type.getWidth(), type.isUnsigned());
  return std::max(std::abs(range.low - zero), std::abs(range.high - zero));
}

std::optional<Dequantization> tenon::nn::getDequantization(Value value,
                                                           bool withZeros) {
  auto map = value.getDefiningOp<MapOp>();
  if (!map || map->getNumResults() != 1 ||
      !map.getOutputs()[0].getDefiningOp<tensor::EmptyOp>())
    return std::nullopt;
  Block &body = map.getBody().front();
  auto op = body.getTerminator()->getOperand(0).getDefiningOp<DequantizeOp>();
  LayerSpec spec = LayerSpec::get(cast<LayerOpInterface>(*map));
  AffineMap written = spec.outputs[0].map;
  if (!op || !op.getType().isF32() || !written.isPermutation())
    return std::nullopt;
  AffineMap point = inversePermutation(written);
  auto getOperand = [&](Value value) -> std::optional<MappedOperand> {
    auto argument = dyn_cast<BlockArgument>(value);
    if (!argument || argument.getOwner() != &body)
      return std::nullopt;
    MappedOperand operand = spec.inputs[argument.getArgNumber()];
    return MappedOperand{operand.value, operand.map.compose(point)};
  };
  std::optional<MappedOperand> integers = getOperand(op.getInput());
  // The integers may have been cast to the other sign on the way.
  if (!integers ||
      op.getIsUnsigned() !=
          getElementTypeOrSelf(integers->value.getType()).isUnsignedInteger())
    return std::nullopt;
  Dequantization result{op, *integers, getOperand(op.getScale()), {}};
  if (!result.scale &&
      !matchPattern(op.getScale(), m_Constant(&result.constantScale)))
    return std::nullopt;
  APInt zero(32, 0);
  if (!op.getZero() || matchPattern(op.getZero(), m_ConstantInt(&zero))) {
    result.zero = zero.getSExtValue();
    return result;
  }
  Operation *extension = op.getZero().getDefiningOp();
  if (!withZeros || !isa_and_nonnull<arith::ExtSIOp, arith::ExtUIOp>(extension))
    return std::nullopt;
  result.zeros = getOperand(extension->getOperand(0));
  if (!result.zeros ||
      getElementTypeOrSelf(result.zeros->value.getType()).isUnsignedInteger() !=
          isa<arith::ExtUIOp>(extension))
    return std::nullopt;
  return result;
}
