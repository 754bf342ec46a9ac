//===- Gather.cpp - Reading and writing at computed places ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gathers are nn.gather. Scatters are reductions over the updates: a place of
// the result takes each update whose index is its own, in order; what none
// touches keeps the data. So places may be computed in any order.
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

/// `indices` with `sizes`, of the axes that the last dimension stands for (or
/// of all), added to negative ones.
static Value wrapNegative(LayerBuilder &b, Value indices,
                          ArrayRef<int64_t> sizes) {
  Type element = getElement(indices);
  SmallVector<double> numbers(sizes.begin(), sizes.end());
  bool one = llvm::all_equal(sizes) && !sizes.empty();
  auto type = RankedTensorType::get(
      one ? ArrayRef<int64_t>() : int64_t(sizes.size()), element);
  Value table =
      b.numbers(type, one ? ArrayRef(numbers).take_front() : ArrayRef(numbers));
  if (std::optional<Ints> constant = b.getInts(indices))
    if (llvm::all_of(*constant, [](int64_t index) { return index >= 0; }))
      return indices;
  return b.elementwise(getType(indices), {indices, table}, [](Scalars x) {
    return select(x[0] < 0, x[0] + x[1], x[0]);
  });
}

static Lowered lowerGather(onnx::GatherOp op, LayerBuilder &b, int64_t axis) {
  auto type = getType(op.getOutput());
  Value data = op.getData();
  int64_t rank = getRank(data), inner = getRank(op.getIndices());
  if (type.getRank() != rank - 1 + inner)
    return b.refuse("expects a result of another rank");
  // One known index is a slice.
  std::optional<Ints> constant = b.getInts(op.getIndices());
  if (constant && constant->size() == 1) {
    int64_t index = constant->front(), size = getShape(data)[axis];
    if (index < -size || index >= size)
      return b.refuse("has an index out of range");
    return b.reshape(b.slice(data, axis, index < 0 ? index + size : index, 1),
                     type.getShape());
  }
  Access input{data, b.dims(axis)};
  input.index.push_back(b.s(0));
  llvm::append_range(input.index, b.dims(rank - axis - 1, axis + inner));
  Access indices{wrapNegative(b, op.getIndices(), getShape(data)[axis]),
                 b.dims(inner, axis)};
  return b.gather(b.over(type), input, indices);
}

static Lowered lowerGatherElements(onnx::GatherElementsOp op, LayerBuilder &b,
                                   int64_t axis) {
  Value data = op.getData();
  Access input = b.all(data);
  input.index[axis] = b.s(0);
  Access indices =
      b.all(wrapNegative(b, op.getIndices(), getShape(data)[axis]));
  return b.gather(b.over(getType(op.getOutput())), input, indices);
}

static Lowered lowerGatherND(onnx::GatherNDOp op, LayerBuilder &b) {
  auto type = getType(op.getOutput());
  Value data = op.getData();
  int64_t batch = op.getBatchDims(), inner = getRank(op.getIndices()) - 1;
  if (inner < batch || getRank(op.getIndices()) == 0 || batch < 0)
    return b.refuse("has indices with too few dimensions");
  int64_t depth = getShape(op.getIndices()).back();
  if (batch + depth > getRank(data) ||
      type.getRank() != inner + getRank(data) - batch - depth)
    return b.refuse("has indices for more dimensions than there are");
  Value wrapped =
      wrapNegative(b, op.getIndices(), getShape(data).slice(batch, depth));
  Access input{data, b.dims(batch)};
  SmallVector<Access> indices;
  for (int64_t component = 0; component < depth; ++component) {
    input.index.push_back(b.s(component));
    indices.push_back({wrapped, b.dims(inner)});
    indices.back().index.push_back(b.c(component));
  }
  llvm::append_range(input.index, b.dims(type.getRank() - inner, inner));
  return b.gather(b.over(type), input, indices);
}

/// Reverses the first elements of each sequence, as many as it has.
static Lowered lowerReverseSequence(onnx::ReverseSequenceOp op,
                                    LayerBuilder &b) {
  auto type = getType(op.getY());
  int64_t batch = op.getBatchAxis(), time = op.getTimeAxis();
  if (type.getRank() < 2 || batch + time != 1 || batch * time != 0)
    return b.refuse("expects batch and time as the first two axes");
  Type i64 = b.getI64Type();
  auto places = RankedTensorType::get(type.getShape().take_front(2), i64);
  Value from = b.map(b.over(places), Access{op.getSequenceLens(), {b.d(batch)}},
                     [&](Scalars x) {
                       Scalar at = b.index(time).cast(i64);
                       return select(at < x[0], x[0] - at - at.likeInt(1), at);
                     });
  Access input = b.all(op.getInput());
  input.index[time] = b.s(0);
  return b.gather(b.over(type), input, Access{from, b.dims(2)});
}

//===----------------------------------------------------------------------===//
// Scatter
//===----------------------------------------------------------------------===//

