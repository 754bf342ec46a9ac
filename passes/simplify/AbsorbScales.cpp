//===- AbsorbScales.cpp - Factors of an output channel and the weights ----===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A factor that depends on parallel dimensions only commutes with the sum:
//
//     sum_k x[k] * (w[o, k] * s[o])  =  s[o] * sum_k x[k] * w[o, k]
//
// Right to left for float weights: a batch normalization's scale, the first
// thing that an epilogue does to the sum, is multiplied into the weights, where
// fold-weights computes it. Left to right for integer weights: the scale of a
// DequantizeLinear leaves the weights, which stay integers in flash, and
// becomes part of the epilogue; those of blocks do so in SumBlocks.cpp.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Affine.h"
#include "dialects/nn/Constants.h"
#include "passes/simplify/Dequantization.h"
#include "passes/simplify/Passes.h"
#include "passes/simplify/SumBlocks.h"

namespace tenon {
#define GEN_PASS_DEF_ABSORBSCALESPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

static bool isFloat(Value value) {
  return isa<Float32Type>(getElementTypeOrSelf(value.getType()));
}

//===----------------------------------------------------------------------===//
// epilogue factor -> weights
//===----------------------------------------------------------------------===//

/// w * s as a map over the shape of w, where s depends on dimensions of w that
/// `weights` reads without windows; null otherwise.
static Value buildScaledWeights(OpBuilder &builder, Location loc,
                                const MappedOperand &weights,
                                const MappedOperand &scale) {
  auto type = cast<RankedTensorType>(weights.value.getType());
  unsigned rank = type.getRank();
  // The dimension of the iteration space at each plain position of w.
  SmallVector<AffineExpr> scaleIndex;
  for (AffineExpr expr : scale.map.getResults()) {
    if (isa<AffineConstantExpr>(expr)) {
      scaleIndex.push_back(expr);
      continue;
    }
    auto found = llvm::find(weights.map.getResults(), expr);
    if (!isa<AffineDimExpr>(expr) || found == weights.map.getResults().end())
      return {};
    scaleIndex.push_back(
        builder.getAffineDimExpr(found - weights.map.getResults().begin()));
  }
  return buildElementwise(
      builder, loc, type,
      {{weights.value, builder.getMultiDimIdentityMap(rank)},
       {scale.value,
        AffineMap::get(rank, 0, scaleIndex, builder.getContext())}},
      [&](OpBuilder &b, ValueRange x) -> Value {
        return b.create<arith::MulFOp>(loc, x[0], x[1]);
      });
}

static LogicalResult scaleWeights(ContractOp op, PatternRewriter &rewriter) {
  auto layer = cast<LayerOpInterface>(*op);
  Region &epilogue = op.getEpilogue();
  BlockArgument acc = epilogue.getArgument(0);
  if (!acc.hasOneUse())
    return rewriter.notifyMatchFailure(op, "the sum has several users");
  auto multiply = dyn_cast<arith::MulFOp>(*acc.getUsers().begin());
  if (!multiply)
    return rewriter.notifyMatchFailure(op, "the sum is not multiplied first");
  Value factor =
      multiply.getLhs() == acc ? multiply.getRhs() : multiply.getLhs();
  auto argument = dyn_cast<BlockArgument>(factor);
  if (!argument || argument.getOwner() != acc.getOwner() || argument == acc)
    return rewriter.notifyMatchFailure(op, "the factor is no extra");
  LayerSpec spec = LayerSpec::get(layer);
  MappedOperand scale = spec.extras[argument.getArgNumber() - 1];
  for (MappedOperand &weights : spec.inputs) {
    if (!isConstant(weights.value) || !isConstant(scale.value) ||
        !isFloat(weights.value) || !isFloat(scale.value))
      continue;
    Value scaled = buildScaledWeights(rewriter, op.getLoc(), weights, scale);
    if (!scaled)
      continue;
    weights.value = scaled;
    LayerOpInterface next = spec.create(rewriter, op.getLoc(), layer);
    Block &block = next.getEpilogueOrNull()->front();
    Operation *user = *block.getArgument(0).getUsers().begin();
    rewriter.replaceOp(user, block.getArgument(0));
    rewriter.replaceOp(op, next);
    return success();
  }
  return rewriter.notifyMatchFailure(op, "no weights take the factor");
}

//===----------------------------------------------------------------------===//
// integer weights * scale -> epilogue
//===----------------------------------------------------------------------===//

static LogicalResult keepIntegerWeights(ContractOp op,
                                        PatternRewriter &rewriter) {
  auto layer = cast<LayerOpInterface>(*op);
  LayerSpec spec = LayerSpec::get(layer);
  if (!op.getAccumulatorType().isF32())
    return rewriter.notifyMatchFailure(op, "does not sum at f32");
  for (MappedOperand &weights : spec.inputs) {
    std::optional<Dequantization> from = getDequantization(weights.value);
    if (!from || from->zero != 0 || !isConstant(from->integers.value))
      continue;
    AffineMap scaleMap;
    if (from->scale)
      scaleMap = from->scale->map.compose(weights.map);
    if (scaleMap && llvm::any_of(scaleMap.getResults(), [&](AffineExpr expr) {
          return usesDimsFrom(expr, spec.parallel.size());
        }))
      continue;
    Location loc = fuseLocations({op.getLoc(), from->op.getLoc()});
    weights = {from->integers.value, from->integers.map.compose(weights.map)};
    if (from->scale)
      spec.extras.push_back({from->scale->value, scaleMap});
    LayerOpInterface next = spec.create(rewriter, loc, layer);
    Block &block = next.getEpilogueOrNull()->front();
    BlockArgument acc = block.getArgument(0);
    rewriter.setInsertionPointToStart(&block);
    Value scale;
    if (from->scale)
      scale = block.addArgument(acc.getType(), loc);
    else
      scale = rewriter.create<arith::ConstantOp>(loc, from->constantScale);
    auto product = rewriter.create<arith::MulFOp>(loc, acc, scale);
    rewriter.replaceAllUsesExcept(acc, product, product);
    rewriter.replaceOp(op, next);
    return success();
  }
  return rewriter.notifyMatchFailure(op, "no weights are dequantized");
}

namespace {
struct AbsorbScalesPass : tenon::impl::AbsorbScalesPassBase<AbsorbScalesPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add(scaleWeights);
    patterns.add(keepIntegerWeights);
    patterns.add(sumBlocks);
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
