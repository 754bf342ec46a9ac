//===- Packing.h - Offsets for blocks with lifetimes ------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Dynamic storage allocation: blocks of memory that are in use during an
// interval of steps get offsets, so that no two blocks share a byte at a step
// and the highest end is low:
//
//     block  bytes  steps        offset
//     a         32   0..1             0
//     b         16   1..2            32
//     c         32   2..3             0     a is dead; 48 bytes in all
//
// NP-complete; several cheap orders and a bounded local search reach the lower
// bound, or nearly, on networks. Deterministic. The orders by size and by
// breadth are those of Pisarchyk and Lee, "Efficient Memory Management for Deep
// Neural Net Inference", 2020 (arXiv 2001.03288); seeing it as the packing of
// rectangles is Sekiyama et al., "Profile-guided memory optimization for deep
// neural networks", 2018 (arXiv 1804.10001); the search that takes back what
// leads nowhere is a small relative of Moffitt, "MiniMalloc: A Lightweight
// Memory Allocator for Hardware-Accelerated Machine Learning", ASPLOS 2023.
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

/// A block that dies at the step at which another one begins may share bytes
/// with it if it lies at least `lag` bytes higher, which is 0 or more.
struct MemoryOverlap {
  int dying, beginning;
  int64_t lag;
};

struct Packing {
  std::vector<int64_t> offsets;
  int64_t size = 0;
};

/// Bytes in use at each of the steps 0 to `numSteps` - 1.
std::vector<int64_t> getLiveBytes(llvm::ArrayRef<MemoryBlock> blocks,
                                  int numSteps,
                                  llvm::ArrayRef<MemoryOverlap> overlaps = {});

/// The most bytes in use at once: no packing is smaller.
int64_t getLowerBound(llvm::ArrayRef<MemoryBlock> blocks,
                      llvm::ArrayRef<MemoryOverlap> overlaps = {});

/// The best of several heuristics, improved by at most `maxTries` changes.
Packing pack(llvm::ArrayRef<MemoryBlock> blocks,
             llvm::ArrayRef<MemoryOverlap> overlaps = {}, int maxTries = 2000);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_PACKING_H
