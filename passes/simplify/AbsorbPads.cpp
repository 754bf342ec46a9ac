//===- AbsorbPads.cpp - Padding becomes part of the window ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reducing layer skips points outside its input, which is the same as reading
// the identity of its combiner there. So a border of that value goes away:
//
//     %p = nn.assemble(%x at [1, 1]) fill 0.0
//     %y = nn.contract ins(%p, %w)
//         maps [(h, w, kh, kw) -> (h + kh, w + kw), ...]
// becomes
//     %y = nn.contract ins(%x, %w)
//         maps [(h, w, kh, kw) -> (h + kh - 1, w + kw - 1), ...]
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Affine.h"
#include "dialects/nn/LayerSpec.h"
#include "passes/simplify/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_ABSORBPADSPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

/// combine(fill, acc) is acc: a product with zero, or with the zero point of
/// input `input`, a sum with zero, a maximum with the smallest or a minimum with
/// the largest value.
static bool isIdentityOf(LayerOpInterface layer, unsigned input,
                         TypedAttr fill) {
  auto contract = dyn_cast<ContractOp>(*layer);
  auto integer = dyn_cast<IntegerAttr>(fill);
  if (contract && integer) {
    const APInt &bits = integer.getValue();
    return bits == APInt(64, contract.getZeroPoint(input), /*isSigned=*/true)
                       .trunc(bits.getBitWidth());
  }
  auto value = dyn_cast<FloatAttr>(fill);
  if (!value)
    return false;
  if (contract)
    return value.getValue().isZero();
  auto reduce = dyn_cast<ReduceOp>(*layer);
  if (!reduce || reduce.getInputs().size() != 1)
    return false;
  Block &block = reduce.getCombine().front();
  if (block.getOperations().size() != 2 ||
      block.front().getOperands() != ValueRange(block.getArguments()) ||
      block.getTerminator()->getOperand(0) != block.front().getResult(0))
    return false;
  const APFloat &number = value.getValue();
  return TypeSwitch<Operation *, bool>(&block.front())
      .Case([&](arith::AddFOp) { return number.isZero(); })
      .Case<arith::MaximumFOp, arith::MaxNumFOp>(
          [&](auto) { return number.isInfinity() && number.isNegative(); })
      .Case<arith::MinimumFOp, arith::MinNumFOp>(
          [&](auto) { return number.isInfinity() && !number.isNegative(); })
      .Default([](Operation *) { return false; });
}

/// Whether each index that reads the border runs along a reduction, which a
/// kernel cuts to the operand. A border of the rows of a matrix, say, makes
/// rows of the result: they must be computed, not skipped.
static bool isBorderReduced(const LayerSpec &spec, const MappedOperand &input,
                            AssembleOp pad) {
  ArrayRef<int64_t> offsets = pad.getPartOffsets(0);
  auto part = cast<RankedTensorType>(pad.getParts()[0].getType());
  for (auto [dim, expr] : llvm::enumerate(input.map.getResults())) {
    bool isPadded = offsets[dim] != 0 ||
                    part.getDimSize(dim) != pad.getType().getDimSize(dim);
    if (isPadded && !usesDimsFrom(expr, spec.parallel.size()))
      return false;
  }
  return true;
}

static LogicalResult absorbPad(LayerOpInterface layer,
                               PatternRewriter &rewriter) {
  LayerSpec spec = LayerSpec::get(layer);
  for (auto [number, input] : llvm::enumerate(spec.inputs)) {
    auto pad = input.value.getDefiningOp<AssembleOp>();
    if (!pad || pad.getParts().size() != 1 || !pad.getFill() ||
        !isIdentityOf(layer, number, *pad.getFill()) ||
        !isBorderReduced(spec, input, pad))
      continue;
    SmallVector<AffineExpr> results;
    for (auto [expr, offset] :
         llvm::zip_equal(input.map.getResults(), pad.getPartOffsets(0)))
      results.push_back(expr - offset);
    input.map = AffineMap::get(input.map.getNumDims(), 0, results,
                               rewriter.getContext());
    input.value = pad.getParts()[0];
    Location loc = fuseLocations({layer.getLoc(), pad.getLoc()});
    rewriter.replaceOp(layer, spec.create(rewriter, loc, layer));
    return success();
  }
  return rewriter.notifyMatchFailure(layer, "reads no border of the identity");
}

namespace {
struct AbsorbPad : OpInterfaceRewritePattern<LayerOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(LayerOpInterface layer,
                                PatternRewriter &rewriter) const override {
    if (layer.getReduction().empty() || layer->getNumResults() == 0)
      return failure();
    return absorbPad(layer, rewriter);
  }
};

struct AbsorbPadsPass : tenon::impl::AbsorbPadsPassBase<AbsorbPadsPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<AbsorbPad>(&getContext());
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
