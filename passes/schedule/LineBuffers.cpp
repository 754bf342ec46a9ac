//===- LineBuffers.cpp - Rows of tensors in scratch memory ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A buffer of 2 kept and 1 new rows, around the end of a tensor of 5 rows:
//
//     round        4        5        6
//     kept      row 2    row 3    row 4
//               row 3    row 4    padding
//     new       row 4    padding  padding
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/LineBuffers.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "passes/schedule/MemoryTypes.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

LineBuffers::LineBuffers(OpBuilder &builder, Location loc,
                         const BandLayout &layout, Value scratch)
    : builder(builder), loc(loc), layout(layout), scratch(scratch) {
  for (const BandBuffer &buffer : layout.buffers) {
    RankedTensorType type = buffer.getType();
    SmallVector<int64_t> shape(type.getShape());
    shape[buffer.dim] = buffer.getRows();
    SmallVector<int64_t> strides = computeStrides(shape);
    int64_t inside = 0;
    if (nn::AssembleOp border = buffer.border)
      for (unsigned dim = 0; dim < shape.size(); ++dim)
        if (dim != buffer.dim)
          inside += border.getPartOffsets(0)[dim] * strides[dim];
    rows.push_back(
        {getScratch(buffer.offset, ShapedType::getNumElements(shape),
                    getMemoryType(type.getElementType()),
                    buffer.value.getLoc()),
         shape, strides, inside,
         ShapedType::getNumElements(ArrayRef(shape).take_front(buffer.dim)),
         strides[buffer.dim]});
  }
}

//===----------------------------------------------------------------------===//
// Numbers and views
//===----------------------------------------------------------------------===//

Value LineBuffers::getConstant(int64_t value) {
  return builder.create<arith::ConstantIndexOp>(loc, value);
}

Value LineBuffers::getLinear(Value value, int64_t factor, int64_t summand) {
  if (factor != 1)
    value = builder.create<arith::MulIOp>(loc, value, getConstant(factor));
  if (summand != 0)
    value = builder.create<arith::AddIOp>(loc, value, getConstant(summand));
  return value;
}

Value LineBuffers::clamp(Value value, int64_t low, int64_t high) {
  value = builder.create<arith::MaxSIOp>(loc, value, getConstant(low));
  return builder.create<arith::MinSIOp>(loc, value, getConstant(high));
}

Value LineBuffers::getScratch(int64_t offset, int64_t elements, Type element,
                              Location loc) {
  return builder.create<kernel::SliceOp>(
      loc, MemRefType::get(elements, element), scratch, offset);
}

Value schedule::getDenseView(OpBuilder &builder, Location loc, Value memory,
                             ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides = computeStrides(shape);
  Type element = cast<MemRefType>(memory.getType()).getElementType();
  return builder.create<memref::ReinterpretCastOp>(
      loc, MemRefType::get(shape, element), memory, /*offset=*/0, shape,
      strides);
}

