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
  accesses[0].isKept = true; // a bias of zeros is a bias
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

/// (x - zero) * scale, where `x` is an integer.
static Scalar dequantize(LayerBuilder &b, Scalar x, Scalar scale,
                         std::optional<Scalar> zero, Type type) {
  Value offset = zero ? zero->cast(b.getI32Type()).get() : Value();
  return {b,
          b.create<nn::DequantizeOp>(type, x.get(), scale.get(), offset,
                                     x.isUnsigned()),
          type};
}

/// (x - zero point) * scale
static Lowered lowerDequantizeLinear(onnx::DequantizeLinearOp op,
                                     LayerBuilder &b) {
  auto type = getType(op.getY());
  auto inputs = getParameters(op, b, op.getXScale(), op.getXZeroPoint());
  if (failed(inputs))
    return failure();
  Type compute = getComputeType(getElement(op.getXScale()));
  return b.map(b.over(type), *inputs, [&](Scalars x) -> Scalar {
    std::optional<Scalar> zero;
    if (x.size() == 3)
      zero = x[2];
    if (!x[0].isFloat())
      return dequantize(b, x[0], x[1], zero, compute);
    Scalar value = x[0].cast(compute);
    return (zero ? value - zero->cast(compute) : value) * x[1];
  });
}

/// x / scale, plus `zero`, as `type`: rounded to even, and saturated.
static Scalar quantize(LayerBuilder &b, Scalar x, Scalar scale,
                       std::optional<Scalar> zero, Type type) {
  if (isa<FloatType>(type)) {
    Scalar scaled = x / scale;
    return castSaturating(zero ? scaled + zero->cast(x.getType()) : scaled,
                          type, true);
  }
  Value offset = zero ? zero->cast(b.getI32Type()).get() : Value();
  unsigned width = type.getIntOrFloatBitWidth();
  bool isUnsigned = type.isUnsignedInteger();
  int64_t low = isUnsigned ? 0 : -(int64_t(1) << (width - 1));
  int64_t high = (int64_t(1) << (isUnsigned ? width : width - 1)) - 1;
  return {b,
          b.create<nn::QuantizeOp>(nn::getScalarType(type), x.get(),
                                   scale.get(), offset, low, high),
          type};
}

