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
//     layer        stride  extent  pad    new rows a round   kept rows
//     conv                                    4 = 2 * 2         2 = 3 - 1
//     depthwise       1       3     1         4 = 2 * 2         1 = 3 - 2
//     pool            2       3     1         2 = height        0
//
// In round t, layer i makes the rows from `first + t * height` on; those of
// earlier layers run ahead, so some rounds come before round 0. Rows that a
// layer does not have (above the first, below the last one) hold what its
// readers pad with. A second reader, the sum at the end of a residual block,
// gets its rows later: they are kept longer. Buffers that keep no rows are in
// use only until the last reader has run, and share memory. Rows from outside
// are copied into a buffer: all that are read, in each round, where it would
// need memory to keep some, else new ones.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_BANDLAYOUT_H
#define TENON_PASSES_SCHEDULE_BANDLAYOUT_H

#include "passes/schedule/RowWindow.h"

namespace tenon::schedule {

/// A layer and the rows that it reads.
struct BandLayer {
  nn::LayerOpInterface layer;
  RowAccess rows;
  /// By window: what puts a border around the tensor that is read, null where
  /// nothing does. The window is about rows of the tensor inside.
  llvm::SmallVector<nn::AssembleOp, 2> borders;

  BandLayer(nn::LayerOpInterface layer, RowAccess access)
      : layer(layer), rows(std::move(access)), borders(rows.windows.size()) {}

  /// The tensor whose rows the window is about.
  mlir::Value getSource(unsigned window) const {
    if (nn::AssembleOp border = borders[window])
      return border.getParts()[0];
    return nn::LayerOpInterface(layer)->getOperand(
        rows.windows[window].operand);
  }
  mlir::Value getResult() const {
    return nn::LayerOpInterface(layer)->getResult(0);
  }
};

struct BandBuffer {
  /// The tensor of which it holds rows, and which dimension rows are.
  mlir::Value value;
  unsigned dim = 0;
  /// What readers see around it, if anything: rows are as long as its rows.
  nn::AssembleOp border = nullptr;
  /// New rows a round, and rows of the rounds before that it keeps.
  int64_t height = 0, kept = 0;
  /// The first new row of round 0.
  int64_t first = 0;
  /// Rows that the tensor has; bytes of each; place in the scratch memory.
  int64_t totalRows = 0, rowBytes = 0, offset = 0;
  /// What readers pad with; null where none does.
  mlir::TypedAttr padding;
  /// The first and the last layer at which it is in use.
  int firstUse = -1, lastUse = -1;
  /// It is in use all the time.
  bool isKept = false;

  int64_t getRows() const { return kept + height; }
  int64_t getBytes() const { return getRows() * rowBytes; }
  /// With its border.
  mlir::RankedTensorType getType() const {
    return mlir::cast<mlir::RankedTensorType>(
        border ? nn::AssembleOp(border).getType() : value.getType());
  }
};

struct BandLayout {
  /// Rows from outside, then the results of the layers; not the last one's,
  /// where it reduces all rows.
  llvm::SmallVector<BandBuffer> buffers;
  unsigned numOutside = 0;
  /// Of each layer, by its windows: the buffer, and where in it the window of
  /// the first new row begins.
  struct Read {
    unsigned buffer;
    /// Of the buffer with its border.
    bool isBordered;
    int64_t start = 0;
  };
  llvm::SmallVector<llvm::SmallVector<Read, 2>> reads;
  /// Where a layer that reduces all rows has its accumulators.
  llvm::SmallVector<int64_t> accumulators;
  /// Rounds 0 to `rounds` - 1 make the result.
  int64_t rounds = 0, roundsBefore = 0;
  int64_t scratchBytes = 0;

  /// The buffer that says in which rounds the layer runs: that of its result,
  /// or of what it reduces.
  unsigned getOwnBuffer(unsigned layer) const {
    unsigned result = numOutside + layer;
    return result < buffers.size() ? result : reads[layer][0].buffer;
  }
  /// Of the rows from outside that a round loads, the first one; it may be
  /// above the tensor. Rows before those of the first round that are kept are
  /// loaded before all rounds.
  int64_t getFirstLoaded(unsigned buffer, int64_t round) const {
    const BandBuffer &rows = buffers[buffer];
    return rows.first + round * rows.height - (rows.isKept ? 0 : rows.kept);
  }
  /// One past the last row that is ever in the buffer.
  int64_t getEnd(unsigned buffer) const {
    return buffers[buffer].first + rounds * buffers[buffer].height;
  }
  /// Rounds in which the layer has rows to make.
  int64_t countRuns(unsigned layer) const;
};

/// Rows follow each other in memory: no dimension is outside of them.
bool hasRowsOutermost(mlir::ShapedType type, unsigned dim);

/// Bytes of all that has one index in the dimension.
int64_t getRowBytes(mlir::ShapedType type, unsigned dim);

/// The layers of the body with the rows that they read; an error where it is
/// no chain.
mlir::FailureOr<llvm::SmallVector<BandLayer>> getBandLayers(nn::BandsOp bands);

/// `assemble` puts one tensor into a border, and all that read it read rows of
/// it: then they are layers of `layers`, which know of it now.
bool addBorder(llvm::MutableArrayRef<BandLayer> layers,
               nn::AssembleOp assemble);

/// No layer reads more of another one's result than some rows.
bool readsOnlyRows(llvm::ArrayRef<BandLayer> layers);

/// None where rows do not come out even: readers take rows at different speeds,
/// pad with different values, or one that reduces all rows would take too many.
std::optional<BandLayout> getBandLayout(llvm::ArrayRef<BandLayer> layers,
                                        int64_t height);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_BANDLAYOUT_H
