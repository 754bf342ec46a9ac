//===- Reduce.cpp - Reductions over axes ----------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The family's table: operator, first value, combiner, finish. Reduced axes
// are loops of the reduction:
//
//   y[i, 0] = sum over k of x[i, k]
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

//===----------------------------------------------------------------------===//
// Axes
//===----------------------------------------------------------------------===//

/// The axes that a reduction from `from` to `to` must have; none where several
/// answers differ in more than axes of size 1.
static std::optional<Ints> guessAxes(ArrayRef<int64_t> from,
                                     ArrayRef<int64_t> to, bool keepdims) {
  Ints axes;
  int64_t rank = from.size(), at = 0;
  for (int64_t axis = 0; axis < rank; ++axis) {
    if (keepdims ? to[axis] == 1
                 : at == int64_t(to.size()) || from[axis] != to[at])
      axes.push_back(axis);
    else
      ++at;
  }
  // Another choice is possible if a kept axis may be given up for a later one.
  Ints last;
  at = to.size();
  for (int64_t axis = rank - 1; axis >= 0 && !keepdims; --axis) {
    if (at == 0 || from[axis] != to[at - 1])
      last.insert(last.begin(), axis);
    else
      --at;
  }
  if (!keepdims && axes != last)
    return std::nullopt;
  return axes;
}

FailureOr<Value>
lowering::buildForAxis(LayerBuilder &b, Value axis, int64_t rank,
                       function_ref<FailureOr<Value>(int64_t)> build) {
  Ints candidates = range(0, rank);
  if (std::optional<Ints> known = b.getInts(axis)) {
    FailureOr<int64_t> normal = b.normalizeAxis(known->front(), rank);
    if (failed(normal))
      return failure();
    candidates = {*normal};
  }
  Value result;
  for (int64_t candidate : candidates) {
    FailureOr<Value> value = build(candidate);
    if (failed(value))
      return failure();
    if (result && *value)
      result =
          b.elementwise(getType(result), {b.reshape(axis, {}), *value, result},
                        [&](Scalars x) {
                          Scalar hit = (x[0] == double(candidate)) |
                                       (x[0] == double(candidate - rank));
                          return select(hit, x[1], x[2]);
                        });
    else if (*value)
      result = *value;
  }
  if (!result)
    return b.refuse("has no axis that fits the result");
  return result;
}

/// What `build` makes for the axes of a reduction.
template <typename OpT>
static Lowered reduceAlong(OpT op, LayerBuilder &b,
                           function_ref<Value(ArrayRef<int64_t>)> build) {
  ArrayRef<int64_t> from = getShape(op.getData()),
                    to = getShape(op.getReduced());
  int64_t rank = from.size();
  std::optional<Ints> axes = b.getInts(op.getAxes());
  if (!op.getAxes() || getShape(op.getAxes()) == ArrayRef<int64_t>{0})
    axes = op.getNoopWithEmptyAxes() ? Ints() : range(0, rank);
  else if (!axes)
    axes = guessAxes(from, to, op.getKeepdims());
  if (axes) {
    FailureOr<Ints> normal = b.normalizeAxes(*axes, rank);
    return succeeded(normal) ? Lowered(build(*normal)) : failure();
  }
  // Only without keepdims there may be a choice.
  if (getType(op.getAxes()).getNumElements() != 1)
    return b.refuse("has several axes that are not constant");
  auto result = buildForAxis(b, op.getAxes(), rank, [&](int64_t axis) -> Value {
    Ints rest(from);
    rest.erase(rest.begin() + axis);
    return ArrayRef(rest) == to ? build(axis) : Value();
  });
  return succeeded(result) ? Lowered(*result) : failure();
}

namespace {
/// The nest of a reduction of `axes`, and the access to its input.
struct Axes {
  Loops nest;
  Exprs index;
  int64_t count = 1;

