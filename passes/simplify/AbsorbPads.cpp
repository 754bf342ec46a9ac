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
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/simplify/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_ABSORBPADSPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

/// What the operations of a combiner make of `fill`, an input of integers.
static std::optional<APInt> fold(Value value, Value input, IntegerAttr fill) {
  if (value == input)
    return fill.getValue();
  Operation *op = value.getDefiningOp();
  APInt number;
  if (matchPattern(value, m_ConstantInt(&number)))
    return number;
  if (!op || !isa<arith::ExtSIOp, arith::ExtUIOp, arith::SubIOp>(op))
    return std::nullopt;
  SmallVector<APInt> operands;
  for (Value operand : op->getOperands()) {
    std::optional<APInt> known = fold(operand, input, fill);
    if (!known)
      return std::nullopt;
    operands.push_back(*known);
  }
  unsigned width = value.getType().getIntOrFloatBitWidth();
  if (isa<arith::SubIOp>(op))
    return operands[0] - operands[1];
  return isa<arith::ExtSIOp>(op) ? operands[0].sext(width)
                                 : operands[0].zext(width);
}

/// The same of integers: the zero point in a product or sum, the least one in a
/// maximum.
static bool isIdentityOf(LayerOpInterface layer, const MappedOperand &input,
                         const LayerSpec &spec, IntegerAttr fill) {
  unsigned position = &input - spec.inputs.begin();
  if (auto contract = dyn_cast<ContractOp>(*layer))
    return contract.getElementType(position).isUnsignedInteger()
               ? fill.getValue().getZExtValue() ==
                     uint64_t(contract.getZeroPoint(position))
               : fill.getValue().getSExtValue() ==
                     contract.getZeroPoint(position);
  auto reduce = dyn_cast<ReduceOp>(*layer);
  if (!reduce || reduce.getInputs().size() != 1 || reduce.getInit().size() != 1)
    return false;
  Block &block = reduce.getCombine().front();
  Operation *join = block.getTerminator()->getOperand(0).getDefiningOp();
  if (!isa_and_nonnull<arith::AddIOp, arith::MaxSIOp>(join) ||
      !llvm::is_contained(join->getOperands(), block.getArgument(1)))
    return false;
  bool isFirst = join->getOperand(0) == block.getArgument(1);
  std::optional<APInt> term =
      fold(join->getOperand(isFirst), block.getArgument(0), fill);
  if (!term)
    return false;
  return isa<arith::AddIOp>(join)
             ? term->isZero()
             : term->sle(cast<IntegerAttr>(reduce.getInit()[0]).getValue());
}

/// combine(fill, acc) is acc: a product with zero, a sum with zero, a maximum
/// with the smallest or a minimum with the largest value.
static bool isIdentityOf(LayerOpInterface layer, const MappedOperand &input,
                         const LayerSpec &spec, TypedAttr fill) {
  if (auto integer = dyn_cast<IntegerAttr>(fill))
    return isIdentityOf(layer, input, spec, integer);
  auto value = dyn_cast<FloatAttr>(fill);
  if (!value)
    return false;
  if (isa<ContractOp>(*layer))
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
  for (MappedOperand &input : spec.inputs) {
    auto pad = input.value.getDefiningOp<AssembleOp>();
    if (!pad || pad.getParts().size() != 1 || !pad.getFill() ||
        !isIdentityOf(layer, input, spec, *pad.getFill()) ||
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
