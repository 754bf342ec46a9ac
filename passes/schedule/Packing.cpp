//===- Packing.cpp - Offsets for blocks with lifetimes --------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Three rounds, each only where those before it did not reach the lower bound:
//
//     six orders, each with the lowest and with the tightest gap
//     a search with backtracking for a packing that reaches the bound
//     random moves of blocks at the top or beside one, kept if not worse
//
// The random numbers begin with the same seed: equal input, equal offsets.
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/Packing.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <numeric>
#include <random>

using namespace llvm;
using namespace tenon::schedule;

/// Neighbours of blocks that the search may look at.
static constexpr int64_t kMaxMeetings = int64_t(1) << 26;

static int getNumSteps(ArrayRef<MemoryBlock> blocks) {
  int numSteps = 0;
  for (const MemoryBlock &block : blocks)
    numSteps = std::max(numSteps, block.last + 1);
  return numSteps;
}

std::vector<int64_t>
tenon::schedule::getLiveBytes(ArrayRef<MemoryBlock> blocks, int numSteps,
                              ArrayRef<MemoryOverlap> overlaps) {
  // What each step adds to the one before it.
  std::vector<int64_t> live(numSteps + 1);
  for (const MemoryBlock &block : blocks)
    if (block.first <= block.last) {
      live[block.first] += block.size;
      live[block.last + 1] -= block.size;
    }
  std::partial_sum(live.begin(), live.end(), live.begin());
  live.pop_back();
  for (const MemoryOverlap &overlap : overlaps) {
    const MemoryBlock &from = blocks[overlap.dying],
                      &to = blocks[overlap.beginning];
    int64_t together = std::max(from.size + overlap.lag, to.size);
    live[to.first] -= std::max<int64_t>(from.size + to.size - together, 0);
  }
  return live;
}

int64_t tenon::schedule::getLowerBound(ArrayRef<MemoryBlock> blocks,
                                       ArrayRef<MemoryOverlap> overlaps) {
  int64_t bound = 0;
  for (int64_t bytes : getLiveBytes(blocks, getNumSteps(blocks), overlaps))
    bound = std::max(bound, bytes);
  return bound;
}

static bool meet(const MemoryBlock &a, const MemoryBlock &b) {
  return a.first <= b.last && b.first <= a.last && a.size != 0 && b.size != 0;
}

namespace {
using Order = std::vector<int>;

class Packer {
public:
  Packer(ArrayRef<MemoryBlock> blocks, ArrayRef<MemoryOverlap> overlaps)
      : blocks(blocks), overlaps(overlaps), neighbours(blocks.size()) {
    for (size_t i = 0; i < blocks.size(); ++i)
      for (size_t j = 0; j < blocks.size(); ++j)
        if (i != j && meet(blocks[i], blocks[j]))
          neighbours[i].push_back(j);
  }

  /// A try of many blocks that meet many others takes long: fewer of them.
  int limitTries(int maxTries) const {
    int64_t meetings = 1;
    for (const std::vector<int> &list : neighbours)
      meetings += list.size();
    return std::min<int64_t>(maxTries, kMaxMeetings / meetings);
  }

  /// Places the blocks one after the other: each in the lowest gap that holds
  /// it, or in the tightest one.
  Packing place(const Order &order, bool tightest) const {
    Packing packing;
    packing.offsets.assign(blocks.size(), -1);
    for (int index : order) {
      int64_t offset =
          findGap(blocks[index], getTaken(index, packing), tightest);
      packing.offsets[index] = offset;
      packing.size = std::max(packing.size, offset + blocks[index].size);
    }
    return packing;
  }

  /// Places the blocks in the order of time, each as low or as high as it goes
  /// below `limit`, and takes back what leads nowhere: chains of layers want
  /// to alternate between both ends. False after `maxTries` tries.
  bool placeBelow(int64_t limit, int maxTries, Packing &packing) const {
    Order order = sortBy([&](int i) { return int64_t(blocks[i].first); });
    packing.offsets.assign(blocks.size(), -1);
    packing.size = limit;
    std::vector<int> tried(blocks.size() + 1);
    for (size_t at = 0; at < order.size();) {
      int64_t &offset = packing.offsets[order[at]];
      offset = -1;
      if (maxTries-- == 0)
        return false;
      const MemoryBlock &block = blocks[order[at]];
      Ranges taken = getTaken(order[at], packing);
      int64_t low = findGap(block, taken, /*tightest=*/false);
      int64_t high = findHighest(block, taken, limit);
      int choice = tried[at]++;
      if (low + block.size > limit || choice == 2 ||
          (choice == 1 && low == high)) {
        if (at == 0)
          return false;
        tried[at--] = 0;
        continue;
      }
      offset = choice == 0 ? low : high;
      tried[++at] = 0;
    }
    return true;
  }

  /// Orders in which the blocks that are hard to place come early.
  std::vector<Order> getOrders() const {
    auto getSize = [&](int i) { return blocks[i].size; };
    auto getLength = [&](int i) {
      return int64_t(blocks[i].last - blocks[i].first + 1);
    };
    std::vector<Order> orders;
    orders.push_back(sortBy([&](int i) { return -getSize(i); }));
    orders.push_back(sortBy([&](int i) { return -getSize(i) * getLength(i); }));
    orders.push_back(sortBy([&](int i) { return -getLength(i); }));
    orders.push_back(sortBy([&](int i) { return int64_t(blocks[i].first); }));
    orders.push_back(sortBy([&](int i) { return -int64_t(blocks[i].last); }));
    orders.push_back(getBreadthOrder());
    return orders;
  }

