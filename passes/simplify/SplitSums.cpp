//===- SplitSums.cpp - Long sums as sums of sums --------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The error of a sum of n floats, added one after the other, grows as n; that
// of a sum of sums as their lengths (N. Higham, The accuracy of floating point
// summation, 1993). The mean of a million f32 is wrong in its third digit in
// one way, and in its seventh in the other:
//
//     %y = nn.reduce parallel [] reduction [1000, 1000] ins(%x)
// becomes
//     %s = nn.reduce parallel [1000] reduction [1000] ins(%x)
//     %y = nn.reduce parallel [] reduction [1000] ins(%s)
//
// The outer dimensions of the sum become parallel, so that the order of
// additions is that of memory; one that is too long by itself is cut.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/LayerSpec.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "passes/simplify/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_SPLITSUMSPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

/// Up to here a sum is added up as it is.
static constexpr int64_t kMaxTerms = 16384;
/// Of a sum within a sum.
static constexpr int64_t kMaxInnerTerms = 4096;

/// Its one f32 accumulator starts at zero, and each point adds to it.
static bool isSum(ReduceOp op) {
  Block &combine = op.getCombine().front();
  if (op.getInit().size() != 1 || op->getNumResults() != 1)
    return false;
  auto zero = dyn_cast<FloatAttr>(op.getInit()[0]);
  auto add =
      combine.getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
  Value sum = combine.getArguments().back();
  bool indexed = false;
  op->walk([&](IndexOp) { indexed = true; });
  return zero && zero.getType().isF32() && zero.getValue().isZero() && add &&
         sum.hasOneUse() && *sum.getUsers().begin() == add && !indexed;
}

/// The largest divisor of `size` up to `most`.
static int64_t getDivisor(int64_t size, int64_t most) {
  while (size % most != 0)
    --most;
  return most;
}

/// Cuts the innermost reduction of `spec` where it is too long: k becomes
/// length * i + j. False where it has no divisor of use.
static bool cutInnermost(LayerSpec &spec) {
  int64_t &size = spec.reduction.back();
  if (size <= kMaxInnerTerms)
    return true;
  int64_t length = getDivisor(size, kMaxInnerTerms);
  if (length < 64)
    return false;
  size /= length;
  spec.reduction.push_back(length);
  unsigned last = spec.getBounds().size() - 1;
  spec.forEachOperand([&](MappedOperand &operand) {
    MLIRContext *context = operand.map.getContext();
    SmallVector<AffineExpr> dims;
    for (unsigned dim = 0; dim < last; ++dim)
      dims.push_back(getAffineDimExpr(dim, context));
    dims[last - 1] = dims[last - 1] * length + getAffineDimExpr(last, context);
    operand.map = operand.map.replaceDimsAndSymbols(dims, {}, last + 1, 0);
  });
  return true;
}

/// `operand` with `map`'s dimensions cut to the first `numDims`.
static MappedOperand withDims(const MappedOperand &operand, unsigned numDims) {
  return {operand.value, AffineMap::get(numDims, 0, operand.map.getResults(),
                                        operand.map.getContext())};
}

/// The sums along the inner reductions of `spec`, from the number `first` on,
/// one for each index of all other dimensions.
static Value buildInnerSums(OpBuilder &builder, ReduceOp op,
                            const LayerSpec &spec, unsigned first) {
  SmallVector<int64_t> shape(spec.parallel);
  llvm::append_range(shape, ArrayRef(spec.reduction).take_front(first));
  return buildReduction(
      builder, op.getLoc(), RankedTensorType::get(shape, builder.getF32Type()),
      ArrayRef(spec.reduction).drop_front(first), spec.inputs,
      cast<TypedAttr>(spec.init[0]),
      [&](OpBuilder &b, ValueRange x, Value sum) {
        return op.buildCombine(b, op.getLoc(), x, sum, {}).front();
      },
      [](OpBuilder &, Value sum) { return sum; });
}

static LogicalResult splitSum(ReduceOp op, PatternRewriter &rewriter) {
  LayerSpec spec = LayerSpec::get(cast<LayerOpInterface>(*op));
  if (cast<LayerOpInterface>(*op).getNumTerms() <= kMaxTerms || !isSum(op))
    return rewriter.notifyMatchFailure(op, "is no long sum");
  if (!cutInnermost(spec))
    return rewriter.notifyMatchFailure(op, "has a length without divisors");
  unsigned first = spec.reduction.size();
  for (int64_t inner = 1; inner * spec.reduction[first - 1] <= kMaxInnerTerms;)
    inner *= spec.reduction[--first];

  LayerSpec outer = spec;
  outer.reduction.resize(first);
  unsigned numDims = outer.getBounds().size();
  for (MappedOperand &operand : outer.extras)
    operand = withDims(operand, numDims);
  for (MappedOperand &operand : outer.outputs)
    operand = withDims(operand, numDims);
  outer.inputs = {{buildInnerSums(rewriter, op, spec, first),
                   rewriter.getMultiDimIdentityMap(numDims)}};
  LayerOpInterface layer = outer.create(rewriter, op.getLoc(), op->getName());
  auto sum = cast<ReduceOp>(*layer);
  IRMapping mapping;
  op.getEpilogue().cloneInto(&sum.getEpilogue(), mapping);
  Type f32 = rewriter.getF32Type();
  Location loc = op.getLoc();
  rewriter.createBlock(&sum.getCombine(), {}, {f32, f32}, {loc, loc});
  Value total = rewriter.create<arith::AddFOp>(
      loc, sum.getCombine().getArgument(0), sum.getCombine().getArgument(1));
  rewriter.create<YieldOp>(loc, total);
  rewriter.replaceOp(op, sum);
  return success();
}

namespace {
struct SplitSumsPass : tenon::impl::SplitSumsPassBase<SplitSumsPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add(splitSum);
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
