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

#include "dialects/nn/Quantization.h"
#include "passes/import/onnx-to-nn/Families.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

/// "[2, 3]"
static std::string printShape(ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "[";
  llvm::interleaveComma(shape, os);
  os << "]";
  return text;
}

namespace {
/// What is quantized or dequantized, and by what.
struct Quantized {
  Value x, scale, zero;
  int64_t axis = 0;
  /// Neighbours along the axis that share a scale; 0 where each index has one,
  /// or all do.
  int64_t block = 0;

  bool hasOneScale() const { return getType(scale).getNumElements() == 1; }
};
} // namespace

template <typename OpT>
static FailureOr<Quantized> getQuantized(OpT op, LayerBuilder &b, Value scale,
                                         Value zero) {
  Quantized q{op.getX(), scale, zero, 0, int64_t(op.getBlockSize())};
  bool hasOneZero = zero && getType(zero).getNumElements() == 1;
  if (zero && getShape(zero) != getShape(scale) &&
      !(hasOneZero && q.hasOneScale()))
    return b.refuse("has a scale of shape " + printShape(getShape(scale)) +
                    " and a zero point of shape " + printShape(getShape(zero)));
  if (q.block < 0)
    return b.refuse("has a block_size of " + Twine(q.block));
  if (q.hasOneScale() && q.block == 0)
    return q;
  FailureOr<int64_t> axis = b.normalizeAxis(op.getAxis(), getRank(q.x));
  if (failed(axis))
    return failure();
  q.axis = *axis;
  Ints expected(getShape(q.x));
  if (q.block)
    expected[*axis] = llvm::divideCeil(expected[*axis], q.block);
  else
    expected = {expected[*axis]};
  if (getShape(scale) != ArrayRef(expected))
    return b.refuse("has a scale of shape " + printShape(getShape(scale)) +
                    ", expected " + printShape(expected));
  return q;
}

/// Access to what is quantized, its scale, and its zero point if it is not 0.
static SmallVector<Access> getAccesses(LayerBuilder &b, const Quantized &q) {
  SmallVector<Access> accesses = {b.all(q.x)};
  accesses[0].isKept = true; // a bias of zeros is a bias
  Value zero = q.zero;
  if (std::optional<Ints> zeros = b.getInts(zero))
    if (llvm::all_of(*zeros, [](int64_t number) { return number == 0; }))
      zero = {};
  for (Value value : {q.scale, zero}) {
    if (!value)
      continue;
    Access access = {value, Exprs(getRank(value), b.c(0))};
    if (!q.hasOneScale() && q.block) {
      access = b.all(value);
      bool isOne = getShape(value)[q.axis] == 1;
      access.index[q.axis] = isOne ? b.c(0) : b.d(q.axis).floorDiv(q.block);
    } else if (!q.hasOneScale()) {
      access.index = {b.d(q.axis)};
    }
    accesses.push_back(access);
  }
  return accesses;
}

