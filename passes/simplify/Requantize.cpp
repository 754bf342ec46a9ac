//===- Requantize.cpp - From integer sums to integer results --------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In the regions of layers, what lies between nn.dequantize and nn.quantize
// becomes integer arithmetic around one multiplication:
//
//     %0 = nn.dequantize %acc scale %s       %0 = arith.addi %acc, %bias
//     %1 = nn.dequantize %bias scale %s      %1 = nn.requantize %0 by %s / 0.5
//     %2 = arith.addf %0, %1             ->           zero 3 in [3, 127]
//     %3 = arith.maximumf %2, 0.0
//     %4 = nn.quantize %3 scale 0.5 zero 3
//
// A bias is stored at the scale of the products (TensorFlow Lite's
// specification of 8-bit quantization; ONNX Runtime's quantizer); quantizing is
// monotone, so that the larger of two numbers is that of their integers. The
// quotient of scales is computed at f64 and rounded once: to f32 or, on
// request, to a fixed-point number. Where it is 1, nothing is left but the
// difference of the zero points.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Constants.h"
#include "dialects/nn/LayerSpec.h"
#include "dialects/nn/Quantization.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "passes/simplify/Magnitude.h"
#include "passes/simplify/Numbers.h"
#include "passes/simplify/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_REQUANTIZEPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

/// None where it is no constant.
static std::optional<int64_t> getZeroPoint(Value zero) {
  APInt number(32, 0);
  if (zero && !matchPattern(zero, m_ConstantInt(&number)))
    return std::nullopt;
  return number.getSExtValue();
}

//===----------------------------------------------------------------------===//
// Bounds
//===----------------------------------------------------------------------===//

namespace {
/// quantize(dequantize(a) * factor), no less and no more than `bounds`.
struct Clamped {
  DequantizeOp from;
  double factor = 1;
  Interval bounds;
};
} // namespace

