//===- LowToLLVMMemory.cpp - Memory and constants in the LLVM dialect -----===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/object/LowToLLVM.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tenon;

static Type getPointerType(MLIRContext *context) {
  return LLVM::LLVMPointerType::get(context);
}

static Type getElement(Value memref) {
  return cast<MemRefType>(memref.getType()).getElementType();
}

Value tenon::getElementPointer(OpBuilder &builder, Location loc, Type element,
                               Value pointer, Value index) {
  return builder.create<LLVM::GEPOp>(loc, getPointerType(builder.getContext()),
                                     element, pointer, ValueRange{index},
                                     /*inbounds=*/true);
}

static Value getBytePointer(OpBuilder &builder, Location loc, Value pointer,
                            uint64_t offset) {
  if (offset == 0)
    return pointer;
  return builder.create<LLVM::GEPOp>(
      loc, getPointerType(builder.getContext()), builder.getI8Type(), pointer,
      ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(offset)}, /*inbounds=*/true);
}

static Value getInteger(OpBuilder &builder, Location loc, Type type,
                        int64_t value) {
  return builder.create<LLVM::ConstantOp>(loc, type,
                                          builder.getIntegerAttr(type, value));
}

namespace {
/// A pattern of one operation whose converted operands are in `adaptor`.
template <typename Op> using Pattern = ConvertOpToLLVMPattern<Op>;

//===----------------------------------------------------------------------===//
// Constants and views
//===----------------------------------------------------------------------===//

/// The data is set on the LLVM module, without a way through attributes.
struct GlobalPattern : Pattern<kernel::GlobalOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(kernel::GlobalOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (kernel::getFileOffset(op)) {
      rewriter.eraseOp(op);
      return success();
    }
    auto type = cast<ShapedType>(op.getValue().getType());
    uint64_t bytes =
        type.getNumElements() * kernel::getElementBytes(type.getElementType());
    rewriter.replaceOpWithNewOp<LLVM::GlobalOp>(
        op, LLVM::LLVMArrayType::get(rewriter.getI8Type(), bytes),
        /*isConstant=*/true, LLVM::Linkage::External, op.getName(),
        Attribute());
    return success();
  }
};

struct ConstantPattern : Pattern<kernel::ConstantOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(kernel::ConstantOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<LLVM::AddressOfOp>(
        op, getPointerType(getContext()), op.getGlobalAttr());
    return success();
  }
};

struct SlicePattern : Pattern<kernel::SliceOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(kernel::SliceOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    uint64_t offset = op.getOffset();
    if (offset <= INT32_MAX) {
      rewriter.replaceOp(
          op, getBytePointer(rewriter, loc, adaptor.getSource(), offset));
      return success();
    }
    Value bytes = getInteger(rewriter, loc, getIndexType(), offset);
    rewriter.replaceOp(op,
                       getElementPointer(rewriter, loc, rewriter.getI8Type(),
                                         adaptor.getSource(), bytes));
    return success();
  }
};

/// Loads a member of the context.
template <typename Op, kernel::ContextMember kMember>
struct MemberPattern : Pattern<Op> {
  using Pattern<Op>::Pattern;
  LogicalResult
  matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type pointer = getPointerType(op.getContext());
    Value member = rewriter.create<LLVM::GEPOp>(
        op.getLoc(), pointer, pointer, adaptor.getHooks(),
        ArrayRef<LLVM::GEPArg>{int32_t(kMember)}, true);
    rewriter.replaceOpWithNewOp<LLVM::LoadOp>(
        op, this->getTypeConverter()->convertType(op.getType()), member);
    return success();
  }
};
using WeightsPattern =
    MemberPattern<kernel::WeightsOp, kernel::ContextMember::Weights>;
using WeightsSizePattern =
    MemberPattern<kernel::WeightsSizeOp, kernel::ContextMember::WeightsSize>;