/// Reduces the updates of a place. `inputs` are the update and its indices,
/// which `hits` compares with the place.
static Lowered buildScatter(LayerBuilder &b, Value data,
                            ArrayRef<int64_t> reduction,
                            ArrayRef<Access> inputs, StringRef how,
                            function_ref<Scalar(Scalars)> hits) {
  Type element = getElement(data);
  auto combine = [&](Scalar x, Scalar y) {
    return how == "add"   ? x + y
           : how == "mul" ? x * y
           : how == "max" ? max(x, y)
           : how == "min" ? min(x, y)
                          : y;
  };
  TypedAttr first = how == "mul"   ? getNumber(element, 1)
                    : how == "max" ? getLowest(element)
                    : how == "min" ? getHighest(element)
                                   : getNumber(element, 0);
  Type i1 = b.getI1Type();
  return b.reduce(
      b.over(getType(data), reduction), element, inputs,
      {{element, first}, {i1, b.getBoolAttr(false)}},
      [&](Scalars x, Scalars acc) -> Yield {
        Scalar hit = hits(x.drop_front());
        return {select(hit, combine(acc[0], x[0]), acc[0]), hit | acc[1]};
      },
      b.all(data),
      [&](Scalars acc, Scalars x) {
        return select(acc[1], combine(x[0], acc[0]), x[0]);
      });
}

/// `index`, negative ones from the end, is the place in dimension `dim`.
static Scalar isAt(LayerBuilder &b, Scalar index, unsigned dim, int64_t size) {
  index = index.cast(b.getI64Type());
  index = select(index < 0, index + index.likeInt(size), index);
  return index == b.index(dim).cast(b.getI64Type());
}

static Lowered lowerScatterElements(onnx::ScatterElementsOp op, LayerBuilder &b,
                                    int64_t axis) {
  Value data = op.getData();
  int64_t rank = getRank(data);
  if (getRank(op.getIndices()) != rank || getRank(op.getUpdates()) != rank)
    return b.refuse("expects indices and updates of the rank of the data");
  // Where there are fewer updates than data, the layer skips the others.
  Exprs index = b.dims(rank);
  index[axis] = b.d(rank);
  return buildScatter(
      b, data, getShape(op.getIndices())[axis],
      {{op.getUpdates(), index}, {op.getIndices(), index}}, op.getReduction(),
      [&](Scalars x) { return isAt(b, x[0], axis, getShape(data)[axis]); });
}

static Lowered lowerScatterND(onnx::ScatterNDOp op, LayerBuilder &b) {
  Value data = op.getData();
  int64_t rank = getRank(data), inner = getRank(op.getIndices()) - 1;
  if (inner < 0 || getShape(op.getIndices()).back() > rank)
    return b.refuse("has indices for more dimensions than there are");
  int64_t depth = getShape(op.getIndices()).back();
  SmallVector<Access> inputs = {{op.getUpdates(), b.dims(inner, rank)}};
  llvm::append_range(inputs[0].index, b.dims(rank - depth, depth));
  for (int64_t component = 0; component < depth; ++component) {
    inputs.push_back({op.getIndices(), b.dims(inner, rank)});
    inputs.back().index.push_back(b.c(component));
  }
  Ints reduction(getShape(op.getIndices()).drop_back());
  if (reduction.empty())
    reduction = {1};
  return buildScatter(b, data, reduction, inputs, op.getReduction(),
                      [&](Scalars x) {
                        Scalar hit = isAt(b, x[0], 0, getShape(data)[0]);
                        for (unsigned dim = 1; dim < x.size(); ++dim)
                          hit = hit & isAt(b, x[dim], dim, getShape(data)[dim]);
                        return hit;
                      });
}

/// Writes the update from the place on that is given for the batch.
static Lowered lowerTensorScatter(onnx::TensorScatterOp op, LayerBuilder &b,
                                  int64_t axis) {
  Value data = op.getPastCache();
  int64_t rank = getRank(data);
  Access update{op.getUpdate(), b.dims(rank)};
  update.index[axis] = b.d(rank);
  SmallVector<Access> inputs = {update};
  if (op.getWriteIndices())
    inputs.push_back({op.getWriteIndices(), {b.d(0)}});
  double size = getShape(data)[axis];
  return buildScatter(b, data, getShape(op.getUpdate())[axis], inputs, "none",
                      [&](Scalars x) {
                        Scalar at = b.index(rank).cast(b.getI64Type());
                        if (!x.empty())
                          at = at + x[0].cast(b.getI64Type());
                        if (op.getMode() == "circular")
                          at = at % size;
                        return at == b.index(axis).cast(b.getI64Type());
                      });
}

void lowering::populateGather(LoweringTable &table) {
  table.addAlongAxis(lowerGather);
  table.addAlongAxis(lowerGatherElements);
  table.add(lowerGatherND);
  table.add(lowerReverseSequence);
  table.addAlongAxis(lowerScatterElements);
  table.add(lowerScatterND);
  table.addAlongAxis(lowerTensorScatter);
}
