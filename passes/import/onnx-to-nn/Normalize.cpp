//===- Normalize.cpp - Softmax and normalizations -------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reductions along some axes, whose results keep them at size 1, and a map.
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

namespace {
/// Reductions of tensors like `x` along `axes`.
struct Along {
  LayerBuilder &b;
  Loops nest;
  Exprs index;
  double count = 1;

  Along(LayerBuilder &b, Value x, ArrayRef<int64_t> axes) : b(b) {
    Ints shape(getShape(x)), reduction;
    index = b.dims(shape.size());
    for (int64_t axis : axes) {
      index[axis] = b.d(shape.size() + reduction.size());
      reduction.push_back(shape[axis]);
      count *= shape[axis];
      shape[axis] = 1;
    }
    // Statistics of small floats are kept at the type of arithmetic.
    nest = b.over(RankedTensorType::get(shape, getComputeType(getElement(x))),
                  reduction);
  }

  /// Reduces `inputs`, each of which is like x or like a result.
  Value reduce(ArrayRef<Value> inputs, TypedAttr (*first)(Type),
               LayerBuilder::Combine combine,
               LayerBuilder::Finish finish = nullptr) {
    SmallVector<Access> accesses;
    for (Value input : inputs) {
      bool isResult = getShape(input) == nest.type.getShape();
      accesses.push_back({input, isResult ? b.dims(index.size()) : index});
    }
    Type type = nest.type.getElementType();
    return b.reduce(nest, type, accesses, Accumulator{type, first(type)},
                    combine, {}, finish)[0];
  }

  Value mean(Value x) {
    return reduce(
        x, zero, [](Scalars x, Scalars acc) { return acc[0] + x[0]; },
        [&](Scalars acc, Scalars) { return acc[0] * (1 / count); });
  }
  /// 1 / sqrt(mean((x - mean)^2) + epsilon); without a mean, of x itself.
  Value inverseDeviation(Value x, Value mean, double epsilon) {
    SmallVector<Value> inputs = {x};
    if (mean)
      inputs.push_back(mean);
    return reduce(
        inputs, zero,
        [](Scalars x, Scalars acc) {
          Scalar d = x.size() == 2 ? x[0] - x[1] : x[0];
          return acc[0] + d * d;
        },
        [&](Scalars acc, Scalars) {
          return 1.0 / sqrt(acc[0] * (1 / count) + epsilon);
        });
  }

  static TypedAttr zero(Type type) { return getNumber(type, 0); }
};
} // namespace

static Yield maximum(Scalars x, Scalars acc) { return max(acc[0], x[0]); }
static Yield sum(Scalars x, Scalars acc) { return acc[0] + x[0]; }

//===----------------------------------------------------------------------===//
// Softmax and its kin
//===----------------------------------------------------------------------===//

Value lowering::buildSoftmax(LayerBuilder &b, RankedTensorType type, Value x,
                             int64_t axis) {
  Along along(b, x, axis);
  Value largest = along.reduce(x, getLowest, maximum);
  auto compute = withElement(x, along.nest.type.getElementType());
  Value powers = b.elementwise(compute, {x, largest},
                               [](Scalars x) { return exp(x[0] - x[1]); });
  Value total = along.reduce(powers, Along::zero, sum);
  return b.elementwise(type, {powers, total},
                       [](Scalars x) { return x[0] / x[1]; });
}

static Lowered lowerSoftmax(onnx::SoftmaxOp op, LayerBuilder &b, int64_t axis) {
  Value x = op.getInput();
  return buildSoftmax(b, getType(op.getOutput()), x, axis);
}

static Lowered lowerLogSoftmax(onnx::LogSoftmaxOp op, LayerBuilder &b,
                               int64_t axis) {
  Value x = op.getInput();
  Along along(b, x, axis);
  Value largest = along.reduce(x, getLowest, maximum);
  Value total = along.reduce(
      {x, largest}, Along::zero,
      [](Scalars x, Scalars acc) { return acc[0] + exp(x[0] - x[1]); },
      [](Scalars acc, Scalars) { return log(acc[0]); });
  return b.elementwise(getType(op.getOutput()), {x, largest, total},
                       [](Scalars x) { return x[0] - x[1] - x[2]; });
}