struct MisalignedPattern : Pattern<kernel::MisalignedOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(kernel::MisalignedOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type type = getIndexType();
    Value address =
        rewriter.create<LLVM::PtrToIntOp>(loc, type, adaptor.getSource());
    Value zero = getInteger(rewriter, loc, type, 0);
    Value rest = rewriter.create<LLVM::AndOp>(
        loc, address, getInteger(rewriter, loc, type, op.getAlignment() - 1));
    Value isNull = rewriter.create<LLVM::ICmpOp>(loc, LLVM::ICmpPredicate::eq,
                                                 address, zero);
    Value isOff =
        rewriter.create<LLVM::ICmpOp>(loc, LLVM::ICmpPredicate::ne, rest, zero);
    rewriter.replaceOpWithNewOp<LLVM::OrOp>(op, isNull, isOff);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Loads and stores
//===----------------------------------------------------------------------===//

/// Of scalars and vectors; both are as aligned as an element.
template <typename Op> struct LoadPattern : Pattern<Op> {
  using Pattern<Op>::Pattern;
  LogicalResult
  matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type element = getElement(op->getOperand(0));
    Value pointer =
        getElementPointer(rewriter, op.getLoc(), element,
                          adaptor.getOperands()[0], adaptor.getOperands()[1]);
    rewriter.replaceOpWithNewOp<LLVM::LoadOp>(
        op, this->getTypeConverter()->convertType(op.getType()), pointer,
        kernel::getElementBytes(element));
    return success();
  }
};

template <typename Op> struct StorePattern : Pattern<Op> {
  using Pattern<Op>::Pattern;
  LogicalResult
  matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type element = getElement(op->getOperand(1));
    Value pointer =
        getElementPointer(rewriter, op.getLoc(), element,
                          adaptor.getOperands()[1], adaptor.getOperands()[2]);
    rewriter.replaceOpWithNewOp<LLVM::StoreOp>(
        op, adaptor.getOperands()[0], pointer,
        kernel::getElementBytes(element));
    return success();
  }
};

/// The mask of the first `count` lanes.
Value getLanes(OpBuilder &builder, Location loc, VectorType type,
               uint64_t count) {
  SmallVector<bool> lanes(type.getNumElements());
  std::fill_n(lanes.begin(), count, true);
  auto mask = VectorType::get(type.getShape(), builder.getI1Type());
  return builder.create<LLVM::ConstantOp>(loc, mask,
                                          DenseElementsAttr::get(mask, lanes));
}

struct LoadLanesPattern : Pattern<kernel::LoadOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(kernel::LoadOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<VectorType>(op.getType());
    Value pointer = getElementPointer(rewriter, loc, type.getElementType(),
                                      adaptor.getSource(), adaptor.getIndex());
    Value zero = rewriter.create<LLVM::ConstantOp>(loc, type,
                                                   rewriter.getZeroAttr(type));
    rewriter.replaceOpWithNewOp<LLVM::MaskedLoadOp>(
        op, type, pointer, getLanes(rewriter, loc, type, op.getCount()), zero,
        kernel::getElementBytes(type.getElementType()));
    return success();
  }
};

struct StoreLanesPattern : Pattern<kernel::StoreOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(kernel::StoreOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<VectorType>(op.getValue().getType());
    Value pointer = getElementPointer(rewriter, loc, type.getElementType(),
                                      adaptor.getTarget(), adaptor.getIndex());
    rewriter.replaceOpWithNewOp<LLVM::MaskedStoreOp>(
        op, adaptor.getValue(), pointer,
        getLanes(rewriter, loc, type, op.getCount()),
        kernel::getElementBytes(type.getElementType()));
    return success();
  }
};

struct CopyPattern : Pattern<kernel::CopyOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(kernel::CopyOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type element = getElement(op.getSource());
    Value from = getElementPointer(rewriter, loc, element, adaptor.getSource(),
                                   adaptor.getSourceIndex());
    Value to = getElementPointer(rewriter, loc, element, adaptor.getTarget(),
                                 adaptor.getTargetIndex());
    Value bytes = rewriter.create<LLVM::MulOp>(
        loc, adaptor.getCount(),
        getInteger(rewriter, loc, getIndexType(),
                   kernel::getElementBytes(element)));
    rewriter.create<LLVM::MemcpyOp>(loc, to, from, bytes,
                                    /*isVolatile=*/false);
    rewriter.eraseOp(op);
    return success();
  }
};

