//===- KernelSchedule.h - Tiles of a kernel ---------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_LOWER_KERNELSCHEDULE_H
#define TENON_PASSES_LOWER_KERNELSCHEDULE_H

#include "passes/lower/DotProducts.h"

namespace tenon {

/// How a nest becomes a register tile: `tile` steps of dimension `tileDim` by
/// `vectors` vectors of `lanes` elements of dimension `vectorDim`. The order
/// of every sum is the nest's, whatever the tile: tiles never change bits.
///
/// Where results cannot be computed side by side, `vectorDim` is the innermost
/// reduction: each of its `lanes * vectors` elements is a partial sum, and the
/// target's `reductionLanes` says how many there are, whatever its registers.
struct KernelSchedule {
  std::optional<unsigned> vectorDim, tileDim;
  int64_t lanes = 1, vectors = 1, tile = 1;
  /// Parallel dimensions, outermost loop first.
  llvm::SmallVector<unsigned> order;
  /// Reduction dimensions, innermost first, are unrolled while the product of
  /// their sizes is at most this.
  int64_t unroll = 1;
  /// Index arithmetic keeps strides and offsets apart and skips nothing, so
  /// that kernels of one shape class differ in few integers (share-kernels).
  bool uniform = false;
  /// The dimension of which a call may compute a part, in units of whole tiles
  /// or panels.
  std::optional<unsigned> rangeDim;
  /// Sums of products of bytes by the target's instructions.
  DotSchedule dot;

  /// "4x2x16 bytes": rows, vectors, lanes, and what sums products of bytes.
  std::string getText() const;

  int64_t getPanel() const { return lanes * vectors; }

  /// Steps of `dim` that one iteration of its loop computes.
  int64_t getStep(unsigned dim) const {
    if (dim == vectorDim)
      return getPanel();
    return dim == tileDim ? tile : 1;
  }

  /// Units of the range dimension, the last one perhaps not whole.
  int64_t getRange(const Nest &nest) const {
    return llvm::divideCeil(nest.dims[*rangeDim].size, getStep(*rangeDim));
  }
};

/// The inputs whose data are known at compile time, as operand numbers, may be
/// packed into any order. `forSize` asks for short code: one copy of each loop.
KernelSchedule chooseSchedule(const Nest &nest, kernel::TargetAttr target,
                              llvm::ArrayRef<unsigned> packable, bool forSize);

/// Lets calls compute parts of the layer, where it has enough work to share.
void chooseRange(const Nest &nest, KernelSchedule &schedule);

} // namespace tenon

#endif // TENON_PASSES_LOWER_KERNELSCHEDULE_H
