//===- Convolution.cpp - Convolutions -------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A convolution is a contraction whose maps hold the windows. Channels of
// groups are two dimensions of the loops, g and the channel within the group;
// a dimension of size 1 is left out. [N][C][H][W]:
//
//   y[n, g*O + o, h, w] += x[n, g*C + c, h*s + i*d - p, ...] * w[g*O + o, c, i,
//   j]
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"
#include "passes/import/onnx-to-nn/Window.h"

#include <numeric>

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

namespace {
/// Loops n, channels, spatial, and reduced ones, with what they index.
struct Channels {
  Loops nest;
  AffineExpr input, group, output, weight;
  unsigned spatial; // the first spatial dimension

  /// `groups` of `inputs` to `outputs` channels each. `nest.output` has n and
  /// the channel; the caller adds spatial dimensions.
  Channels(LayerBuilder &b, RankedTensorType type, int64_t groups,
           int64_t inputs, int64_t outputs) {
    nest.type = type;
    auto loop = [&](int64_t size, Ints &sizes) {
      sizes.push_back(size);
      return b.d(nest.parallel.size() + nest.reduction.size() - 1);
    };
    AffineExpr n = loop(type.getDimSize(0), nest.parallel);
    group = groups == 1 ? b.c(0) : loop(groups, nest.parallel);
    AffineExpr o =
        outputs == 1 && groups != 1 ? b.c(0) : loop(outputs, nest.parallel);
    spatial = nest.parallel.size();
    output = group * outputs + o;
    weight = o;
    nest.output = {n, output};
    llvm::append_range(nest.parallel, type.getShape().drop_front(2));
    input = inputs == 1 ? b.c(0) : loop(inputs, nest.reduction);
  }
  /// The next reduced loop.
  AffineExpr reduce(LayerBuilder &b, int64_t size) {
    nest.reduction.push_back(size);
    return b.d(nest.parallel.size() + nest.reduction.size() - 1);
  }
};
} // namespace

/// The epilogue acc + bias, if there is a bias.
static Yield addBias(Scalars accumulators, Scalars extras) {
  return extras.empty() ? accumulators[0] : accumulators[0] + extras[0];
}

static LogicalResult checkChannels(LayerBuilder &b, Value x, Value w,
                                   Value bias, int64_t groups, int64_t inputs,
                                   int64_t outputs) {
  if (getRank(x) < 3 || getRank(w) != getRank(x))
    return b.refuse(
        "expects an input of 3 dimensions or more and weights of as many");
  if (groups < 1 || inputs % groups != 0 || outputs % groups != 0)
    return b.refuse("has channels that " + Twine(groups) +
                    " groups do not divide");
  if (bias && getShape(bias) != ArrayRef<int64_t>{outputs})
    return b.refuse("expects a bias of " + Twine(outputs) + " elements");
  return success();
}

//===----------------------------------------------------------------------===//
// Conv
//===----------------------------------------------------------------------===//

FailureOr<Value> lowering::buildConv(LayerBuilder &b, RankedTensorType type,
                                     Value x, Value w, Value bias,
                                     const ConvAttributes &attributes) {
  int64_t groups = attributes.groups;
  if (failed(
          checkChannels(b, x, w, bias, groups, getShape(x)[1], getShape(w)[0])))
    return failure();
  FailureOr<Window> window =
      getWindow(b, getShape(w).drop_front(2), attributes.strides,
                attributes.dilations, attributes.pads, attributes.autoPad,
                getShape(x).drop_front(2), type.getShape().drop_front(2));
  if (failed(window))
    return failure();
  if (getShape(w)[1] * groups != getShape(x)[1])
    return b.refuse("expects weights for " + Twine(getShape(x)[1] / groups) +
                    " input channels, got " + Twine(getShape(w)[1]));

  int64_t inputs = getShape(w)[1];
  Channels at(b, type, groups, inputs, getShape(w)[0] / groups);
  Access input{x, {b.d(0), at.group * inputs + at.input}};
  Access weights{w, {at.output, at.input}};
  for (unsigned dim = 0; dim < window->getRank(); ++dim) {
    AffineExpr out = b.d(at.spatial + dim),
               point = at.reduce(b, window->kernel[dim]);
    input.index.push_back(window->getIndex(dim, out, point));
    weights.index.push_back(point);
    at.nest.output.push_back(out);
  }
  SmallVector<Access> extras;
  if (bias)
    extras.push_back({bias, {at.output}});
  return b.contract(at.nest, input, weights, extras, addBias);
}

static Lowered lowerConv(onnx::ConvOp op, LayerBuilder &b) {
  return buildConv(b, getType(op.getY()), op.getX(), op.getW(), op.getB(), op);
}

//===----------------------------------------------------------------------===//
// ConvTranspose
//===----------------------------------------------------------------------===//
//
// Kernel point k adds input i to output i * stride + k * dilation - before. All
// outputs o with the same phase (o + before) mod stride read the same kernel
// points: a phase is a contraction of its own, which writes every stride-th
// element and leaves the others.