/// What `op` quantizes without its bounds and factors.
static std::optional<Clamped> stripBounds(QuantizeOp op) {
  std::optional<double> scale = getNumber(op.getScale());
  std::optional<int64_t> zero = getZeroPoint(op.getZero());
  // By a negative scale, the larger number is the smaller integer.
  if (!scale || !(*scale > 0) || !zero || !op.getInput().getType().isF32())
    return std::nullopt;
  Clamped result;
  Interval &bounds =
      result.bounds = {int64_t(op.getLow()), int64_t(op.getHigh())};
  // From the outer bound to the inner one. In max(min(x, c), d), d wins where
  // it is larger than c: what quantizing makes of c is clamped to the bounds
  // outside of it, as what it makes of x is.
  auto quantize = [&](double bound) {
    double steps = std::nearbyint(float(bound) / float(*scale));
    return int64_t(
        std::clamp(steps + *zero, double(bounds.low), double(bounds.high)));
  };
  Value value = op.getInput();
  while (!(result.from = value.getDefiningOp<DequantizeOp>())) {
    Operation *def = value.getDefiningOp();
    std::optional<NumberOperand> operand;
    if (!def || !(operand = getNumberOperand(def)) ||
        std::isnan(operand->number))
      return std::nullopt;
    if (isa<arith::MaximumFOp>(def))
      bounds.low = quantize(operand->number * result.factor);
    else if (isa<arith::MinimumFOp>(def))
      bounds.high = quantize(operand->number * result.factor);
    else if (isa<arith::MulFOp>(def) && operand->number > 0)
      result.factor *= operand->number;
    else if (isa<arith::DivFOp>(def) && operand->number > 0)
      result.factor /= operand->number;
    else
      return std::nullopt;
    value = operand->other;
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

namespace {
/// The last region of one layer, and the operands that it reads.
class Requantizer {
public:
  Requantizer(LayerOpInterface layer, bool fixedPoint)
      : layer(layer), fixedPoint(fixedPoint), spec(LayerSpec::get(layer)),
        region(layer, layer.getLastRegion(), spec) {}
  /// Null where nothing changes.
  LayerOpInterface run();

private:
  bool addIntegers(arith::AddFOp op);
  bool requantize(QuantizeOp op);
  bool roundScale(DequantizeOp op);
  bool isSameScale(Value a, Value b);
  std::optional<SmallVector<double>> getScales(Value value);
  Value getFactor(OpBuilder &builder, Value scale, double divisor);
  Value addConstants(OpBuilder &builder, Value like, ArrayRef<APInt> numbers);
  Value buildProduct(OpBuilder &builder, QuantizeOp op, const Clamped &clamped,
                     double divisor);
  Value buildFixed(OpBuilder &builder, QuantizeOp op, Value sum, Value scale,
                   double divisor, Interval bounds);

  LayerOpInterface layer;
  bool fixedPoint;
  LayerSpec spec;
  LayerRegion region;
};
} // namespace

/// The numbers that a scale takes; one where it is a constant of the region.
std::optional<SmallVector<double>> Requantizer::getScales(Value value) {
  if (std::optional<double> number = getNumber(value))
    return SmallVector<double>{*number};
  MappedOperand *operand = region.getOperand(value);
  std::optional<Buffer> buffer;
  if (operand)
    buffer = getConstant(operand->value);
  if (!buffer)
    return std::nullopt;
  if (!isa<FloatType>(buffer->type.getElementType()))
    return std::nullopt;
  return llvm::map_to_vector(
      getDenseAttr(*buffer).getValues<FloatAttr>(),
      [](FloatAttr number) { return number.getValueAsDouble(); });
}

/// Up to rounding.
bool Requantizer::isSameScale(Value a, Value b) {
  if (a == b)
    return true;
  std::optional<SmallVector<double>> x = getScales(a), y = getScales(b);
  MappedOperand *from = region.getOperand(a), *to = region.getOperand(b);
  if (!x || !y || x->empty() || y->empty())
    return false;
  bool isPaired = from && to && from->map == to->map && x->size() == y->size();
  if (!isPaired && x->size() != 1 && !llvm::all_equal(*x))
    return false;
  if (!isPaired && y->size() != 1 && !llvm::all_equal(*y))
    return false;
  for (size_t i = 0, e = isPaired ? x->size() : 1; i < e; ++i) {
    // Two roundings to f32.
    constexpr double kTolerance = 1.0 / (1 << 22);
    if (std::abs((*x)[i] - (*y)[i]) > kTolerance * std::abs((*x)[i]))
      return false;
  }
  return true;
}

static bool fitsSum(Value a, Value b) {
  std::optional<Bounds> x = getBounds(a), y = getBounds(b);
  return x && y && x->low + y->low >= std::numeric_limits<int32_t>::min() &&
         x->high + y->high <= std::numeric_limits<int32_t>::max();
}

/// dequantize(a, s) + dequantize(b, s) = dequantize(a + b, s), of sums
bool Requantizer::addIntegers(arith::AddFOp op) {
  auto lhs = op.getLhs().getDefiningOp<DequantizeOp>();
  auto rhs = op.getRhs().getDefiningOp<DequantizeOp>();
  if (!lhs || !rhs || lhs.getZero() || rhs.getZero() ||
      !lhs.getInput().getType().isInteger(32) ||
      !rhs.getInput().getType().isInteger(32) ||
      !isSameScale(lhs.getScale(), rhs.getScale()) ||
      !fitsSum(lhs.getInput(), rhs.getInput()))
    return false;
  // The scale of the product is the more exact one.
  if (rhs.getScale().getType().isF64())
    std::swap(lhs, rhs);
  OpBuilder builder(op);
  Location loc = op.getLoc();
  Value sum =
      builder.create<arith::AddIOp>(loc, lhs.getInput(), rhs.getInput());
  Value value = builder.create<DequantizeOp>(loc, op.getType(), sum,
                                             lhs.getScale(), Value(), false);
  op.replaceAllUsesWith(value);
  op.erase();
  return true;
}

/// scale / divisor at f64, rounded to f32: a constant, or an operand made of
/// the layer's; null where it is not known.
Value Requantizer::getFactor(OpBuilder &builder, Value scale, double divisor) {
  Location loc = scale.getLoc();
  Type f32 = builder.getF32Type(), f64 = builder.getF64Type();
  // 0 times a quotient that f32 cannot hold is NaN.
  std::optional<SmallVector<double>> scales = getScales(scale);
  if (!scales || !llvm::all_of(*scales, [&](double number) {
        return std::isfinite(float(number / divisor));
      }))
    return {};
  if (std::optional<double> number = getNumber(scale))
    return builder.create<arith::ConstantOp>(
        loc, builder.getF32FloatAttr(float(*number / divisor)));
  MappedOperand *operand = region.getOperand(scale);
  auto type = cast<RankedTensorType>(operand->value.getType());
  AffineMap identity = builder.getMultiDimIdentityMap(type.getRank());
  OpBuilder outside(layer);
  Value quotient = buildElementwise(
      outside, loc, type.clone(f32), {{operand->value, identity}},
      [&](OpBuilder &b, ValueRange x) {
        Value by = b.create<arith::ConstantOp>(loc, b.getF64FloatAttr(divisor));
        Value value = b.create<arith::DivFOp>(
            loc, buildConversion(b, loc, x[0], f64), by);
        return buildConversion(b, loc, value, f32);
      });
  return region.addOperand({quotient, operand->map}, loc);
}

/// An operand of the layer beside that of `like`, or a constant of the region
/// where `like` is one; at 32 bits.
Value Requantizer::addConstants(OpBuilder &builder, Value like,
                                ArrayRef<APInt> numbers) {
  Location loc = like.getLoc();
  MappedOperand *operand = region.getOperand(like);
  if (!operand)
    return buildNumber(builder, loc, numbers[0].getSExtValue());
  auto type = cast<RankedTensorType>(operand->value.getType())
                  .clone(builder.getIntegerType(numbers[0].getBitWidth()));
  OpBuilder outside(layer);
  Value constant = outside.create<arith::ConstantOp>(
      loc, DenseElementsAttr::get(type, numbers));
  Value element = region.addOperand({constant, operand->map}, loc);
  return buildConversion(builder, loc, element, builder.getI32Type());
}

/// Null where a factor has no such number.
Value Requantizer::buildFixed(OpBuilder &builder, QuantizeOp op, Value sum,
                              Value scale, double divisor, Interval bounds) {
  std::optional<SmallVector<double>> scales = getScales(scale);
  SmallVector<APInt> multipliers, shifts;
  if (!scales || scales->empty())
    return {};
  for (double number : *scales) {
    double factor = number / divisor;
    if (!(factor >= 0 && factor < std::ldexp(1.0, 31)))
      return {};
    FixedFactor fixed = getFixedFactor(factor);
    multipliers.push_back(APInt(32, fixed.multiplier));
    shifts.push_back(APInt(8, fixed.shift, /*isSigned=*/true));
  }
  Value multiplier = addConstants(builder, scale, multipliers);
  Value shift = addConstants(builder, scale, shifts);
  Location loc = op.getLoc();
  Value value = buildFixedProduct(builder, loc, sum, multiplier, shift);
  if (op.getZero())
    value = builder.create<arith::AddIOp>(loc, value, op.getZero());
  value = buildClamp(builder, loc, value, bounds.low, bounds.high);
  return buildConversion(builder, loc, value, op.getType());
}

/// Null where the scale is not known.
Value Requantizer::buildProduct(OpBuilder &builder, QuantizeOp op,
                                const Clamped &clamped, double divisor) {
  Location loc = op.getLoc();
  DequantizeOp from = clamped.from;
  Value multiplier;
  if (!fixedPoint &&
      !(multiplier = getFactor(builder, from.getScale(), divisor)))
    return {};
  Value sum = buildConversion(builder, loc, from.getInput(),
                              builder.getI32Type(), from.getIsUnsigned());
  if (from.getZero())
    sum = builder.create<arith::SubIOp>(loc, sum, from.getZero());
  if (fixedPoint)
    return buildFixed(builder, op, sum, from.getScale(), divisor,
                      clamped.bounds);
  return builder.create<RequantizeOp>(loc, op.getType(), sum, multiplier,
                                      op.getZero(), clamped.bounds.low,
                                      clamped.bounds.high);
}

/// requantize(a, 1), which rounds nothing; null where that is not certain.
static Value moveZeroPoint(OpBuilder &builder, QuantizeOp op,
                           const Clamped &clamped) {
  constexpr double kMaxExact = 1 << 23;
  DequantizeOp from = clamped.from;
  Location loc = op.getLoc();
  Value input = from.getInput();
  std::optional<Bounds> known = getBounds(input, from.getIsUnsigned());
  std::optional<int64_t> zero = getZeroPoint(from.getZero());
  if (!known || known->getMagnitude() >= kMaxExact || !zero)
    return {};
  int64_t shift = *getZeroPoint(op.getZero()) - *zero;
  if (std::abs(shift) >= kMaxExact)
    return {};
  Interval bounds = clamped.bounds;
  bool isLow =
      known->low + shift<bounds.low, isHigh = known->high + shift> bounds.high;
  if (shift == 0 && !isLow && !isHigh && input.getType() == op.getType())
    return input;
  Value value = buildConversion(builder, loc, input, builder.getI32Type(),
                                from.getIsUnsigned());
  if (shift != 0)
    value = builder.create<arith::AddIOp>(loc, value,
                                          buildNumber(builder, loc, shift));
  if (isLow)
    value = builder.create<arith::MaxSIOp>(
        loc, value, buildNumber(builder, loc, bounds.low));
  if (isHigh)
    value = builder.create<arith::MinSIOp>(
        loc, value, buildNumber(builder, loc, bounds.high));
  return buildConversion(builder, loc, value, op.getType());
}

/// quantize(min(max(dequantize(a, s), c), d), t) = requantize(a, s / t)
bool Requantizer::requantize(QuantizeOp op) {
  std::optional<Clamped> clamped = stripBounds(op);
  if (!clamped)
    return false;
  OpBuilder builder(op);
  double divisor = *getNumber(op.getScale()) / clamped->factor;
  Value result;
  std::optional<double> scale = getNumber(clamped->from.getScale());
  if (scale && float(*scale / divisor) == 1)
    result = moveZeroPoint(builder, op, *clamped);
  if (!result)
    result = buildProduct(builder, op, *clamped, divisor);
  if (!result)
    return false;
  op.replaceAllUsesWith(result);
  op.erase();
  return true;
}

/// A scale at f64 that was for no quantize is rounded before the program runs.
bool Requantizer::roundScale(DequantizeOp op) {
  if (!op.getScale().getType().isF64() || !op.getType().isF32())
    return false;
  OpBuilder builder(op);
  Value scale = getFactor(builder, op.getScale(), 1);
  if (!scale)
    return false;
  op.getScaleMutable().assign(scale);
  return true;
}

LayerOpInterface Requantizer::run() {
  bool changed = false;
  region.block.walk([&](arith::AddFOp op) { changed |= addIntegers(op); });
  region.block.walk([&](QuantizeOp op) { changed |= requantize(op); });
  region.block.walk([&](DequantizeOp op) { changed |= roundScale(op); });
  if (!changed)
    return {};
  region.eraseUnused();
  OpBuilder builder(layer);
  return spec.create(builder, layer.getLoc(), layer);
}

namespace {
struct RequantizePass : tenon::impl::RequantizePassBase<RequantizePass> {
  using RequantizePassBase::RequantizePassBase;
  void runOnOperation() override {
    SmallVector<LayerOpInterface> layers;
    getOperation()->walk([&](LayerOpInterface layer) {
      if (layer->getNumResults() != 0)
        layers.push_back(layer);
    });
    for (LayerOpInterface layer : layers)
      if (LayerOpInterface next = Requantizer(layer, fixedPoint).run()) {
        layer->replaceAllUsesWith(next);
        layer->erase();
      }
  }
};
} // namespace
