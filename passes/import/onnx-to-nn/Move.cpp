//===- Move.cpp - Operators that only move elements -----------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shapes of results are known, so that operands that only state a shape are
// not looked at.
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

/// Operators that give the same elements another shape.
template <typename OpT> static void addReshape(LoweringTable &table) {
  table.add<OpT>([](Operation *op, LayerBuilder &b) -> Lowered {
    auto type = getType(op->getResult(0));
    if (type.getNumElements() != getType(op->getOperand(0)).getNumElements())
      return b.refuse("changes the number of elements");
    return b.reshape(op->getOperand(0), type.getShape());
  });
}

static Lowered lowerTranspose(onnx::TransposeOp op, LayerBuilder &b) {
  int64_t rank = getRank(op.getData());
  Ints permutation(llvm::reverse(range(0, rank)));
  if (op.getPerm())
    permutation = Ints(*op.getPerm());
  Ints sorted = permutation;
  llvm::sort(sorted);
  if (sorted != range(0, rank))
    return b.refuse("has a `perm` that is no permutation");
  return b.transpose(op.getData(), permutation);
}

static Lowered lowerConcat(onnx::ConcatOp op, LayerBuilder &b, int64_t axis) {
  auto type = getType(op.getConcatResult());
  return b.concat(type, op.getInputs(), axis);
}

static Lowered lowerSplit(onnx::SplitOp op, LayerBuilder &b, int64_t axis) {
  SmallVector<Value> parts;
  int64_t start = 0;
  for (Value part : op.getOutputs()) {
    int64_t size = getShape(part)[axis];
    parts.push_back(b.slice(op.getInput(), axis, start, size));
    start += size;
  }
  return parts;
}

FailureOr<Value> lowering::pickForAxis(LayerBuilder &b, Value list, Value axes,
                                       int64_t axis, int64_t rank,
                                       int64_t otherwise) {
  Type i64 = b.getI64Type();
  if (getRank(list) != 1 ||
      (axes ? getShape(axes) != getShape(list) : getShape(list)[0] > rank))
    return b.refuse("has lists of different lengths");
  if (std::optional<Ints> known = b.getInts(axes))
    if (failed(b.normalizeAxes(*known, rank)))
      return failure();
  SmallVector<Access> inputs = {{list, {b.d(0)}}};
  if (axes)
    inputs.push_back({axes, {b.d(0)}});
  return b.folded(b.reduce(
      b.over(RankedTensorType::get({}, i64), getShape(list)), inputs,
      double(otherwise), [&](Scalars x, Scalars acc) {
        Scalar which = (axes ? x[1] : b.index(0)).cast(i64);
        Scalar hit = (which == double(axis)) | (which == double(axis - rank));
        return select(hit, x[0].cast(i64), acc[0]);
      }));
}

static Lowered lowerSlice(onnx::SliceOp op, LayerBuilder &b) {
  Value x = op.getData();
  auto type = getType(op.getOutput());
  int64_t rank = getRank(x);
  Type i64 = b.getI64Type();
  if (op.getSteps() && getShape(op.getSteps()) != getShape(op.getStarts()))
    return b.refuse("has lists of different lengths");
  Access input = b.all(x);
  SmallVector<Access> indices;
  for (int64_t axis = 0; axis < rank; ++axis) {
    int64_t size = getShape(x)[axis], count = type.getDimSize(axis);
    auto pick = [&](Value list, int64_t otherwise) {
      return pickForAxis(b, list, op.getAxes(), axis, rank, otherwise);
    };
    FailureOr<Value> start = pick(op.getStarts(), 0);
    FailureOr<Value> step = op.getSteps() ? pick(op.getSteps(), 1)
                                          : b.folded(b.reshape(b.ints(1), {}));
    if (failed(start) || failed(step))
      return failure();
    std::optional<Ints> knownStep = b.getInts(*step);
    if (knownStep && knownStep->front() == 0)
      return b.refuse("has step 0");
    if (count == size && size <= 1)
      continue;
    auto getFirst = [&](Scalars x) {
      Scalar start = select(x[0] < 0, x[0] + double(size), x[0]);
      Scalar last = select(x[1] < 0, x[1].like(size - 1), double(size));
      return min(max(start, 0), last);
    };
    Value first =
        b.folded(b.elementwise(getType(*start), {*start, *step}, getFirst));
    std::optional<Ints> knownFirst = b.getInts(first);
    if (knownFirst && knownStep) {
      // A single element may have any step.
      AffineExpr offset = count <= 1 ? b.c(0) : b.d(axis) * knownStep->front();
      input.index[axis] = offset + knownFirst->front();
      continue;
    }
    Value index = b.elementwise(
        RankedTensorType::get(count, i64), {*start, *step},
        [&](Scalars x) { return getFirst(x) + b.index(0).cast(i64) * x[1]; });
    input.index[axis] = b.s(indices.size());
    indices.push_back({index, {b.d(axis)}});
  }
  if (!indices.empty())
    return b.gather(b.over(type), input, indices);
  return input.index == b.dims(rank) && type == getType(x)
             ? x
             : b.move(b.over(type), input);
}

