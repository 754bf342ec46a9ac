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
// The tables are layers, which become constants where the scales are known.
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

Scalar lowering::getTapWeight(bool cubic, double a, Scalar distance) {
  Scalar x = abs(distance);
  if (!cubic)
    return max(1.0 - x, 0.0);
  Scalar near = ((a + 2) * x - (a + 3)) * x * x + 1.0;
  Scalar far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return select(x <= 1.0, near, select(x < 2.0, far, 0));
}

//===----------------------------------------------------------------------===//
// One axis
//===----------------------------------------------------------------------===//

namespace {
struct AxisResizer {
  onnx::ResizeOp op;
  LayerBuilder &b;
  int64_t axis;
  double inputs, outputs, leastScale;
  /// Numbers of f64: the scale, and where the region of interest, if there is
  /// one, starts and ends.
  SmallVector<Access> parameters;

  Value resize(Value x, Type elementType);

private:
  bool isNearest() { return op.getMode() == "nearest"; }
  int64_t countTaps();
  Scalar getPlace(Scalar at, Scalars parameters);
  Scalar getTap(Scalar place);
  Value getTable(int64_t count, Type type, ArrayRef<Access> accesses,
                 LayerBuilder::Body body);
  Value getWeights(Access place, Type type);
};
} // namespace

/// Where the scale is larger than the least one, some taps have weight 0.
int64_t AxisResizer::countTaps() {
  double support = op.getMode() == "cubic" ? 2 : 1;
  if (op.getAntialias() && leastScale < 1)
    support = std::ceil(support / std::max(leastScale, 1e-3));
  return isNearest() ? 1 : 2 * int64_t(support);
}

/// The place in the input of output element `at`.
Scalar AxisResizer::getPlace(Scalar at, Scalars parameters) {
  Scalar scale = parameters[0], length = scale * inputs;
  double last = inputs - 1;
  StringRef mode = op.getCoordinateTransformationMode();
  if (mode == "align_corners")
    return select(length == 1.0, 0, at * last / (length - 1.0));
  if (mode == "asymmetric")
    return at / scale;
  if (mode == "tf_crop_and_resize") {
    Scalar start = parameters[1] * last, size = parameters[2] * last - start;
    return select(length == 1.0, size / 2, at * size / (length - 1.0)) + start;
  }
  Scalar place = (at + 0.5) / scale - 0.5;
  if (mode == "pytorch_half_pixel")
    return select(length == 1.0, -0.5, place);
  if (mode == "half_pixel_symmetric")
    return place + (1.0 - outputs / length) * (inputs / 2);
  return place;
}

/// The neighbour of `place`, maybe outside, that dimension 0 of a table counts.
Scalar AxisResizer::getTap(Scalar place) {
  StringRef mode = op.getNearestMode();
  if (!isNearest())
    return ceil(place) + b.index(0).cast(place.getType()) -
           double(countTaps() / 2);
  if (mode == "floor")
    return floor(place);
  if (mode == "ceil")
    return ceil(place);
  return mode == "round_prefer_ceil" ? floor(place + 0.5) : ceil(place - 0.5);
}

Value AxisResizer::getTable(int64_t count, Type type, ArrayRef<Access> accesses,
                            LayerBuilder::Body body) {
  auto table = RankedTensorType::get({count, int64_t(outputs)}, type);
  return b.folded(b.map(b.over(table), accesses, body));
}

/// Against aliasing, the neighbourhood grows by 1 / scale.
Value AxisResizer::getWeights(Access place, Type type) {
  double a = op.getCubicCoeffA().convertToDouble();
  Value weights = getTable(
      countTaps(), b.getF64Type(), {place, parameters[0]}, [&](Scalars x) {
        Scalar at = getTap(x[0]), distance = at - x[0];
        if (op.getAntialias())
          distance = distance * min(x[1], 1);
        Scalar weight = getTapWeight(op.getMode() == "cubic", a, distance);
        return op.getExcludeOutside()
                   ? select((at < 0) | (at > inputs - 1), 0, weight)
                   : weight;
      });
  auto sums = RankedTensorType::get(int64_t(outputs), b.getF64Type());
  Value sum = b.folded(
      b.reduce(b.over(sums, countTaps()), Access{weights, {b.d(1), b.d(0)}}, 0,
               [](Scalars x, Scalars acc) { return acc[0] + x[0]; }));
  return b.folded(
      b.elementwise(withElement(weights, type), {weights, sum}, [](Scalars x) {
        return x[0] / select(x[1] == 0, 1, x[1]);
      }));
}

/// What `table` holds for each `at`, if it is every n-th index, or each index
/// `repeats` times.
static AffineExpr findIndex(ArrayRef<int64_t> table, AffineExpr at,
                            int64_t repeats) {
  int64_t first = table.empty() ? 0 : table[0],
          step = table.size() > 1 ? table[1] - first : 1;
  bool isRepeated = true, isStrided = true;
  for (auto [index, source] : llvm::enumerate(table)) {
    isRepeated &= source == int64_t(index) / repeats;
    isStrided &= source == int64_t(index) * step + first;
  }
  return isRepeated  ? at.floorDiv(repeats)
         : isStrided ? at * step + first
                     : AffineExpr();
}