/// A loop of blocks: LLVM makes `memset` of it where it can.
struct FillPattern : Pattern<kernel::FillOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(kernel::FillOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type type = getIndexType(), element = getElement(op.getTarget());
    Value first = getElementPointer(rewriter, loc, element, adaptor.getTarget(),
                                    adaptor.getIndex());
    Block *before = rewriter.getInsertionBlock();
    Block *after = rewriter.splitBlock(before, op->getIterator());
    Block *head = rewriter.createBlock(after, {type}, {loc});
    Block *body = rewriter.createBlock(after);
    rewriter.setInsertionPointToEnd(before);
    rewriter.create<LLVM::BrOp>(loc, getInteger(rewriter, loc, type, 0), head);
    rewriter.setInsertionPointToEnd(head);
    Value i = head->getArgument(0);
    Value goesOn = rewriter.create<LLVM::ICmpOp>(loc, LLVM::ICmpPredicate::slt,
                                                 i, adaptor.getCount());
    rewriter.create<LLVM::CondBrOp>(loc, goesOn, body, after);
    rewriter.setInsertionPointToEnd(body);
    rewriter.create<LLVM::StoreOp>(
        loc, adaptor.getValue(),
        getElementPointer(rewriter, loc, element, first, i),
        kernel::getElementBytes(element));
    Value next = rewriter.create<LLVM::AddOp>(
        loc, i, getInteger(rewriter, loc, type, 1));
    rewriter.create<LLVM::BrOp>(loc, next, head);
    rewriter.eraseOp(op);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// Conversions to integers saturate in the low form; upstream's are poison out
/// of range.
template <typename Op> struct SaturatePattern : Pattern<Op> {
  SaturatePattern(LLVMTypeConverter &converter)
      : Pattern<Op>(converter, /*benefit=*/2) {}
  LogicalResult
  matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    StringRef name =
        isa<arith::FPToSIOp>(op) ? "llvm.fptosi.sat" : "llvm.fptoui.sat";
    rewriter.replaceOpWithNewOp<LLVM::CallIntrinsicOp>(
        op, op.getType(), rewriter.getStringAttr(name), adaptor.getOperands());
    return success();
  }
};

struct BroadcastPattern : Pattern<vector::BroadcastOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(vector::BroadcastOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (isa<VectorType>(op.getSourceType()))
      return rewriter.notifyMatchFailure(op, "broadcast of a vector");
    rewriter.replaceOpWithNewOp<vector::SplatOp>(op, op.getType(),
                                                 adaptor.getSource());
    return success();
  }
};

/// Products in 32 bits, then a shuffle and a sum for each neighbour.
struct DotPattern : Pattern<kernel::DotOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(kernel::DotOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto factors = cast<VectorType>(op.getLhs().getType());
    auto sums = cast<VectorType>(op.getType());
    int64_t group = factors.getNumElements() / sums.getNumElements();
    auto wide = VectorType::get(factors.getShape(), rewriter.getI32Type());
    Value lhs = rewriter.create<LLVM::SExtOp>(loc, wide, adaptor.getLhs());
    Value rhs = rewriter.create<LLVM::SExtOp>(loc, wide, adaptor.getRhs());
    Value products = rewriter.create<LLVM::MulOp>(loc, lhs, rhs);
    Value sum = adaptor.getAcc();
    for (int64_t i = 0; i < group; ++i) {
      SmallVector<int32_t> lanes;
      for (int64_t lane = 0; lane < sums.getNumElements(); ++lane)
        lanes.push_back(lane * group + i);
      Value part = rewriter.create<LLVM::ShuffleVectorOp>(loc, products,
                                                          products, lanes);
      sum = rewriter.create<LLVM::AddOp>(loc, sum, part);
    }
    rewriter.replaceOp(op, sum);
    return success();
  }
};
} // namespace

void tenon::populateMemoryPatterns(LLVMTypeConverter &converter,
                                   RewritePatternSet &patterns) {
  patterns
      .add<GlobalPattern, ConstantPattern, SlicePattern, WeightsPattern,
           WeightsSizePattern, MisalignedPattern, LoadPattern<memref::LoadOp>,
           StorePattern<memref::StoreOp>, LoadLanesPattern, StoreLanesPattern,
           CopyPattern, FillPattern, SaturatePattern<arith::FPToSIOp>,
           SaturatePattern<arith::FPToUIOp>, BroadcastPattern, DotPattern>(
          converter);
  // Upstream has patterns of its own for these two.
  patterns.add<LoadPattern<vector::LoadOp>, StorePattern<vector::StoreOp>>(
      converter, /*benefit=*/2);
}
