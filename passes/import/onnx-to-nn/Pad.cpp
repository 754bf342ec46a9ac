//===- Pad.cpp - Padding --------------------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Constant padding is an assembly of one part; the other modes gather by a
// table of indices an axis. A negative pad cuts off.
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

/// The input element that output element `at - before` of an axis repeats.
static int64_t getSource(StringRef mode, int64_t at, int64_t size) {
  if (mode == "edge")
    return std::clamp<int64_t>(at, 0, size - 1);
  if (mode == "wrap")
    return ((at % size) + size) % size;
  // reflect: back and forth, without repeating the border.
  int64_t period = std::max<int64_t>(2 * (size - 1), 1);
  at = ((at % period) + period) % period;
  return at < size ? at : period - at;
}

static Value padByTables(LayerBuilder &b, RankedTensorType type, Value x,
                         ArrayRef<int64_t> before, StringRef mode) {
  Access input = b.all(x);
  SmallVector<Access> tables;
  for (int64_t axis = 0; axis < type.getRank(); ++axis) {
    int64_t size = getShape(x)[axis];
    if (before[axis] == 0 && type.getDimSize(axis) == size)
      continue;
    Ints table;
    for (int64_t at = 0; at < type.getDimSize(axis); ++at)
      table.push_back(getSource(mode, at - before[axis], size));
    input.index[axis] = b.s(tables.size());
    tables.push_back({b.ints(table), {b.d(axis)}});
  }
  return tables.empty() ? x : b.gather(b.over(type), input, tables);
}

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

/// Pads, or the value to pad with, that the program computes: a gather, and a
/// choice between an element and the value.
static Lowered padAtComputedPlaces(onnx::PadOp op, LayerBuilder &b) {
  auto type = getType(op.getOutput());
  int64_t rank = type.getRank();
  Type i64 = b.getI64Type();
  StringRef mode = op.getMode();
  bool isConstant = mode == "constant";
  Value value = op.getConstantValue();
  if (getType(op.getData()).getNumElements() == 0)
    return b.refuse("pads an empty tensor");
  Access input = b.all(op.getData());
  SmallVector<Access> inputs, indices;
  for (int64_t axis = 0; axis < rank; ++axis) {
    int64_t size = getShape(op.getData())[axis];
    auto before = pickForAxis(b, op.getPads(), op.getAxes(), axis, rank, 0);
    if (failed(before))
      return failure();
    auto places = RankedTensorType::get(type.getDimSize(axis), i64);
    auto getPlace = [&](Scalars x) { return b.index(0).cast(i64) - x[0]; };
    Value index = b.elementwise(places, *before, [&](Scalars x) {
      Scalar at = getPlace(x);
      if (isConstant || mode == "edge")
        return min(max(at, 0), double(size - 1));
      int64_t period =
          mode == "wrap" ? size : std::max<int64_t>(2 * (size - 1), 1);
      at = at % double(period);
      at = select(at < 0, at + double(period), at);
      return select(at < double(size), at, double(period) - at);
    });
    input.index[axis] = b.s(axis);
    indices.push_back({index, {b.d(axis)}});
    if (isConstant)
      inputs.push_back({b.elementwise(places.clone(b.getI1Type()), *before,
                                      [&](Scalars x) {
                                        Scalar at = getPlace(x);
                                        return (at >= 0) & (at < double(size));
                                      }),
                        {b.d(axis)}});
  }
  if (isConstant && value)
    inputs.push_back({b.reshape(value, {}), {}});
  inputs.insert(inputs.begin(), input);
  return b.gather(b.over(type), inputs, indices, [&](Scalars x) {
    Scalar result = x[0];
    for (int64_t axis = 0; axis < rank && isConstant; ++axis)
      result = value ? select(x[1 + axis], result, x.back())
                     : select(x[1 + axis], result, 0);
    return result;
  });
}

static Lowered lowerPad(onnx::PadOp op, LayerBuilder &b) {
  auto type = getType(op.getOutput());
  Value x = op.getData();
  int64_t rank = type.getRank();
  std::optional<Ints> pads = b.getInts(op.getPads()),
                      axes = b.getInts(op.getAxes());
  if (!pads || (op.getAxes() && !axes))
    return padAtComputedPlaces(op, b);
  if (!axes)
    axes = range(0, rank);
  if (pads->size() != 2 * axes->size() || getRank(x) != rank)
    return b.refuse("has lists of different lengths");
  Ints before(rank, 0);
  for (auto [index, axis] : llvm::enumerate(*axes)) {
    FailureOr<int64_t> dim = b.normalizeAxis(axis, rank);
    if (failed(dim))
      return failure();
    before[*dim] = (*pads)[index];
  }
  if (op.getMode() != "constant") {
    if (getType(x).getNumElements() == 0)
      return b.refuse("repeats elements of an empty tensor");
    return padByTables(b, type, x, before, op.getMode());
  }
  TypedAttr fill = getFill(op, b);
  if (!fill)
    return padAtComputedPlaces(op, b);
  return assembleAt(b, type, x, before, fill);
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