static Lowered lowerQuantizeLinear(onnx::QuantizeLinearOp op, LayerBuilder &b) {
  auto type = getType(op.getY());
  auto inputs = getParameters(op, b, op.getYScale(), op.getYZeroPoint());
  if (failed(inputs))
    return failure();
  return b.map(b.over(type), *inputs, [&](Scalars x) {
    return quantize(b, x[0].cast(getComputeType(getElement(op.getYScale()))),
                    x[1], x.size() == 3 ? std::optional(x[2]) : std::nullopt,
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

namespace {
/// Integers, and what a product subtracts of each.
struct Factor {
  Value value;
  int64_t zero = 0;
};
} // namespace

/// One zero point that is known is the product's. Others are subtracted before,
/// in as few bits as hold the difference.
static Factor getFactor(LayerBuilder &b, Value value, Value zero, int64_t dim) {
  if (!zero)
    return {value};
  std::optional<Ints> zeros = b.getInts(zero);
  if (zeros && !zeros->empty() && llvm::all_equal(*zeros))
    return {value, zeros->front()};
  Type wide = b.getIntegerType(16);
  return {b.elementwise(
      withElement(value, wide), {value, alongDim(b, zero, dim, getRank(value))},
      [&](Scalars x) { return x[0].cast(wide) - x[1].cast(wide); })};
}

static Value subtractZeros(LayerBuilder &b, Value product, const Factor &lhs,
                           const Factor &rhs) {
  if (lhs.zero || rhs.zero)
    product.getDefiningOp<nn::ContractOp>().setZeroPointsAttr(
        b.getDenseI64ArrayAttr({lhs.zero, rhs.zero}));
  return product;
}

static int64_t getRowDim(Value matrix) {
  return std::max<int64_t>(getRank(matrix) - 2, 0);
}

static Lowered lowerMatMulInteger(onnx::MatMulIntegerOp op, LayerBuilder &b) {
  Factor lhs =
      getFactor(b, op.getA(), op.getAZeroPoint(), getRowDim(op.getA()));
  Factor rhs =
      getFactor(b, op.getB(), op.getBZeroPoint(), getRank(op.getB()) - 1);
  Value product = buildMatmul(b, getType(op.getY()), lhs.value, rhs.value);
  return subtractZeros(b, product, lhs, rhs);
}

static Lowered lowerConvInteger(onnx::ConvIntegerOp op, LayerBuilder &b) {
  Factor x = getFactor(b, op.getX(), op.getXZeroPoint(), 0);
  Factor w = getFactor(b, op.getW(), op.getWZeroPoint(), 0);
  FailureOr<Value> sum =
      buildConv(b, getType(op.getY()), x.value, w.value, {}, op);
  if (failed(sum))
    return failure();
  return subtractZeros(b, *sum, x, w);
}

/// `value` as floats, where `scale` and `zero` are one number or one an index
/// of `dim`.
static Value dequantizeAlong(LayerBuilder &b, Value value, Value scale,
                             Value zero, int64_t dim) {
  Type type = getComputeType(getElement(scale));
  int64_t rank = getRank(value);
  SmallVector<Access> inputs = {b.all(value)};
  inputs[0].isKept = true;
  for (Value parameter : {scale, zero})
    if (parameter)
      inputs.push_back(
          b.broadcast(alongDim(b, parameter, dim, rank), getShape(value)));
  return b.map(b.over(withElement(value, type)), inputs, [&](Scalars x) {
    return dequantize(b, x[0], x[1].cast(type),
                      x.size() == 3 ? std::optional(x[2]) : std::nullopt, type);
  });
}

static Value quantizeAlong(LayerBuilder &b, RankedTensorType type, Value value,
                           Value scale, Value zero, int64_t dim) {
  int64_t rank = type.getRank();
  return b.elementwise(
      type,
      {value, alongDim(b, scale, dim, rank), alongDim(b, zero, dim, rank)},
      [&](Scalars x) {
        return quantize(b, x[0], x[1].cast(x[0].getType()), x[2],
                        type.getElementType());
      });
}

// The quantized forms of operators are defined by the operators between
// DequantizeLinear and QuantizeLinear; carry-integers makes integers of either.

static Lowered lowerQLinearMatMul(onnx::QLinearMatMulOp op, LayerBuilder &b) {
  auto type = getType(op.getY());
  int64_t row = std::max<int64_t>(type.getRank() - 2, 0);
  Value lhs = dequantizeAlong(b, op.getA(), op.getAScale(), op.getAZeroPoint(),
                              getRowDim(op.getA()));
  Value rhs = dequantizeAlong(b, op.getB(), op.getBScale(), op.getBZeroPoint(),
                              getRank(op.getB()) - 1);
  Value product = buildMatmul(b, type.clone(getElement(lhs)), lhs, rhs);
  return quantizeAlong(b, type, product, op.getYScale(), op.getYZeroPoint(),
                       row);
}

static Lowered lowerQLinearConv(onnx::QLinearConvOp op, LayerBuilder &b) {
  auto type = getType(op.getY());
  Value x =
      dequantizeAlong(b, op.getX(), op.getXScale(), op.getXZeroPoint(), 0);
  Value w =
      dequantizeAlong(b, op.getW(), op.getWScale(), op.getWZeroPoint(), 0);
  Value bias = op.getB();
  if (bias) {
    Value scale = b.elementwise(getType(op.getWScale()),
                                {b.reshape(op.getXScale(), {}), op.getWScale()},
                                [](Scalars s) { return s[0] * s[1]; });
    bias = dequantizeAlong(b, bias, scale, {}, 0);
  }
  FailureOr<Value> sum =
      buildConv(b, type.clone(getElement(x)), x, w, bias, op);
  if (failed(sum))
    return failure();
  return quantizeAlong(b, type, *sum, op.getYScale(), op.getYZeroPoint(), 1);
}

void lowering::populateQuantize(LoweringTable &table) {
  table.add(lowerConvInteger);
  table.add(lowerQLinearConv);
  table.add(lowerQLinearMatMul);
  table.add(lowerDequantizeLinear);
  table.add(lowerQuantizeLinear);
  table.add(lowerMatMulInteger);
}
