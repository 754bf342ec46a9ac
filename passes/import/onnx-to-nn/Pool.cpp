//===- Pool.cpp - Pools ---------------------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A pool is a reduction over windows:
//
//   y[n, c, h, w] = max over i, j of x[n, c, h*s + i*d - p, w*s + j*d - p]
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"
#include "passes/import/onnx-to-nn/Window.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

namespace {
/// The nest of a pool and what it reads.
struct Pool {
  Window window;
  Loops nest;
  Access input;
  int64_t spatial; // number of spatial dimensions
};
} // namespace

template <typename OpT>
static FailureOr<Pool> getPool(OpT op, LayerBuilder &b,
                               OptionalInts dilations) {
  Value x = op.getX();
  auto type = getType(op.getY());
  if (getRank(x) < 3 || type.getRank() != getRank(x))
    return b.refuse("expects an input of 3 dimensions or more");
  FailureOr<Window> window =
      getWindow(b, op.getKernelShape(), op.getStrides(), dilations,
                op.getPads(), op.getAutoPad(), getShape(x).drop_front(2),
                type.getShape().drop_front(2));
  if (failed(window))
    return failure();
  Pool pool{
      *window, b.over(type, window->kernel), {x, b.dims(2)}, getRank(x) - 2};
  for (int64_t dim = 0; dim < pool.spatial; ++dim)
    pool.input.index.push_back(
        window->getIndex(dim, b.d(2 + dim), b.d(getRank(x) + dim)));
  return pool;
}

static Yield maximum(Scalars x, Scalars acc) { return max(acc[0], x[0]); }
static Yield sum(Scalars x, Scalars acc) { return acc[0] + x[0]; }

//===----------------------------------------------------------------------===//
// MaxPool
//===----------------------------------------------------------------------===//

/// The index of the point in the flattened input, as `indices` counts it.
static Scalar getFlatIndex(LayerBuilder &b, const Pool &pool,
                           bool columnMajor) {
  ArrayRef<int64_t> shape = getShape(pool.input.value);
  Type i64 = b.getI64Type();
  Scalar index = b.index(0).cast(i64) * shape[1] + b.index(1).cast(i64);
  Ints order = range(0, pool.spatial);
  if (columnMajor)
    std::reverse(order.begin(), order.end());
  for (int64_t dim : order) {
    Scalar at =
        b.index(2 + dim).cast(i64) * pool.window.strides[dim] +
        b.index(2 + pool.spatial + dim).cast(i64) * pool.window.dilations[dim] -
        pool.window.before[dim];
    index = index * shape[2 + dim] + at;
  }
  return index;
}

static Lowered lowerMaxPool(onnx::MaxPoolOp op, LayerBuilder &b) {
  FailureOr<Pool> pool = getPool(op, b, op.getDilations());
  if (failed(pool))
    return failure();
  Type element = getElement(op.getX());
  Accumulator best{element, getLowest(element)};
  if (!op.getIndices())
    return b.reduce(pool->nest, element, pool->input, best, maximum);
  Type i64 = b.getI64Type();
  return b.reduce(pool->nest, {element, i64}, pool->input,
                  {best, {i64, b.getI64IntegerAttr(-1)}},
                  [&](Scalars x, Scalars acc) -> Yield {
                    Scalar index = getFlatIndex(b, *pool, op.getStorageOrder());
                    // As PyTorch: of several NaN, the last one.
                    Scalar better =
                        (x[0] > acc[0]) | isNaN(x[0]) | (acc[1] < 0);
                    return {max(acc[0], x[0]), select(better, index, acc[1])};
                  });
}

//===----------------------------------------------------------------------===//
// AveragePool
//===----------------------------------------------------------------------===//

/// For each output along `dim`, how many points of the window count.
static Ints getCounts(const Window &window, unsigned dim, int64_t inputs,
                      int64_t outputs, bool countsPads) {
  int64_t low = countsPads ? -window.before[dim] : 0;
  int64_t high = countsPads ? inputs + window.after[dim] : inputs;
  Ints counts;
  for (int64_t output = 0; output < outputs; ++output) {
    int64_t first = output * window.strides[dim] - window.before[dim];
    auto getPoint = [&](int64_t bound) {
      int64_t point =
          llvm::divideCeilSigned(bound - first, window.dilations[dim]);
      return std::clamp<int64_t>(point, 0, window.kernel[dim]);
    };
    counts.push_back(getPoint(high) - getPoint(low));
  }
  return counts;
}

