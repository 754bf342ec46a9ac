//===- Quantization.cpp - What quantizing operations compute --------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rounding without an instruction for it: 1.5 * 2^23 plus a number of magnitude
// below 2^22 is a float whose last bit counts ones, so that the addition rounds,
// half to even, and the float's bits less those of 1.5 * 2^23 are the integer:
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

template <typename OpT> static LogicalResult verifyBounds(OpT op) {
  unsigned width = op.getType().getIntOrFloatBitWidth();
  // Either sign is possible: the region does not know it.
  int64_t least = -(int64_t(1) << (width - 1)),
          most = (int64_t(1) << width) - 1;
  if (width > 16)
    return op.emitOpError()
           << "expected a result of at most 16 bits, got " << op.getType();
  int64_t low = op.getLow(), high = op.getHigh();
  if (low > high || low < least || high > most)
    return op.emitOpError() << "expected bounds in order that " << op.getType()
                            << " holds, got [" << low << ", " << high << "]";
  return success();
}

LogicalResult QuantizeOp::verify() { return verifyBounds(*this); }
LogicalResult RequantizeOp::verify() { return verifyBounds(*this); }

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

/// rint(value) + zero, no less than `low` and no more than `high`. `bounded`
/// says that the magnitude of `value` is below 2^22.
static Value buildRounding(ImplicitLocOpBuilder &b, Value value, Value zero,
                           int64_t low, int64_t high, bool bounded) {
  auto number = [&](int64_t value) -> Value {
    return b.create<arith::ConstantOp>(b.getI32IntegerAttr(value));
  };
  Value rounder = b.create<arith::ConstantOp>(b.getF32FloatAttr(kRounder));
  value = b.create<arith::AddFOp>(value, rounder);
  Value bits = b.create<arith::BitcastOp>(b.getI32Type(), value);
  Value offset = number(kRounderBits);
  if (zero)
    offset = b.createOrFold<arith::SubIOp>(offset, zero);
  auto clamp = [&](Value integer, Value least, Value most) -> Value {
    integer = b.create<arith::MaxSIOp>(integer, least);
    return b.create<arith::MinSIOp>(integer, most);
  };
  if (bounded)
    return clamp(b.create<arith::SubIOp>(bits, offset), number(low),
                 number(high));
  bits = clamp(bits, b.createOrFold<arith::AddIOp>(number(low), offset),
               b.createOrFold<arith::AddIOp>(number(high), offset));
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
                                         op.getLow(), op.getHigh(), bounded),
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

Value tenon::nn::expandQuantization(OpBuilder &builder, Operation *op,
                                    ValueRange operands, bool bounded) {
  ImplicitLocOpBuilder b(op->getLoc(), builder);
  if (auto dequantize = dyn_cast<DequantizeOp>(op))
    return expand(b, dequantize, {operands, dequantize});
  if (auto quantize = dyn_cast<QuantizeOp>(op))
    return expand(b, quantize, {operands, quantize}, bounded);
  if (auto requantize = dyn_cast<RequantizeOp>(op))
    return expand(b, requantize, {operands, requantize}, bounded);
  return {};
}
