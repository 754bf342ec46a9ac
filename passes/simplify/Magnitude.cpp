//===- Magnitude.cpp - Bounds of numbers in regions -----------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sum of 576 products of bytes is at most 576 * 255 * 128, whatever the data.
// From such bounds follows that a factor takes it below 2^22, where rounding is
// cheap (Quantization.cpp).
//
//===----------------------------------------------------------------------===//

#include "passes/simplify/Magnitude.h"

#include "dialects/nn/Constants.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

using Bound = std::optional<double>;

namespace {
/// The bounds of a value and of what it is computed from, each found once.
class Bounds {
public:
  Bound get(Value value);

private:
  Bound compute(Value value);
  Bound computeArgument(BlockArgument argument);
  Bound computeSum(LayerOpInterface layer, unsigned number);
  template <typename Function> Bound combine(Operation *op, Function function);

  DenseMap<Value, Bound> known;
};
} // namespace

/// Of a value that is computed from more than these, nothing is known.
static constexpr unsigned kMostValues = 1000;

/// Of a float none, but where its data are known.
static Bound getBoundOfType(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer || integer.getWidth() > 32)
    return std::nullopt;
  return std::ldexp(1.0, integer.getWidth());
}

/// The largest magnitude of the elements of a constant.
static Bound getBoundOfData(Value operand) {
  std::optional<Buffer> buffer = getConstant(operand);
  if (!buffer || buffer->type.getNumElements() == 0)
    return std::nullopt;
  double most = 0;
  DenseElementsAttr data = getDenseAttr(*buffer);
  if (isa<FloatType>(data.getElementType())) {
    for (const APFloat &value : data.getValues<APFloat>())
      most = std::max(most, std::abs(value.convertToDouble()));
    return std::isnan(most) ? Bound() : most;
  }
  bool isUnsigned = data.getElementType().isUnsignedInteger();
  for (const APInt &value : data.getValues<APInt>())
    most = std::max(most, std::abs(value.roundToDouble(!isUnsigned)));
  return most;
}

static int64_t getSteps(LayerOpInterface layer) {
  int64_t steps = 1;
  for (int64_t size : layer.getReduction())
    steps *= size;
  return steps;
}

/// Of what a contraction multiplies: an input less its zero point.
static Bound getBoundOfFactor(ContractOp contract, unsigned input) {
  auto type = dyn_cast<IntegerType>(contract.getElementType(input));
  if (!type || type.getWidth() > 32)
    return std::nullopt;
  double zero = contract.getZeroPoint(input);
  bool isUnsigned = type.isUnsigned();
  double range = std::ldexp(1.0, type.getWidth());
  double low = isUnsigned ? 0 : -range / 2;
  double most =
      std::max(std::abs(low - zero), std::abs(low + range - 1 - zero));
  if (Bound data = getBoundOfData(contract.getInputs()[input]))
    most = std::min(most, *data + std::abs(zero));
  return most;
}

/// The final accumulator of a contraction, of a sum, or of a maximum.
Bound Bounds::computeSum(LayerOpInterface layer, unsigned number) {
  Bound step;
  if (auto contract = dyn_cast<ContractOp>(*layer)) {
    step = 1;
    for (unsigned input : {0, 1}) {
      Bound most = getBoundOfFactor(contract, input);
      if (!most)
        return std::nullopt;
      step = *step * *most;
    }
  } else if (auto reduce = dyn_cast<ReduceOp>(*layer)) {
    Block &combine = reduce.getCombine().front();
    Value acc = combine.getArgument(reduce.getInputs().size() + number);
    Operation *join =
        combine.getTerminator()->getOperand(number).getDefiningOp();
    if (!isa_and_nonnull<arith::AddIOp, arith::MaxSIOp, arith::MinSIOp>(join) ||
        !llvm::is_contained(join->getOperands(), acc))
      return std::nullopt;
    step = get(join->getOperand(join->getOperand(0) == acc));
    auto init = dyn_cast<IntegerAttr>(reduce.getInit()[number]);
    if (!step || !init)
      return std::nullopt;
    double start = std::abs(init.getValue().roundToDouble(/*isSigned=*/true));
    if (!isa<arith::AddIOp>(join))
      return std::max(*step, start);
    return *step * getSteps(layer) + start;
  }
  if (!step)
    return std::nullopt;
  return *step * getSteps(layer);
}

Bound Bounds::computeArgument(BlockArgument argument) {
  auto layer = dyn_cast<LayerOpInterface>(argument.getOwner()->getParentOp());
  if (!layer)
    return std::nullopt;
  unsigned number = argument.getArgNumber(), operand = number;
  if (layer.getEpilogueOrNull() == argument.getParentRegion()) {
    unsigned sums = layer.getInitialValues().size();
    if (number < sums)
      return computeSum(layer, number);
    operand = layer.getInputs().size() + number - sums;
  }
  if (operand < layer->getNumOperands())
    if (Bound data = getBoundOfData(layer->getOperand(operand)))
      return data;
  return getBoundOfType(argument.getType());
}

/// A function of the bounds of all operands.
template <typename Function>
Bound Bounds::combine(Operation *op, Function function) {
  Bound result;
  for (Value operand : op->getOperands()) {
    Bound bound = get(operand);
    if (!bound)
      return std::nullopt;
    result = result ? function(*result, *bound) : *bound;
  }
  return result;
}

Bound Bounds::compute(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return computeArgument(argument);
  Attribute attr;
  if (matchPattern(value, m_Constant(&attr))) {
    if (auto number = dyn_cast<FloatAttr>(attr))
      return std::abs(number.getValueAsDouble());
    if (auto number = dyn_cast<IntegerAttr>(attr))
      return std::abs(number.getValue().roundToDouble(/*isSigned=*/true));
    return std::nullopt;
  }
  return llvm::TypeSwitch<Operation *, Bound>(value.getDefiningOp())
      .Case<arith::AddFOp, arith::SubFOp, arith::AddIOp, arith::SubIOp>(
          [&](auto op) { return combine(op, std::plus<double>()); })
      .Case<arith::MulFOp, arith::MulIOp>(
          [&](auto op) { return combine(op, std::multiplies<double>()); })
      .Case<arith::MaximumFOp, arith::MinimumFOp, arith::MaxSIOp,
            arith::MinSIOp>([&](auto op) {
        return combine(op, [](double a, double b) { return std::max(a, b); });
      })
      .Case<arith::ExtSIOp, arith::ExtUIOp, arith::ExtFOp, arith::TruncFOp,
            arith::SIToFPOp>([&](auto op) { return get(op.getIn()); })
      .Case<DequantizeOp>([&](DequantizeOp op) -> Bound {
        Bound integer = get(op.getInput());
        Bound scale = get(op.getScale());
        Bound zero = op.getZero() ? get(op.getZero()) : 0.0;
        if (!integer || !scale || !zero)
          return std::nullopt;
        return (*integer + *zero) * *scale;
      })
      .Default([&](Operation *) { return getBoundOfType(value.getType()); });
}

Bound Bounds::get(Value value) {
  auto found = known.find(value);
  if (found != known.end())
    return found->second;
  if (known.size() == kMostValues)
    return std::nullopt;
  // Counted before what it is computed from, so that this bounds depth, too.
  known[value] = std::nullopt;
  Bound bound = compute(value);
  known[value] = bound;
  return bound;
}

std::optional<double> tenon::nn::getMagnitude(Value value) {
  return Bounds().get(value);
}