static Lowered lowerExpand(onnx::ExpandOp op, LayerBuilder &b) {
  return b.broadcastTo(op.getInput(), getShape(op.getOutput()));
}

static Lowered lowerTile(onnx::TileOp op, LayerBuilder &b) {
  auto type = getType(op.getOutput());
  Access access = b.all(op.getInput());
  for (auto [dim, size] : llvm::enumerate(getShape(op.getInput())))
    if (size != type.getDimSize(dim) && size != 0)
      access.index[dim] = b.d(dim) % size;
  return b.move(b.over(type), access);
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

/// Splits, permutes and merges dimensions.
static Value permuteBlocks(LayerBuilder &b, Value x, ArrayRef<int64_t> split,
                           ArrayRef<int64_t> permutation, Value like) {
  return b.reshape(b.transpose(b.reshape(x, split), permutation),
                   getShape(like));
}

static LogicalResult checkBlocks(LayerBuilder &b, Value x, int64_t block,
                                 bool toSpace) {
  ArrayRef<int64_t> shape = getShape(x);
  if (shape.size() != 4 || block < 1 || block > 1 << 16 ||
      (toSpace ? shape[1] % (block * block) != 0
               : shape[2] % block != 0 || shape[3] % block != 0))
    return b.refuse("expects 4 dimensions that the block size divides");
  return success();
}

static Lowered lowerDepthToSpace(onnx::DepthToSpaceOp op, LayerBuilder &b) {
  ArrayRef<int64_t> n = getShape(op.getInput());
  int64_t block = op.getBlocksize();
  if (failed(checkBlocks(b, op.getInput(), block, true)))
    return failure();
  int64_t channels = n[1] / (block * block);
  if (op.getMode() == "CRD")
    return permuteBlocks(b, op.getInput(),
                         {n[0], channels, block, block, n[2], n[3]},
                         {0, 1, 4, 2, 5, 3}, op.getOutput());
  return permuteBlocks(b, op.getInput(),
                       {n[0], block, block, channels, n[2], n[3]},
                       {0, 3, 4, 1, 5, 2}, op.getOutput());
}

static Lowered lowerSpaceToDepth(onnx::SpaceToDepthOp op, LayerBuilder &b) {
  ArrayRef<int64_t> n = getShape(op.getInput());
  int64_t block = op.getBlocksize();
  if (failed(checkBlocks(b, op.getInput(), block, false)))
    return failure();
  bool crd = op.getMode() == "CRD";
  return permuteBlocks(
      b, op.getInput(), {n[0], n[1], n[2] / block, block, n[3] / block, block},
      crd ? Ints{0, 1, 3, 5, 2, 4} : Ints{0, 3, 5, 1, 2, 4}, op.getOutput());
}

void lowering::populateMove(LoweringTable &table) {
  addReshape<onnx::ReshapeOp>(table);
  addReshape<onnx::FlattenOp>(table);
  addReshape<onnx::SqueezeOp>(table);
  addReshape<onnx::UnsqueezeOp>(table);
  table.add(lowerTranspose);
  table.addAlongAxis(lowerConcat);
  table.addAlongAxis(lowerSplit);
  table.add(lowerSlice);
  table.add(lowerExpand);
  table.add(lowerTile);
  table.add(lowerDepthToSpace);
  table.add(lowerSpaceToDepth);
}
