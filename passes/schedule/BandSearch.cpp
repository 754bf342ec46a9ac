//===- BandSearch.cpp - Which layers to compute row by row ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/BandSearch.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

/// Runs of more layers are not looked at: the search is cubic in that.
static constexpr int kMostLayers = 48;

//===----------------------------------------------------------------------===//
// Runs
//===----------------------------------------------------------------------===//

/// Layer by layer, what is needed to tell whether steps are a run.
static std::vector<std::optional<BandLayer>>
getRowLayers(const Network &network) {
  std::vector<std::optional<BandLayer>> layers;
  for (const Step &step : network.steps) {
    layers.emplace_back();
    if (auto layer = dyn_cast<nn::LayerOpInterface>(step.op))
      if (std::optional<RowAccess> rows = getRowAccess(layer))
        layers.back() = BandLayer(layer, *rows);
  }
  return layers;
}

/// Calls `visit(first, layers)` for all runs that end with step `last`, from
/// the shortest on.
static void
visitRuns(const Network &network, ArrayRef<std::optional<BandLayer>> layers,
          int last, llvm::function_ref<void(int, ArrayRef<BandLayer>)> visit) {
  if (!layers[last])
    return;
  llvm::SmallPtrSet<Operation *, 16> inside = {network.steps[last].op};
  BandRun run = {*layers[last]};
  for (int first = last - 1; first >= 0 && last - first < kMostLayers;
       --first) {
    // Everything that reads what a step makes comes after it.
    Operation *op = network.steps[first].op;
    if (op->use_empty() || !llvm::all_of(op->getUsers(), [&](Operation *user) {
          return inside.contains(user);
        }))
      return;
    inside.insert(op);
    if (auto assemble = dyn_cast<nn::AssembleOp>(op)) {
      if (!addBorder(run, assemble))
        return;
    } else {
      if (!layers[first] || layers[first]->rows.reducesRows)
        return;
      run.insert(run.begin(), *layers[first]);
    }
    if (!readsOnlyRows(run))
      return;
    visit(first, run);
  }
}

std::vector<BandRun> schedule::findLongestRuns(const Network &network,
                                               int64_t height) {
  std::vector<std::optional<BandLayer>> layers = getRowLayers(network);
  std::vector<BandRun> runs;
  for (int last = network.getEnd() - 1, next; last >= 0; last = next) {
    BandRun longest;
    next = last - 1;
    visitRuns(network, layers, last, [&](int first, ArrayRef<BandLayer> run) {
      if (!getBandLayout(run, height))
        return;
      longest = BandRun(run);
      next = first - 1;
    });
    if (!longest.empty())
      runs.push_back(std::move(longest));
  }
  return runs;
}

//===----------------------------------------------------------------------===//
// What a run needs and costs
//===----------------------------------------------------------------------===//

/// In the arena while steps `first` to `last` are one: all but what only they
/// use.
int64_t BandSearch::getBytesAround(int first, int last) const {
  const Network &network = plan.network;
  const Aliasing &aliasing = plan.aliasing;
  int64_t bytes = 0;
  for (const Storage &storage : aliasing.storages) {
    if (!aliasing.isInArena(storage) || storage.first > storage.last)
      continue;
    auto [begin, end] = aliasing.getLifetime(storage, network);
    if (begin > last || end < first || (begin >= first && end <= last))
      continue;
    bytes += storage.bytes;
    // The result is no longer written over what the run reads.
    for (int result : network.steps[last].results)
      if (begin < first &&
          &aliasing.storages[aliasing.storageOf[result]] == &storage)
        bytes += network.values[result].bytes;
  }
  return bytes;
}

/// In instructions, roughly: bytes are copied two at a time, a call with its
/// loops takes some to get going, a point of a layer that is too much a few.
static int64_t getCost(ArrayRef<BandLayer> layers, const BandLayout &layout) {
  constexpr int64_t kCall = 150, kPoint = 4, kBytesAnInstruction = 2;
  int64_t bytes = 0, cost = 0, rounds = layout.roundsBefore + layout.rounds;
  for (auto [index, buffer] : llvm::enumerate(layout.buffers))
    bytes += rounds * buffer.rowBytes *
             (index < layout.numOutside ? buffer.getRows() : buffer.kept);
  bytes += layout.buffers.back().totalRows * layout.buffers.back().rowBytes;
  for (auto [index, member] : llvm::enumerate(layers)) {
    nn::LayerOpInterface layer = member.layer;
    const BandBuffer &own = layout.buffers[layout.getOwnBuffer(index)];
    int64_t runs = layout.countRuns(index), points = 1;
    for (auto [dim, bound] : llvm::enumerate(layer.getBounds()))
      points *= dim == member.rows.dim ? 1 : bound;
    cost += runs * kCall;
    cost += (runs * own.height - own.totalRows) * points * kPoint;
  }
  return cost + bytes / kBytesAnInstruction;
}

BandSearch::BandSearch(const Plan &plan) : plan(plan) {
  std::vector<std::optional<BandLayer>> layers = getRowLayers(plan.network);
  for (int last = 0; last < plan.network.getEnd(); ++last) {
    std::vector<Option> &found = options.emplace_back();
    visitRuns(plan.network, layers, last,
              [&](int first, ArrayRef<BandLayer> run) {
                int64_t around = getBytesAround(first, last);
                // Higher ones need hardly less than all rows.
                int64_t most = std::max<int64_t>(run.back().rows.rows / 2, 1);
                for (int64_t height = 1; height <= most;
                     height += height < 8 ? 1 : height / 4)
                  if (auto layout = getBandLayout(run, height))
                    found.push_back({first, int(height),
                                     around + layout->scratchBytes,
                                     getCost(run, *layout)});
              });
  }
}

//===----------------------------------------------------------------------===//
// The search
//===----------------------------------------------------------------------===//

std::optional<std::vector<BandPiece>> BandSearch::find(int64_t bytes) const {
  // Of the first so many steps: the cost, and the last piece.
  struct Best {
    int64_t cost = -1;
    int first = 0, height = 0;
  };
  int size = plan.network.getEnd();
  std::vector<Best> best(size + 1);
  best[0].cost = 0;
  for (int end = 1; end <= size; ++end) {
    auto consider = [&](int first, int height, int64_t needed, int64_t cost) {
      cost += best[first].cost;
      if (best[first].cost < 0 || needed > bytes ||
          (best[end].cost >= 0 && best[end].cost <= cost))
        return;
      best[end] = {cost, first, height};
    };
    consider(end - 1, 0, plan.liveBytes[end - 1], 0);
    for (const Option &option : options[end - 1])
      consider(option.first, option.height, option.bytes, option.cost);
  }
  if (best[size].cost < 0)
    return std::nullopt;
  std::vector<std::optional<BandLayer>> layers = getRowLayers(plan.network);
  std::vector<BandPiece> pieces;
  for (int end = size; end > 0; end = best[end].first) {
    auto [cost, begin, height] = best[end];
    if (height == 0)
      continue;
    BandPiece &piece = pieces.emplace_back();
    piece.height = height;
    visitRuns(plan.network, layers, end - 1,
              [&, begin = begin](int first, ArrayRef<BandLayer> run) {
                if (first == begin)
                  piece.layers = BandRun(run);
              });
  }
  return pieces;
}

int64_t BandSearch::getLeastBytes() const {
  int64_t low = -1, high = plan.boundBytes;
  while (high - low > 1) {
    int64_t middle = low + (high - low) / 2;
    (find(middle) ? high : low) = middle;
  }
  return high;
}
