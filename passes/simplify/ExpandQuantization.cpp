//===- ExpandQuantization.cpp - Quantization becomes arithmetic -----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is left of quantization in the regions of layers becomes the arithmetic
// that it stands for (Quantization.cpp), now that no pass looks for it any
// more:
//
//     %x = nn.dequantize %q scale %s : i8, f32 -> f32
// becomes
//     %0 = arith.extsi %q : i8 to i32
//     %1 = arith.sitofp %0 : i32 to f32
//     %x = arith.mulf %1, %s : f32
//
// Where the target has no float unit, what nn.requantize rounds is a product of
// integers (nn.round_product), and constant factors are words for it:
//
//     %q = nn.requantize %sum by 0.004 zero 3 in [-128, 127] -> i8
// becomes
//     %0 = nn.round_product %sum by 0x83126F07
//     %q = clamp(%0 + 3, -128, 127)
//
// (A sum of two dequantized bytes, quantized, is integer arithmetic on scalar
// targets: IntegerSums.cpp.)
//
// That takes sums of up to 2^24. A larger one is beyond the bounds of the
// result all the same, unless the factor is very small; then floats stay.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Constants.h"
#include "dialects/nn/Quantization.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "passes/simplify/IntegerSums.h"
#include "passes/simplify/Magnitude.h"
#include "passes/simplify/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_EXPANDQUANTIZATIONPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;

/// What is rounded, in steps of the result, is known to be small.
static bool isBounded(Operation *op) {
  std::optional<double> most, factor;
  if (auto quantize = dyn_cast<nn::QuantizeOp>(op)) {
    most = nn::getMagnitude(quantize.getInput());
    FloatAttr scale;
    if (matchPattern(quantize.getScale(), m_Constant(&scale)))
      factor = 1 / std::abs(scale.getValueAsDouble());
  } else if (auto requantize = dyn_cast<nn::RequantizeOp>(op)) {
    most = nn::getMagnitude(requantize.getInput());
    factor = nn::getMagnitude(requantize.getFactor());
  }
  return most && factor && *most * *factor < nn::kLeastUnbounded;
}

//===----------------------------------------------------------------------===//
// Without floats
//===----------------------------------------------------------------------===//

/// What nn.round_product takes, and how far it is shown to be right.
static constexpr double kMostExact = 1 << 24, kMostInput = 1 << 29;

/// The operand of the layer that `value` is an element of, if it is constant.
static OpOperand *getConstantOperand(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument)
    return nullptr;
  Operation *parent = argument.getOwner()->getParentOp();
  auto layer = dyn_cast<nn::LayerOpInterface>(parent);
  OpOperand *operand = layer ? layer.getOperandOf(argument) : nullptr;
  return operand && nn::isConstant(operand->get()) ? operand : nullptr;
}

static SmallVector<double> getFactors(Value factor) {
  SmallVector<double> factors;
  FloatAttr number;
  if (matchPattern(factor, m_Constant(&number)))
    factors.push_back(number.getValueAsDouble());
  else if (OpOperand *operand = getConstantOperand(factor))
    if (std::optional<nn::Buffer> buffer = nn::getConstant(operand->get()))
      for (const APFloat &value :
           nn::getDenseAttr(*buffer).getValues<APFloat>())
        factors.push_back(value.convertToDouble());
  return factors;
}

namespace {
/// nn.requantize as nn.round_product.
struct IntegerProduct {
  /// The input is shifted left by this, and no more than `clamp` before.
  unsigned shift = 0;
  std::optional<int64_t> clamp;
  SmallVector<int32_t> words;
};
} // namespace