Value AxisResizer::resize(Value x, Type elementType) {
  Ints sizes(getShape(x));
  sizes[axis] = outputs;
  auto type = RankedTensorType::get(sizes, elementType);
  bool crops = parameters.size() > 1;
  int64_t count = countTaps();
  Value places = getTable(1, b.getF64Type(), parameters, [&](Scalars x) {
    return getPlace(b.index(1).cast(b.getF64Type()), x);
  });
  Access place{places, {b.c(0), b.d(1)}};
  Value indices = getTable(count, b.getI64Type(), place, [&](Scalars x) {
    return min(max(getTap(x[0]), 0), inputs - 1);
  });
  Access input = b.all(x);
  std::optional<Ints> known = b.getInts(indices);
  if (isNearest() && known && !crops)
    if (AffineExpr index =
            findIndex(*known, b.d(axis),
                      std::max(int64_t(outputs / inputs), int64_t(1)))) {
      input.index[axis] = index;
      return b.move(b.over(type), input);
    }

  SmallVector<Access> operands, taps;
  auto addOperands = [&](SmallVector<Access> &to, Value table) {
    for (int64_t tap = 0; tap < getShape(table)[0]; ++tap)
      to.push_back({table, {b.c(tap), b.d(axis)}});
  };
  addOperands(taps, indices);
  for (int64_t tap = 0; tap < count; ++tap) {
    input.index[axis] = b.s(tap);
    operands.push_back(input);
  }
  Type compute = getComputeType(isa<FloatType>(elementType) ? elementType
                                                            : b.getF32Type());
  if (!isNearest())
    addOperands(operands, getWeights(place, compute));
  if (crops)
    addOperands(operands, getTable(1, b.getI1Type(), place, [&](Scalars x) {
                  return (x[0] >= 0) & (x[0] <= inputs - 1);
                }));
  return b.gather(b.over(type), operands, taps, [&](Scalars in) {
    Scalar result = in[0];
    if (!isNearest()) {
      result = in[0].cast(compute) * in[count];
      for (int64_t tap = 1; tap < count; ++tap)
        result = result + in[tap].cast(compute) * in[count + tap];
    }
    return crops ? select(in.back(), result,
                          op.getExtrapolationValue().convertToDouble())
                 : result;
  });
}

//===----------------------------------------------------------------------===//
// The operator
//===----------------------------------------------------------------------===//

/// The scales of `axes`, as a tensor of f64.
static FailureOr<Value> getScales(onnx::ResizeOp op, LayerBuilder &b,
                                  ArrayRef<int64_t> axes) {
  Value given = op.getScales() ? op.getScales() : op.getSizes();
  int64_t count = axes.size();
  auto type = RankedTensorType::get(count, b.getF64Type());
  if (!given || getShape(given) != type.getShape())
    return b.refuse("expects scales or sizes, one an axis");
  if (op.getScales())
    return b.folded(b.cast(given, b.getF64Type()));
  SmallVector<double> from, to;
  for (int64_t axis : axes) {
    from.push_back(getShape(op.getX())[axis]);
    to.push_back(getShape(op.getY())[axis]);
  }
  StringRef policy = op.getKeepAspectRatioPolicy();
  if (policy == "stretch")
    given = b.numbers(type, to);
  Value scales = b.folded(
      b.elementwise(type, {given, b.numbers(type, from)}, [&](Scalars x) {
        return x[0].cast(b.getF64Type()) / x[1];
      }));
  if (policy == "stretch")
    return scales;
  // One for all: of the sizes that are asked for, not of those there.
  bool larger = policy == "not_smaller";
  double first = larger ? 0 : std::numeric_limits<double>::infinity();
  return b.folded(b.reduce(b.over(type, count), Access{scales, {b.d(1)}}, first,
                           [&](Scalars x, Scalars acc) {
                             return larger ? max(acc[0], x[0])
                                           : min(acc[0], x[0]);
                           }));
}

static Lowered lowerResize(onnx::ResizeOp op, LayerBuilder &b) {
  Value x = op.getX(), roi = op.getRoi();
  auto type = getType(op.getY());
  int64_t rank = type.getRank();
  FailureOr<Ints> axes =
      b.normalizeAxes(op.getAxes().value_or(range(0, rank)), rank);
  if (failed(axes))
    return failure();
  if (getRank(x) != rank || axes->empty() || getType(x).getNumElements() == 0)
    return b.refuse("expects elements to resize");
  FailureOr<Value> scales = getScales(op, b, *axes);
  if (failed(scales))
    return failure();
  int64_t count = axes->size();
  bool crops = op.getCoordinateTransformationMode() == "tf_crop_and_resize";
  if (crops && (!roi || getShape(roi) != ArrayRef<int64_t>{2 * count}))
    return b.refuse("expects a region of interest, two numbers an axis");
  if (crops)
    roi = b.folded(b.cast(roi, b.getF64Type()));
  std::optional<SmallVector<double>> known = b.getFloats(*scales),
                                     region =
                                         b.getFloats(crops ? roi : Value());
  // Sums are kept at the type of arithmetic until the last axis.
  Type element = type.getElementType();
  Type between =
      op.getMode() == "nearest"
          ? element
          : getComputeType(isa<FloatType>(element) ? element : b.getF32Type());
  for (auto [index, axis] : llvm::enumerate(*axes)) {
    double inputs = getShape(x)[axis], outputs = type.getDimSize(axis);
    double least = known ? (*known)[index] : outputs / inputs;
    bool isWhole = !crops || (region && (*region)[index] == 0 &&
                              (*region)[count + index] == 1);
    if (inputs == outputs && isWhole && (known ? least == 1 : inputs == 1))
      continue;
    SmallVector<Access> parameters = {{*scales, {b.c(index)}}};
    if (crops)
      parameters.append({{roi, {b.c(index)}}, {roi, {b.c(count + index)}}});
    AxisResizer resizer{op, b, axis, inputs, outputs, least, parameters};
    x = resizer.resize(x, between);
  }
  return b.cast(x, element);
}

void lowering::populateResize(LoweringTable &table) { table.add(lowerResize); }
