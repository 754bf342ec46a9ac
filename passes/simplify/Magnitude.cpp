//===- Magnitude.cpp - Bounds of numbers in regions -----------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sum of 576 products of unsigned bytes and signed ones is at least
// -576 * 255 * 128 and at most 576 * 255 * 127, whatever the data. From such
// bounds follows that a factor takes it below 2^22, where rounding is cheap
// (Quantization.cpp).
//
// Regions know no signs, only what reads a value does; where the numbers found
// for it are beyond those of its type, operations wrapped, and the type's are
// its bounds.
//
//===----------------------------------------------------------------------===//

#include "passes/simplify/Magnitude.h"

#include "dialects/nn/Constants.h"
#include "dialects/nn/Quantization.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

using MaybeBounds = std::optional<Bounds>;

/// Of a value that is computed from more than these, nothing is known.
static constexpr unsigned kMostValues = 1000;

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

static Bounds operator+(Bounds a, Bounds b) {
  return {a.low + b.low, a.high + b.high};
}

static Bounds operator-(Bounds a, Bounds b) {
  return {a.low - b.high, a.high - b.low};
}

static Bounds operator*(Bounds a, Bounds b) {
  auto [low, high] = std::minmax(
      {a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high});
  return {low, high};
}

static Bounds getLarger(Bounds a, Bounds b) {
  return {std::max(a.low, b.low), std::max(a.high, b.high)};
}

static Bounds getSmaller(Bounds a, Bounds b) {
  return {std::min(a.low, b.low), std::min(a.high, b.high)};
}

/// Up to so many numbers in `step`, added to `start`.
static Bounds repeat(Bounds start, Bounds step, int64_t count) {
  Bounds zero{0, 0};
  return start + Bounds{getSmaller(step, zero).low * double(count),
                        getLarger(step, zero).high * double(count)};
}

//===----------------------------------------------------------------------===//
// Types and data
//===----------------------------------------------------------------------===//

/// None of a float.
static MaybeBounds getBoundsOfType(Type type, bool isUnsigned) {
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer || integer.getWidth() > 32)
    return std::nullopt;
  Interval range = getIntegerRange(integer.getWidth(), isUnsigned);
  return Bounds{double(range.low), double(range.high)};
}

static MaybeBounds getBoundsOfData(Value operand) {
  std::optional<Buffer> buffer = getConstant(operand);
  if (!buffer || buffer->type.getNumElements() == 0)
    return std::nullopt;
  Bounds result{HUGE_VAL, -HUGE_VAL};
  DenseElementsAttr data = getDenseAttr(*buffer);
  auto add = [&](double value) {
    result.low = std::min(result.low, value);
    result.high = std::max(result.high, value);
    return std::isfinite(value);
  };
  bool isUnsigned = data.getElementType().isUnsignedInteger();
  bool isKnown =
      isa<FloatType>(data.getElementType())
          ? llvm::all_of(data.getValues<APFloat>(),
                         [&](const APFloat &value) {
                           return add(value.convertToDouble());
                         })
          : llvm::all_of(data.getValues<APInt>(), [&](const APInt &value) {
              return add(value.roundToDouble(!isUnsigned));
            });
  return isKnown ? MaybeBounds(result) : std::nullopt;
}

static MaybeBounds getBoundsOfNumber(Attribute attr, bool isUnsigned) {
  double value = NAN;
  if (auto number = dyn_cast<FloatAttr>(attr))
    value = number.getValueAsDouble();
  else if (auto number = dyn_cast<IntegerAttr>(attr))
    value = number.getValue().roundToDouble(!isUnsigned);
  if (!std::isfinite(value))
    return std::nullopt;
  return Bounds{value, value};
}