/// 1 at the first of the largest elements along the axis, 0 elsewhere.
static Lowered lowerHardmax(onnx::HardmaxOp op, LayerBuilder &b, int64_t axis) {
  Value x = op.getInput();
  Along along(b, x, axis);
  Type element = getElement(x), i64 = b.getI64Type();
  Value first = b.reduce(
      along.nest, i64, Access{x, along.index},
      {{element, getLowest(element)}, {i64, b.getI64IntegerAttr(0)}},
      [&](Scalars x, Scalars acc) -> Yield {
        Scalar index = b.index(getRank(op.getInput())).cast(i64);
        Scalar better = x[0] > acc[0];
        return {select(better, x[0], acc[0]), select(better, index, acc[1])};
      },
      {}, [](Scalars acc, Scalars) { return acc[1]; })[0];
  auto type = getType(op.getOutput());
  return b.elementwise(type, first, [&](Scalars x) {
    return (x[0] == b.index(axis).cast(i64)).cast(type.getElementType());
  });
}

//===----------------------------------------------------------------------===//
// By channel
//===----------------------------------------------------------------------===//

/// `value`, a vector of channels, as it is read by a layer over `shape`.
static Value asChannels(LayerBuilder &b, Value value, int64_t rank) {
  Ints shape(rank, 1);
  shape[1] = getType(value).getNumElements();
  return b.reshape(value, shape);
}

static Lowered lowerBatchNormalization(onnx::BatchNormalizationOp op,
                                       LayerBuilder &b) {
  Value x = op.getX(), mean = op.getInputMean(), variance = op.getInputVar();
  int64_t rank = getRank(x);
  double epsilon = op.getEpsilon().convertToDouble(),
         momentum = op.getMomentum().convertToDouble();
  if (rank < 2)
    return b.refuse("expects an input of 2 dimensions or more");
  SmallVector<Value> running;
  if (op.getTrainingMode()) {
    Ints axes = range(0, rank);
    axes.erase(axes.begin() + 1);
    Along along(b, x, axes);
    Value batchMean = along.mean(x);
    Value batchVariance = along.reduce(
        {x, batchMean}, Along::zero,
        [](Scalars x, Scalars acc) {
          return acc[0] + (x[0] - x[1]) * (x[0] - x[1]);
        },
        [&](Scalars acc, Scalars) { return acc[0] * (1 / along.count); });
    auto blend = [&](Value &of, Value batch) {
      batch = b.reshape(batch, getShape(of));
      running.push_back(b.elementwise(getType(of), {of, batch}, [&](Scalars x) {
        return x[0] * momentum + x[1] * (1 - momentum);
      }));
      of = batch;
    };
    blend(mean, batchMean);
    blend(variance, batchVariance);
  }
  // Vectors of factors, which are constants if the parameters are.
  auto channels =
      RankedTensorType::get(getShape(mean), getComputeType(getElement(mean)));
  Value factor =
      b.elementwise(channels, {op.getScale(), variance},
                    [&](Scalars x) { return x[0] / sqrt(x[1] + epsilon); });
  Value shift = b.elementwise(channels, {op.getB(), mean, factor},
                              [](Scalars x) { return x[0] - x[1] * x[2]; });
  Value y = b.elementwise(
      getType(op.getY()),
      {x, asChannels(b, factor, rank), asChannels(b, shift, rank)},
      [](Scalars x) { return x[0] * x[1] + x[2]; });
  SmallVector<Value> results = {y};
  results.append(running.begin(),
                 running.begin() +
                     std::min<size_t>(running.size(), op->getNumResults() - 1));
  if (results.size() != op->getNumResults())
    return b.refuse("has running statistics outside training mode");
  return results;
}

static Lowered lowerInstanceNormalization(onnx::InstanceNormalizationOp op,
                                          LayerBuilder &b) {
  Value x = op.getInput();
  int64_t rank = getRank(x);
  if (rank < 3)
    return b.refuse("expects an input of 3 dimensions or more");
  Along along(b, x, range(2, rank));
  Value mean = along.mean(x);
  Value deviation =
      along.inverseDeviation(x, mean, op.getEpsilon().convertToDouble());
  return b.elementwise(
      getType(op.getOutput()),
      {x, mean, deviation, asChannels(b, op.getScale(), rank),
       asChannels(b, op.getB(), rank)},
      [](Scalars x) { return (x[0] - x[1]) * x[2] * x[3] + x[4]; });
}

