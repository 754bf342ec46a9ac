//===- BandRows.cpp - Chains of layers, a few rows at a time --------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of what lies between two layers, no more rows need to be in memory than the
// second one reads at a time:
//
//     %a = nn.contract ... ins(%x, %v)          depthwise, 48 rows
//     %b = nn.contract ... ins(%a, %w)          pointwise, 48 rows
//
// becomes
//
//     %b, %scratch = nn.bands height 4 ins(%x, %v, %w) outs(...) { ... }
//
// where %a has a buffer of 4 rows. It costs copies of rows and calls, so it is
// done where an arena would be larger than `max-ram`, or than all the memory
// that a memory file has for it, and there as cheaply as is enough
// (BandSearch.cpp). What the planner makes of a choice decides.
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Regions.h"
#include "mlir/IR/IRMapping.h"
#include "passes/schedule/BandSearch.h"
#include "passes/schedule/Passes.h"
#include "passes/schedule/Plan.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace tenon {
#define GEN_PASS_DEF_BANDROWSPASS
#include "passes/schedule/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

/// The border through which the layer reads the operand, if any.
static nn::AssembleOp getBorder(const BandLayer &layer, Value operand) {
  for (nn::AssembleOp border : layer.borders)
    if (border && border.getResult() == operand)
      return border;
  return nullptr;
}

/// Puts the layers, which follow each other, into one nn.bands.
static void makeBands(ArrayRef<BandLayer> layers, int64_t height) {
  std::optional<BandLayout> layout = getBandLayout(layers, height);
  Operation *last = layers.back().layer;
  OpBuilder builder(last);
  SmallVector<Location> locs;
  llvm::SetVector<Value> inputs;
  llvm::DenseSet<Value> made;
  for (const BandLayer &member : layers) {
    nn::LayerOpInterface layer = member.layer;
    locs.push_back(layer.getLoc());
    for (Value operand :
         layer->getOperands().take_front(layer.getFirstOutput())) {
      if (nn::AssembleOp border = getBorder(member, operand))
        operand = border.getParts()[0];
      if (!made.contains(operand))
        inputs.insert(operand);
    }
    made.insert(member.getResult());
  }
  Location loc = builder.getFusedLoc(locs);
  auto result = cast<RankedTensorType>(last->getResult(0).getType());
  SmallVector<Value> outputs;
  for (auto [shape, element] :
       {std::pair(llvm::to_vector(result.getShape()), result.getElementType()),
        std::pair(SmallVector<int64_t>{layout->scratchBytes},
                  Type(builder.getI8Type()))})
    outputs.push_back(builder.create<tensor::EmptyOp>(loc, shape, element));
  auto bands =
      builder.create<nn::BandsOp>(loc, ValueRange(outputs).getTypes(), height,
                                  inputs.getArrayRef(), outputs);
  Block *body = builder.createBlock(&bands.getBody());
  IRMapping mapping;
  for (Value input : inputs)
    mapping.map(input, body->addArgument(input.getType(), input.getLoc()));
  for (const BandLayer &member : layers) {
    nn::LayerOpInterface layer = member.layer;
    auto type = cast<RankedTensorType>(layer->getResult(0).getType());
    mapping.map(layer.getOutputs()[0],
                builder.create<tensor::EmptyOp>(layer.getLoc(), type.getShape(),
                                                type.getElementType()));
    for (nn::AssembleOp border : member.borders)
      if (border && !mapping.contains(border.getResult()))
        builder.clone(*border, mapping);
    builder.clone(*layer, mapping);
  }
  builder.create<nn::YieldOp>(loc, mapping.lookup(last->getResult(0)));
  last->getResult(0).replaceAllUsesWith(bands.getResult(0));
  llvm::SmallSetVector<Operation *, 16> moved;
  for (const BandLayer &member : layers) {
    for (nn::AssembleOp border : member.borders)
      if (border)
        moved.insert(border);
    moved.insert(nn::LayerOpInterface(member.layer));
  }
  // Who reads comes after what is read: a layer after its borders.
  for (Operation *op : llvm::reverse(moved))
    op->erase();
}

static std::string quote(StringRef name) {
  std::string text = "'";
  llvm::raw_string_ostream(text).write_escaped(name) << "'";
  return text;
}

/// The steps at the peak, by their nodes.
static std::string getPeakText(const Plan &plan) {
  constexpr size_t kMostNames = 3;
  SmallVector<std::string> names;
  for (auto [step, bytes] :
       llvm::zip_equal(plan.network.steps, plan.liveBytes)) {
    if (bytes != plan.boundBytes || bytes == 0)
      continue;
    names.push_back(quote(step.name));
    auto bands = dyn_cast<nn::BandsOp>(step.op);
    if (!bands)
      continue;
    StringRef last = kernel::getNodeName(bands.getLayers().back().getLoc());
    names.back() += (last.empty() ? "" : " to " + quote(last)) + " in bands";
  }
  size_t count = names.size();
  names.resize(std::min(count, kMostNames));
  return llvm::join(names, ", ") +
         (count > kMostNames
              ? " and " + std::to_string(count - kMostNames) + " more"
              : "");
}

/// " 1.5 % for 4800 bytes, 0.4 % for 9000": some choices, from `least` bytes
/// on.
static std::string getFrontText(const BandSearch &bands, int64_t least) {
  constexpr size_t kMostPoints = 4;
  std::vector<BandSearch::Point> front = bands.getFront();
  llvm::erase_if(front, [&](const BandSearch::Point &point) {
    return point.bytes < least || point.share == 0;
  });
  std::reverse(front.begin(), front.end());
  std::string text;
  size_t count = std::min(front.size(), kMostPoints);
  for (size_t i = 0; i < count; ++i) {
    const BandSearch::Point &point =
        front[count == 1 ? 0 : i * (front.size() - 1) / (count - 1)];
    text += llvm::formatv("{0} {1:f1} % for {2} bytes", i == 0 ? "" : ",",
                          100 * point.share, point.bytes);
  }
  return text;
}

