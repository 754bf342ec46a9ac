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
      (axes && (getRank(axes) != 1 || getShape(axes)[0] > getShape(list)[0])))
    return b.refuse("has lists of different lengths");
  SmallVector<Access> inputs = {{list, {b.d(0)}}};
  if (axes)
    inputs.push_back({axes, {b.d(0)}});
  return b.reduce(
      b.over(RankedTensorType::get({}, i64), getShape(axes ? axes : list)[0]),
      inputs, double(otherwise), [&](Scalars x, Scalars acc) {
        Scalar which = (axes ? x[1] : b.index(0)).cast(i64);
        Scalar hit = (which == double(axis)) | (which == double(axis - rank));
        return select(hit, x[0].cast(i64), acc[0]);
      });
}

/// Starts and steps that the program computes: a gather.
static Lowered sliceAtComputedPlaces(onnx::SliceOp op, LayerBuilder &b) {
  auto type = getType(op.getOutput());
  int64_t rank = type.getRank();
  Type i64 = b.getI64Type();
  Access input = b.all(op.getData());
  SmallVector<Access> indices;
  for (int64_t axis = 0; axis < rank; ++axis) {
    double size = getShape(op.getData())[axis];
    SmallVector<Value> inputs;
    for (auto [list, otherwise] :
         {std::pair(op.getStarts(), 0), std::pair(op.getSteps(), 1)}) {
      if (!list)
        continue;
      auto picked = pickForAxis(b, list, op.getAxes(), axis, rank, otherwise);
      if (failed(picked))
        return failure();
      inputs.push_back(*picked);
    }
    Value index = b.elementwise(
        RankedTensorType::get(type.getDimSize(axis), i64), inputs,
        [&](Scalars x) {
          Scalar step = x.size() == 2 ? x[1] : x[0].likeInt(1);
          Scalar start = select(x[0] < 0, x[0] + size, x[0]);
          Scalar last = select(step < 0, step.like(size - 1), size);
          return min(max(start, 0), last) + b.index(0).cast(i64) * step;
        });
    input.index[axis] = b.s(axis);
    indices.push_back({index, {b.d(axis)}});
  }
  return b.gather(b.over(type), input, indices);
}

static Lowered lowerSlice(onnx::SliceOp op, LayerBuilder &b) {
  ArrayRef<int64_t> shape = getShape(op.getData());
  std::optional<Ints> starts = b.getInts(op.getStarts());
  std::optional<Ints> axes = b.getInts(op.getAxes()),
                      steps = b.getInts(op.getSteps());
  if (!starts || (op.getAxes() && !axes) || (op.getSteps() && !steps))
    return sliceAtComputedPlaces(op, b);
  if (!axes)
    axes = range(0, starts->size());
  if (!steps)
    steps = Ints(starts->size(), 1);
  if (axes->size() != starts->size() || steps->size() != starts->size())
    return b.refuse("has lists of different lengths");
  auto type = getType(op.getOutput());
  Access access = b.all(op.getData());
  for (auto [axis, start, step] : llvm::zip(*axes, *starts, *steps)) {
    FailureOr<int64_t> dim = b.normalizeAxis(axis, shape.size());
    if (failed(dim))
      return failure();
    if (step == 0)
      return b.refuse("has step 0");
    int64_t size = shape[*dim], first = start < 0 ? start + size : start;
    first = std::clamp<int64_t>(
        first, 0, step < 0 ? std::max<int64_t>(size - 1, 0) : size);
    // A single element may have any step.
    access.index[*dim] =
        type.getDimSize(*dim) <= 1 ? b.c(first) : b.d(*dim) * step + first;
  }
  if (type == op.getData().getType() &&
      llvm::all_of(*steps, [](int64_t step) { return step == 1; }))
    return op.getData();
  return b.move(b.over(type), access);
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
