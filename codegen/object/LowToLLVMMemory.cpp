//===- LowToLLVMMemory.cpp - Memory and constants in the LLVM dialect -----===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A memref of the low form has one dimension and no layout, so it is a pointer;
// upstream would make a structure of pointers, sizes and strides of it.
//
//     memref.load %x[%i] : memref<8xf32>    %p = llvm.getelementptr %x[%i], f32
//                                           %v = llvm.load %p {alignment = 4}
//
// Vectors are as aligned as one element: rows begin at any. Globals are
// declared only; ObjectEmitter.cpp puts the data into the LLVM module.
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

static Type getElement(Value memref) {
  return cast<MemRefType>(memref.getType()).getElementType();
}

//===----------------------------------------------------------------------===//
// Constants and views
//===----------------------------------------------------------------------===//

/// The data is set on the LLVM module, without a way through attributes.
static void lowerGlobal(kernel::GlobalOp op, kernel::GlobalOp::Adaptor,
                        LowBuilder &b) {
  if (kernel::getFileOffset(op)) {
    b.rewriter.eraseOp(op);
    return;
  }
  auto type = cast<ShapedType>(op.getValue().getType());
  uint64_t bytes =
      type.getNumElements() * kernel::getElementBytes(type.getElementType());
  b.replace<LLVM::GlobalOp>(
      op, LLVM::LLVMArrayType::get(b.rewriter.getI8Type(), bytes),
      /*isConstant=*/true, LLVM::Linkage::External, op.getName(), Attribute());
}

static void lowerConstant(kernel::ConstantOp op, kernel::ConstantOp::Adaptor,
                          LowBuilder &b) {
  b.replace<LLVM::AddressOfOp>(op, b.getPointerType(), op.getGlobalAttr());
}

static void lowerSlice(kernel::SliceOp op, kernel::SliceOp::Adaptor adaptor,
                       LowBuilder &b) {
  uint64_t offset = op.getOffset();
  Value pointer = adaptor.getSource();
  Type i8 = b.rewriter.getI8Type();
  if (offset > INT32_MAX)
    pointer = b.getElement(i8, pointer, b.getInteger(b.getIndexType(), offset));
  else if (offset != 0)
    pointer = b.getMember(i8, pointer, {int32_t(offset)});
  b.rewriter.replaceOp(op, pointer);
}

/// Loads a member of the context.
template <typename Op, kernel::ContextMember kMember>
static void lowerMember(Op op, typename Op::Adaptor adaptor, LowBuilder &b) {
  Value member =
      b.getMember(b.getPointerType(), adaptor.getHooks(), {int32_t(kMember)});
  b.replace<LLVM::LoadOp>(op, b.types.convertType(op.getType()), member);
}

static void lowerMisaligned(kernel::MisalignedOp op,
                            kernel::MisalignedOp::Adaptor adaptor,
                            LowBuilder &b) {
  Type type = b.getIndexType();
  Value address = b.create<LLVM::PtrToIntOp>(type, adaptor.getSource());
  Value zero = b.getInteger(type, 0);
  Value rest =
      b.create<LLVM::AndOp>(address, b.getInteger(type, op.getAlignment() - 1));
  Value isNull = b.compare(LLVM::ICmpPredicate::eq, address, zero);
  Value isOff = b.compare(LLVM::ICmpPredicate::ne, rest, zero);
  b.replace<LLVM::OrOp>(op, isNull, isOff);
}

//===----------------------------------------------------------------------===//
// Loads and stores
//===----------------------------------------------------------------------===//

namespace {
/// Where scalars and vectors begin; both are as aligned as an element.
struct Place {
  Value pointer;
  unsigned alignment;
};
} // namespace

/// `memref[index]`, where `pointer` and `index` are converted.
static Place getPlace(LowBuilder &b, Value memref, Value pointer, Value index) {
  Type element = getElement(memref);
  return {b.getElement(element, pointer, index),
          kernel::getElementBytes(element)};
}

template <typename Op>
static void lowerLoad(Op op, typename Op::Adaptor adaptor, LowBuilder &b) {
  ValueRange operands = adaptor.getOperands();
  Place place = getPlace(b, op->getOperand(0), operands[0], operands[1]);
  b.replace<LLVM::LoadOp>(op, b.types.convertType(op.getType()), place.pointer,
                          place.alignment);
}

template <typename Op>
static void lowerStore(Op op, typename Op::Adaptor adaptor, LowBuilder &b) {
  ValueRange operands = adaptor.getOperands();
  Place place = getPlace(b, op->getOperand(1), operands[1], operands[2]);
  b.replace<LLVM::StoreOp>(op, operands[0], place.pointer, place.alignment);
}

/// The mask of the first `count` lanes.
static Value getLanes(LowBuilder &b, VectorType type, uint64_t count) {
  SmallVector<bool> lanes(type.getNumElements());
  std::fill_n(lanes.begin(), count, true);
  auto mask = VectorType::get(type.getShape(), b.rewriter.getI1Type());
  return b.create<LLVM::ConstantOp>(mask, DenseElementsAttr::get(mask, lanes));
}

