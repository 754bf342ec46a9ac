//===- AbsorbMoves.cpp - Read through transposes, slices and reshapes -----===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A layer that reads the result of a move (a map that only yields its input)
// or of a reshape reads the source instead, through the composed map:
//
//     %t = nn.map ins(%x) maps [(i, j) -> (j, i), (i, j) -> (i, j)] {move}
//     %y = nn.reduce ins(%t) maps [(i, j) -> (i, j), ...]
// becomes
//     %y = nn.reduce ins(%x) maps [(i, j) -> (j, i), ...]
//
// A reshape that is no composition of linear maps is one after dimensions are
// split: a matrix product over k = c * 16 + h * 4 + w becomes one over c, h, w.
// A transpose that follows a layer moves into the map of the layer's output.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Affine.h"
#include "dialects/nn/LayerSpec.h"
#include "passes/simplify/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_ABSORBMOVESPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

/// Whether every element of the layer's only output is written, each by the
/// point that its map's inverse gives.
static bool isPermutationOf(AffineMap map, ArrayRef<int64_t> bounds,
                            RankedTensorType type) {
  if (!map.isPermutation())
    return false;
  for (auto [dim, expr] : llvm::enumerate(map.getResults()))
    if (bounds[cast<AffineDimExpr>(expr).getPosition()] != type.getDimSize(dim))
      return false;
  return true;
}

/// From an index of shape `to` to the index of the same element in shape
/// `from`, both row-major: linear inside groups of dimensions whose products
/// agree, with floordiv and mod only where a group has several of them.
static AffineMap getReshapeMap(ArrayRef<int64_t> from, ArrayRef<int64_t> to,
                               MLIRContext *context) {
  SmallVector<AffineExpr> results;
  unsigned i = 0, j = 0;
  while (i < from.size() || j < to.size()) {
    // The smallest group: from[i .. i1) and to[j .. j1) of equal products.
    unsigned i1 = i, j1 = j;
    int64_t fromSize = 1, toSize = 1;
    do {
      if (i1 < from.size() && (fromSize <= toSize || j1 == to.size()))
        fromSize *= from[i1++];
      else
        toSize *= to[j1++];
    } while (fromSize != toSize && (i1 < from.size() || j1 < to.size()));
    AffineExpr linear = getAffineConstantExpr(0, context);
    for (unsigned d = j; d < j1; ++d)
      linear = linear * to[d] + (to[d] == 1 ? getAffineConstantExpr(0, context)
                                            : getAffineDimExpr(d, context));
    int64_t stride = 1;
    SmallVector<AffineExpr> group;
    for (unsigned d = i1; d-- > i;) {
      AffineExpr index = linear.floorDiv(stride);
      stride *= from[d];
      if (stride != fromSize)
        index = index % from[d];
      group.push_back(from[d] == 1 ? getAffineConstantExpr(0, context) : index);
    }
    results.append(group.rbegin(), group.rend());
    i = i1;
    j = j1;
  }
  return AffineMap::get(to.size(), 0, results, context);
}

namespace {
/// `value`[i] is `source`[map(i)].
struct Source {
  Value value;
  AffineMap map;
};
} // namespace

static std::optional<Source> getSource(Value value) {
  if (auto reshape = value.getDefiningOp<ReshapeOp>()) {
    auto from = cast<RankedTensorType>(reshape.getInput().getType());
    auto to = cast<RankedTensorType>(reshape.getType());
    if (from.getNumElements() == 0)
      return std::nullopt;
    return Source{
        reshape.getInput(),
        getReshapeMap(from.getShape(), to.getShape(), value.getContext())};
  }
  auto move = value.getDefiningOp<MapOp>();
  if (!move || !move.isMove() || move.getInputs().size() != 1)
    return std::nullopt;
  auto type = cast<RankedTensorType>(value.getType());
  // A cast from i8 to ui8 moves bits, but its readers see other numbers.
  if (getElementTypeOrSelf(move.getInputs()[0]) != type.getElementType())
    return std::nullopt;
  AffineMap output = cast<LayerOpInterface>(*move).getMap(1);
  if (!isPermutationOf(output, move.getParallel(), type))
    return std::nullopt;
  AffineMap input = cast<LayerOpInterface>(*move).getMap(0);
  return Source{move.getInputs()[0], input.compose(inversePermutation(output))};
}