  Axes(LayerBuilder &b, RankedTensorType type, ArrayRef<int64_t> shape,
       ArrayRef<int64_t> axes, bool keepdims)
      : nest(b.over(type)) {
    unsigned kept = 0;
    for (auto [axis, size] : llvm::enumerate(shape)) {
      if (llvm::is_contained(axes, int64_t(axis))) {
        index.push_back(b.d(type.getRank() + nest.reduction.size()));
        nest.reduction.push_back(size);
        count *= size;
        kept += keepdims;
      } else {
        index.push_back(b.d(kept++));
      }
    }
    // Nothing is reduced: still a layer, for what comes before and after.
    if (nest.reduction.empty())
      nest.reduction = {1};
  }
};

/// A row of the table.
struct Row {
  TypedAttr (*first)(Type);
  Scalar (*combine)(Scalar acc, Scalar x);
  Scalar (*finish)(Scalar acc, int64_t count);
};
} // namespace

template <typename OpT> static void addReduce(LoweringTable &table, Row row) {
  table.add<OpT>([row](Operation *operation, LayerBuilder &b) -> Lowered {
    auto op = cast<OpT>(operation);
    auto type = getType(op.getReduced());
    return reduceAlong(op, b, [&](ArrayRef<int64_t> axes) {
      Axes over(b, type, getShape(op.getData()), axes, op.getKeepdims());
      Type accumulator = getComputeType(type.getElementType());
      return b.reduce(
          over.nest, type.getElementType(), Access{op.getData(), over.index},
          Accumulator{accumulator, row.first(accumulator)},
          [&](Scalars x, Scalars acc) { return row.combine(acc[0], x[0]); }, {},
          [&](Scalars acc, Scalars) {
            return row.finish ? row.finish(acc[0], over.count) : acc[0];
          })[0];
    });
  });
}

/// max + log(sum(exp(x - max))): exp does not overflow.
static Lowered lowerReduceLogSumExp(onnx::ReduceLogSumExpOp op,
                                    LayerBuilder &b) {
  auto type = getType(op.getReduced());
  Type element = type.getElementType();
  return reduceAlong(op, b, [&](ArrayRef<int64_t> axes) {
    Axes over(b, type, getShape(op.getData()), axes, op.getKeepdims());
    Access input{op.getData(), over.index};
    // An infinite maximum stays out of the subtraction: inf - inf is NaN.
    Value largest = b.reduce(
        over.nest, element, input, Accumulator{element, getLowest(element)},
        [](Scalars x, Scalars acc) { return max(acc[0], x[0]); }, {},
        [](Scalars acc, Scalars) {
          return select(abs(acc[0]) == acc[0].highest(), 0, acc[0]);
        })[0];
    Access maximum = b.all(largest);
    return b.reduce(
        over.nest, {input, maximum}, 0,
        [](Scalars x, Scalars acc) { return acc[0] + exp(x[0] - x[1]); },
        maximum, [](Scalars acc, Scalars x) { return log(acc[0]) + x[0]; });
  });
}

//===----------------------------------------------------------------------===//
// ArgMax and ArgMin
//===----------------------------------------------------------------------===//

template <typename OpT>
static Lowered lowerArg(OpT op, LayerBuilder &b, int64_t axis) {
  constexpr bool largest = std::is_same_v<OpT, onnx::ArgMaxOp>;
  auto type = getType(op.getReduced());
  Axes over(b, type, getShape(op.getData()), axis, op.getKeepdims());
  Type element = getElement(op.getData()), i64 = b.getI64Type();
  return b.reduce(
      over.nest, i64, Access{op.getData(), over.index},
      {{element, largest ? getLowest(element) : getHighest(element)},
       {i64, b.getI64IntegerAttr(0)}},
      [&](Scalars x, Scalars acc) -> Yield {
        Scalar best = acc[0], index = b.index(type.getRank()).cast(i64);
        Scalar better =
            largest ? op.getSelectLastIndex() ? x[0] >= best : x[0] > best
            : op.getSelectLastIndex() ? x[0] <= best
                                      : x[0] < best;
        return {select(better, x[0], best), select(better, index, acc[1])};
      },
      {}, [](Scalars acc, Scalars) { return acc[1]; });
}