static Lowered lowerGroupNormalization(onnx::GroupNormalizationOp op,
                                       LayerBuilder &b) {
  Value x = op.getX();
  int64_t groups = op.getNumGroups(), rank = getRank(x);
  if (rank < 2 || groups < 1 || getShape(x)[1] % groups != 0 ||
      getType(op.getScale()).getNumElements() != getShape(x)[1])
    return b.refuse(
        "expects channels that the groups divide, and a scale for each");
  int64_t n = getShape(x)[0], channels = getShape(x)[1] / groups;
  int64_t rest = ShapedType::getNumElements(getShape(x).drop_front(2));
  Value grouped = b.reshape(x, {n, groups, channels, rest});
  Along along(b, grouped, {2, 3});
  Value mean = along.mean(grouped);
  Value deviation =
      along.inverseDeviation(grouped, mean, op.getEpsilon().convertToDouble());
  Value y = b.elementwise(
      getType(grouped),
      {grouped, mean, deviation,
       b.reshape(op.getScale(), {groups, channels, 1}),
       b.reshape(op.getBias(), {groups, channels, 1})},
      [](Scalars x) { return (x[0] - x[1]) * x[2] * x[3] + x[4]; });
  return b.reshape(y, getShape(op.getY()));
}

/// x / (bias + alpha / size * sum of squares over nearby channels)^beta
static Lowered lowerLRN(onnx::LRNOp op, LayerBuilder &b) {
  auto type = getType(op.getY());
  int64_t rank = type.getRank(), size = op.getSize();
  if (rank < 2 || size < 1)
    return b.refuse("expects an input of 2 dimensions or more, and a size");
  Access near = b.all(op.getX());
  near.index[1] = b.d(1) + b.d(rank) - (size - 1) / 2;
  double alpha = op.getAlpha().convertToDouble() / size,
         beta = op.getBeta().convertToDouble();
  double bias = op.getBias().convertToDouble();
  return b.reduce(
      b.over(type, size), near, 0,
      [](Scalars x, Scalars acc) { return acc[0] + x[0] * x[0]; },
      b.all(op.getX()),
      [&](Scalars acc, Scalars x) {
        return x[0] / pow(acc[0] * alpha + bias, beta);
      });
}

//===----------------------------------------------------------------------===//
// By trailing axes
//===----------------------------------------------------------------------===//

static Lowered lowerLayerNormalization(onnx::LayerNormalizationOp op,
                                       LayerBuilder &b, int64_t axis) {
  Value x = op.getX();
  Along along(b, x, range(axis, getRank(x)));
  Value mean = along.mean(x);
  Value deviation =
      along.inverseDeviation(x, mean, op.getEpsilon().convertToDouble());
  SmallVector<Value> inputs = {x, mean, deviation, op.getScale()};
  if (op.getB())
    inputs.push_back(op.getB());
  Value y = b.elementwise(getType(op.getY()), inputs, [](Scalars x) {
    Scalar scaled = (x[0] - x[1]) * x[2] * x[3];
    return x.size() == 5 ? scaled + x[4] : scaled;
  });
  SmallVector<Value> results = {y};
  if (op.getMean())
    results.push_back(b.cast(mean, getElement(op.getMean())));
  if (op.getInvStdDev())
    results.push_back(b.cast(deviation, getElement(op.getInvStdDev())));
  return results;
}

static Lowered lowerRMSNormalization(onnx::RMSNormalizationOp op,
                                     LayerBuilder &b, int64_t axis) {
  Value x = op.getX();
  Along along(b, x, range(axis, getRank(x)));
  Value deviation =
      along.inverseDeviation(x, {}, op.getEpsilon().convertToDouble());
  return b.elementwise(getType(op.getY()), {x, deviation, op.getScale()},
                       [](Scalars x) { return x[0] * x[1] * x[2]; });
}

static Lowered lowerLpNormalization(onnx::LpNormalizationOp op, LayerBuilder &b,
                                    int64_t axis) {
  Value x = op.getInput();
  if (op.getP() != 1 && op.getP() != 2)
    return b.refuse("expects p to be 1 or 2");
  double p = op.getP();
  Along along(b, x, axis);
  Value norm = along.reduce(
      x, Along::zero,
      [&](Scalars x, Scalars acc) { return acc[0] + pow(abs(x[0]), p); },
      [&](Scalars acc, Scalars) { return pow(acc[0], 1 / p); });
  return b.elementwise(getType(op.getOutput()), {x, norm}, [](Scalars x) {
    return select(x[1] == 0, 0, x[0] / x[1]);
  });
}

void lowering::populateNormalize(LoweringTable &table) {
  table.addAlongAxis(lowerSoftmax);
  table.addAlongAxis(lowerLogSoftmax);
  table.addAlongAxis(lowerHardmax);
  table.add(lowerBatchNormalization);
  table.add(lowerInstanceNormalization);
  table.add(lowerGroupNormalization);
  table.add(lowerLRN);
  table.addAlongAxis(lowerLayerNormalization);
  table.addAlongAxis(lowerRMSNormalization);
  table.addAlongAxis(lowerLpNormalization);
}