/// A window that leaves `shape` in some dimension is skipped there; it must be
/// skipped at the same points when it reads through `source`.
static bool keepsGuards(AffineMap map, ArrayRef<int64_t> bounds,
                        ArrayRef<int64_t> shape, const Source &source) {
  auto sourceShape = cast<RankedTensorType>(source.value.getType()).getShape();
  for (auto [dim, expr] : llvm::enumerate(map.getResults())) {
    std::optional<Interval> range = getRange(expr, bounds);
    if (!range || (range->low >= 0 && range->high < shape[dim]))
      continue;
    AffineExpr index = getAffineDimExpr(dim, map.getContext());
    bool kept = false;
    for (auto [i, result] : llvm::enumerate(source.map.getResults())) {
      if (result == index && sourceShape[i] == shape[dim])
        kept = true;
      else if (result.isFunctionOfDim(dim))
        return false;
    }
    if (!kept)
      return false;
  }
  return true;
}

static LogicalResult absorbProducers(LayerOpInterface layer,
                                     PatternRewriter &rewriter) {
  LayerSpec spec = LayerSpec::get(layer);
  SmallVector<Location> locs{layer.getLoc()};
  bool changed = false;
  auto absorb = [&](SmallVector<MappedOperand> &list) {
    for (MappedOperand &operand : list) {
      std::optional<Source> source = getSource(operand.value);
      if (!source ||
          !keepsGuards(
              operand.map, spec.getBounds(),
              cast<RankedTensorType>(operand.value.getType()).getShape(),
              *source))
        continue;
      LayerSpec before = spec;
      operand.map = source->map.compose(operand.map);
      operand.value = source->value;
      if (spec.makeLinear(layer))
        changed = true;
      else
        spec = before;
    }
  };
  absorb(spec.inputs);
  absorb(spec.extras);
  absorb(spec.indices);
  if (!changed)
    return rewriter.notifyMatchFailure(layer, "reads no move");
  LayerOpInterface next = spec.create(rewriter, layer.getLoc(), layer);
  rewriter.replaceOp(layer, next);
  return success();
}

/// producer -> transpose becomes a producer that writes transposed.
static LogicalResult sinkTranspose(MapOp move, PatternRewriter &rewriter) {
  if (!move.isMove() || move.getInputs().size() != 1)
    return rewriter.notifyMatchFailure(move, "not a move of one input");
  auto producer = move.getInputs()[0].getDefiningOp<LayerOpInterface>();
  if (!producer || producer->getNumResults() != 1 || !producer->hasOneUse())
    return rewriter.notifyMatchFailure(move, "no producer of its own");
  auto view = cast<LayerOpInterface>(*move);
  auto type = cast<RankedTensorType>(move.getInputs()[0].getType());
  if (!isPermutationOf(view.getMap(0), move.getParallel(), type))
    return rewriter.notifyMatchFailure(move, "not a permutation");
  LayerSpec spec = LayerSpec::get(producer);
  if (!spec.outputs[0].value.getDefiningOp<tensor::EmptyOp>())
    return rewriter.notifyMatchFailure(move, "producer adds to its output");
  AffineMap toResult =
      view.getMap(1).compose(inversePermutation(view.getMap(0)));
  spec.outputs[0].value = move.getOutputs()[0];
  spec.outputs[0].map = toResult.compose(spec.outputs[0].map);
  LayerOpInterface next = spec.create(rewriter, producer.getLoc(), producer);
  rewriter.replaceOp(move, next);
  rewriter.eraseOp(producer);
  return success();
}

/// A move that changes nothing.
static LogicalResult removeIdentity(MapOp move, PatternRewriter &rewriter) {
  auto view = cast<LayerOpInterface>(*move);
  if (!move.isMove() || move.getInputs().size() != 1 ||
      move.getInputs()[0].getType() != move->getResult(0).getType() ||
      view.getMap(0) != view.getMap(1) ||
      !isPermutationOf(view.getMap(0), move.getParallel(),
                       cast<RankedTensorType>(move->getResult(0).getType())))
    return rewriter.notifyMatchFailure(move, "not the identity");
  rewriter.replaceOp(move, move.getInputs()[0]);
  return success();
}

namespace {
struct AbsorbProducers : OpInterfaceRewritePattern<LayerOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(LayerOpInterface layer,
                                PatternRewriter &rewriter) const override {
    if (layer->getNumResults() == 0)
      return failure();
    return absorbProducers(layer, rewriter);
  }
};

struct AbsorbMovesPass : tenon::impl::AbsorbMovesPassBase<AbsorbMovesPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<AbsorbProducers>(&getContext());
    patterns.add(sinkTranspose);
    patterns.add(removeIdentity);
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