//===----------------------------------------------------------------------===//
// CumSum and CumProd
//===----------------------------------------------------------------------===//

/// y[i] = sum over k of x[k], where k <= i: quadratic, but of any order.
template <typename OpT>
static Value buildCumulative(OpT op, LayerBuilder &b, int64_t axis,
                             double first, Scalar (*combine)(Scalar, Scalar)) {
  auto type = getType(op.getY());
  int64_t rank = type.getRank();
  Access input = b.all(op.getX());
  input.index[axis] = b.d(rank);
  return b.reduce(b.over(type, type.getDimSize(axis)), input, first,
                  [&](Scalars x, Scalars acc) {
                    Scalar at = b.index(axis).cast(b.getI64Type());
                    Scalar from = b.index(rank).cast(b.getI64Type());
                    if (op.getReverse())
                      std::swap(at, from);
                    Scalar counts = op.getExclusive() ? from < at : from <= at;
                    return select(counts, combine(acc[0], x[0]), acc[0]);
                  });
}

template <typename OpT>
static Lowered lowerCumulative(OpT op, LayerBuilder &b, double first,
                               Scalar (*combine)(Scalar, Scalar)) {
  return buildForAxis(b, op.getAxis(), getRank(op.getX()), [&](int64_t axis) {
    return buildCumulative(op, b, axis, first, combine);
  });
}

static Scalar add(Scalar x, Scalar y) { return x + y; }
static Scalar multiply(Scalar x, Scalar y) { return x * y; }

static Lowered lowerCumSum(onnx::CumSumOp op, LayerBuilder &b) {
  return lowerCumulative(op, b, 0, add);
}
static Lowered lowerCumProd(onnx::CumProdOp op, LayerBuilder &b) {
  return lowerCumulative(op, b, 1, multiply);
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

static TypedAttr zero(Type type) { return getNumber(type, 0); }
static TypedAttr one(Type type) { return getNumber(type, 1); }
static Scalar addSquare(Scalar acc, Scalar x) { return acc + x * x; }
static Scalar addAbs(Scalar acc, Scalar x) { return acc + abs(x); }
static Scalar logarithm(Scalar acc, int64_t) { return log(acc); }
/// Also of an integer, which is truncated again.
static Scalar squareRoot(Scalar acc, int64_t) {
  Type type = acc.isFloat() ? acc.getType() : acc.getBuilder().getF64Type();
  return sqrt(acc.cast(type));
}
static Scalar divide(Scalar acc, int64_t count) {
  return acc.isFloat() ? acc * (1.0 / count)
                       : acc / acc.likeInt(std::max<int64_t>(count, 1));
}

void lowering::populateReduce(LoweringTable &table) {
  addReduce<onnx::ReduceSumOp>(table, {zero, add, nullptr});
  addReduce<onnx::ReduceMeanOp>(table, {zero, add, divide});
  addReduce<onnx::ReduceProdOp>(table, {one, multiply, nullptr});
  addReduce<onnx::ReduceMaxOp>(table, {getLowest, max, nullptr});
  addReduce<onnx::ReduceMinOp>(table, {getHighest, min, nullptr});
  addReduce<onnx::ReduceL1Op>(table, {zero, addAbs, nullptr});
  addReduce<onnx::ReduceL2Op>(table, {zero, addSquare, squareRoot});
  addReduce<onnx::ReduceSumSquareOp>(table, {zero, addSquare, nullptr});
  addReduce<onnx::ReduceLogSumOp>(table, {zero, add, logarithm});
  table.add(lowerReduceLogSumExp);
  table.addAlongAxis(lowerArg<onnx::ArgMaxOp>);
  table.addAlongAxis(lowerArg<onnx::ArgMinOp>);
  table.add(lowerCumSum);
  table.add(lowerCumProd);
}
