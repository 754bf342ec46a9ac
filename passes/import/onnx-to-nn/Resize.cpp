//===- Resize.cpp - Resampling --------------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One axis after the other: each output element is a weighted sum of a few
// neighbours ("taps"), found through tables of indices and weights:
//
//   y[o] = sum over t of w[t][o] * x[i[t][o]]
//
// Known scales give constant tables. Scales that the program computes give
// tables that it computes, by the same formulas: they are written once, for
// numbers and for scalars of a region.
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"
#include "passes/import/onnx-to-nn/Resample.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

//===----------------------------------------------------------------------===//
// Formulas, for T = double and T = Scalar
//===----------------------------------------------------------------------===//

namespace {
/// What is the same for all elements along an axis.
struct AxisShape {
  double inputs, outputs;
  double roiStart = 0, roiEnd = 1;
};

/// Neighbours of a point: element t is `first + t`, and counts by `weights[t]`.
template <typename T> struct Taps {
  T first;
  SmallVector<T> weights;
};
} // namespace

/// The place in the input of output element `at`.
template <typename T>
static T getPlace(StringRef mode, T at, T scale, const AxisShape &axis) {
  T length = scale * axis.inputs;
  double last = axis.inputs - 1, roi = axis.roiEnd - axis.roiStart;
  if (mode == "align_corners")
    return select(length == 1.0, 0.0, at * last / (length - 1.0));
  if (mode == "asymmetric")
    return at / scale;
  if (mode == "tf_crop_and_resize")
    return select(length == 1.0, roi * last / 2,
                  at * (roi * last) / (length - 1.0)) +
           axis.roiStart * last;
  T place = (at + 0.5) / scale - 0.5;
  if (mode == "pytorch_half_pixel")
    return select(length == 1.0, -0.5, place);
  if (mode == "half_pixel_symmetric")
    return place + (1.0 - axis.outputs / length) * (axis.inputs / 2);
  return place;
}

template <typename T> static T getNearest(StringRef mode, T place) {
  if (mode == "floor")
    return floor(place);
  if (mode == "ceil")
    return ceil(place);
  return mode == "round_prefer_ceil" ? floor(place + 0.5) : ceil(place - 0.5);
}

/// Against aliasing, the neighbourhood grows by `stretch` = 1 / scale.
template <typename T>
static Taps<T> getTaps(onnx::ResizeOp op, T place, T stretch, int64_t count,
                       const AxisShape &axis) {
  bool cubic = op.getMode() == "cubic";
  double a = op.getCubicCoeffA().convertToDouble();
  T left = ceil(place) - 1.0, ratio = place - left, sum = place * 0.0;
  Taps<T> taps{left + double(1 - count / 2), {}};
  for (int64_t tap = 0; tap < count; ++tap) {
    T weight =
        getWeight(cubic, a, (double(tap + 1 - count / 2) - ratio) / stretch);
    if (op.getExcludeOutside()) {
      T at = taps.first + double(tap);
      weight = select(at < 0.0, 0.0, select(at > axis.inputs - 1, 0.0, weight));
    }
    taps.weights.push_back(weight);
    sum = sum + weight;
  }
  sum = select(sum == 0.0, 1.0, sum);
  for (T &weight : taps.weights)
    weight = weight / sum;
  return taps;
}

//===----------------------------------------------------------------------===//
// Scales
//===----------------------------------------------------------------------===//

namespace {
/// The scale of an axis: a number, or an element of a tensor of f64.
struct Scale {
  double number = 0;
  std::optional<Access> element;
};
} // namespace

