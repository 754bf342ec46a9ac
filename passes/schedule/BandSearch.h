//===- BandSearch.h - Which chains to compute row by row --------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A chain of n layers is cut into pieces: single layers as they are, and runs
// of layers in bands of some height. A piece needs what it reads and makes, its
// line buffers, and what others have in memory meanwhile; it costs copies,
// calls, and rows that no one has. The arena is the largest of all pieces, the
// cost their sum, so that the cheapest cut for a given arena is found piece by
// piece, from the front of the chain on.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_BANDSEARCH_H
#define TENON_PASSES_SCHEDULE_BANDSEARCH_H

#include "passes/schedule/BandLayout.h"
#include "passes/schedule/Plan.h"

namespace tenon::schedule {

/// Layers of which each reads the rows of the one before it, as the only one.
using BandChain = llvm::SmallVector<BandLayer>;

/// The longest ones of the function; those of one layer are not listed.
std::vector<BandChain> findBandChains(mlir::func::FuncOp func);

/// Some layers of a chain, in bands of `height` rows.
struct BandPiece {
  BandChain layers;
  int64_t height;
};

class BandSearch {
public:
  /// `plan` is that of the function without bands.
  explicit BandSearch(const Plan &plan);

  /// The cheapest pieces with which no layer of a chain needs more than
  /// `bytes`, as far as one can tell without a plan; none where there are none.
  std::optional<std::vector<BandPiece>> find(int64_t bytes) const;
  /// The fewest bytes for which there are some.
  int64_t getLeastBytes() const;

private:
  struct Option {
    int64_t bytes, cost, height;
  };
  struct Chain {
    BandChain layers;
    /// By first and last layer of a piece; of a single one without bands, too.
    std::vector<std::vector<llvm::SmallVector<Option>>> options;
  };

  Option getOption(llvm::ArrayRef<BandLayer> layers, int64_t height,
                   const BandLayout &layout) const;
  int64_t getBytes(mlir::Value value) const;
  int64_t getOtherBytes(const BandLayer &layer) const;
  int64_t getLiveBytes(const BandLayer &layer) const;

  const Plan &plan;
  std::vector<Chain> chains;
};

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_BANDSEARCH_H
