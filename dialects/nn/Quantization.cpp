//===- Quantization.cpp - What quantizing operations compute --------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rounding without an instruction for it: 1.5 * 2^23 plus a number of magnitude
// below 2^22 is a float whose last bit counts ones, so that the addition
// rounds, half to even, and the float's bits less those of 1.5 * 2^23 are the
// integer:
//
//     q = clamp(bits(x + 1.5 * 2^23) - (bits of 1.5 * 2^23 - zero), low, high)
//
// Where x may be larger, the bits are clamped before the difference: those of
// floats are in the order of the floats where these are positive, and negative
// integers where they are negative. NaN gives `high`.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Quantization.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

static constexpr double kRounder = 12582912.0; // 1.5 * 2^23
static constexpr int64_t kRounderBits = 0x4B400000;

Interval tenon::nn::getIntegerRange(unsigned width, bool isUnsigned) {
  int64_t values = int64_t(1) << width;
  int64_t low = isUnsigned ? 0 : -values / 2;
  return {low, low + values - 1};
}

template <typename OpT> static LogicalResult verifyBounds(OpT op) {
  unsigned width = op.getType().getIntOrFloatBitWidth();
  if (width > 16)
    return op.emitOpError()
           << "expected a result of at most 16 bits, got " << op.getType();
  // Either sign is possible: the region does not know it.
  int64_t least = getIntegerRange(width, /*isUnsigned=*/false).low,
          most = getIntegerRange(width, /*isUnsigned=*/true).high;
  int64_t low = op.getLow(), high = op.getHigh();
  if (low > high || low < least || high > most)
    return op.emitOpError() << "expected bounds in order that " << op.getType()
                            << " holds, got [" << low << ", " << high << "]";
  return success();
}

LogicalResult QuantizeOp::verify() { return verifyBounds(*this); }
LogicalResult RequantizeOp::verify() { return verifyBounds(*this); }

std::optional<uint32_t> tenon::nn::getProductWord(double factor) {
  if (factor == 0)
    return 3;
  if (!(factor >= std::ldexp(1.0, -32) && factor < 0.125))
    return std::nullopt;
  int exponent = std::ilogb(factor);
  return uint32_t(std::ldexp(factor, 23 - exponent)) << 8 | (-1 - exponent);
}

FixedFactor tenon::nn::getFixedFactor(double factor) {
  int shift = 0;
  auto multiplier =
      int64_t(std::round(std::ldexp(std::frexp(factor, &shift), 31)));
  if (multiplier == int64_t(1) << 31) {
    multiplier /= 2;
    ++shift;
  }
  if (shift < -31)
    return {0, 0};
  return {int32_t(multiplier), shift};
}

static Value expand(ImplicitLocOpBuilder &b, DequantizeOp op,
                    DequantizeOp::Adaptor operands) {
  Value input = buildConversion(b, b.getLoc(), operands.getInput(),
                                b.getI32Type(), op.getIsUnsigned());
  if (operands.getZero())
    input = b.create<arith::SubIOp>(input, operands.getZero());
  Type type = op.getType();
  Value scale = buildConversion(b, b.getLoc(), operands.getScale(), type);
  return b.create<arith::MulFOp>(b.create<arith::SIToFPOp>(type, input), scale);
}

/// `result`, or `other` where `value` is NaN, whose sign depends on the
/// machine.
static Value replaceNaN(ImplicitLocOpBuilder &b, Value value, Value result,
                        Value other) {
  Value isNumber =
      b.create<arith::CmpFOp>(arith::CmpFPredicate::ORD, value, value);
  return b.create<arith::SelectOp>(isNumber, result, other);
}

/// rint(value) + zero, no less than `low` and no more than `high`; `low` for
/// NaN if it `mayBeNaN`. `bounded` says that the magnitude of `value` is below
/// 2^22.
static Value buildRounding(ImplicitLocOpBuilder &b, Value value, Value zero,
                           int64_t low, int64_t high, bool bounded,
                           bool mayBeNaN = false) {
  Value rounder = b.create<arith::ConstantOp>(b.getF32FloatAttr(kRounder));
  Value sum = b.create<arith::AddFOp>(value, rounder);
  Value bits = b.create<arith::BitcastOp>(b.getI32Type(), sum);
  Value offset = buildNumber(b, b.getLoc(), kRounderBits);
  if (zero)
    offset = b.createOrFold<arith::SubIOp>(offset, zero);
  Value least = buildNumber(b, b.getLoc(), low),
        most = buildNumber(b, b.getLoc(), high);
  if (bounded)
    return buildClamp(b, b.getLoc(), b.create<arith::SubIOp>(bits, offset),
                      least, most);
  if (mayBeNaN)
    bits = replaceNaN(b, value, bits, buildNumber(b, b.getLoc(), 0));
  bits = buildClamp(b, b.getLoc(), bits,
                    b.createOrFold<arith::AddIOp>(least, offset),
                    b.createOrFold<arith::AddIOp>(most, offset));
  return b.create<arith::SubIOp>(bits, offset);
}