/// The scales of the axes that are listed in `axes`.
static FailureOr<SmallVector<Scale>>
getScales(onnx::ResizeOp op, LayerBuilder &b, ArrayRef<int64_t> axes) {
  ArrayRef<int64_t> from = getShape(op.getX()), to = getShape(op.getY());
  Value given = op.getScales() ? op.getScales() : op.getSizes();
  if (!given || getType(given).getNumElements() != int64_t(axes.size()))
    return b.refuse("expects scales or sizes, one an axis");
  SmallVector<Scale> scales;
  std::optional<Ints> sizes = b.getInts(op.getSizes());
  std::optional<SmallVector<double>> known = b.getFloats(op.getScales());
  StringRef policy = op.getKeepAspectRatioPolicy();
  if (op.getSizes() && policy == "stretch") {
    for (int64_t axis : axes)
      scales.push_back({double(to[axis]) / double(from[axis]), {}});
  } else if (op.getSizes()) {
    // One scale for all: of the sizes that are asked for, not of those there.
    bool larger = policy == "not_smaller";
    auto merge = [&](auto x, auto y) { return larger ? max(x, y) : min(x, y); };
    if (sizes) {
      double scale = double((*sizes)[0]) / from[axes[0]];
      for (auto [size, axis] : llvm::zip(*sizes, axes))
        scale = merge(scale, double(size) / from[axis]);
      scales.assign(axes.size(), {scale, {}});
      return scales;
    }
    SmallVector<Access> accesses;
    for (unsigned index = 0; index < axes.size(); ++index)
      accesses.push_back({op.getSizes(), {b.c(index)}});
    Value scale = b.map(b.over(RankedTensorType::get({}, b.getF64Type())),
                        accesses, [&](Scalars x) {
                          Scalar result =
                              x[0].cast(b.getF64Type()) / double(from[axes[0]]);
                          for (unsigned index = 1; index < axes.size(); ++index)
                            result =
                                merge(result, x[index].cast(b.getF64Type()) /
                                                  double(from[axes[index]]));
                          return result;
                        });
    scales.assign(axes.size(), {0, Access{scale, {}}});
  } else {
    Value wide = known ? Value() : b.cast(op.getScales(), b.getF64Type());
    for (unsigned index = 0; index < axes.size(); ++index) {
      if (known)
        scales.push_back({(*known)[index], {}});
      else
        scales.push_back({0, Access{wide, {b.c(index)}}});
    }
  }
  return scales;
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

namespace {
class AxisResizer {
public:
  AxisResizer(onnx::ResizeOp op, LayerBuilder &b, int64_t axis, Scale scale,
              AxisShape shape)
      : op(op), b(b), axis(axis), scale(scale), shape(shape) {}

  Value resize(Value x, Type elementType);

private:
  bool isNearest() { return op.getMode() == "nearest"; }
  int64_t countTaps();
  /// A table [count][outputs] of `element(at)`, as f64 until it is cast.
  template <typename Element>
  Value getTable(int64_t count, Type type, Element element);
  Value getMove(Value x, RankedTensorType type);

  onnx::ResizeOp op;
  LayerBuilder &b;
  int64_t axis;
  Scale scale;
  AxisShape shape;
};
} // namespace

/// Scales that are not known are at least what the sizes say: then some of the
/// taps have weight 0.
int64_t AxisResizer::countTaps() {
  if (isNearest())
    return 1;
  double known = scale.element ? shape.outputs / shape.inputs : scale.number;
  double support = op.getMode() == "cubic" ? 2 : 1;
  if (op.getAntialias() && known < 1)
    support = std::ceil(support / std::max(known, 1e-3));
  return 2 * int64_t(support);
}

template <typename Element>
Value AxisResizer::getTable(int64_t count, Type elementType, Element element) {
  auto type =
      RankedTensorType::get({count, int64_t(shape.outputs)}, elementType);
  if (scale.element)
    return b.map(b.over(type), *scale.element, [&](Scalars x) {
      Scalar at = b.index(1).cast(b.getF64Type()),
             tap = b.index(0).cast(b.getI64Type());
      SmallVector<Scalar> all = element(at, x[0]);
      Scalar result = all[0];
      for (int64_t other = 1; other < count; ++other)
        result = select(tap == tap.likeInt(other), all[other], result);
      return result.cast(elementType);
    });
  SmallVector<double> numbers(type.getNumElements());
  for (int64_t at = 0; at < type.getDimSize(1); ++at) {
    SmallVector<double> all = element(double(at), scale.number);
    for (int64_t tap = 0; tap < count; ++tap)
      numbers[tap * type.getDimSize(1) + at] = all[tap];
  }
  return b.numbers(type, numbers);
}

/// Nearest neighbours at every n-th element, or n times each, are a move.
Value AxisResizer::getMove(Value x, RankedTensorType type) {
  int64_t inputs = shape.inputs, outputs = shape.outputs;
  for (bool shrinks : {false, true}) {
    int64_t factor =
        shrinks ? inputs / std::max<int64_t>(outputs, 1) : outputs / inputs;
    for (int64_t first = 0; factor > 0 && first < (shrinks ? factor : 1);
         ++first) {
      auto matches = [&](int64_t at) {
        double place = getPlace(op.getCoordinateTransformationMode(),
                                double(at), scale.number, shape);
        double source = std::clamp(getNearest(op.getNearestMode(), place), 0.0,
                                   shape.inputs - 1);
        return source == (shrinks ? at * factor + first : at / factor);
      };
      if (!llvm::all_of(llvm::seq<int64_t>(0, outputs), matches))
        continue;
      Access access = b.all(x);
      access.index[axis] =
          shrinks ? b.d(axis) * factor + first : b.d(axis).floorDiv(factor);
      return b.move(b.over(type), access);
    }
  }
  return {};
}

Value AxisResizer::resize(Value x, Type elementType) {
  Ints sizes(getShape(x));
  sizes[axis] = shape.outputs;
  auto type = RankedTensorType::get(sizes, elementType);
  StringRef mode = op.getCoordinateTransformationMode();
  bool crops = mode == "tf_crop_and_resize";
  if (isNearest() && !scale.element && !crops)
    if (Value moved = getMove(x, type))
      return moved;

  int64_t count = countTaps();
  auto stretch = [&](auto scale) {
    return op.getAntialias() ? 1.0 / min(scale, 1.0) : scale * 0.0 + 1.0;
  };
  Value indices = getTable(count, b.getI64Type(), [&](auto at, auto scale) {
    auto place = getPlace(mode, at, scale, shape);
    SmallVector<decltype(at)> all;
    for (int64_t tap = 0; tap < count; ++tap) {
      auto source =
          isNearest() ? getNearest(op.getNearestMode(), place)
                      : getTaps(op, place, stretch(scale), count, shape).first +
                            double(tap);
      all.push_back(min(max(source, 0.0), shape.inputs - 1));
    }
    return all;
  });
  SmallVector<Access> inputs, tables;
  for (int64_t tap = 0; tap < count; ++tap) {
    inputs.push_back(b.all(x));
    inputs.back().index[axis] = b.s(tap);
    tables.push_back({indices, {b.c(tap), b.d(axis)}});
  }
  Type weightType = getComputeType(
      isa<FloatType>(elementType) ? elementType : b.getF32Type());
  if (!isNearest()) {
    Value weights = getTable(count, weightType, [&](auto at, auto scale) {
      return getTaps(op, getPlace(mode, at, scale, shape), stretch(scale),
                     count, shape)
          .weights;
    });
    for (int64_t tap = 0; tap < count; ++tap)
      inputs.push_back({weights, {b.c(tap), b.d(axis)}});
  }
  if (crops) {
    Value inside = getTable(1, b.getI1Type(), [&](auto at, auto scale) {
      auto place = getPlace(mode, at, scale, shape);
      return SmallVector<decltype(at)>{
          select(place < 0.0, 0.0,
                 select(place > shape.inputs - 1, 0.0, place * 0.0 + 1.0))};
    });
    inputs.push_back({inside, {b.c(0), b.d(axis)}});
  }
  return b.gather(b.over(type), inputs, tables, [&](Scalars in) {
    Scalar result = in[0];
    if (!isNearest()) {
      result = in[0].cast(weightType) * in[count];
      for (int64_t tap = 1; tap < count; ++tap)
        result = result + in[tap].cast(weightType) * in[count + tap];
    }
    return crops ? select(in.back(), result,
                          op.getExtrapolationValue().convertToDouble())
                 : result;
  });
}

//===----------------------------------------------------------------------===//
// The operator
//===----------------------------------------------------------------------===//

static Lowered lowerResize(onnx::ResizeOp op, LayerBuilder &b) {
  Value x = op.getX();
  auto type = getType(op.getY());
  int64_t rank = type.getRank();
  FailureOr<Ints> axes =
      b.normalizeAxes(op.getAxes().value_or(range(0, rank)), rank);
  if (failed(axes))
    return failure();
  if (getRank(x) != rank || axes->empty() || getType(x).getNumElements() == 0)
    return b.refuse("expects elements to resize");
  FailureOr<SmallVector<Scale>> scales = getScales(op, b, *axes);
  if (failed(scales))
    return failure();
  bool crops = op.getCoordinateTransformationMode() == "tf_crop_and_resize";
  std::optional<SmallVector<double>> roi = b.getFloats(op.getRoi());
  if (crops && (!roi || roi->size() != 2 * axes->size()))
    return b.refuse("has a region of interest that is not constant");
  // Sums are kept at the type of arithmetic until the last axis.
  Type element = type.getElementType();
  Type between =
      op.getMode() == "nearest"
          ? element
          : getComputeType(isa<FloatType>(element) ? element : b.getF32Type());
  for (auto [index, axis] : llvm::enumerate(*axes)) {
    AxisShape shape{double(getShape(x)[axis]), double(type.getDimSize(axis))};
    if (crops) {
      shape.roiStart = (*roi)[index];
      shape.roiEnd = (*roi)[axes->size() + index];
    }
    bool whole = shape.roiStart == 0 && shape.roiEnd == 1;
    const Scale &scale = (*scales)[index];
    if (shape.inputs == shape.outputs && whole &&
        (scale.number == 1 || (scale.element && shape.inputs == 1)))
      continue;
    x = AxisResizer(op, b, axis, scale, shape).resize(x, between);
  }
  return b.cast(x, element);
}

void lowering::populateResize(LoweringTable &table) { table.add(lowerResize); }