static void lowerLoadLanes(kernel::LoadOp op, kernel::LoadOp::Adaptor adaptor,
                           LowBuilder &b) {
  auto type = cast<VectorType>(op.getType());
  Place place =
      getPlace(b, op.getSource(), adaptor.getSource(), adaptor.getIndex());
  Value zero = b.create<LLVM::ConstantOp>(type, b.rewriter.getZeroAttr(type));
  Value lanes = getLanes(b, type, op.getCount());
  b.replace<LLVM::MaskedLoadOp>(op, type, place.pointer, lanes, zero,
                                place.alignment);
}

static void lowerStoreLanes(kernel::StoreOp op,
                            kernel::StoreOp::Adaptor adaptor, LowBuilder &b) {
  auto type = cast<VectorType>(op.getValue().getType());
  Place place =
      getPlace(b, op.getTarget(), adaptor.getTarget(), adaptor.getIndex());
  b.replace<LLVM::MaskedStoreOp>(op, adaptor.getValue(), place.pointer,
                                 getLanes(b, type, op.getCount()),
                                 place.alignment);
}

static void lowerCopy(kernel::CopyOp op, kernel::CopyOp::Adaptor adaptor,
                      LowBuilder &b) {
  Type element = getElement(op.getSource());
  Value from =
      b.getElement(element, adaptor.getSource(), adaptor.getSourceIndex());
  Value to =
      b.getElement(element, adaptor.getTarget(), adaptor.getTargetIndex());
  Value bytes = b.create<LLVM::MulOp>(
      adaptor.getCount(),
      b.getInteger(b.getIndexType(), kernel::getElementBytes(element)));
  b.create<LLVM::MemcpyOp>(to, from, bytes, /*isVolatile=*/false);
  b.rewriter.eraseOp(op);
}

/// A loop of blocks: LLVM makes `memset` of it where it can.
static void lowerFill(kernel::FillOp op, kernel::FillOp::Adaptor adaptor,
                      LowBuilder &b) {
  Type type = b.getIndexType(), element = getElement(op.getTarget());
  Value first = b.getElement(element, adaptor.getTarget(), adaptor.getIndex());
  Block *before = b.rewriter.getInsertionBlock();
  Block *after = b.rewriter.splitBlock(before, op->getIterator());
  Block *head = b.rewriter.createBlock(after, {type}, {b.loc});
  Block *body = b.rewriter.createBlock(after);
  b.rewriter.setInsertionPointToEnd(before);
  b.create<LLVM::BrOp>(b.getInteger(type, 0), head);
  b.rewriter.setInsertionPointToEnd(head);
  Value i = head->getArgument(0);
  Value goesOn = b.compare(LLVM::ICmpPredicate::slt, i, adaptor.getCount());
  b.create<LLVM::CondBrOp>(goesOn, body, after);
  b.rewriter.setInsertionPointToEnd(body);
  b.create<LLVM::StoreOp>(adaptor.getValue(), b.getElement(element, first, i),
                          kernel::getElementBytes(element));
  Value next = b.create<LLVM::AddOp>(i, b.getInteger(type, 1));
  b.create<LLVM::BrOp>(next, head);
  b.rewriter.eraseOp(op);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// Conversions to integers saturate in the low form; upstream's are poison out
/// of range.
template <typename Op>
static void lowerToInteger(Op op, typename Op::Adaptor adaptor, LowBuilder &b) {
  StringRef name =
      isa<arith::FPToSIOp>(op) ? "llvm.fptosi.sat" : "llvm.fptoui.sat";
  b.replace<LLVM::CallIntrinsicOp>(
      op, op.getType(), b.rewriter.getStringAttr(name), adaptor.getOperands());
}

namespace {
struct BroadcastPattern : ConvertOpToLLVMPattern<vector::BroadcastOp> {
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
} // namespace

void tenon::populateMemoryPatterns(LLVMTypeConverter &converter,
                                   RewritePatternSet &patterns) {
  auto add = [&](auto lower, PatternBenefit benefit = 1) {
    addLowering(patterns, converter, lower, benefit);
  };
  add(lowerGlobal);
  add(lowerConstant);
  add(lowerSlice);
  add(lowerMember<kernel::WeightsOp, kernel::ContextMember::Weights>);
  add(lowerMember<kernel::WeightsSizeOp, kernel::ContextMember::WeightsSize>);
  add(lowerMisaligned);
  add(lowerLoad<memref::LoadOp>);
  add(lowerStore<memref::StoreOp>);
  add(lowerLoadLanes);
  add(lowerStoreLanes);
  add(lowerCopy);
  add(lowerFill);
  patterns.add<BroadcastPattern>(converter);
  // Upstream has patterns of its own for these.
  add(lowerLoad<vector::LoadOp>, 2);
  add(lowerStore<vector::StoreOp>, 2);
  add(lowerToInteger<arith::FPToSIOp>, 2);
  add(lowerToInteger<arith::FPToUIOp>, 2);
}