static Value expand(ImplicitLocOpBuilder &b, QuantizeOp op,
                    QuantizeOp::Adaptor operands, bool bounded) {
  Type type = op.getInput().getType();
  Value scale = buildConversion(b, b.getLoc(), operands.getScale(), type);
  Value value = b.create<arith::DivFOp>(operands.getInput(), scale);
  if (type.getIntOrFloatBitWidth() < 32)
    value = b.create<arith::ExtFOp>(b.getF32Type(), value);
  if (!type.isF64())
    return buildConversion(b, b.getLoc(),
                           buildRounding(b, value, operands.getZero(),
                                         op.getLow(), op.getHigh(), bounded,
                                         /*mayBeNaN=*/true),
                           op.getType());
  auto number = [&](double value) -> Value {
    return b.create<arith::ConstantOp>(b.getFloatAttr(type, value));
  };
  value = b.create<math::RoundEvenOp>(value);
  if (operands.getZero())
    value = b.create<arith::AddFOp>(
        value, b.create<arith::SIToFPOp>(type, operands.getZero()));
  value = b.create<arith::MaximumFOp>(value, number(int64_t(op.getLow())));
  value = b.create<arith::MinimumFOp>(value, number(int64_t(op.getHigh())));
  value = replaceNaN(b, value, value, number(int64_t(op.getLow())));
  Value integer = b.create<arith::FPToSIOp>(b.getI32Type(), value);
  return buildConversion(b, b.getLoc(), integer, op.getType());
}

static Value expand(ImplicitLocOpBuilder &b, RequantizeOp op,
                    RequantizeOp::Adaptor operands, bool bounded) {
  Value value = b.create<arith::SIToFPOp>(b.getF32Type(), operands.getInput());
  value = b.create<arith::MulFOp>(value, operands.getFactor());
  return buildConversion(b, b.getLoc(),
                         buildRounding(b, value, operands.getZero(),
                                       op.getLow(), op.getHigh(), bounded),
                         op.getType());
}

/// SaturatingRoundingDoublingHighMul divides by 2^31 towards 0 after it added
/// 2^30 or, to what is negative, 1 - 2^30: that is to add 2^30 and divide
/// downwards.
Value tenon::nn::buildFixedProduct(OpBuilder &builder, Location loc,
                                   Value input, Value multiplier, Value shift) {
  ImplicitLocOpBuilder b(loc, builder);
  Value zero = buildNumber(b, b.getLoc(), 0),
        one = buildNumber(b, b.getLoc(), 1),
        last = buildNumber(b, b.getLoc(), 31);
  auto getAmount = [&](Value amount) -> Value {
    amount = b.create<arith::MaxSIOp>(amount, zero);
    return b.create<arith::AndIOp>(amount, last);
  };
  Value left = getAmount(shift);
  Value right = getAmount(b.create<arith::SubIOp>(zero, shift));
  Type i64 = b.getI64Type();
  Value wide =
      b.create<arith::ExtSIOp>(i64, b.create<arith::ShLIOp>(input, left));
  wide =
      b.create<arith::MulIOp>(wide, b.create<arith::ExtSIOp>(i64, multiplier));
  wide = b.create<arith::AddIOp>(wide, buildNumber(b, b.getLoc(), 1 << 30, 64));
  wide = b.create<arith::ShRSIOp>(wide, buildNumber(b, b.getLoc(), 31, 64));
  Value x = b.create<arith::TruncIOp>(b.getI32Type(), wide);
  Value mask =
      b.create<arith::SubIOp>(b.create<arith::ShLIOp>(one, right), one);
  Value rest = b.create<arith::AndIOp>(x, mask);
  Value threshold = b.create<arith::SubIOp>(b.create<arith::ShRSIOp>(mask, one),
                                            b.create<arith::ShRSIOp>(x, last));
  Value isMore =
      b.create<arith::CmpIOp>(arith::CmpIPredicate::sgt, rest, threshold);
  return b.create<arith::AddIOp>(
      b.create<arith::ShRSIOp>(x, right),
      b.create<arith::ExtUIOp>(b.getI32Type(), isMore));
}

/// At f32, for the evaluator.
static Value expand(ImplicitLocOpBuilder &b, RoundProductOp op,
                    RoundProductOp::Adaptor operands) {
  Value factor = operands.getFactor();
  Type f32 = b.getF32Type();
  Value mantissa =
      b.create<arith::ShRUIOp>(factor, buildNumber(b, b.getLoc(), 8));
  Value shift = b.create<arith::AndIOp>(factor, buildNumber(b, b.getLoc(), 31));
  Value exponent =
      b.create<arith::SubIOp>(buildNumber(b, b.getLoc(), 127 - 24), shift);
  exponent = b.create<arith::ShLIOp>(exponent, buildNumber(b, b.getLoc(), 23));
  Value number =
      b.create<arith::MulFOp>(b.create<arith::SIToFPOp>(f32, mantissa),
                              b.create<arith::BitcastOp>(f32, exponent));
  Value product = b.create<arith::MulFOp>(
      b.create<arith::SIToFPOp>(f32, operands.getInput()), number);
  int64_t most = kLeastUnbounded / 2;
  return buildRounding(b, product, Value(), -most, most, /*bounded=*/false);
}

Value tenon::nn::expandQuantization(OpBuilder &builder, Operation *op,
                                    ValueRange operands, bool bounded) {
  ImplicitLocOpBuilder b(op->getLoc(), builder);
  if (auto dequantize = dyn_cast<DequantizeOp>(op))
    return expand(b, dequantize, {operands, dequantize});
  if (auto quantize = dyn_cast<QuantizeOp>(op))
    return expand(b, quantize, {operands, quantize}, bounded);
  if (auto requantize = dyn_cast<RequantizeOp>(op))
    return expand(b, requantize, {operands, requantize}, bounded);
  if (auto product = dyn_cast<RoundProductOp>(op))
    return expand(b, product, {operands, product});
  return {};
}