static Lowered lowerAveragePool(onnx::AveragePoolOp op, LayerBuilder &b) {
  FailureOr<Pool> pool = getPool(op, b, op.getDilations());
  if (failed(pool))
    return failure();
  // 1 / count, as a table over the spatial dimensions.
  ArrayRef<int64_t> sizes = pool->nest.type.getShape().drop_front(2);
  SmallVector<double> counts = {1};
  for (int64_t dim = 0; dim < pool->spatial; ++dim) {
    SmallVector<double> next;
    Ints along = getCounts(pool->window, dim, getShape(op.getX())[2 + dim],
                           sizes[dim], op.getCountIncludePad());
    for (double outer : counts)
      for (int64_t count : along)
        next.push_back(outer * std::max<int64_t>(count, 1));
    counts = next;
  }
  if (llvm::all_equal(counts) && !counts.empty())
    return b.reduce(
        pool->nest, pool->input, 0, sum, {},
        [&](Scalars acc, Scalars) { return acc[0] * (1.0 / counts[0]); });
  for (double &count : counts)
    count = 1 / count;
  auto type = RankedTensorType::get(
      sizes, getComputeType(pool->nest.type.getElementType()));
  Access factors{b.numbers(type, counts), b.dims(pool->spatial, 2)};
  return b.reduce(
      pool->nest, pool->input, 0, sum, factors,
      [](Scalars acc, Scalars factor) { return acc[0] * factor[0]; });
}

//===----------------------------------------------------------------------===//
// LpPool, and pools over everything
//===----------------------------------------------------------------------===//

static Lowered buildLpPool(LayerBuilder &b, const Loops &nest, Access input,
                           double p) {
  return b.reduce(
      nest, input, 0,
      [&](Scalars x, Scalars acc) { return acc[0] + pow(abs(x[0]), p); }, {},
      [&](Scalars acc, Scalars) { return pow(acc[0], 1 / p); });
}

static Lowered lowerLpPool(onnx::LpPoolOp op, LayerBuilder &b) {
  FailureOr<Pool> pool = getPool(op, b, op.getDilations());
  if (failed(pool))
    return failure();
  return buildLpPool(b, pool->nest, pool->input, op.getP());
}

/// All spatial dimensions are reduced, and stay with size 1.
template <typename OpT>
static std::pair<Loops, Access> getGlobal(OpT op, LayerBuilder &b) {
  int64_t rank = getRank(op.getX());
  Access input{op.getX(), b.dims(2)};
  llvm::append_range(input.index, b.dims(rank - 2, rank));
  return {b.over(getType(op.getY()), getShape(op.getX()).drop_front(2)), input};
}

static Lowered lowerGlobalAveragePool(onnx::GlobalAveragePoolOp op,
                                      LayerBuilder &b) {
  auto [nest, input] = getGlobal(op, b);
  int64_t count = ShapedType::getNumElements(nest.reduction);
  return b.reduce(nest, input, 0, sum, {},
                  [&](Scalars acc, Scalars) { return acc[0] * (1.0 / count); });
}

static Lowered lowerGlobalMaxPool(onnx::GlobalMaxPoolOp op, LayerBuilder &b) {
  auto [nest, input] = getGlobal(op, b);
  Type element = getElement(op.getX());
  return b.reduce(nest, element, input,
                  Accumulator{element, getLowest(element)}, maximum);
}

static Lowered lowerGlobalLpPool(onnx::GlobalLpPoolOp op, LayerBuilder &b) {
  auto [nest, input] = getGlobal(op, b);
  return buildLpPool(b, nest, input, op.getP());
}

void lowering::populatePool(LoweringTable &table) {
  table.add(lowerMaxPool);
  table.add(lowerAveragePool);
  table.add(lowerLpPool);
  table.add(lowerGlobalAveragePool);
  table.add(lowerGlobalMaxPool);
  table.add(lowerGlobalLpPool);
}
