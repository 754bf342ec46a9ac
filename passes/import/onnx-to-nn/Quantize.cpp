//===- Quantize.cpp - Quantized tensors -----------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
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
  FailureOr<int64_t> dim = b.normalizeAxis(axis, rank);
  if (failed(dim))
    return failure();
  if (getRank(value) != (block ? rank : 1))
    return b.refuse("has a block size that does not fit the scale");
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

/// `parameter`, one number or one an index of `dim`, for elementwise use with a
/// tensor of `rank` dimensions.
static Value alongDim(LayerBuilder &b, Value parameter, int64_t dim,
                      int64_t rank) {
  int64_t count = getType(parameter).getNumElements();
  if (count == 1 || getRank(parameter) != 1)
    return count == 1 ? b.reshape(parameter, {}) : parameter;
  Ints shape(rank, 1);
  shape[dim] = count;
  return b.reshape(parameter, shape);
}

/// value - zero point, in as few bits as hold it: a product converts them.
static Value subtractZeroPoint(LayerBuilder &b, Value value, Value zero,
                               int64_t dim) {
  std::optional<Ints> zeros = b.getInts(zero);
  bool isZero =
      !zero ||
      (zeros && llvm::all_of(*zeros, [](int64_t z) { return z == 0; }));
  if (isZero && !getElement(value).isUnsignedInteger())
    return value;
  SmallVector<Value> inputs = {value};
  if (!isZero)
    inputs.push_back(alongDim(b, zero, dim, getRank(value)));
  Type wide = b.getIntegerType(16);
  return b.elementwise(withElement(value, wide), inputs, [&](Scalars x) {
    return x.size() == 2 ? x[0].cast(wide) - x[1].cast(wide) : x[0].cast(wide);
  });
}

static int64_t getRowDim(Value matrix) {
  return std::max<int64_t>(getRank(matrix) - 2, 0);
}

static Lowered lowerMatMulInteger(onnx::MatMulIntegerOp op, LayerBuilder &b) {
  Value lhs =
      subtractZeroPoint(b, op.getA(), op.getAZeroPoint(), getRowDim(op.getA()));
  Value rhs = subtractZeroPoint(b, op.getB(), op.getBZeroPoint(),
                                getRank(op.getB()) - 1);
  return buildMatmul(b, getType(op.getY()), lhs, rhs);
}

static Lowered lowerConvInteger(onnx::ConvIntegerOp op, LayerBuilder &b) {
  Value x = subtractZeroPoint(b, op.getX(), op.getXZeroPoint(), 0);
  Value w = subtractZeroPoint(b, op.getW(), op.getWZeroPoint(), 0);
  return buildConv(b, getType(op.getY()), x, w, {}, op);
}

/// The sum, of type i32, at the scale and zero point of the result.
static Value requantize(LayerBuilder &b, RankedTensorType type, Value sum,
                        Value lhsScale, Value rhsScale, Value scale,
                        Value zeroPoint) {
  return b.elementwise(
      type, {sum, lhsScale, rhsScale, scale, zeroPoint}, [&](Scalars x) {
        Type compute = getComputeType(x[3].getType());
        Scalar factor =
            x[1].cast(compute) * x[2].cast(compute) / x[3].cast(compute);
        return quantize(x[0].cast(compute) * factor, x[4],
                        type.getElementType());
      });
}

static Lowered lowerQLinearMatMul(onnx::QLinearMatMulOp op, LayerBuilder &b) {
  auto type = getType(op.getY());
  int64_t rank = type.getRank(), columns = getRank(op.getB()) - 1;
  Value lhs =
      subtractZeroPoint(b, op.getA(), op.getAZeroPoint(), getRowDim(op.getA()));
  Value rhs = subtractZeroPoint(b, op.getB(), op.getBZeroPoint(), columns);
  Value sum = buildMatmul(b, type.clone(b.getI32Type()), lhs, rhs);
  return requantize(
      b, type, sum,
      alongDim(b, op.getAScale(), std::max<int64_t>(rank - 2, 0), rank),
      alongDim(b, op.getBScale(), rank - 1, rank),
      alongDim(b, op.getYScale(), std::max<int64_t>(rank - 2, 0), rank),
      alongDim(b, op.getYZeroPoint(), std::max<int64_t>(rank - 2, 0), rank));
}

static Lowered lowerQLinearConv(onnx::QLinearConvOp op, LayerBuilder &b) {
  auto type = getType(op.getY());
  Value x = subtractZeroPoint(b, op.getX(), op.getXZeroPoint(), 0);
  Value w = subtractZeroPoint(b, op.getW(), op.getWZeroPoint(), 0);
  FailureOr<Value> sum =
      buildConv(b, type.clone(b.getI32Type()), x, w, op.getB(), op);
  if (failed(sum))
    return failure();
  return requantize(b, type, *sum, alongDim(b, op.getXScale(), 0, 1),
                    alongDim(b, op.getWScale(), 1, type.getRank()),
                    alongDim(b, op.getYScale(), 0, 1),
                    alongDim(b, op.getYZeroPoint(), 0, 1));
}

void lowering::populateQuantize(LoweringTable &table) {
  table.add(lowerConvInteger);
  table.add(lowerQLinearConv);
  table.add(lowerQLinearMatMul);
  table.add(lowerDequantizeLinear);
  table.add(lowerQuantizeLinear);
  table.add(lowerMatMulInteger);
}
