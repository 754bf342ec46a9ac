//===- Quantize.cpp - Quantized tensors -----------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Quantization is a map, so that integer weights stay integers until a pass
// folds the map into the layer that reads them.
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

/// A scale or zero point of a tensor of `shape`: one for all, one an index of
/// the axis, or one a block of the axis.
static FailureOr<Access> getParameter(LayerBuilder &b, Value value,
                                      ArrayRef<int64_t> shape, int64_t axis,
                                      int64_t block) {
  int64_t rank = shape.size();
  if (getType(value).getNumElements() == 1)
    return Access{value, Exprs(getRank(value), b.c(0))};
  std::optional<int64_t> dim = normalizeAxis(axis, rank);
  if (!dim || (block ? getRank(value) != rank : getRank(value) != 1))
    return b.refuse("has an axis or a block size that does not fit the scale");
  if (!block)
    return Access{value, {b.d(*dim)}};
  Access access = b.all(value);
  access.index[*dim] = b.d(*dim).floorDiv(block);
  return access;
}

/// Access to what is quantized, its scale, and its zero point if it is not 0.
template <typename OpT>
static FailureOr<SmallVector<Access>>
getParameters(OpT op, LayerBuilder &b, Value scale, Value zeroPoint) {
  SmallVector<Access> accesses = {b.all(op.getX())};
  if (std::optional<Ints> zeros = b.getInts(zeroPoint))
    if (llvm::all_of(*zeros, [](int64_t zero) { return zero == 0; }))
      zeroPoint = {};
  for (Value value : {scale, zeroPoint}) {
    if (!value)
      continue;
    FailureOr<Access> access = getParameter(b, value, getShape(op.getX()),
                                            op.getAxis(), op.getBlockSize());
    if (failed(access))
      return failure();
    accesses.push_back(*access);
  }
  return accesses;
}

/// (x - zero point) * scale
static Lowered lowerDequantizeLinear(onnx::DequantizeLinearOp op,
                                     LayerBuilder &b) {
  auto type = getType(op.getY());
  auto inputs = getParameters(op, b, op.getXScale(), op.getXZeroPoint());
  if (failed(inputs))
    return failure();
  return b.map(b.over(type), *inputs, [&](Scalars x) {
    Type compute = getComputeType(getElement(op.getXScale()));
    if (x.size() == 2)
      return x[0].cast(compute) * x[1];
    if (x[0].isFloat())
      return (x[0].cast(compute) - x[2].cast(compute)) * x[1];
    Type wide = b.getI32Type();
    return (x[0].cast(wide) - x[2].cast(wide)).cast(compute) * x[1];
  });
}

/// `x`, a float, plus `zero`, as `type`: rounded to even, and saturated.
static Scalar quantize(Scalar x, std::optional<Scalar> zero, Type type) {
  if (isa<FloatType>(type))
    return castSaturating(zero ? x + zero->cast(x.getType()) : x, type, true);
  x = roundEven(x);
  if (zero)
    x = x + zero->cast(x.getType());
  unsigned width = type.getIntOrFloatBitWidth();
  bool isUnsigned = type.isUnsignedInteger();
  double low = isUnsigned ? 0 : -std::ldexp(1.0, width - 1);
  double high = std::ldexp(1.0, isUnsigned ? width : width - 1) - 1;
  return min(max(x, low), high).cast(type);
}

static Lowered lowerQuantizeLinear(onnx::QuantizeLinearOp op, LayerBuilder &b) {
  auto type = getType(op.getY());
  auto inputs = getParameters(op, b, op.getYScale(), op.getYZeroPoint());
  if (failed(inputs))
    return failure();
  return b.map(b.over(type), *inputs, [&](Scalars x) {
    Scalar scaled =
        x[0].cast(getComputeType(getElement(op.getYScale()))) / x[1];
    return quantize(scaled, x.size() == 3 ? std::optional(x[2]) : std::nullopt,
                    type.getElementType());
  });
}

//===----------------------------------------------------------------------===//
// Integer products
//===----------------------------------------------------------------------===//

/// value - zero point, as i32; the zero point is of rows (the dimension before
/// the last), columns (the last) or everything.
static Value subtractZeroPoint(LayerBuilder &b, Value value, Value zero,
                               bool ofRows) {
  auto type = withElement(value, b.getI32Type());
  SmallVector<Value> inputs = {value};
  if (zero) {
    if (ofRows && getRank(zero) == 1 && getShape(zero)[0] != 1)
      zero = b.reshape(zero, {getShape(zero)[0], 1});
    inputs.push_back(zero);
  }
  return b.elementwise(type, inputs, [&](Scalars x) {
    Scalar wide = x[0].cast(b.getI32Type());
    return x.size() == 2 ? wide - x[1].cast(b.getI32Type()) : wide;
  });
}

static Lowered lowerMatMulInteger(onnx::MatMulIntegerOp op, LayerBuilder &b) {
  Value lhs = subtractZeroPoint(b, op.getA(), op.getAZeroPoint(), true);
  Value rhs = subtractZeroPoint(b, op.getB(), op.getBZeroPoint(), false);
  return buildMatmul(b, getType(op.getY()), lhs, rhs);
}

void lowering::populateQuantize(LoweringTable &table) {
  table.add(lowerDequantizeLinear);
  table.add(lowerQuantizeLinear);
  table.add(lowerMatMulInteger);
}
