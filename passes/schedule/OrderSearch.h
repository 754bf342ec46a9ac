//===- OrderSearch.h - The order that needs the least memory ----*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Memory in use depends on the set of nodes that have run, not on their order.
// So the search for an order is one for a path through sets, whose highest
// point is to be low: a best-first search that meets each set once. (By levels,
// it is SERENITY: Ahn et al., "Ordering Chaos: Memory-Aware Scheduling of
// Irregularly Wired Neural Networks for Edge Devices", MLSys 2020, arXiv
// 2003.02369; before it Liberis and Lane, "Neural networks on microcontrollers:
// saving memory at inference via operator reordering", 2019, arXiv 1910.05110.)
// Nodes that everything comes before
// or after cut the graph into pieces that are solved alone; a node that frees
// no less than it takes runs at once, and where one node alone needs as much as
// the given order, there is nothing to search. Where sets are too many, a beam
// of the best ones goes on.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_ORDERSEARCH_H
#define TENON_PASSES_SCHEDULE_ORDERSEARCH_H

#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <vector>

namespace tenon::schedule {

/// Nodes are numbered in an order that is possible.
struct OrderProblem {
  /// In use from the first of its writers, of which there is one at least, to
  /// the last of its users, which include the writers.
  struct Buffer {
    int64_t bytes;
    llvm::SmallVector<int> writers, users;
  };
  /// Where `to` begins and `from` ends at the node, both are one memory.
  struct Reuse {
    int node, from, to;
  };

  std::vector<llvm::SmallVector<int>> predecessors; // of each node
  std::vector<Buffer> buffers;
  std::vector<Reuse> reuses;

  int getNumNodes() const { return predecessors.size(); }
};

/// The most bytes in use at once in this order.
int64_t getPeak(const OrderProblem &problem, llvm::ArrayRef<int> order);

/// An order that is no worse than 0, 1, 2, ...; best where no piece of the
/// graph has more than `maxStates` sets to look at.
std::vector<int> findOrder(const OrderProblem &problem, int64_t maxStates);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_ORDERSEARCH_H
