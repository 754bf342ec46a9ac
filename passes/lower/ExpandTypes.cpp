//===- ExpandTypes.cpp - Values of types that the low form lacks ----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Floats of less than 32 bits are the integers of their bits: conversions have
// become arithmetic on those before (`expand-math`), so that only moves,
// choices and bit casts are left. Integers of another width than 8, 16, 32 and
// 64 bits live in the next one of these, without sign: what needs the sign
// makes it, and what may carry into the bits above clears them.
//
//   %y = arith.addi %a, %b : i4
//   %z = arith.extsi %y : i4 to i32
//   // becomes
//   %sum = arith.addi %a, %b : i8
//   %y = arith.andi %sum, %c15 : i8
//   %up = arith.shli %y, %c4 : i8
//   %down = arith.shrsi %up, %c4 : i8
//   %z = arith.extsi %down : i8 to i32
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/Transforms/Patterns.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Transforms/DialectConversion.h"
#include "passes/lower/Passes.h"
#include "llvm/Support/MathExtras.h"

namespace tenon {
#define GEN_PASS_DEF_EXPANDTYPESPASS
#include "passes/lower/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;

//===----------------------------------------------------------------------===//
// Types and their values
//===----------------------------------------------------------------------===//

static unsigned getWidth(Type type) {
  return getElementTypeOrSelf(type).getIntOrFloatBitWidth();
}

static Type convertScalar(Type type) {
  MLIRContext *context = type.getContext();
  if (auto number = dyn_cast<FloatType>(type))
    return number.getWidth() < 32 ? IntegerType::get(context, number.getWidth())
                                  : type;
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer || integer.getWidth() == 1 || integer.getWidth() > 64)
    return type;
  unsigned width = llvm::PowerOf2Ceil(integer.getWidth());
  return IntegerType::get(context, std::max(width, 8u));
}

static Type convertType(Type type) {
  if (auto vector = dyn_cast<VectorType>(type))
    return vector.clone(convertScalar(vector.getElementType()));
  return convertScalar(type);
}

/// `x` with the bits above `width` cleared.
static Value clear(ImplicitLocOpBuilder &b, Value x, unsigned width) {
  unsigned all = getWidth(x.getType());
  if (width == all)
    return x;
  return b.create<arith::AndIOp>(
      x, createScalarOrSplatConstant(b, b.getLoc(), x.getType(),
                                     APInt::getLowBitsSet(all, width)));
}

/// `x` with copies of bit `width - 1` in the bits above it.
static Value signExtend(ImplicitLocOpBuilder &b, Value x, unsigned width) {
  unsigned all = getWidth(x.getType());
  if (width == all)
    return x;
  Value shift = createScalarOrSplatConstant(b, b.getLoc(), x.getType(),
                                            APInt(all, all - width));
  return b.create<arith::ShRSIOp>(b.create<arith::ShLIOp>(x, shift), shift);
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

namespace {
struct ConvertConstant : OpConversionPattern<arith::ConstantOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(arith::ConstantOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type type = typeConverter->convertType(op.getType());
    auto getBits = [&](const APInt &bits) { return bits.zext(getWidth(type)); };
    auto getFloatBits = [&](const APFloat &value) {
      return getBits(value.bitcastToAPInt());
    };
    TypedAttr value;
    if (auto number = dyn_cast<FloatAttr>(op.getValue()))
      value = rewriter.getIntegerAttr(type, getFloatBits(number.getValue()));
    else if (auto integer = dyn_cast<IntegerAttr>(op.getValue()))
      value = rewriter.getIntegerAttr(type, getBits(integer.getValue()));
    else if (auto floats = dyn_cast<DenseFPElementsAttr>(op.getValue()))
      value = floats.mapValues(getElementTypeOrSelf(type), getFloatBits);
    else if (auto integers = dyn_cast<DenseIntElementsAttr>(op.getValue()))
      value = integers.mapValues(getElementTypeOrSelf(type), getBits);
    else
      return failure();
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(op, value);
    return success();
  }
};

/// Between a float and the integer of its bits, which now are one.
struct ConvertBitcast : OpConversionPattern<arith::BitcastOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(arith::BitcastOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type type = typeConverter->convertType(op.getType());
    if (type != adaptor.getIn().getType())
      return failure();
    rewriter.replaceOp(op, adaptor.getIn());
    return success();
  }
};

struct ConvertSelect : OpConversionPattern<arith::SelectOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(arith::SelectOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<arith::SelectOp>(op, adaptor.getOperands());
    return success();
  }
};

