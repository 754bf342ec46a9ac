//===- Plan.cpp - Memory for a network ------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From ties to offsets: Aliasing.cpp puts values into storages, Packing.cpp
// places these in the arena, and ties that cost more than they save are given
// up.
//
//     %part = nn.map ... ins(%x)                            16 bytes
//     %wide = nn.map ... ins(%x)                           900 bytes
//     %thin = nn.map ... ins(%wide)                         16 bytes
//     %rest = nn.map ... ins(%thin)                      1,008 bytes
//     %all = nn.assemble (%part at [0], %rest at [4])    1,024 bytes
//
// A part that is written in place claims all of %all, beside %wide: 1,924
// bytes. If %part is copied later, %wide has died before %all begins: 1,056
// bytes. Both plans are made, and the smaller arena wins.
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/Plan.h"
#include "passes/schedule/Packing.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

PlanOptions tenon::schedule::getPlanOptions(Operation *op) {
  PlanOptions options;
  if (kernel::TargetAttr target = kernel::getTarget(op))
    options.alignment = std::max(target.getAlignment(), 1u);
  return options;
}

SmallVector<StringRef> Plan::getPeakLayers() const {
  SmallVector<StringRef> names;
  for (auto [step, bytes] : llvm::zip_equal(network.steps, liveBytes))
    if (bytes == boundBytes && bytes != 0)
      names.push_back(step.name);
  return names;
}

/// The storages of a trail may overlap, some bytes apart, if one dies at the
/// step at which the other one begins, and nobody else reads it there.
static std::optional<int64_t>
getLag(const Trail &trail, const Aliasing &aliasing, const Network &network) {
  const Layout &from = aliasing.layouts[trail.source],
               &to = aliasing.layouts[trail.target];
  const Storage &read = aliasing.storages[aliasing.storageOf[trail.source]],
                &written = aliasing.storages[aliasing.storageOf[trail.target]];
  if (&read == &written || !aliasing.isInArena(read) ||
      !aliasing.isInArena(written) || !from.isContiguous() ||
      !to.isContiguous() ||
      aliasing.getLifetime(read, network).second != trail.step ||
      aliasing.getLifetime(written, network).first != trail.step)
    return std::nullopt;
  for (int value : read.values) {
    // A result in place of something else.
    if (network.values[value].step == trail.step)
      return std::nullopt;
    for (const Read &other : aliasing.reads[value])
      if (other.step == trail.step &&
          (value != trail.source || other.operand != trail.operand))
        return std::nullopt;
  }
  return std::max<int64_t>(trail.lag - from.offset + to.offset, 0);
}

/// Packs the storages that `aliasing` leaves.
static Plan packStorages(Aliasing aliasing, const Network &network,
                         const PlanOptions &options) {
  Plan plan;
  std::vector<MemoryBlock> blocks;
  std::vector<int> blockOf(aliasing.storages.size(), -1);
  auto addBlock = [&](int64_t bytes, int first, int last) {
    // A block smaller than a vector needs no more than its own size. Elements
    // have 8 bytes at most.
    int64_t alignment = std::min<int64_t>(
        options.alignment, llvm::PowerOf2Ceil(std::max<int64_t>(bytes, 1)));
    blocks.push_back({bytes, first, last, std::max<int64_t>(alignment, 8)});
  };
  for (auto [index, storage] : llvm::enumerate(aliasing.storages))
    if (aliasing.isInArena(storage) && storage.first <= storage.last) {
      auto [first, last] = aliasing.getLifetime(storage, network);
      blockOf[index] = blocks.size();
      addBlock(storage.bytes, first, last);
    }
  std::vector<MemoryOverlap> overlaps;
  if (options.aliasing.inPlace)
    for (const Trail &trail : network.trails)
      if (auto lag = getLag(trail, aliasing, network))
        overlaps.push_back({blockOf[aliasing.storageOf[trail.source]],
                            blockOf[aliasing.storageOf[trail.target]], *lag});
  // Rows that are copied over others are copied one by one: only where the
  // memory is needed.
  int64_t bound = getLowerBound(blocks, overlaps);
  std::vector<int64_t> live = getLiveBytes(blocks, network.getEnd());
  llvm::erase_if(overlaps, [&](const MemoryOverlap &overlap) {
    return live[blocks[overlap.dying].last] <= bound;
  });
  Packing packing = pack(blocks);
  if (!overlaps.empty()) {
    Packing smaller = pack(blocks, overlaps);
    if (smaller.size < packing.size)
      packing = std::move(smaller);
    else
      overlaps.clear();
  }
  plan.arenaBytes = packing.size;
  plan.boundBytes = getLowerBound(blocks, overlaps);
  plan.liveBytes = getLiveBytes(blocks, network.getEnd(), overlaps);
  for (int block : blockOf)
    plan.offsets.push_back(block < 0 ? -1 : packing.offsets[block]);
  plan.aliasing = std::move(aliasing);
  return plan;
}

