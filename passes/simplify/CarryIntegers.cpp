//===- CarryIntegers.cpp - Quantized values stay integers -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where a layer reads what a map dequantizes, it reads the integers instead and
// dequantizes itself, as late as it can: a sum of products or of windows is a
// sum of integers, and only the sum is scaled.
//
//     %x = nn.map ins(%q) body { nn.dequantize %0 scale 0.5 zero 3 }
//     %f = nn.map ins(%w, %s) body { nn.dequantize %0 scale %1 }
//     %y = nn.contract ins(%x, %f) epilogue { relu(%acc) }
// becomes
//     %t = nn.map ins(%s) body { 0.5 * %0, at f64 }
//     %y = nn.contract ins(%q, %w) extras(%t) {zero_points = [3, 0]}
//              epilogue { relu(nn.dequantize %acc scale %1) }
//
// The product of the scales is kept at f64, so that it is rounded once, when it
// has met the scale of the result (requantize). What cannot hold the largest
// sum in 32 bits stays as it is.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Affine.h"
#include "dialects/nn/Constants.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "passes/simplify/Dequantization.h"
#include "passes/simplify/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_CARRYINTEGERSPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

/// Dequantizes `argument` at the start of its block, in place of all its uses.
static void dequantizeArgument(OpBuilder &builder, BlockArgument argument,
                               Type integer, Value scale, int64_t zero,
                               bool isUnsigned) {
  Type type = argument.getType();
  Location loc = argument.getLoc();
  Value offset;
  if (zero != 0)
    offset = builder.create<arith::ConstantIntOp>(loc, zero, 32);
  argument.setType(integer);
  auto op = builder.create<DequantizeOp>(loc, type, argument, scale, offset,
                                         isUnsigned);
  argument.replaceAllUsesExcept(op, op);
}

//===----------------------------------------------------------------------===//
// Into the regions of readers
//===----------------------------------------------------------------------===//

