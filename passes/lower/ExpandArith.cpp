//===- ExpandArith.cpp - Arithmetic that the low form lacks ---------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Divisions whose divisor is not proven become ones whose is: by zero, quotient
// and remainder are 0, and the smallest number by -1 is itself.
//
//   %q = arith.divui %a, %b : i32
//   // becomes
//   %safe = arith.maxui %b, %one : i32
//   %q0 = arith.divui %a, %safe : i32
//   %is_zero = arith.cmpi eq, %b, %zero : i32
//   %q = arith.select %is_zero, %zero, %q0 : i32
//
// Conversions go by way of types between which the low form converts: numbers
// of less than 32 bits and truth by i32, floats of less by f32.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/lower/LowForm.h"
#include "passes/lower/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_EXPANDARITHPASS
#include "passes/lower/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;

/// `type`, or a vector of as many of it as `like` has.
static Type getLike(Type like, Type type) {
  auto vector = dyn_cast<VectorType>(like);
  return vector ? Type(VectorType::get(vector.getShape(), type)) : type;
}

static unsigned getWidth(Type type) {
  return getElementTypeOrSelf(type).getIntOrFloatBitWidth();
}

//===----------------------------------------------------------------------===//
// Divisions
//===----------------------------------------------------------------------===//

/// `OpT` without sign, 0 where `b` is 0.
template <typename OpT>
static Value divideUnsigned(ImplicitLocOpBuilder &builder, Value a, Value b) {
  Value zero =
      createScalarOrSplatConstant(builder, builder.getLoc(), a.getType(), 0);
  Value safe = builder.create<arith::MaxUIOp>(
      b,
      createScalarOrSplatConstant(builder, builder.getLoc(), a.getType(), 1));
  Value result = builder.create<OpT>(a, safe);
  Value isZero =
      builder.create<arith::CmpIOp>(arith::CmpIPredicate::eq, b, zero);
  return builder.create<arith::SelectOp>(isZero, zero, result);
}

static Value negate(ImplicitLocOpBuilder &b, Value x) {
  return b.create<arith::SubIOp>(
      createScalarOrSplatConstant(b, b.getLoc(), x.getType(), 0), x);
}

static Value isNegative(ImplicitLocOpBuilder &b, Value x) {
  return b.create<arith::CmpIOp>(
      arith::CmpIPredicate::slt, x,
      createScalarOrSplatConstant(b, b.getLoc(), x.getType(), 0));
}

namespace {
template <typename OpT> struct UnsignedDivision : OpRewritePattern<OpT> {
  using OpRewritePattern<OpT>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpT op,
                                PatternRewriter &rewriter) const override {
    if (isProvenDivisor(op.getRhs(), /*isSigned=*/false))
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    rewriter.replaceOp(op, divideUnsigned<OpT>(b, op.getLhs(), op.getRhs()));
    return success();
  }
};

/// On magnitudes, which fit without sign whatever the numbers are.
template <typename OpT, typename UnsignedT>
struct SignedDivision : OpRewritePattern<OpT> {
  using OpRewritePattern<OpT>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpT op,
                                PatternRewriter &rewriter) const override {
    if (isProvenDivisor(op.getRhs(), /*isSigned=*/true))
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto getMagnitude = [&](Value x, Value negative) {
      return b.create<arith::SelectOp>(negative, negate(b, x), x);
    };
    Value negative = isNegative(b, op.getLhs());
    Value negativeRhs = isNegative(b, op.getRhs());
    Value result =
        divideUnsigned<UnsignedT>(b, getMagnitude(op.getLhs(), negative),
                                  getMagnitude(op.getRhs(), negativeRhs));
    // A remainder has the sign of what was divided.
    if (std::is_same_v<OpT, arith::DivSIOp>)
      negative = b.create<arith::XOrIOp>(negative, negativeRhs);
    rewriter.replaceOpWithNewOp<arith::SelectOp>(op, negative,
                                                 negate(b, result), result);
    return success();
  }
};

struct AbsoluteInteger : OpRewritePattern<math::AbsIOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::AbsIOp op,
                                PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value x = op.getOperand();
    rewriter.replaceOpWithNewOp<arith::SelectOp>(op, isNegative(b, x),
                                                 negate(b, x), x);
    return success();
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

