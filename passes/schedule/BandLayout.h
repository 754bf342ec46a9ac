//===- BandLayout.h - Line buffers of a chain of layers ---------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A round computes `height` rows of the chain's result, and of each layer
// before it what the next one reads on top of the rows that it has:
//
//     layer    stride  extent  pad      new rows a round   kept rows
//     conv                                  4 = 2 * 2         2 = 3 - 1
//     depthwise     1       3    1          4 = 2 * 2         1 = 3 - 2
//     pool          2       3    1          2 = height        0
//
// In round t, layer i makes the rows from `first + t * height` on; those of
// earlier layers run ahead, so some rounds come before round 0. Rows that a
// layer does not have (above the first, below the last one) hold what its
// reader pads with. Buffers that keep no rows are in use only until the next
// layer has run, and share memory; the rows of the chain's input are copied
// into the first buffer, all that are read, in each round.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_BANDLAYOUT_H
#define TENON_PASSES_SCHEDULE_BANDLAYOUT_H

#include "passes/schedule/RowWindow.h"

namespace tenon::schedule {

/// A layer and how it reads rows of the one before it.
struct BandLayer {
  nn::LayerOpInterface layer;
  RowWindow window;

  mlir::Value getInput() const {
    return nn::LayerOpInterface(layer)->getOperand(window.operand);
  }
};

struct BandBuffer {
  /// New rows a round, and rows of the rounds before that it keeps.
  int64_t height = 0, kept = 0;
  /// It is in use all the time: others lie where it lies once the layer that
  /// reads it has run.
  bool isKept = false;
  /// The first new row of round 0.
  int64_t first = 0;
  /// Rows that the tensor has; bytes of each; place in the scratch memory.
  int64_t totalRows = 0, rowBytes = 0, offset = 0;

  int64_t getRows() const { return kept + height; }
  int64_t getBytes() const { return getRows() * rowBytes; }
};

struct BandLayout {
  /// Of the chain's input, then of the result of each layer; none for the last
  /// one where it reduces all rows.
  llvm::SmallVector<BandBuffer> buffers;
  /// Where such a layer has its accumulators.
  llvm::SmallVector<int64_t> accumulators;
  /// Rounds 0 to `rounds` - 1 make the result.
  int64_t rounds = 0, roundsBefore = 0;
  int64_t scratchBytes = 0;

  /// One past the last row that is ever in the buffer.
  int64_t getEnd(unsigned buffer) const {
    return buffers[buffer].first + rounds * buffers[buffer].height;
  }
  /// Rounds in which new rows of the buffer are rows of its tensor.
  int64_t countRuns(unsigned buffer) const;
};

/// None where rows do not come out even: a layer that reduces all of them can
/// take none too many.
std::optional<BandLayout> getBandLayout(llvm::ArrayRef<BandLayer> layers,
                                        int64_t height);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_BANDLAYOUT_H