/// reader(dequantize(q)) = (reader o dequantize)(q)
static LogicalResult readIntegers(LayerOpInterface layer,
                                  PatternRewriter &rewriter) {
  LayerSpec spec = LayerSpec::get(layer);
  Region *epilogue = layer.getEpilogueOrNull();
  bool isContract = isa<ContractOp>(*layer);
  auto carry = [&](SmallVector<MappedOperand> &list, unsigned position,
                   unsigned region, unsigned firstArgument) -> LogicalResult {
    MappedOperand &operand = list[position];
    std::optional<Dequantization> from = getDequantization(operand.value);
    if (!from || (epilogue && &list == &spec.inputs && from->scale &&
                  !staysInside(operand, spec.getBounds())))
      return failure();
    AffineMap read = operand.map;
    operand = {from->integers.value, from->integers.map.compose(read)};
    unsigned count = firstArgument + list.size();
    if (from->scale)
      list.push_back({from->scale->value, from->scale->map.compose(read)});
    LayerOpInterface next = spec.create(
        rewriter, fuseLocations({from->op.getLoc(), layer.getLoc()}), layer);
    Block &block = next->getRegion(region).front();
    BlockArgument argument = block.getArgument(firstArgument + position);
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPointToStart(&block);
    Value scale;
    if (from->scale)
      scale = block.insertArgument(count, from->op.getScale().getType(),
                                   argument.getLoc());
    else
      scale = rewriter.create<arith::ConstantOp>(argument.getLoc(),
                                                 from->constantScale);
    dequantizeArgument(rewriter, argument,
                       getScalarType(from->getElementType()), scale, from->zero,
                       from->op.getIsUnsigned());
    rewriter.replaceOp(layer, next);
    return success();
  };
  if (!isContract)
    for (unsigned i = 0; i < spec.inputs.size(); ++i)
      if (succeeded(carry(spec.inputs, i, 0, 0)))
        return success();
  if (!epilogue)
    return rewriter.notifyMatchFailure(layer, "reads nothing dequantized");
  unsigned accumulators = layer.getInitialValues().size();
  for (unsigned i = 0; i < spec.extras.size(); ++i)
    if (succeeded(
            carry(spec.extras, i, epilogue->getRegionNumber(), accumulators)))
      return success();
  return rewriter.notifyMatchFailure(layer, "reads nothing dequantized");
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

static int64_t getNumTerms(ArrayRef<int64_t> reduction) {
  int64_t terms = 1;
  for (int64_t size : reduction)
    if (llvm::MulOverflow(terms, size, terms))
      return std::numeric_limits<int64_t>::max();
  return terms;
}

static bool fitsAccumulator(int64_t terms, int64_t largest) {
  int64_t sum;
  return !llvm::MulOverflow(terms, largest, sum) &&
         sum <= std::numeric_limits<int32_t>::max();
}

/// The constant tensor `scale` times `factor`, at f64.
static Value buildScales(OpBuilder &builder, Location loc, Value scale,
                         double factor) {
  auto type = cast<RankedTensorType>(scale.getType());
  Type f64 = builder.getF64Type();
  AffineMap identity = builder.getMultiDimIdentityMap(type.getRank());
  return buildElementwise(
      builder, loc, type.clone(f64), {{scale, identity}},
      [&](OpBuilder &b, ValueRange x) -> Value {
        Value number =
            b.create<arith::ConstantOp>(loc, b.getF64FloatAttr(factor));
        return b.create<arith::MulFOp>(loc, buildConversion(b, loc, x[0], f64),
                                       number);
      });
}

/// sum_k (x - zx) sx * (w - zw) sw = sx sw * sum_k (x - zx) * (w - zw)
static LogicalResult sumIntegers(ContractOp op, PatternRewriter &rewriter) {
  auto layer = cast<LayerOpInterface>(*op);
  if (!op.getAccumulatorType().isF32())
    return rewriter.notifyMatchFailure(op, "does not sum at f32");
  LayerSpec spec = LayerSpec::get(layer);
  SmallVector<Dequantization> from;
  SmallVector<MappedOperand> scales;
  double factor = 1;
  int64_t largest = 1;
  for (MappedOperand &input : spec.inputs) {
    std::optional<Dequantization> q = getDequantization(input.value);
    if (!q || q->getElementType().getIntOrFloatBitWidth() > 16)
      return rewriter.notifyMatchFailure(op, "an input is not quantized");
    if (q->scale) {
      AffineMap map = q->scale->map.compose(input.map);
      if (llvm::any_of(map.getResults(), [&](AffineExpr expr) {
            return usesDimsFrom(expr, spec.parallel.size());
          }))
        return rewriter.notifyMatchFailure(op, "scales change in the sum");
      scales.push_back({q->scale->value, map});
    } else {
      factor *= q->constantScale.getValueAsDouble();
    }
    largest *= q->getMaximum();
    input = {q->integers.value, q->integers.map.compose(input.map)};
    from.push_back(*q);
  }
  if (!fitsAccumulator(getNumTerms(spec.reduction), largest))
    return rewriter.notifyMatchFailure(op, "the sum may exceed 32 bits");
  if (from[0].zero != 0 || from[1].zero != 0)
    spec.zeroPoints =
        rewriter.getDenseI64ArrayAttr({from[0].zero, from[1].zero});
  Location loc = op.getLoc();
  // One scale a channel, known now: all of the product is.
  bool isKnown =
      scales.size() == 1 && (matchPattern(scales[0].value, m_Constant()) ||
                             scales[0].value.getDefiningOp<WeightOp>());
  if (isKnown)
    scales[0].value = buildScales(rewriter, loc, scales[0].value, factor);
  llvm::append_range(spec.extras, scales);
  LayerOpInterface next = spec.create(rewriter, loc, layer);
  Block &block = next.getEpilogueOrNull()->front();
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToStart(&block);
  Value scale;
  if (!isKnown)
    scale = rewriter.create<arith::ConstantOp>(
        loc, rewriter.getF64FloatAttr(factor));
  for (const MappedOperand &operand : scales) {
    Type type = getElementTypeOrSelf(operand.value.getType());
    Value argument = block.addArgument(type, loc);
    if (scale) {
      Value narrow = buildConversion(rewriter, loc, scale, type);
      scale = rewriter.create<arith::MulFOp>(loc, narrow, argument);
    } else {
      scale = argument;
    }
  }
  dequantizeArgument(rewriter, block.getArgument(0), rewriter.getI32Type(),
                     scale, 0, /*isUnsigned=*/false);
  rewriter.replaceOp(op, next);
  return success();
}

/// sum_k (q - z) s = s * sum_k (q - z), and max_k (q - z) s = s (max_k q - z)
static LogicalResult reduceIntegers(ReduceOp op, PatternRewriter &rewriter) {
  Block &combine = op.getCombine().front();
  if (op.getInputs().size() != 1 || op.getInit().size() != 1)
    return rewriter.notifyMatchFailure(op, "reduces several values");
  Operation *join = combine.getTerminator()->getOperand(0).getDefiningOp();
  if (!isa_and_nonnull<arith::AddFOp, arith::MaximumFOp>(join))
    return rewriter.notifyMatchFailure(op, "is no sum and no maximum");
  Value acc = combine.getArgument(1);
  unsigned other = join->getOperand(0) == acc;
  auto dequantize = join->getOperand(other).getDefiningOp<DequantizeOp>();
  FloatAttr scale;
  APInt zero(32, 0);
  if (join->getOperand(1 - other) != acc || !acc.hasOneUse() || !dequantize ||
      !dequantize.getType().isF32() ||
      dequantize.getInput() != combine.getArgument(0) ||
      !matchPattern(dequantize.getScale(), m_Constant(&scale)) ||
      (dequantize.getZero() &&
       !matchPattern(dequantize.getZero(), m_ConstantInt(&zero))))
    return rewriter.notifyMatchFailure(op, "reduces nothing dequantized");
  Type element = getElementTypeOrSelf(op.getInputs()[0].getType());
  bool isSum = isa<arith::AddFOp>(join),
       isUnsigned = dequantize.getIsUnsigned();
  unsigned width = element.getIntOrFloatBitWidth();
  auto init = cast<FloatAttr>(op.getInit()[0]).getValue();
  if (width > 16 || (isSum ? !init.isZero() : !init.isInfinity()) ||
      scale.getValue().isNegative())
    return rewriter.notifyMatchFailure(op, "starts elsewhere");
  if (isSum &&
      !fitsAccumulator(getNumTerms(op.getReduction()), int64_t(2) << width))
    return rewriter.notifyMatchFailure(op, "the sum may exceed 32 bits");

  LayerSpec spec = LayerSpec::get(cast<LayerOpInterface>(*op));
  Type i32 = rewriter.getI32Type();
  int64_t least = isUnsigned ? 0 : -(int64_t(1) << (width - 1));
  spec.init =
      rewriter.getArrayAttr(rewriter.getI32IntegerAttr(isSum ? 0 : least));
  Location loc = op.getLoc();
  LayerOpInterface next = spec.create(rewriter, loc, op->getName());
  auto reduce = cast<ReduceOp>(*next);
  OpBuilder::InsertionGuard guard(rewriter);
  Block *block = rewriter.createBlock(
      &reduce.getCombine(), {}, {getScalarType(element), i32}, {loc, loc});
  Value value =
      buildConversion(rewriter, loc, block->getArgument(0), i32, isUnsigned);
  Value sum = block->getArgument(1);
  if (isSum) {
    if (!zero.isZero())
      value = rewriter.create<arith::SubIOp>(
          loc, value,
          rewriter.create<arith::ConstantIntOp>(loc, zero.getSExtValue(), 32));
    sum = rewriter.create<arith::AddIOp>(loc, sum, value);
    zero = APInt(32, 0);
  } else {
    sum = rewriter.create<arith::MaxSIOp>(loc, sum, value);
  }
  rewriter.create<YieldOp>(loc, sum);
  IRMapping mapping;
  op.getEpilogue().cloneInto(&reduce.getEpilogue(), mapping);
  Block &epilogue = reduce.getEpilogue().front();
  rewriter.setInsertionPointToStart(&epilogue);
  Value scaleValue = rewriter.create<arith::ConstantOp>(loc, scale);
  dequantizeArgument(rewriter, epilogue.getArgument(0), i32, scaleValue,
                     zero.getSExtValue(), /*isUnsigned=*/false);
  rewriter.replaceOp(op, next);
  return success();
}

namespace {
struct ReadIntegers : OpInterfaceRewritePattern<LayerOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(LayerOpInterface layer,
                                PatternRewriter &rewriter) const override {
    return readIntegers(layer, rewriter);
  }
};

struct CarryIntegersPass
    : tenon::impl::CarryIntegersPassBase<CarryIntegersPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add(sumIntegers);
    patterns.add(reduceIntegers);
    patterns.add<ReadIntegers>(&getContext());
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