/// `x`, f64, as f32, rounded so that rounding once more gives what rounding
/// `x` would: an inexact result is odd (Boldo and Melquiond 2008).
static Value roundToOdd(ImplicitLocOpBuilder &b, Value x) {
  Type from = x.getType(), f32 = getLike(from, b.getF32Type()),
       i32 = getLike(from, b.getI32Type());
  Value near = b.create<arith::TruncFOp>(f32, x);
  Value back = b.create<arith::ExtFOp>(from, near);
  Value isExact = b.create<arith::CmpFOp>(arith::CmpFPredicate::UEQ, back, x);
  Value isAbove = b.create<arith::CmpFOp>(arith::CmpFPredicate::OGT,
                                          b.create<math::AbsFOp>(back),
                                          b.create<math::AbsFOp>(x));
  Value bits = b.create<arith::BitcastOp>(i32, near);
  Value down = b.create<arith::SelectOp>(
      isAbove,
      b.create<arith::SubIOp>(
          bits, createScalarOrSplatConstant(b, b.getLoc(), i32, 1)),
      bits);
  Value odd = b.create<arith::OrIOp>(
      down, createScalarOrSplatConstant(b, b.getLoc(), i32, 1));
  Value result = b.create<arith::SelectOp>(isExact, bits, odd);
  return b.create<arith::BitcastOp>(f32, result);
}

namespace {
/// Floats of other sizes meet at f32, which holds all of the small ones.
template <typename OpT> struct FloatByF32 : OpRewritePattern<OpT> {
  using OpRewritePattern<OpT>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpT op,
                                PatternRewriter &rewriter) const override {
    Type from = op.getIn().getType(), to = op.getType();
    if (getElementTypeOrSelf(from).isF32() || getElementTypeOrSelf(to).isF32())
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Type f32 = getLike(from, b.getF32Type());
    Value middle = getWidth(from) > 32
                       ? roundToOdd(b, op.getIn())
                       : b.create<arith::ExtFOp>(f32, op.getIn()).getResult();
    if (getWidth(to) > 32)
      rewriter.replaceOpWithNewOp<arith::ExtFOp>(op, to, middle);
    else
      rewriter.replaceOpWithNewOp<arith::TruncFOp>(op, to, middle);
    return success();
  }
};

template <typename OpT, typename ExtendT>
struct IntegerToFloat : OpRewritePattern<OpT> {
  using OpRewritePattern<OpT>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpT op,
                                PatternRewriter &rewriter) const override {
    Type from = op.getIn().getType(), to = op.getType();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    if (getWidth(from) < 32) {
      Value wide = b.create<ExtendT>(getLike(from, b.getI32Type()), op.getIn());
      rewriter.replaceOpWithNewOp<OpT>(op, to, wide);
      return success();
    }
    if (getWidth(to) >= 32)
      return failure();
    // f64 holds every i32; f16 is infinite where f32 has to round.
    bool isExact = getElementTypeOrSelf(to).isF16();
    Type middle =
        getLike(from, isExact ? Type(b.getF32Type()) : Type(b.getF64Type()));
    rewriter.replaceOpWithNewOp<arith::TruncFOp>(
        op, to, b.create<OpT>(middle, op.getIn()));
    return success();
  }
};

template <typename OpT> struct FloatToInteger : OpRewritePattern<OpT> {
  using OpRewritePattern<OpT>::OpRewritePattern;
  LogicalResult matchAndRewrite(OpT op,
                                PatternRewriter &rewriter) const override {
    Type from = op.getIn().getType();
    if (getWidth(from) >= 32)
      return failure();
    Value wide = rewriter.create<arith::ExtFOp>(
        op.getLoc(), getLike(from, rewriter.getF32Type()), op.getIn());
    rewriter.replaceOpWithNewOp<OpT>(op, op.getType(), wide);
    return success();
  }
};

struct ExpandArithPass : tenon::impl::ExpandArithPassBase<ExpandArithPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns
        .add<UnsignedDivision<arith::DivUIOp>, UnsignedDivision<arith::RemUIOp>,
             SignedDivision<arith::DivSIOp, arith::DivUIOp>,
             SignedDivision<arith::RemSIOp, arith::RemUIOp>, AbsoluteInteger,
             FloatByF32<arith::ExtFOp>, FloatByF32<arith::TruncFOp>,
             IntegerToFloat<arith::SIToFPOp, arith::ExtSIOp>,
             IntegerToFloat<arith::UIToFPOp, arith::ExtUIOp>,
             FloatToInteger<arith::FPToSIOp>, FloatToInteger<arith::FPToUIOp>>(
            &getContext());
    arith::populateCeilFloorDivExpandOpsPatterns(patterns);
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