/// A map over `type`. A last block that is shorter than the others is one of
/// its own.
static Value mapQuantized(LayerBuilder &b, RankedTensorType type, Quantized q,
                          LayerBuilder::Body body) {
  int64_t size = getShape(q.x)[q.block ? q.axis : 0];
  int64_t rest = q.block ? size % q.block : 0;
  if (rest == 0 || rest == size)
    return b.map(b.over(type), getAccesses(b, q), body);
  SmallVector<Value> parts;
  int64_t blocks = size / q.block;
  auto addPart = [&](int64_t first, int64_t count, int64_t firstBlock,
                     int64_t countBlocks) {
    Quantized part = q;
    part.x = b.slice(q.x, q.axis, first, count);
    part.scale = b.slice(q.scale, q.axis, firstBlock, countBlocks);
    if (q.zero)
      part.zero = b.slice(q.zero, q.axis, firstBlock, countBlocks);
    parts.push_back(mapQuantized(b, type.clone(getShape(part.x)), part, body));
  };
  addPart(0, size - rest, 0, blocks);
  addPart(size - rest, rest, blocks, 1);
  return b.concat(type, parts, q.axis);
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
  auto q = getQuantized(op, b, op.getXScale(), op.getXZeroPoint());
  if (failed(q))
    return failure();
  Type compute = getComputeType(getElement(q->scale));
  return mapQuantized(b, getType(op.getY()), *q, [&](Scalars x) -> Scalar {
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
  nn::Interval range = nn::getIntegerRange(width, isUnsigned);
  return {b,
          b.create<nn::QuantizeOp>(nn::getScalarType(type), x.get(),
                                   scale.get(), offset, range.low, range.high),
          type};
}

static Lowered lowerQuantizeLinear(onnx::QuantizeLinearOp op, LayerBuilder &b) {
  auto q = getQuantized(op, b, op.getYScale(), op.getYZeroPoint());
  if (failed(q))
    return failure();
  auto type = getType(op.getY());
  return mapQuantized(b, type, *q, [&](Scalars x) {
    return quantize(b, x[0].cast(getComputeType(getElement(q->scale))), x[1],
                    x.size() == 3 ? std::optional(x[2]) : std::nullopt,
                    type.getElementType());
  });
}

//===----------------------------------------------------------------------===//
// Integer products
//===----------------------------------------------------------------------===//

/// Refuses a vector of scales or zero points that is not one of `size`.
static LogicalResult checkParameter(LayerBuilder &b, StringRef name,
                                    Value parameter, int64_t size) {
  if (!parameter || getRank(parameter) > 1 ||
      getType(parameter).getNumElements() == 1 ||
      getType(parameter).getNumElements() == size)
    return success();
  std::string expected = size == 1 ? "one" : "one or " + std::to_string(size);
  return b.refuse("has an input '" + name + "' of " +
                  Twine(getType(parameter).getNumElements()) +
                  " elements, expected " + expected);
}

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

static int64_t getRows(Value matrix) {
  return getRank(matrix) < 2 ? 1 : getShape(matrix)[getRowDim(matrix)];
}

static int64_t getColumns(Value matrix) {
  return getRank(matrix) < 2 ? 1 : getShape(matrix).back();
}

static Lowered lowerMatMulInteger(onnx::MatMulIntegerOp op, LayerBuilder &b) {
  if (failed(checkParameter(b, "a_zero_point", op.getAZeroPoint(),
                            getRows(op.getA()))) ||
      failed(checkParameter(b, "b_zero_point", op.getBZeroPoint(),
                            getColumns(op.getB()))))
    return failure();
  Factor lhs =
      getFactor(b, op.getA(), op.getAZeroPoint(), getRowDim(op.getA()));
  Factor rhs =
      getFactor(b, op.getB(), op.getBZeroPoint(), getRank(op.getB()) - 1);
  Value product = buildMatmul(b, getType(op.getY()), lhs.value, rhs.value);
  return subtractZeros(b, product, lhs, rhs);
}

static Lowered lowerConvInteger(onnx::ConvIntegerOp op, LayerBuilder &b) {
  if (failed(checkParameter(b, "x_zero_point", op.getXZeroPoint(), 1)) ||
      failed(checkParameter(b, "w_zero_point", op.getWZeroPoint(),
                            getShape(op.getW())[0])))
    return failure();
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
  int64_t rows = getRows(op.getA()), columns = getColumns(op.getB());
  if (failed(checkParameter(b, "a_scale", op.getAScale(), rows)) ||
      failed(checkParameter(b, "a_zero_point", op.getAZeroPoint(), rows)) ||
      failed(checkParameter(b, "b_scale", op.getBScale(), columns)) ||
      failed(checkParameter(b, "b_zero_point", op.getBZeroPoint(), columns)) ||
      failed(checkParameter(b, "y_scale", op.getYScale(), rows)) ||
      failed(checkParameter(b, "y_zero_point", op.getYZeroPoint(), rows)))
    return failure();
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
  int64_t channels = getShape(op.getW())[0];
  if (failed(checkParameter(b, "x_scale", op.getXScale(), 1)) ||
      failed(checkParameter(b, "x_zero_point", op.getXZeroPoint(), 1)) ||
      failed(checkParameter(b, "w_scale", op.getWScale(), channels)) ||
      failed(checkParameter(b, "w_zero_point", op.getWZeroPoint(), channels)) ||
      failed(checkParameter(b, "y_scale", op.getYScale(), 1)) ||
      failed(checkParameter(b, "y_zero_point", op.getYZeroPoint(), 1)))
    return failure();
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