namespace {
struct BandRowsPass : public tenon::impl::BandRowsPassBase<BandRowsPass> {
  using BandRowsPassBase::BandRowsPassBase;

  void runOnOperation() override {
    setLimit();
    if (limit == 0 && height == 0)
      return;
    FailureOr<func::FuncOp> func = getNetworkFunction(getOperation());
    if (failed(func) ||
        failed(height == 0 ? search(*func) : makeAllBands(*func)))
      signalPassFailure();
  }

private:
  /// The smaller one of `max-ram` and the largest memory for the arena.
  void setLimit() {
    limit = maxRam;
    int64_t room = 0;
    std::vector<kernel::MemoryRegion> regions =
        kernel::getArenaRegions(kernel::getRegions(getOperation()));
    for (const kernel::MemoryRegion &region : regions)
      room = std::max(room, region.size);
    limitText = "where --max-ram allows " + std::to_string(limit);
    if (regions.empty() || (limit != 0 && limit <= room))
      return;
    limit = room;
    limitText =
        "where the memory file has room for " + kernel::getSizes(regions);
  }

  LogicalResult makeAllBands(func::FuncOp func) {
    FailureOr<Network> network = buildNetwork(func, getOperations(func));
    if (failed(network))
      return failure();
    for (const BandRun &run : findLongestRuns(*network, height))
      makeBands(run, height);
    return success();
  }

  /// What came of a choice: the arena, and who is at its peak.
  struct Outcome {
    int64_t bytes = 0;
    std::string peak;
  };

  /// Plans a copy of the function with these bands.
  FailureOr<Outcome> tryPieces(func::FuncOp func,
                               ArrayRef<BandPiece> pieces) const {
    IRMapping mapping;
    OpBuilder builder(func);
    OwningOpRef<func::FuncOp> copy(
        cast<func::FuncOp>(builder.clone(*func, mapping)));
    for (const BandPiece &piece : pieces) {
      BandRun layers = piece.layers;
      for (BandLayer &member : layers) {
        member.layer = cast<nn::LayerOpInterface>(
            mapping.lookup(member.layer.getOperation()));
        for (nn::AssembleOp &border : member.borders)
          if (border)
            border =
                cast<nn::AssembleOp>(mapping.lookup(border.getOperation()));
      }
      makeBands(layers, piece.height);
    }
    if (failed(orderLayers(*copy, options, kMaxStates)))
      return failure();
    FailureOr<Network> network = buildNetwork(*copy, getOperations(*copy));
    if (failed(network))
      return failure();
    Plan plan = planMemory(std::move(*network), options);
    return Outcome{plan.arenaBytes, getPeakText(plan)};
  }

  LogicalResult search(func::FuncOp func) {
    options = getPlanOptions(func);
    options.avoidCopies = avoidCopies;
    options.aliasing.ioInArena = ioInArena;
    if (failed(orderLayers(func, options, kMaxStates)))
      return failure();
    FailureOr<Network> network = buildNetwork(func, getOperations(func));
    if (failed(network))
      return failure();
    Plan plan = planMemory(std::move(*network), options);
    if (plan.arenaBytes <= limit)
      return success();
    Outcome best{plan.arenaBytes, getPeakText(plan)};
    BandSearch bands(plan);
    // Packing may need more than what is in use at once: then aim lower. Last,
    // the least that there is.
    int64_t least = bands.getLeastBytes(), aim = std::max(least, limit);
    constexpr int64_t kTries = 8;
    for (int64_t tries = 1; tries <= kTries; ++tries) {
      std::vector<BandPiece> pieces = *bands.find(aim);
      FailureOr<Outcome> outcome = tryPieces(func, pieces);
      if (failed(outcome))
        return failure();
      if (outcome->bytes <= limit) {
        for (const BandPiece &piece : pieces)
          makeBands(piece.layers, piece.height);
        return success();
      }
      if (outcome->bytes < best.bytes)
        best = *outcome;
      if (aim == least)
        break;
      aim -= std::max(outcome->bytes - limit, (aim - least) / kTries);
      if (aim < least || tries + 1 == kTries)
        aim = least;
    }
    return explain(plan, best, bands);
  }

  /// Who needs the memory, and how far bands would get.
  LogicalResult explain(const Plan &plan, const Outcome &best,
                        const BandSearch &bands) {
    auto diag = mlir::emitError(UnknownLoc::get(&getContext()))
                << "an arena of " << plan.arenaBytes << " bytes, " << limitText
                << "; most is in use at " << getPeakText(plan);
    if (best.bytes < plan.arenaBytes) {
      diag.attachNote() << "hint: with row bands it fits into " << best.bytes
                        << " bytes, most then in use at " << best.peak;
      if (std::string text = getFrontText(bands, best.bytes); !text.empty())
        diag.attachNote() << "hint: row bands add work, about" << text;
    } else {
      diag.attachNote()
          << "hint: row bands do not help there: they are for layers that "
             "read rows near those that they make";
    }
    if (ioInArena)
      diag.attachNote()
          << "hint: inputs and outputs lie in the arena with --io=arena";
    return failure();
  }

  static constexpr int64_t kMaxStates = 100000;
  PlanOptions options;
  /// Of the arena, in bytes; 0 where there is none. And who says so.
  int64_t limit = 0;
  std::string limitText;
};
} // namespace
