//===- BandSearch.cpp - Which chains to compute row by row ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/BandSearch.h"

#include "dialects/nn/Nn.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

//===----------------------------------------------------------------------===//
// Chains
//===----------------------------------------------------------------------===//

/// The first input whose rows the layer reads, and that is no constant.
static std::optional<RowWindow> findWindow(nn::LayerOpInterface layer) {
  for (unsigned input = 0; input < layer.getInputs().size(); ++input) {
    Operation *source = layer.getInputs()[input].getDefiningOp();
    if (source && isa<nn::WeightOp, arith::ConstantOp>(source))
      continue;
    if (std::optional<RowWindow> window = getRowWindow(layer, input))
      return window;
  }
  return std::nullopt;
}

std::vector<BandChain> schedule::findBandChains(func::FuncOp func) {
  std::vector<BandChain> chains;
  DenseMap<Operation *, size_t> endsChain;
  for (auto layer : func.getOps<nn::LayerOpInterface>()) {
    std::optional<RowWindow> window = findWindow(layer);
    if (!window)
      continue;
    Value input = layer->getOperand(window->operand);
    Operation *before = input.getDefiningOp();
    bool isNext = before && input.hasOneUse() &&
                  getRowDim(cast<ShapedType>(input.getType())) ==
                      window->inputDim;
    auto found = isNext ? endsChain.find(before) : endsChain.end();
    size_t chain = chains.size();
    if (found != endsChain.end())
      chain = found->second;
    else
      chains.emplace_back();
    chains[chain].push_back({layer, *window});
    if (!window->reducesRows)
      endsChain[layer] = chain;
  }
  llvm::erase_if(chains,
                 [](const BandChain &chain) { return chain.size() < 2; });
  return chains;
}

//===----------------------------------------------------------------------===//
// What a piece needs and costs
//===----------------------------------------------------------------------===//

/// Of the value itself, in the arena.
int64_t BandSearch::getBytes(Value value) const {
  int id = plan.network.getId(value);
  const Aliasing &aliasing = plan.aliasing;
  return aliasing.isInArena(aliasing.storages[aliasing.storageOf[id]])
             ? plan.network.values[id].bytes
             : 0;
}

int64_t BandSearch::getLiveBytes(const BandLayer &layer) const {
  nn::LayerOpInterface op = layer.layer;
  const Network &network = plan.network;
  return plan.liveBytes[network.values[network.getId(op->getResult(0))].step];
}

/// What is in memory while the layer runs, and not for it.
int64_t BandSearch::getOtherBytes(const BandLayer &layer) const {
  nn::LayerOpInterface op = layer.layer;
  return std::max<int64_t>(getLiveBytes(layer) - getBytes(layer.getInput()) -
                               getBytes(op->getResult(0)),
                           0);
}

/// In instructions, roughly: bytes are copied two at a time, a call with its
/// loops takes some to get going, a point of a layer that is too much a few.
static int64_t getCost(ArrayRef<BandLayer> layers, const BandLayout &layout) {
  const int64_t call = 150, point = 4, bytesAnInstruction = 2;
  int64_t bytes = 0, cost = 0, rounds = layout.roundsBefore + layout.rounds;
  for (auto [index, member] : llvm::enumerate(layers)) {
    nn::LayerOpInterface layer = member.layer;
    const BandBuffer &read = layout.buffers[index];
    unsigned made = member.window.reducesRows ? index : index + 1;
    const BandBuffer &buffer = layout.buffers[made];
    int64_t runs = layout.countRuns(made), points = 1;
    bytes += index == 0 ? runs * read.getBytes()
                        : rounds * read.kept * read.rowBytes;
    cost += runs * call;
    for (auto [dim, bound] : llvm::enumerate(layer.getBounds()))
      points *= dim == member.window.dim ? 1 : bound;
    cost += (runs * buffer.height - buffer.totalRows) * points * point;
    if (made == layers.size())
      bytes += buffer.totalRows * buffer.rowBytes;
  }
  return cost + bytes / bytesAnInstruction;
}

BandSearch::Option BandSearch::getOption(ArrayRef<BandLayer> layers,
                                         int64_t height,
                                         const BandLayout &layout) const {
  nn::LayerOpInterface last = layers.back().layer;
  int64_t others = 0;
  for (const BandLayer &layer : layers)
    others = std::max(others, getOtherBytes(layer));
  return {getBytes(layers.front().getInput()) + getBytes(last->getResult(0)) +
              layout.scratchBytes + others,
          getCost(layers, layout), height};
}

BandSearch::BandSearch(const Plan &plan) : plan(plan) {
  for (BandChain &layers : findBandChains(plan.network.func)) {
    Chain chain{std::move(layers), {}};
    size_t size = chain.layers.size();
    chain.options.resize(size);
    for (size_t first = 0; first < size; ++first) {
      chain.options[first].resize(size);
      chain.options[first][first].push_back(
          {getLiveBytes(chain.layers[first]), 0, 0});
      for (size_t last = first + 1; last < size; ++last) {
        ArrayRef<BandLayer> piece =
            ArrayRef(chain.layers).slice(first, last - first + 1);
        const RowWindow &window = piece.back().window;
        int64_t rows =
            window.reducesRows ? window.inputRows : window.resultRows;
        // Taller ones need hardly less than all rows.
        for (int64_t height = 1; height <= std::max<int64_t>(rows / 2, 1);
             height += height < 8 ? 1 : height / 4)
          if (std::optional<BandLayout> layout = getBandLayout(piece, height))
            chain.options[first][last].push_back(
                getOption(piece, height, *layout));
      }
    }
    chains.push_back(std::move(chain));
  }
}

//===----------------------------------------------------------------------===//
// The search
//===----------------------------------------------------------------------===//

std::optional<std::vector<BandPiece>> BandSearch::find(int64_t bytes) const {
  std::vector<BandPiece> pieces;
  for (const Chain &chain : chains) {
    // By number of layers from the front on: the cost, the begin of the last
    // piece, and its height.
    struct Best {
      int64_t cost = -1;
      size_t first = 0;
      int64_t height = 0;
    };
    size_t size = chain.layers.size();
    std::vector<Best> best(size + 1);
    best[0].cost = 0;
    for (size_t end = 1; end <= size; ++end)
      for (size_t first = 0; first < end; ++first)
        for (const Option &option : chain.options[first][end - 1]) {
          if (best[first].cost < 0 || option.bytes > bytes)
            continue;
          int64_t cost = best[first].cost + option.cost;
          if (best[end].cost < 0 || cost < best[end].cost)
            best[end] = {cost, first, option.height};
        }
    if (best[size].cost < 0)
      return std::nullopt;
    for (size_t end = size; end > 0; end = best[end].first)
      if (best[end].height != 0)
        pieces.push_back(
            {BandChain(ArrayRef(chain.layers)
                           .slice(best[end].first, end - best[end].first)),
             best[end].height});
  }
  return pieces;
}

int64_t BandSearch::getLeastBytes() const {
  int64_t low = -1, high = plan.boundBytes;
  for (const Chain &chain : chains)
    for (const BandLayer &layer : chain.layers)
      high = std::max(high, getLiveBytes(layer));
  while (high - low > 1) {
    int64_t middle = low + (high - low) / 2;
    (find(middle) ? high : low) = middle;
  }
  return high;
}