/// Operations on integers of one width.
template <typename OpT, bool isSigned>
struct ConvertInteger : OpConversionPattern<OpT> {
  using OpConversionPattern<OpT>::OpConversionPattern;
  LogicalResult
  matchAndRewrite(OpT op, typename OpT::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    unsigned width = getWidth(op.getLhs().getType());
    Value lhs = adaptor.getLhs(), rhs = adaptor.getRhs();
    if (isSigned) {
      lhs = signExtend(b, lhs, width);
      rhs = signExtend(b, rhs, width);
    }
    rewriter.replaceOp(op, clear(b, b.create<OpT>(lhs, rhs), width));
    return success();
  }
};

struct ConvertCompare : OpConversionPattern<arith::CmpIOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(arith::CmpIOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    using P = arith::CmpIPredicate;
    bool isSigned =
        llvm::is_contained({P::slt, P::sle, P::sgt, P::sge}, op.getPredicate());
    auto extend = [&](Value x) {
      unsigned width = getWidth(op.getLhs().getType());
      return isSigned ? signExtend(b, x, width) : x;
    };
    rewriter.replaceOpWithNewOp<arith::CmpIOp>(op, op.getPredicate(),
                                               extend(adaptor.getLhs()),
                                               extend(adaptor.getRhs()));
    return success();
  }
};

/// From and to integers of any width.
template <typename OpT, bool isSigned>
struct ConvertExtension : OpConversionPattern<OpT> {
  using OpConversionPattern<OpT>::OpConversionPattern;
  LogicalResult
  matchAndRewrite(OpT op, typename OpT::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Type type = this->typeConverter->convertType(op.getType());
    Value x = adaptor.getIn();
    if (isSigned && getWidth(op.getIn().getType()) != 1)
      x = signExtend(b, x, getWidth(op.getIn().getType()));
    if (type != x.getType())
      x = b.create<OpT>(type, x);
    rewriter.replaceOp(op, clear(b, x, getWidth(op.getType())));
    return success();
  }
};

struct ConvertTruncation : OpConversionPattern<arith::TruncIOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(arith::TruncIOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Type type = typeConverter->convertType(op.getType());
    Value x = adaptor.getIn();
    if (type != x.getType())
      x = b.create<arith::TruncIOp>(type, x);
    rewriter.replaceOp(op, clear(b, x, getWidth(op.getType())));
    return success();
  }
};

struct ExpandTypesPass : tenon::impl::ExpandTypesPassBase<ExpandTypesPass> {
  void runOnOperation() override {
    MLIRContext *context = &getContext();
    TypeConverter converter;
    converter.addConversion(convertType);
    RewritePatternSet patterns(context);
    patterns.add<ConvertConstant, ConvertBitcast, ConvertSelect, ConvertCompare,
                 ConvertTruncation, ConvertExtension<arith::ExtUIOp, false>,
                 ConvertExtension<arith::ExtSIOp, true>,
                 ConvertInteger<arith::AddIOp, false>,
                 ConvertInteger<arith::SubIOp, false>,
                 ConvertInteger<arith::MulIOp, false>,
                 ConvertInteger<arith::AndIOp, false>,
                 ConvertInteger<arith::OrIOp, false>,
                 ConvertInteger<arith::XOrIOp, false>,
                 ConvertInteger<arith::MinUIOp, false>,
                 ConvertInteger<arith::MaxUIOp, false>,
                 ConvertInteger<arith::MinSIOp, true>,
                 ConvertInteger<arith::MaxSIOp, true>>(converter, context);
    ConversionTarget target(*context);
    target.addDynamicallyLegalOp<
        arith::ConstantOp, arith::BitcastOp, arith::SelectOp, arith::CmpIOp,
        arith::TruncIOp, arith::ExtUIOp, arith::ExtSIOp, arith::AddIOp,
        arith::SubIOp, arith::MulIOp, arith::AndIOp, arith::OrIOp,
        arith::XOrIOp, arith::MinUIOp, arith::MaxUIOp, arith::MinSIOp,
        arith::MaxSIOp>([&](Operation *op) { return converter.isLegal(op); });
    scf::populateSCFStructuralTypeConversionsAndLegality(converter, patterns,
                                                         target);
    target.addLegalOp<arith::ShLIOp, arith::ShRSIOp>(); // made by patterns
    // All else stays, and is the verifier's to refuse.
    if (failed(applyPartialConversion(getOperation(), target,
                                      std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
