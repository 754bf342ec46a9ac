//===- BandLayout.cpp - Line buffers of a chain of layers -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/BandLayout.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

/// Bytes of all that has one index in the dimension.
static int64_t getRowBytes(ShapedType type, unsigned dim) {
  return type.getNumElements() / type.getDimSize(dim) *
         kernel::getElementBytes(type.getElementType());
}

/// Elements have 8 bytes at most.
static int64_t align(int64_t bytes) { return llvm::alignTo(bytes, 8); }

int64_t BandLayout::countRuns(unsigned buffer) const {
  const BandBuffer &rows = buffers[buffer];
  int64_t runs = 0;
  for (int64_t round = -roundsBefore; round < this->rounds; ++round) {
    int64_t row = rows.first + round * rows.height;
    runs += row > -rows.height && row < rows.totalRows;
  }
  return runs;
}

/// What is in use all the time lies side by side from the start on. Of the
/// others, two that follow each other are in use at once: every second one lies
/// at the end.
static void placeBuffers(BandLayout &layout, ArrayRef<int64_t> accumulators) {
  int64_t end = 0, passing = 0, before = 0;
  auto place = [&](int64_t bytes) {
    end += align(bytes);
    return end - align(bytes);
  };
  for (int64_t bytes : accumulators)
    layout.accumulators.push_back(place(bytes));
  for (BandBuffer &buffer : layout.buffers) {
    int64_t bytes = buffer.isKept ? 0 : align(buffer.getBytes());
    if (buffer.isKept)
      buffer.offset = place(buffer.getBytes());
    passing = std::max(passing, before + bytes);
    before = bytes;
  }
  for (auto [index, buffer] : llvm::enumerate(layout.buffers))
    if (!buffer.isKept)
      buffer.offset =
          end + (index % 2 == 0 ? 0 : passing - align(buffer.getBytes()));
  layout.scratchBytes = end + passing;
}

std::optional<BandLayout> schedule::getBandLayout(ArrayRef<BandLayer> layers,
                                                  int64_t height) {
  BandLayout layout;
  const RowWindow &last = layers.back().window;
  nn::LayerOpInterface lastLayer = layers.back().layer;
  auto type = cast<ShapedType>(lastLayer->getResult(0).getType());
  int64_t rows = last.reducesRows ? last.inputRows : last.resultRows;
  layout.rounds = llvm::divideCeil(rows, height);
  layout.buffers.resize(layers.size());
  SmallVector<int64_t> accumulators;
  if (last.reducesRows) {
    if (rows % height != 0)
      return std::nullopt;
    for (TypedAttr init : lastLayer.getInitialValues())
      accumulators.push_back(type.getNumElements() *
                             kernel::getElementBytes(init.getType()));
  } else {
    BandBuffer result;
    result.height = height;
    result.totalRows = rows;
    result.rowBytes = getRowBytes(type, last.resultDim);
    layout.buffers.push_back(result);
  }
  int64_t first = 0;
  for (size_t index = layers.size(); index-- > 0;) {
    const RowWindow &window = layers[index].window;
    BandBuffer &buffer = layout.buffers[index];
    // Rows between the windows are there, too, though nobody reads them.
    buffer.kept = std::max<int64_t>(window.extent - window.stride, 0);
    first = first * window.stride + buffer.kept - window.pad;
    height *= window.stride;
    buffer.height = height;
    buffer.first = first;
    buffer.totalRows = window.inputRows;
    buffer.rowBytes =
        getRowBytes(cast<ShapedType>(layers[index].getInput().getType()),
                    window.inputDim);
    // The first one is filled anew each time.
    if (index == 0)
      continue;
    buffer.isKept = buffer.kept > 0;
    layout.roundsBefore = std::max<int64_t>(
        layout.roundsBefore, llvm::divideCeilSigned(first, height));
  }
  placeBuffers(layout, accumulators);
  return layout;
}