static std::optional<IntegerProduct> planProduct(nn::RequantizeOp op) {
  SmallVector<double> factors = getFactors(op.getFactor());
  std::optional<double> zero =
      op.getZero() ? nn::getMagnitude(op.getZero()) : 0;
  if (factors.empty() || !zero)
    return std::nullopt;
  double most = nn::getMagnitude(op.getInput()).value_or(kMostInput * 4);
  double largest = *llvm::max_element(factors);
  IntegerProduct result;
  while (std::ldexp(largest, -int(result.shift)) >= 0.125)
    if (++result.shift == 24)
      return std::nullopt;
  double least = HUGE_VAL;
  for (double factor : factors) {
    // Whatever the sum is, nothing of it is left.
    if (factor >= 0 && factor * most < 0.49)
      factor = 0;
    std::optional<uint32_t> word =
        nn::getProductWord(std::ldexp(factor, -int(result.shift)));
    if (!word)
      return std::nullopt;
    result.words.push_back(*word);
    if (factor > 0)
      least = std::min(least, factor);
  }
  double exact = std::ldexp(kMostExact, -int(result.shift));
  if (most <= exact)
    return result;
  // From here on sums give one of the bounds, exact or not.
  int64_t low = op.getLow(), high = op.getHigh();
  double reach = std::max(std::abs(low), std::abs(high)) + *zero + 2;
  if (exact * least < reach)
    return std::nullopt;
  if (most >= std::ldexp(kMostInput, -int(result.shift)))
    result.clamp = int64_t(exact);
  return result;
}

/// `words` in place of the constant that `factor` is.
static Value replaceFactor(OpBuilder &builder, Value factor,
                           ArrayRef<int32_t> words) {
  Location loc = factor.getLoc();
  OpOperand *operand = getConstantOperand(factor);
  if (!operand)
    return nn::buildNumber(builder, loc, words[0]);
  OpBuilder outside(operand->getOwner());
  auto type = cast<RankedTensorType>(operand->get().getType())
                  .clone(builder.getI32Type());
  operand->set(outside.create<arith::ConstantOp>(
      loc, DenseElementsAttr::get(type, words)));
  factor.setType(builder.getI32Type());
  return factor;
}

/// Null where that is not possible, or the factor is for others, too.
static Value expandToIntegers(nn::RequantizeOp op) {
  std::optional<IntegerProduct> plan;
  if (isa<BlockArgument>(op.getFactor()) && !op.getFactor().hasOneUse())
    return {};
  if (!(plan = planProduct(op)))
    return {};
  ImplicitLocOpBuilder b(op.getLoc(), op);
  auto clamp = [&](Value value, int64_t low, int64_t high) {
    return nn::buildClamp(b, b.getLoc(), value, low, high);
  };
  Value value = op.getInput();
  if (plan->clamp)
    value = clamp(value, -*plan->clamp, *plan->clamp);
  if (plan->shift)
    value = b.create<arith::ShLIOp>(
        value, nn::buildNumber(b, b.getLoc(), plan->shift));
  Value factor = replaceFactor(b, op.getFactor(), plan->words);
  value = b.create<nn::RoundProductOp>(b.getI32Type(), value, factor);
  if (op.getZero())
    value = b.create<arith::AddIOp>(value, op.getZero());
  value = clamp(value, op.getLow(), op.getHigh());
  return nn::buildConversion(b, b.getLoc(), value, op.getType());
}

namespace {
struct ExpandQuantizationPass
    : tenon::impl::ExpandQuantizationPassBase<ExpandQuantizationPass> {
  void runOnOperation() override {
    kernel::TargetAttr target = kernel::getTarget(getOperation());
    bool hasFloats = !target || target.hasFloatUnit();
    auto replace = [](Operation *op, Value value) {
      if (!value)
        return;
      op->getResult(0).replaceAllUsesWith(value);
      op->erase();
    };
    // Before what it sums is expanded. With vectors, floats are as fast.
    if (target && target.getLanes() == 1)
      getOperation()->walk(
          [&](nn::QuantizeOp op) { replace(op, nn::buildIntegerSum(op)); });
    getOperation()->walk([&](Operation *op) {
      OpBuilder builder(op);
      Value value;
      if (auto requantize = dyn_cast<nn::RequantizeOp>(op);
          requantize && !hasFloats)
        value = expandToIntegers(requantize);
      if (!value && !isa<nn::RoundProductOp>(op))
        value = nn::expandQuantization(builder, op, op->getOperands(),
                                       isBounded(op));
      replace(op, value);
    });
  }
};
} // namespace