  /// Moves a block that ends at the top, or one of its neighbours, to the
  /// front part of the order; keeps what is not worse. Stops at `bound`.
  Packing improve(Order order, Packing best, int64_t bound,
                  int maxTries) const {
    std::mt19937 random(1);
    auto pick = [&](size_t count) { return int(random() % count); };
    for (int tries = 0; tries < maxTries && best.size > bound; ++tries) {
      std::vector<int> top;
      for (size_t i = 0; i < blocks.size(); ++i)
        if (best.offsets[i] + blocks[i].size == best.size)
          top.push_back(i);
      int moved = top[pick(top.size())];
      if (pick(2) && !neighbours[moved].empty())
        moved = neighbours[moved][pick(neighbours[moved].size())];
      Order changed = order;
      auto from = llvm::find(changed, moved);
      std::rotate(changed.begin() + pick(from - changed.begin() + 1), from,
                  from + 1);
      Packing packing = place(changed, pick(4) == 0);
      if (packing.size > best.size)
        continue;
      best = std::move(packing);
      order = std::move(changed);
    }
    return best;
  }

private:
  using Ranges = std::vector<std::pair<int64_t, int64_t>>;

  /// For each block of the same time, the block `index` ends before the first
  /// number, or begins at the second one or later. Both are sorted.
  Ranges getTaken(int index, const Packing &packing) const {
    Ranges taken;
    for (int other : neighbours[index])
      if (packing.offsets[other] >= 0)
        taken.push_back(getTaken(index, other, packing.offsets[other]));
    llvm::sort(taken);
    size_t count = 0;
    for (auto [first, last] : taken) {
      if (count != 0)
        last = std::max(last, taken[count - 1].second);
      if (count != 0 && first <= taken[count - 1].second)
        taken[count - 1].second = last;
      else
        taken[count++] = {first, last};
    }
    taken.resize(count);
    return taken;
  }

  std::pair<int64_t, int64_t> getTaken(int index, int other,
                                       int64_t offset) const {
    int64_t first = offset, last = offset + blocks[other].size;
    for (const MemoryOverlap &overlap : overlaps) {
      if (overlap.beginning == index && overlap.dying == other)
        first = std::max(first, offset - overlap.lag + blocks[index].size);
      if (overlap.dying == index && overlap.beginning == other)
        last = std::min(last, offset + overlap.lag);
    }
    return {first, last};
  }

  /// The highest offset that fits below `limit`; -1 where there is none.
  static int64_t findHighest(const MemoryBlock &block, const Ranges &taken,
                             int64_t limit) {
    int64_t end = limit;
    for (auto [first, last] : llvm::reverse(taken)) {
      int64_t begin =
          alignDown(std::max<int64_t>(end - block.size, 0), block.alignment);
      if (begin >= last && begin + block.size <= end)
        return begin;
      end = std::min(end, first);
    }
    return end < block.size
               ? -1
               : int64_t(alignDown(end - block.size, block.alignment));
  }

  static int64_t findGap(const MemoryBlock &block, const Ranges &taken,
                         bool tightest) {
    int64_t end = 0, best = -1, bestGap = 0;
    for (auto [first, last] : taken) {
      int64_t begin = alignTo(end, block.alignment);
      if (begin + block.size <= first) {
        if (!tightest)
          return begin;
        if (best < 0 || first - begin < bestGap) {
          best = begin;
          bestGap = first - begin;
        }
      }
      end = last;
    }
    return best >= 0 ? best : int64_t(alignTo(end, block.alignment));
  }

  template <typename Key> Order sortBy(Key key) const {
    Order order(blocks.size());
    std::iota(order.begin(), order.end(), 0);
    llvm::sort(order, [&](int a, int b) {
      return std::make_tuple(key(a), -blocks[a].size, blocks[a].first, a) <
             std::make_tuple(key(b), -blocks[b].size, blocks[b].first, b);
    });
    return order;
  }

  /// The blocks of the step with the most bytes first, large ones first; then
  /// those of the next step ("greedy by breadth", arXiv 2001.03288, 4.3).
  Order getBreadthOrder() const {
    std::vector<int64_t> live = getLiveBytes(blocks, getNumSteps(blocks));
    std::vector<int> rank(live.size());
    std::vector<int> steps(live.size());
    std::iota(steps.begin(), steps.end(), 0);
    llvm::sort(steps, [&](int a, int b) {
      return std::make_pair(-live[a], a) < std::make_pair(-live[b], b);
    });
    for (size_t i = 0; i < steps.size(); ++i)
      rank[steps[i]] = i;
    return sortBy([&](int i) {
      return int64_t(*std::min_element(rank.begin() + blocks[i].first,
                                       rank.begin() + blocks[i].last + 1));
    });
  }

  ArrayRef<MemoryBlock> blocks;
  ArrayRef<MemoryOverlap> overlaps;
  std::vector<std::vector<int>> neighbours;
};
} // namespace

Packing tenon::schedule::pack(ArrayRef<MemoryBlock> blocks,
                              ArrayRef<MemoryOverlap> overlaps, int maxTries) {
  Packer packer(blocks, overlaps);
  int64_t bound = getLowerBound(blocks, overlaps);
  Packing best;
  Order bestOrder;
  for (const Order &order : packer.getOrders())
    for (bool tightest : {false, true}) {
      Packing packing = packer.place(order, tightest);
      if (!bestOrder.empty() && packing.size >= best.size)
        continue;
      best = std::move(packing);
      bestOrder = order;
    }
  if (blocks.empty() || best.size <= bound)
    return best;
  maxTries = packer.limitTries(maxTries);
  Packing packing;
  if (packer.placeBelow(bound, 10 * maxTries, packing))
    return packing;
  return packer.improve(bestOrder, best, bound, maxTries);
}
