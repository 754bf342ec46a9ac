//===- Pad.cpp - Padding --------------------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Padding with a known value is an assembly of one part, if it is known how
// much; all else gathers by a table of indices an axis. A negative pad cuts
// off.
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

/// What of `x` lies inside a tensor of `type`, `before` its beginning, and
/// `fill` around it.
static Value assembleAt(LayerBuilder &b, RankedTensorType type, Value x,
                        ArrayRef<int64_t> before, TypedAttr fill) {
  Ints offset;
  for (int64_t axis = 0; axis < type.getRank(); ++axis) {
    int64_t first = std::max<int64_t>(0, -before[axis]),
            size = getShape(x)[axis];
    int64_t at = std::max<int64_t>(0, before[axis]),
            room = type.getDimSize(axis) - at;
    x = b.slice(
        x, axis, first,
        std::clamp<int64_t>(size - first, 0, std::max<int64_t>(room, 0)));
    offset.push_back(std::min(at, type.getDimSize(axis)));
  }
  if (getType(x) == type)
    return x;
  SmallVector<Attribute> offsets = {b.getDenseI64ArrayAttr(offset)};
  return b.create<nn::AssembleOp>(type, x, b.getArrayAttr(offsets), fill)
      .getResult();
}

/// The value around a constant padding; null if it is not known.
static TypedAttr getFill(onnx::PadOp op, LayerBuilder &b) {
  Type element = getElement(op.getData());
  if (!op.getConstantValue())
    return getNumber(element, 0);
  DenseElementsAttr value = b.getConstant(op.getConstantValue());
  if (!value || value.getNumElements() != 1)
    return {};
  if (isa<FloatType>(element))
    return value.getSplatValue<FloatAttr>();
  return b.getIntegerAttr(nn::getScalarType(element),
                          value.getSplatValue<APInt>());
}

/// The element of an axis that stands at `at`, which may lie outside.
static Scalar getSource(StringRef mode, Scalar at, int64_t size) {
  if (mode == "constant" || mode == "edge")
    return min(max(at, 0), double(size - 1));
  // reflect: back and forth, without repeating the border.
  double period = mode == "wrap" ? size : std::max<int64_t>(2 * (size - 1), 1);
  at = at % period;
  at = select(at < 0, at + period, at);
  return select(at < double(size), at, period - at);
}

/// A gather; `before` is how much is added in front of each axis.
static Lowered padByGather(onnx::PadOp op, LayerBuilder &b,
                           ArrayRef<Value> before) {
  auto type = getType(op.getOutput());
  Value x = op.getData(), fill = op.getConstantValue();
  Type i64 = b.getI64Type();
  bool isConstant = op.getMode() == "constant";
  if (getType(x).getNumElements() == 0)
    return b.refuse("pads an empty tensor");
  SmallVector<Access> inputs = {b.all(x)}, indices;
  for (int64_t axis = 0; axis < type.getRank(); ++axis) {
    int64_t size = getShape(x)[axis];
    auto makeTable = [&](Type element, auto get) -> Access {
      auto table = RankedTensorType::get(type.getDimSize(axis), element);
      Value value = b.elementwise(table, before[axis], [&](Scalars x) {
        return get(b.index(0).cast(i64) - x[0]);
      });
      return {b.folded(value), {b.d(axis)}};
    };
    inputs[0].index[axis] = b.s(axis);
    indices.push_back(makeTable(
        i64, [&](Scalar at) { return getSource(op.getMode(), at, size); }));
    if (isConstant)
      inputs.push_back(makeTable(b.getI1Type(), [&](Scalar at) {
        return (at >= 0) & (at < double(size));
      }));
  }
  if (isConstant && fill)
    inputs.push_back({b.reshape(fill, {}), {}});
  return b.gather(b.over(type), inputs, indices, [&](Scalars x) {
    Scalar result = x[0], around = fill ? x.back() : result.like(0);
    for (int64_t axis = 0; axis < type.getRank() && isConstant; ++axis)
      result = select(x[1 + axis], result, around);
    return result;
  });
}

static Lowered lowerPad(onnx::PadOp op, LayerBuilder &b) {
  auto type = getType(op.getOutput());
  int64_t rank = type.getRank();
  int64_t count = op.getAxes() ? getType(op.getAxes()).getNumElements() : rank;
  if (getType(op.getPads()).getShape() != ArrayRef<int64_t>{2 * count} ||
      getRank(op.getData()) != rank)
    return b.refuse("has lists of different lengths");
  Value pads = b.folded(b.slice(op.getPads(), 0, 0, count));
  SmallVector<Value> before;
  Ints known;
  for (int64_t axis = 0; axis < rank; ++axis) {
    auto added = pickForAxis(b, pads, op.getAxes(), axis, rank, 0);
    if (failed(added))
      return failure();
    before.push_back(*added);
    if (std::optional<Ints> constant = b.getInts(*added))
      known.push_back(constant->front());
  }
  TypedAttr fill = getFill(op, b);
  if (op.getMode() == "constant" && fill && int64_t(known.size()) == rank)
    return assembleAt(b, type, op.getData(), known, fill);
  return padByGather(op, b, before);
}

/// Crops or pads both sides alike; of an odd number, the end takes one more.
static Lowered lowerCenterCropPad(onnx::CenterCropPadOp op, LayerBuilder &b) {
  auto type = getType(op.getOutputData());
  Ints before;
  for (auto [from, to] :
       llvm::zip_equal(getShape(op.getInputData()), type.getShape()))
    before.push_back(to > from ? (to - from) / 2 : -((from - to) / 2));
  return assembleAt(b, type, op.getInputData(), before,
                    getNumber(type.getElementType(), 0));
}

void lowering::populatePad(LoweringTable &table) {
  table.add(lowerPad);
  table.add(lowerCenterCropPad);
}