/// Each is a layer.
static constexpr int64_t kMaxPhases = 4096;

namespace {
/// One phase of one dimension: `count` outputs from `first` on; output q reads
/// kernel points k0 + j * kStep, for j < points, at input q + i0 - j * iStep.
struct Phase {
  int64_t first, count, points, k0, kStep, i0, iStep;
};
} // namespace

static SmallVector<Phase> getPhases(const Window &window, unsigned dim,
                                    int64_t size) {
  int64_t stride = window.strides[dim], dilation = window.dilations[dim];
  int64_t before = window.before[dim], kernel = window.kernel[dim];
  int64_t kStep = stride / std::gcd(stride, dilation);
  SmallVector<Phase> phases;
  for (int64_t first = 0; first < std::min(stride, size); ++first) {
    int64_t from = first + before, k0 = 0;
    while (k0 < kStep && (from - k0 * dilation) % stride != 0)
      ++k0;
    bool none = k0 == kStep || k0 >= kernel;
    phases.push_back({first, (size - first + stride - 1) / stride,
                      none ? 0 : (kernel - k0 + kStep - 1) / kStep, k0, kStep,
                      (from - k0 * dilation) / stride,
                      kStep * dilation / stride});
  }
  return phases;
}

static FailureOr<Window> getTransposedWindow(onnx::ConvTransposeOp op,
                                             LayerBuilder &b) {
  ArrayRef<int64_t> inputSizes = getShape(op.getX()).drop_front(2);
  ArrayRef<int64_t> outputSizes = getShape(op.getY()).drop_front(2);
  FailureOr<Window> window = getWindow(
      b, getShape(op.getW()).drop_front(2), op.getStrides(), op.getDilations(),
      op.getPads(), "NOTSET", inputSizes, outputSizes);
  if (failed(window) || (op.getAutoPad() == "NOTSET" && !op.getOutputShape()))
    return window;
  // The pads follow from the size that is asked for.
  OptionalInts extra = op.getOutputPadding();
  for (unsigned dim = 0; dim < window->getRank(); ++dim) {
    int64_t total = window->strides[dim] * (inputSizes[dim] - 1) +
                    window->getExtent(dim) - outputSizes[dim];
    if (extra && extra->size() == window->getRank())
      total += (*extra)[dim];
    // Outputs behind the last window are only bias.
    total = op.getAutoPad() == "VALID" ? 0 : std::max<int64_t>(total, 0);
    window->before[dim] =
        op.getAutoPad() == "SAME_UPPER" ? total / 2 : total - total / 2;
  }
  return window;
}

static Lowered lowerConvTranspose(onnx::ConvTransposeOp op, LayerBuilder &b) {
  Value x = op.getX(), w = op.getW();
  auto type = getType(op.getY());
  int64_t groups = op.getGroup();
  if (failed(checkChannels(b, x, w, op.getB(), groups, getShape(x)[1],
                           getShape(w)[1] * groups)))
    return failure();
  FailureOr<Window> window = getTransposedWindow(op, b);
  if (failed(window))
    return failure();
  int64_t inputs = getShape(x)[1] / groups, outputs = getShape(w)[1];

  unsigned rank = window->getRank();
  SmallVector<SmallVector<Phase>> phases;
  int64_t count = 1;
  for (unsigned dim = 0; dim < rank; ++dim) {
    if (llvm::MulOverflow(
            count, std::min(window->strides[dim], type.getDimSize(dim + 2)),
            count) ||
        count > kMaxPhases)
      return b.refuse("has strides that take more than " + Twine(kMaxPhases) +
                      " phases");
    phases.push_back(getPhases(*window, dim, type.getDimSize(dim + 2)));
  }
  count = 1;
  for (const auto &list : phases)
    count *= list.size();
  Value result;
  for (int64_t number = 0; number < count; ++number) {
    Channels at(b, type, groups, inputs, outputs);
    Access input{x, {b.d(0), at.group * inputs + at.input}};
    Access weights{w, {at.group * inputs + at.input, at.weight}};
    int64_t rest = number;
    for (unsigned dim = 0; dim < rank; ++dim) {
      const Phase &phase = phases[dim][rest % phases[dim].size()];
      rest /= phases[dim].size();
      AffineExpr q = b.d(at.spatial + dim), j = at.reduce(b, phase.points);
      at.nest.parallel[at.spatial + dim] = phase.count;
      at.nest.output.push_back(q * window->strides[dim] + phase.first);
      input.index.push_back(q + phase.i0 - j * phase.iStep);
      weights.index.push_back(phase.k0 + j * phase.kStep);
    }
    SmallVector<Access> extras;
    if (op.getB())
      extras.push_back({op.getB(), {at.output}});
    at.nest.into = result;
    result = b.contract(at.nest, input, weights, extras, addBias);
  }
  return result;
}

void lowering::populateConvolution(LoweringTable &table) {
  table.add(lowerConv);
  table.add(lowerConvTranspose);
}