/// Bytes without which some layer cannot run, wherever its operands lie: what
/// it reads while it writes, and its results or what they may overwrite.
static int64_t getLeastBytes(const Plan &plan, const Network &network) {
  std::vector<int64_t> kept(network.steps.size()), passed(kept), made(kept);
  auto getBytes = [&](int id) {
    int storage = plan.aliasing.storageOf[id];
    bool inArena = plan.aliasing.isInArena(plan.aliasing.storages[storage]);
    return inArena ? network.values[id].bytes : 0;
  };
  for (auto [id, value] : llvm::enumerate(network.values)) {
    if (value.kind == TensorInfo::Result &&
        plan.aliasing.isWritten(network, id))
      made[value.step] += getBytes(id);
    for (const Read &read : value.reads) {
      auto layer = dyn_cast<nn::LayerOpInterface>(network.steps[read.step].op);
      bool overwritten =
          (layer && isReadWhenFinished(layer, read.operand)) ||
          llvm::any_of(network.trails, [&, id = id](const Trail &trail) {
            return trail.source == int(id) && trail.step == read.step;
          });
      int64_t &bytes = overwritten ? passed[read.step] : kept[read.step];
      // Two may be views of one: count one.
      bytes = std::max(bytes, getBytes(id));
    }
  }
  int64_t least = 0;
  for (size_t step = 0; step < kept.size(); ++step)
    least = std::max(least, std::max(kept[step] + made[step], passed[step]));
  return least;
}

/// Sets of ties that may cost more bytes than they save, since storages are
/// blocks: a view keeps all of its storage in use, and the first part that is
/// written in place claims the whole result.
static std::vector<SmallVector<int>> getDoubtfulTies(const Plan &plan,
                                                     const Network &network,
                                                     bool avoidCopies,
                                                     size_t maxSets) {
  std::vector<SmallVector<int>> sets;
  std::vector<SmallVector<int>> parts(network.steps.size());
  for (auto [index, tie] : llvm::enumerate(network.ties)) {
    const Storage &storage =
        plan.aliasing.storages[plan.aliasing.storageOf[tie.source]];
    if (tie.kind == Tie::Reshape || !plan.aliasing.taken[index] ||
        !plan.aliasing.isInArena(storage) ||
        (tie.sharesContent() && avoidCopies))
      continue;
    // Equal values in one place are never more bytes, only harder to pack.
    if (tie.kind == Tie::InPlace && plan.arenaBytes == plan.boundBytes &&
        network.values[tie.source].bytes == network.values[tie.target].bytes)
      continue;
    bool atPeak = false;
    for (int step = std::max(storage.first, 0);
         step <= std::min(storage.last, network.getEnd() - 1); ++step)
      atPeak |= plan.liveBytes[step] == plan.boundBytes;
    if (!atPeak)
      continue;
    if (tie.kind == Tie::Part)
      parts[tie.step].push_back(index);
    else
      sets.push_back({int(index)});
  }
  // Of an assemble, the parts that are written first.
  for (SmallVector<int> &ties : parts) {
    llvm::sort(ties, [&](int a, int b) {
      return std::make_pair(network.values[network.ties[a].source].step, a) <
             std::make_pair(network.values[network.ties[b].source].step, b);
    });
    for (size_t count = 1; count <= ties.size() && sets.size() < maxSets;
         ++count)
      sets.emplace_back(ties.begin(), ties.begin() + count);
  }
  return sets;
}

/// Gives up one set of ties after the other, and keeps what makes the arena
/// smaller.
Plan tenon::schedule::planMemory(Network network, const PlanOptions &options) {
  llvm::BitVector refused(network.ties.size());
  auto makePlan = [&] {
    return packStorages(solveAliasing(network, options.aliasing, refused),
                        network, options);
  };
  Plan best = makePlan();
  // Plans of large networks take longer: fewer of them.
  int plans =
      std::min<int>(options.maxPlans, 1 + 20000 / (network.getEnd() + 1));
  bool improved = best.arenaBytes > getLeastBytes(best, network);
  while (improved) {
    improved = false;
    for (const SmallVector<int> &ties :
         getDoubtfulTies(best, network, options.avoidCopies, plans)) {
      if (--plans < 0)
        break;
      llvm::BitVector saved = refused;
      for (int tie : ties)
        refused.set(tie);
      Plan plan = makePlan();
      if (plan.arenaBytes < best.arenaBytes) {
        best = std::move(plan);
        improved = true;
        break;
      }
      refused = saved;
    }
  }
  best.network = std::move(network);
  return best;
}
