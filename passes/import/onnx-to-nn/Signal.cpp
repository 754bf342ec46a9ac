//===- Signal.cpp - Fourier transforms and windows ------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A transform is a product with a constant table, whose last dimensions are the
// parts of complex numbers: c of the result, r of the input.
//
//   y[k, c] = sum over n, r of x[n, r] * table[k, n, c, r]
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

#include <cmath>

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

static constexpr double kPi = 3.14159265358979323846;
/// Larger tables want a fast algorithm.
static constexpr int64_t kMaxTable = 1 << 24;

namespace {
struct Transform {
  int64_t outputs, inputs, length; // of one transform; `length` is N
  int64_t outputParts, inputParts; // 1: real, 2: complex
  bool inverse;
};
} // namespace

/// The table [outputs][inputs][outputParts][inputParts].
static FailureOr<Value> getTable(LayerBuilder &b, const Transform &t,
                                 Type elementType) {
  auto type = RankedTensorType::get(
      {t.outputs, t.inputs, t.outputParts, t.inputParts}, elementType);
  if (t.length < 1 || type.getNumElements() > kMaxTable)
    return b.refuse("has a transform that is empty or too long");
  SmallVector<double> numbers;
  for (int64_t k = 0; k < t.outputs; ++k)
    for (int64_t n = 0; n < t.inputs; ++n) {
      double angle =
          2 * kPi * ((k * n) % t.length) / t.length * (t.inverse ? 1 : -1);
      double real = std::cos(angle), imaginary = std::sin(angle);
      double factor = t.inverse ? 1.0 / t.length : 1;
      // Of a real result, only half of the (symmetric) input is there.
      if (t.inverse && t.outputParts == 1 && n != 0 && 2 * n != t.length)
        factor *= 2;
      if (n >= t.length)
        factor = 0;
      for (int64_t c = 0; c < t.outputParts; ++c)
        for (int64_t r = 0; r < t.inputParts; ++r)
          numbers.push_back(factor * (c == r   ? real
                                      : c == 1 ? imaginary
                                               : -imaginary));
    }
  return b.numbers(type, numbers);
}

/// Along `axis`; null where the type of the result rules it out.
static FailureOr<Value> buildDFT(onnx::DFTOp op, LayerBuilder &b, int64_t axis,
                                 const std::optional<Ints> &given) {
  Value x = op.getInput();
  auto type = getType(op.getOutput());
  bool inverse = op.getInverse(), halves = op.getOnesided();
  int64_t last = type.getRank() - 1, inputs = getShape(x)[axis];
  int64_t length = given               ? given->front()
                   : inverse && halves ? 2 * (inputs - 1)
                                       : inputs;
  int64_t outputs = halves && !inverse ? length / 2 + 1 : length;
  Ints shape(getShape(x));
  shape[axis] = outputs;
  if (axis == last ||
      ArrayRef(shape).drop_back() != type.getShape().drop_back())
    return Value();
  int64_t parts = getShape(x)[last];
  FailureOr<Value> table = getTable(
      b, {outputs, inputs, length, type.getDimSize(last), parts, inverse},
      getComputeType(type.getElementType()));
  if (failed(table))
    return failure();
  AffineExpr n = b.d(last + 1), r = b.d(last + 2);
  Access input = b.all(x);
  input.index[axis] = n;
  input.index[last] = r;
  return b.contract(b.over(type, {inputs, parts}), input,
                    {*table, {b.d(axis), n, b.d(last), r}});
}

static Lowered lowerDFT(onnx::DFTOp op, LayerBuilder &b) {
  std::optional<Ints> length = b.getInts(op.getDftLength());
  if (op.getDftLength() && !length)
    return b.refuse("has a length that is not constant");
  Value axis = op.getAxis() ? op.getAxis() : b.ints(-2);
  return buildForAxis(b, axis, getRank(op.getInput()), [&](int64_t axis) {
    return buildDFT(op, b, axis, length);
  });
}

/// A transform of each frame, times a window.
static Lowered lowerSTFT(onnx::STFTOp op, LayerBuilder &b) {
  Value signal = op.getSignal(), window = op.getWindow();
  auto type = getType(op.getOutput());
  std::optional<Ints> step = b.getInts(op.getFrameStep()),
                      given = b.getInts(op.getFrameLength());
  if (!step || (!window && !given) || type.getRank() != 4)
    return b.refuse("has a step or a length of frames that is not constant");
  int64_t length = window ? getShape(window)[0] : given->front();
  int64_t parts = getRank(signal) == 3 ? getShape(signal)[2] : 1;
  signal = b.reshape(signal, {getShape(signal)[0], getShape(signal)[1], parts});
  Transform transform{type.getDimSize(2), length, length, 2, parts, false};
  FailureOr<Value> table =
      getTable(b, transform, getComputeType(type.getElementType()));
  if (failed(table))
    return failure();
  if (window)
    table = b.map(b.over(getType(*table)), {b.all(*table), {window, {b.d(1)}}},
                  [](Scalars x) { return x[0] * x[1]; });
  AffineExpr n = b.d(4), r = b.d(5);
  return b.contract(b.over(type, {length, parts}),
                    {signal, {b.d(0), b.d(1) * step->front() + n, r}},
                    {*table, {b.d(2), n, b.d(3), r}});
}

/// A sum of cosines of multiples of the angle 2 pi n / N.
template <typename OpT>
static void addWindow(LoweringTable &table, SmallVector<double> factors) {
  table.add<OpT>([factors](Operation *operation, LayerBuilder &b) -> Lowered {
    auto op = cast<OpT>(operation);
    auto type = getType(op.getOutput());
    double length = type.getNumElements() - (op.getPeriodic() ? 0 : 1);
    return b.map(b.over(type), {}, [&](Scalars) {
      Scalar angle =
          b.index(0).cast(b.getF64Type()) * (2 * kPi / std::max(length, 1.0));
      Scalar sum = angle.like(factors[0]);
      for (unsigned multiple = 1; multiple < factors.size(); ++multiple)
        sum = sum + cos(angle * double(multiple)) * factors[multiple];
      return sum;
    });
  });
}

void lowering::populateSignal(LoweringTable &table) {
  table.add(lowerDFT);
  table.add(lowerSTFT);
  addWindow<onnx::HannWindowOp>(table, {0.5, -0.5});
  addWindow<onnx::HammingWindowOp>(table, {25.0 / 46, -21.0 / 46});
  addWindow<onnx::BlackmanWindowOp>(table, {0.42, -0.5, 0.08});
}