/// Of what a contraction multiplies: an input less its zero point.
static MaybeBounds getBoundsOfFactor(ContractOp contract, unsigned input) {
  Type type = contract.getElementType(input);
  MaybeBounds result = getBoundsOfType(type, type.isUnsignedInteger());
  if (!result)
    return std::nullopt;
  if (MaybeBounds data = getBoundsOfData(contract.getInputs()[input]))
    result = data;
  double zero = contract.getZeroPoint(input);
  return *result - Bounds{zero, zero};
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

namespace {
/// The bounds of a value and of what it is computed from, each found once.
class BoundFinder {
public:
  MaybeBounds get(Value value, bool isUnsigned);

private:
  MaybeBounds compute(Value value, bool isUnsigned);
  MaybeBounds computeArgument(BlockArgument argument);
  MaybeBounds computeSum(LayerOpInterface layer, unsigned number);

  /// By value, and whether it is unsigned.
  DenseMap<std::pair<Value, unsigned>, MaybeBounds> known;
};
} // namespace

/// The final accumulator of a contraction, of a sum, or of a maximum.
MaybeBounds BoundFinder::computeSum(LayerOpInterface layer, unsigned number) {
  if (auto contract = dyn_cast<ContractOp>(*layer)) {
    MaybeBounds lhs = getBoundsOfFactor(contract, 0),
                rhs = getBoundsOfFactor(contract, 1);
    if (!lhs || !rhs)
      return std::nullopt;
    return repeat({0, 0}, *lhs * *rhs, layer.getNumTerms());
  }
  auto reduce = dyn_cast<ReduceOp>(*layer);
  if (!reduce)
    return std::nullopt;
  Block &combine = reduce.getCombine().front();
  Value acc = combine.getArgument(reduce.getInputs().size() + number);
  Operation *join = combine.getTerminator()->getOperand(number).getDefiningOp();
  auto init = dyn_cast<IntegerAttr>(reduce.getInit()[number]);
  if (!isa_and_nonnull<arith::AddIOp, arith::MaxSIOp, arith::MinSIOp>(join) ||
      !llvm::is_contained(join->getOperands(), acc) || !init)
    return std::nullopt;
  MaybeBounds step =
      get(join->getOperand(join->getOperand(0) == acc), /*isUnsigned=*/false);
  MaybeBounds start = getBoundsOfNumber(init, /*isUnsigned=*/false);
  if (!step || !start)
    return std::nullopt;
  if (isa<arith::AddIOp>(join))
    return repeat(*start, *step, layer.getNumTerms());
  return Bounds{std::min(start->low, step->low),
                std::max(start->high, step->high)};
}

MaybeBounds BoundFinder::computeArgument(BlockArgument argument) {
  auto layer = dyn_cast<LayerOpInterface>(argument.getOwner()->getParentOp());
  if (!layer)
    return std::nullopt;
  if (OpOperand *operand = layer.getOperandOf(argument))
    return getBoundsOfData(operand->get());
  if (layer.getEpilogueOrNull() == argument.getParentRegion())
    return computeSum(layer, argument.getArgNumber());
  return std::nullopt;
}

MaybeBounds BoundFinder::compute(Value value, bool isUnsigned) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return computeArgument(argument);
  Attribute attr;
  if (matchPattern(value, m_Constant(&attr)))
    return getBoundsOfNumber(attr, isUnsigned);
  auto combine = [&](Operation *op, bool isUnsigned, auto function) {
    MaybeBounds lhs = get(op->getOperand(0), isUnsigned),
                rhs = get(op->getOperand(1), isUnsigned);
    return lhs && rhs ? MaybeBounds(function(*lhs, *rhs)) : std::nullopt;
  };
  return llvm::TypeSwitch<Operation *, MaybeBounds>(value.getDefiningOp())
      .Case<arith::AddFOp, arith::AddIOp>([&](auto op) {
        return combine(op, isUnsigned,
                       [](Bounds a, Bounds b) { return a + b; });
      })
      .Case<arith::SubFOp, arith::SubIOp>([&](auto op) {
        return combine(op, isUnsigned,
                       [](Bounds a, Bounds b) { return a - b; });
      })
      .Case<arith::MulFOp, arith::MulIOp>([&](auto op) {
        return combine(op, isUnsigned,
                       [](Bounds a, Bounds b) { return a * b; });
      })
      .Case<arith::MaximumFOp, arith::MaxSIOp>(
          [&](auto op) { return combine(op, false, getLarger); })
      .Case<arith::MinimumFOp, arith::MinSIOp>(
          [&](auto op) { return combine(op, false, getSmaller); })
      .Case<arith::ExtSIOp, arith::ExtFOp, arith::TruncFOp, arith::TruncIOp,
            arith::SIToFPOp>([&](auto op) { return get(op.getIn(), false); })
      .Case<arith::ExtUIOp, arith::UIToFPOp>(
          [&](auto op) { return get(op.getIn(), true); })
      .Case<QuantizeOp, RequantizeOp>([](auto op) {
        return Bounds{double(int64_t(op.getLow())),
                      double(int64_t(op.getHigh()))};
      })
      .Case<DequantizeOp>([&](DequantizeOp op) -> MaybeBounds {
        MaybeBounds integer = get(op.getInput(), op.getIsUnsigned());
        MaybeBounds scale = get(op.getScale(), false);
        MaybeBounds zero = Bounds{0, 0};
        if (op.getZero())
          zero = get(op.getZero(), false);
        if (!integer || !scale || !zero)
          return std::nullopt;
        return (*integer - *zero) * *scale;
      })
      .Default([](Operation *) { return std::nullopt; });
}

MaybeBounds BoundFinder::get(Value value, bool isUnsigned) {
  std::pair<Value, unsigned> key(value, isUnsigned);
  MaybeBounds ofType = getBoundsOfType(value.getType(), isUnsigned);
  auto found = known.find(key);
  if (found != known.end())
    return found->second;
  if (known.size() == kMostValues)
    return ofType;
  // Counted before what it is computed from, so that this bounds depth, too.
  known[key] = ofType;
  MaybeBounds bounds = compute(value, isUnsigned);
  bool isKnown =
      bounds && std::isfinite(bounds->low) && std::isfinite(bounds->high);
  if (!isKnown ||
      (ofType && (bounds->low < ofType->low || bounds->high > ofType->high)))
    bounds = ofType;
  return known[key] = bounds;
}

std::optional<Bounds> tenon::nn::getBounds(Value value, bool isUnsigned) {
  return BoundFinder().get(value, isUnsigned);
}

std::optional<double> tenon::nn::getMagnitude(Value value) {
  MaybeBounds bounds = getBounds(value);
  if (!bounds)
    return std::nullopt;
  return bounds->getMagnitude();
}
