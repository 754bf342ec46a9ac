//===- BandSearch.h - Which layers to compute row by row --------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The layers of a network, in order, are cut into pieces: single ones as they
// are, and runs of layers in bands of some height. A run has one result; what
// else its layers make is read by them alone. A piece needs what it reads and
// makes, its line buffers, and what others have in memory meanwhile; it costs
// copies, calls, and rows that no one has. The arena is that of the largest
// piece, the cost the sum of all, so that the cheapest cut for a given arena is
// found piece by piece, from the first layer on.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_BANDSEARCH_H
#define TENON_PASSES_SCHEDULE_BANDSEARCH_H

#include "passes/schedule/BandLayout.h"
#include "passes/schedule/Plan.h"

namespace tenon::schedule {

using BandRun = llvm::SmallVector<BandLayer>;

/// A run in bands of `height` rows.
struct BandPiece {
  BandRun layers;
  int64_t height;
};

/// From the first layer on, the longest runs that can be in such bands.
std::vector<BandRun> findLongestRuns(const Network &network, int64_t height);

class BandSearch {
public:
  /// `plan` is that of the function without bands.
  explicit BandSearch(const Plan &plan);

  /// The cheapest pieces with which no step of a run needs more than `bytes`,
  /// as far as one can tell without a plan; none where there are none.
  std::optional<std::vector<BandPiece>> find(int64_t bytes) const;
  /// The fewest bytes for which there are some.
  int64_t getLeastBytes() const;

  /// A choice that no other one beats in both.
  struct Point {
    int64_t bytes;
    /// What the bands add to the work of all layers.
    double share;
  };
  /// From no bands to the fewest bytes.
  std::vector<Point> getFront() const;

private:
  struct Option {
    int first, height;
    int64_t bytes, cost;
  };

  /// Of the first so many steps: the cost, which is -1 where there is no cut,
  /// the bytes, and the last piece.
  struct Best {
    int64_t cost = -1, bytes = 0;
    int first = 0, height = 0;
  };
  std::vector<Best> cut(int64_t bytes) const;
  int64_t getBytesAround(int first, int last) const;
  int64_t getSharedBytes(llvm::ArrayRef<BandLayer> run,
                         const BandLayout &layout, int last) const;

  const Plan &plan;
  /// By the last step of a run: where it may begin, in which bands.
  std::vector<std::vector<Option>> options;
};

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_BANDSEARCH_H
