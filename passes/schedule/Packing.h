//===- Packing.h - Offsets for blocks with lifetimes ------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Dynamic storage allocation: blocks of memory that are in use during an
// interval of steps get offsets, so that no two blocks share a byte at a step
// and the highest end is low. NP-complete; several cheap orders and a bounded
// local search reach the lower bound, or nearly, on networks. Deterministic.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_PACKING_H
#define TENON_PASSES_SCHEDULE_PACKING_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <vector>

namespace tenon::schedule {

struct MemoryBlock {
  int64_t size;
  int first, last; // steps, both included
  int64_t alignment = 1;
};

struct Packing {
  std::vector<int64_t> offsets;
  int64_t size = 0;
};

/// Bytes in use at each of the steps 0 to `numSteps` - 1.
std::vector<int64_t> getLiveBytes(llvm::ArrayRef<MemoryBlock> blocks,
                                  int numSteps);

/// The most bytes in use at once: no packing is smaller.
int64_t getLowerBound(llvm::ArrayRef<MemoryBlock> blocks);

/// The best of several heuristics, improved by at most `maxTries` changes.
Packing pack(llvm::ArrayRef<MemoryBlock> blocks, int maxTries = 2000);

/// Tells whether the packing is one: offsets aligned, no byte shared.
bool isValid(llvm::ArrayRef<MemoryBlock> blocks, const Packing &packing);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_PACKING_H
