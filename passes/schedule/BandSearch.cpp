//===- BandSearch.cpp - Which layers to compute row by row ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/BandSearch.h"

#include "passes/schedule/Trail.h"

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
  visit(last, run);
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
      if (run.size() == 1 || !getBandLayout(run, height))
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
    bool isInside =
        storage.kind == Storage::Arena && begin >= first && end <= last;
    if (begin > last || end < first || isInside)
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

/// Counted twice where the result lies over dead rows of what the run reads.
int64_t BandSearch::getSharedBytes(ArrayRef<BandLayer> run,
                                   const BandLayout &layout, int last) const {
  const Network &network = plan.network;
  const Aliasing &aliasing = plan.aliasing;
  int made = network.getId(run.back().getResult());
  if (!aliasing.isInArena(aliasing.storages[aliasing.storageOf[made]]))
    return 0;
  int64_t most = 0, bytes = network.values[made].bytes;
  for (unsigned buffer = 0; buffer < layout.numOutside; ++buffer) {
    int id = network.getId(layout.buffers[buffer].value);
    const Storage &storage = aliasing.storages[aliasing.storageOf[id]];
    std::optional<int64_t> lag = getLag(run, layout, buffer);
    if (!lag || !aliasing.isInArena(storage) ||
        llvm::any_of(aliasing.reads[id],
                     [&](const Read &read) { return read.step > last; }))
      continue;
    int64_t begin = aliasing.layouts[id].offset - *lag,
            together = std::max(storage.bytes, begin + bytes) -
                       std::min<int64_t>(begin, 0);
    most = std::max(most, storage.bytes + bytes - together);
  }
  return most;
}

/// In instructions, roughly: bytes are copied two at a time, a call with its
/// loops takes some to get going, a point of a layer a few.
static constexpr int64_t kCall = 150, kPoint = 4, kBytesAnInstruction = 2;

/// All but what the layers do anyway.
static int64_t getCost(ArrayRef<BandLayer> layers, const BandLayout &layout) {
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
                                     around + layout->scratchBytes -
                                         getSharedBytes(run, *layout, last),
                                     getCost(run, *layout)});
              });
  }
}

//===----------------------------------------------------------------------===//
// The search
//===----------------------------------------------------------------------===//

std::vector<BandSearch::Best> BandSearch::cut(int64_t bytes) const {
  int size = plan.network.getEnd();
  std::vector<Best> best(size + 1);
  best[0].cost = 0;
  for (int end = 1; end <= size; ++end) {
    auto consider = [&](int first, int height, int64_t needed, int64_t cost) {
      cost += best[first].cost;
      if (best[first].cost < 0 || needed > bytes ||
          (best[end].cost >= 0 && best[end].cost <= cost))
        return;
      best[end] = {cost, std::max(best[first].bytes, needed), first, height};
    };
    consider(end - 1, 0, plan.liveBytes[end - 1], 0);
    for (const Option &option : options[end - 1])
      consider(option.first, option.height, option.bytes, option.cost);
  }
  return best;
}

std::optional<std::vector<BandPiece>> BandSearch::find(int64_t bytes) const {
  std::vector<Best> best = cut(bytes);
  if (best.back().cost < 0)
    return std::nullopt;
  std::vector<std::optional<BandLayer>> layers = getRowLayers(plan.network);
  std::vector<BandPiece> pieces;
  for (int end = best.size() - 1; end > 0; end = best[end].first) {
    if (best[end].height == 0)
      continue;
    BandPiece &piece = pieces.emplace_back();
    piece.height = best[end].height;
    visitRuns(plan.network, layers, end - 1,
              [&](int first, ArrayRef<BandLayer> run) {
                if (first == best[end].first)
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

std::vector<BandSearch::Point> BandSearch::getFront() const {
  int64_t work = 1;
  for (const Step &step : plan.network.steps)
    if (auto layer = dyn_cast<nn::LayerOpInterface>(step.op)) {
      int64_t points = kPoint;
      for (int64_t bound : layer.getBounds())
        points *= bound;
      work += points;
    }
  std::vector<Point> front;
  for (int64_t bytes = plan.boundBytes; bytes >= 0;) {
    Best best = cut(bytes).back();
    if (best.cost < 0)
      break;
    front.push_back({best.bytes, double(best.cost) / work});
    bytes = best.bytes - 1;
  }
  return front;
}
