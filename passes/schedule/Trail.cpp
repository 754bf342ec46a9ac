//===- Trail.cpp - Results over what has been read of operands ------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/Trail.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

/// Nobody reads the tensor but by rows of this buffer.
static bool isReadByRows(ArrayRef<BandLayer> layers, const BandLayout &layout,
                         unsigned buffer) {
  Value value = layout.buffers[buffer].value;
  for (auto [member, reads] : llvm::zip_equal(layers, layout.reads)) {
    nn::LayerOpInterface layer = member.layer;
    for (OpOperand &operand : layer->getOpOperands()) {
      if (operand.get() != value)
        continue;
      bool found = false;
      for (auto [window, read] : llvm::zip_equal(member.rows.windows, reads))
        found |= window.operand == operand.getOperandNumber() &&
                 read.buffer == buffer;
      if (!found)
        return false;
    }
  }
  // Through a border, it may be read by rows in another direction.
  for (unsigned other = 0; other < layout.numOutside; ++other)
    if (other != buffer && layout.buffers[other].value == value)
      return false;
  return true;
}

std::optional<int64_t> schedule::getLag(ArrayRef<BandLayer> layers,
                                        const BandLayout &layout,
                                        unsigned index) {
  const BandBuffer &input = layout.buffers[index];
  auto inputType = cast<ShapedType>(input.value.getType());
  const BandLayer &last = layers.back();
  auto resultType = cast<ShapedType>(last.getResult().getType());
  if (!hasRowsOutermost(inputType, input.dim) ||
      !isReadByRows(layers, layout, index))
    return std::nullopt;
  // Written when all rows have been read.
  if (last.rows.reducesRows)
    return 0;
  const BandBuffer &result = layout.buffers.back();
  if (!hasRowsOutermost(resultType, result.dim))
    return std::nullopt;
  int64_t lag = 0, inputRow = getRowBytes(inputType, input.dim),
          resultRow = getRowBytes(resultType, result.dim);
  for (int64_t round = 0; round < layout.rounds; ++round) {
    int64_t written = std::min((round + 1) * result.height, result.totalRows);
    // Nothing before it is loaded any more.
    int64_t next = layout.getFirstLoaded(index, round + 1);
    if (round + 1 < layout.rounds && next < input.totalRows)
      lag = std::max(lag, written * resultRow -
                              std::max<int64_t>(next, 0) * inputRow);
  }
  return lag;
}

/// The innermost dimensions, down from the first one with several elements,
/// that are without gaps in both: what is copied at once.
static unsigned getFirstInside(const Layout &from, const Layout &to) {
  unsigned outer = 0, inner = from.shape.size();
  while (outer < inner && from.shape[outer] == 1)
    ++outer;
  int64_t bytes = from.elementBytes;
  while (inner > outer + 1 &&
         (from.shape[inner - 1] == 1 ||
          (from.strides[inner - 1] == bytes && to.strides[inner - 1] == bytes)))
    bytes *= from.shape[--inner];
  return inner;
}

static int64_t getBytesFrom(const Layout &layout, unsigned dim) {
  int64_t bytes = layout.elementBytes;
  for (int64_t size : ArrayRef(layout.shape).drop_front(dim))
    bytes *= size;
  return bytes;
}

std::optional<int64_t> schedule::getLag(nn::AssembleOp assemble) {
  // A call for less takes longer than a loop over vectors.
  constexpr int64_t kLeastBytes = 32;
  if (assemble.getParts().size() != 1)
    return std::nullopt;
  auto type = cast<ShapedType>(assemble.getParts()[0].getType());
  int64_t elementBytes = kernel::getElementBytes(type.getElementType());
  Layout from = Layout::getContiguous(type.getShape(), elementBytes);
  Layout to =
      getBox(Layout::getContiguous(assemble.getType().getShape(), elementBytes),
             assemble.getPartOffsets(0), type.getShape());
  int64_t bytes = getBytesFrom(from, getFirstInside(from, to));
  if (from.isEmpty() || bytes < kLeastBytes)
    return std::nullopt;
  // The target gets ahead of the source row by row, so that the last one tells.
  return to.getEnd() - (from.getEnd() - bytes);
}

void schedule::buildCopyOfRows(OpBuilder &builder, Location loc, Value source,
                               const Layout &from, Value target,
                               const Layout &to) {
  auto number = [&](int64_t value) -> Value {
    return builder.create<arith::ConstantIndexOp>(loc, value);
  };
  int64_t size = from.elementBytes;
  unsigned inside = getFirstInside(from, to);
  Value read = number(from.offset / size), write = number(to.offset / size);
  Value zero = number(0), one = number(1),
        count = number(getBytesFrom(from, inside) / size);
  OpBuilder::InsertionGuard guard(builder);
  for (unsigned dim = 0; dim < inside; ++dim) {
    if (from.shape[dim] == 1)
      continue;
    auto loop =
        builder.create<scf::ForOp>(loc, zero, number(from.shape[dim]), one);
    builder.setInsertionPointToStart(loop.getBody());
    auto advance = [&](Value index, int64_t stride) -> Value {
      Value step = builder.create<arith::MulIOp>(loc, loop.getInductionVar(),
                                                 number(stride / size));
      return builder.create<arith::AddIOp>(loc, index, step);
    };
    read = advance(read, from.strides[dim]);
    write = advance(write, to.strides[dim]);
  }
  builder.create<kernel::CopyOp>(loc, source, read, target, write, count);
}