Value LineBuffers::getView(unsigned buffer, int64_t first, int64_t count,
                           bool bordered) {
  const Rows &lines = rows[buffer];
  const BandBuffer &band = layout.buffers[buffer];
  auto type =
      bordered ? band.getType() : cast<RankedTensorType>(band.value.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape[band.dim] = count;
  int64_t offset = first * lines.elements + (bordered ? 0 : lines.inside);
  MemRefLayoutAttrInterface strided;
  if (offset != 0 || shape != lines.shape)
    strided =
        StridedLayoutAttr::get(builder.getContext(), offset, lines.strides);
  Type element = cast<MemRefType>(lines.memory.getType()).getElementType();
  return builder.create<memref::ReinterpretCastOp>(
      loc, MemRefType::get(shape, element, strided), lines.memory, offset,
      shape, lines.strides);
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

void LineBuffers::fill(unsigned index) {
  const Rows &lines = rows[index];
  auto type = cast<MemRefType>(lines.memory.getType());
  TypedAttr value = layout.buffers[index].padding;
  if (!value)
    value = builder.getZeroAttr(type.getElementType());
  builder.create<kernel::FillOp>(loc, lines.memory, getConstant(0),
                                 getConstant(type.getNumElements()),
                                 builder.create<arith::ConstantOp>(loc, value));
}

void LineBuffers::fillBefore() {
  for (auto [index, buffer] : llvm::enumerate(layout.buffers))
    if (buffer.isKept)
      fill(index);
}

void LineBuffers::keepRows(unsigned index) {
  const BandBuffer &buffer = layout.buffers[index];
  const Rows &lines = rows[index];
  // In pieces, whose sources and targets do not overlap.
  for (int64_t row = 0; row < buffer.kept; row += buffer.height) {
    int64_t count = std::min(buffer.height, buffer.kept - row);
    builder.create<kernel::CopyOp>(
        loc, lines.memory, getConstant((row + buffer.height) * lines.elements),
        lines.memory, getConstant(row * lines.elements),
        getConstant(count * lines.elements));
  }
}

void LineBuffers::fillRows(unsigned index, Value row, int64_t place,
                           int64_t count) {
  const BandBuffer &buffer = layout.buffers[index];
  const Rows &lines = rows[index];
  if (!buffer.padding)
    return;
  OpBuilder::InsertionGuard guard(builder);
  Value value = builder.create<arith::ConstantOp>(loc, buffer.padding), plane;
  if (lines.planes != 1)
    plane = getLinear(enterLoop(getConstant(lines.planes)),
                      buffer.getRows() * lines.elements, 0);
  auto fill = [&](Value first, Value number) {
    Value at = getLinear(first, lines.elements, 0);
    if (plane)
      at = builder.create<arith::AddIOp>(loc, plane, at);
    builder.create<kernel::FillOp>(loc, lines.memory, at,
                                   getLinear(number, lines.elements, 0), value);
  };
  // Whole bands above are as `fillBefore` left them.
  bool isAbove =
      buffer.first - buffer.kept < layout.roundsBefore * buffer.height;
  if (isAbove && (!buffer.isKept || buffer.first % buffer.height != 0))
    fill(getConstant(place), clamp(getLinear(row, -1, 0), 0, count));
  if (layout.getEnd(index) <= buffer.totalRows)
    return;
  Value below = clamp(getLinear(row, 1, count - buffer.totalRows), 0, count);
  fill(getLinear(below, -1, place + count), below);
}

Value LineBuffers::enterLoop(Value bound) {
  auto loop =
      builder.create<scf::ForOp>(loc, getConstant(0), bound, getConstant(1));
  builder.setInsertionPointToStart(loop.getBody());
  return loop.getInductionVar();
}

namespace {
/// A view as flat memory, an offset and strides.
struct FlatView {
  Value memory;
  int64_t offset = 0;
  SmallVector<int64_t> strides;
};
} // namespace

static FlatView getFlatView(OpBuilder &builder, Location loc, Value view) {
  FlatView flat{view, 0,
                computeStrides(cast<MemRefType>(view.getType()).getShape())};
  if (auto cast = view.getDefiningOp<memref::ReinterpretCastOp>()) {
    flat.memory = cast.getSource();
    flat.offset = cast.getStaticOffsets()[0];
    flat.strides = llvm::to_vector(cast.getStaticStrides());
  }
  auto type = cast<MemRefType>(flat.memory.getType());
  // An argument, which `lower-layers` makes flat.
  if (type.getRank() != 1)
    flat.memory =
        getDenseView(builder, loc, flat.memory, type.getNumElements());
  return flat;
}

void LineBuffers::copyRows(unsigned index, Value view, RowRange range,
                           bool load) {
  const Rows &lines = rows[index];
  const BandBuffer &buffer = layout.buffers[index];
  FlatView flat = getFlatView(builder, loc, view);
  ArrayRef<int64_t> shape = cast<ShapedType>(buffer.value.getType()).getShape();
  unsigned rowDim = buffer.dim;
  // The result's rows are stored where there are some; rows from outside are
  // loaded in all rounds.
  bool isAbove = range.lowest < 0;
  bool isBelow = layout.getEnd(index) > buffer.totalRows;
  Value zero = getConstant(0), begin = range.row,
        place = getConstant(range.place);
  if (isAbove) {
    begin = builder.create<arith::MaxSIOp>(loc, range.row, zero);
    place = getLinear(builder.create<arith::SubIOp>(loc, begin, range.row), 1,
                      range.place);
  }
  Value count = getConstant(range.count);
  if (isAbove || isBelow) {
    Value end = getLinear(range.row, 1, range.count);
    if (isBelow)
      end = builder.create<arith::MinSIOp>(loc, end,
                                           getConstant(buffer.totalRows));
    count = builder.create<arith::MaxSIOp>(
        loc, builder.create<arith::SubIOp>(loc, end, begin), zero);
  }
  Value inView = getLinear(begin, flat.strides[rowDim], flat.offset);
  Value inBuffer = getLinear(place, lines.elements, lines.inside);

  // What lies without gaps is one piece; around it are loops.
  unsigned inner = shape.size();
  int64_t piece = 1;
  auto isNext = [&](unsigned dim) {
    return flat.strides[dim] == piece && lines.strides[dim] == piece;
  };
  while (inner > rowDim + 1 && (shape[inner - 1] == 1 || isNext(inner - 1)))
    piece *= shape[--inner];
  Value elements = getConstant(piece);
  if (inner == rowDim + 1 && isNext(rowDim)) {
    elements = getLinear(count, piece, 0);
    --inner;
  }
  OpBuilder::InsertionGuard guard(builder);
  for (unsigned dim = 0; dim < inner; ++dim) {
    if (shape[dim] == 1 && dim != rowDim)
      continue;
    Value index = enterLoop(dim == rowDim ? count : getConstant(shape[dim]));
    inView = builder.create<arith::AddIOp>(
        loc, inView, getLinear(index, flat.strides[dim], 0));
    inBuffer = builder.create<arith::AddIOp>(
        loc, inBuffer, getLinear(index, lines.strides[dim], 0));
  }
  if (load)
    builder.create<kernel::CopyOp>(loc, flat.memory, inView, lines.memory,
                                   inBuffer, elements);
  else
    builder.create<kernel::CopyOp>(loc, lines.memory, inBuffer, flat.memory,
                                   inView, elements);
}
