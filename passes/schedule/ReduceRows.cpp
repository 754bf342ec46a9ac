//===- ReduceRows.cpp - A reduction of all rows, some at a time -----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reduce starts from constants. To go on from numbers in memory, which then
// are an input that is the same at all points of the reduction, it takes them
// at its first point:
//
//     ^bb0(%x: f32, %old: f32, %acc: f32):
//       %row = nn.index 1
//       %first = arith.cmpi eq, %row, %c0
//       %start = arith.select %first, %old, %acc
//       %sum = arith.addf %start, %x
//       nn.yield %sum
//
// The order of a sum stays, and so do its bits. Sums of integers have no order:
// what was there is added in the end.
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/ReduceRows.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/schedule/LineBuffers.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

/// The accumulator `index` is a sum of integers, and nothing else reads it.
static bool isIntegerSum(nn::ReduceOp reduce, unsigned index) {
  Block &block = reduce.getCombine().front();
  Value accumulator = block.getArgument(reduce.getInputs().size() + index);
  auto sum =
      block.getTerminator()->getOperand(index).getDefiningOp<arith::AddIOp>();
  return sum && accumulator.hasOneUse() &&
         *accumulator.getUsers().begin() == sum && sum->hasOneUse();
}

static void startFromOld(nn::ReduceOp reduce, unsigned numInputs,
                         unsigned count) {
  Block &block = reduce.getCombine().front();
  Location loc = reduce.getLoc();
  OpBuilder builder = OpBuilder::atBlockBegin(&block);
  nn::LayerOpInterface layer = reduce;
  Value isFirst = builder.create<arith::ConstantIntOp>(loc, 1, 1);
  Value zero = builder.create<arith::ConstantIndexOp>(loc, 0);
  for (auto [dim, bound] : llvm::enumerate(layer.getBounds())) {
    if (dim < layer.getNumParallel() || bound == 1)
      continue;
    Value index = builder.create<nn::IndexOp>(loc, builder.getIndexType(), dim);
    isFirst = builder.create<arith::AndIOp>(
        loc, isFirst,
        builder.create<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, index,
                                      zero));
  }
  for (unsigned i = 0; i < count; ++i) {
    // Old ones are inputs, which come before accumulators.
    BlockArgument old = block.insertArgument(
        numInputs + i, cast<TypedAttr>(reduce.getInit()[i]).getType(), loc);
    BlockArgument accumulator = block.getArgument(numInputs + 2 * i + 1);
    auto start =
        builder.create<arith::SelectOp>(loc, isFirst, old, accumulator);
    accumulator.replaceAllUsesExcept(start, start);
  }
}

/// The accumulators in the shape of the results, and their map.
static SmallVector<Value> getViews(OpBuilder &builder, nn::ReduceOp whole,
                                   ArrayRef<Value> accumulators) {
  return llvm::map_to_vector(accumulators, [&](Value memory) {
    return getDenseView(builder, whole.getLoc(), memory, whole.getParallel());
  });
}

static AffineMap getPoint(nn::ReduceOp whole, unsigned numDims) {
  SmallVector<AffineExpr> point;
  for (unsigned dim = 0; dim < whole.getParallel().size(); ++dim)
    point.push_back(getAffineDimExpr(dim, whole.getContext()));
  return AffineMap::get(numDims, 0, point, whole.getContext());
}

void schedule::buildPartOfReduction(OpBuilder &builder, nn::ReduceOp whole,
                                    ArrayRef<Value> accumulators) {
  Location loc = whole.getLoc();
  nn::LayerOpInterface layer = whole;
  unsigned numInputs = whole.getInputs().size(), count = accumulators.size();
  SmallVector<Value> views = getViews(builder, whole, accumulators);
  SmallVector<AffineMap> maps;
  for (unsigned i = 0; i < numInputs; ++i)
    maps.push_back(layer.getMap(i));
  maps.append(2 * count, getPoint(whole, layer.getNumDims()));
  bool isSum = true;
  for (unsigned i = 0; i < count; ++i)
    isSum &= isIntegerSum(whole, i);
  SmallVector<Value> inputs(whole.getInputs());
  SmallVector<Attribute> init(whole.getInit().getValue());
  if (isSum)
    for (Attribute &value : init)
      value = builder.getZeroAttr(cast<TypedAttr>(value).getType());
  else
    llvm::append_range(inputs, views);
  auto part = builder.create<nn::ReduceOp>(
      loc, TypeRange(), whole.getParallelAttr(), whole.getReductionAttr(),
      builder.getAffineMapArrayAttr(maps), builder.getArrayAttr(init), inputs,
      isSum ? ValueRange(views) : ValueRange(), views);
  part->setDiscardableAttrs(whole->getDiscardableAttrDictionary());
  part.getCombine().takeBody(whole.getCombine());
  if (!isSum)
    startFromOld(part, numInputs, count);
  OpBuilder::InsertionGuard guard(builder);
  Block *epilogue = builder.createBlock(&part.getEpilogue());
  for (unsigned times = 0; times < 1u + isSum; ++times)
    for (Attribute value : init)
      epilogue->addArgument(cast<TypedAttr>(value).getType(), loc);
  SmallVector<Value> results(epilogue->getArguments().take_front(count));
  if (isSum)
    for (auto [result, old] :
         llvm::zip_equal(results, epilogue->getArguments().drop_front(count)))
      result = builder.create<arith::AddIOp>(loc, old, result);
  builder.create<nn::YieldOp>(loc, results);
}

void schedule::buildEndOfReduction(OpBuilder &builder, nn::ReduceOp whole,
                                   ArrayRef<Value> accumulators) {
  nn::LayerOpInterface layer = whole;
  unsigned numDims = whole.getParallel().size();
  SmallVector<Value> inputs = getViews(builder, whole, accumulators);
  SmallVector<AffineMap> maps(inputs.size(), getPoint(whole, numDims));
  llvm::append_range(inputs, whole.getExtras());
  for (unsigned operand = whole.getInputs().size();
       operand < whole->getNumOperands(); ++operand)
    maps.push_back(AffineMap::get(
        numDims, 0, layer.getMap(operand).getResults(), whole.getContext()));
  auto map = builder.create<nn::MapOp>(
      whole.getLoc(), TypeRange(), whole.getParallel(),
      builder.getAffineMapArrayAttr(maps), inputs, whole.getOutputs());
  map.getBody().takeBody(whole.getEpilogue());
}
