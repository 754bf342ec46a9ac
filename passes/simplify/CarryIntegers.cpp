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
#include "dialects/nn/Quantization.h"
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
  Value offset = zero == 0 ? Value() : buildNumber(builder, loc, zero);
  argument.setType(integer);
  auto op = builder.create<DequantizeOp>(loc, type, argument, scale, offset,
                                         isUnsigned);
  argument.replaceAllUsesExcept(op, op);
}

//===----------------------------------------------------------------------===//
// Into the regions of readers
//===----------------------------------------------------------------------===//

/// `layer`, reading the integers of which argument `number` of `region` is a
/// dequantized element; null where it is none.
static LayerOpInterface readInteger(LayerOpInterface layer, Region &region,
                                    unsigned number, OpBuilder &builder) {
  LayerSpec spec = LayerSpec::get(layer);
  LayerRegion part(layer, region, spec);
  BlockArgument argument = part.block.getArgument(number);
  MappedOperand &operand = *part.getOperand(argument);
  std::optional<Dequantization> from = getDequantization(operand.value);
  if (!from)
    return {};
  // A point outside is skipped, but has no scale.
  bool isCombine = &region != &layer.getLastRegion();
  if (isCombine && from->scale && !staysInside(operand, spec.getBounds()))
    return {};
  AffineMap read = operand.map;
  operand = {from->integers.value, from->integers.map.compose(read)};
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&part.block);
  Location loc = argument.getLoc();
  Value scale;
  if (from->scale)
    scale = part.addOperand(
        {from->scale->value, from->scale->map.compose(read)}, loc);
  else
    scale = builder.create<arith::ConstantOp>(loc, from->constantScale);
  dequantizeArgument(builder, argument, getScalarType(from->getElementType()),
                     scale, from->zero, from->op.getIsUnsigned());
  builder.setInsertionPoint(layer);
  return spec.create(builder,
                     fuseLocations({from->op.getLoc(), layer.getLoc()}), layer);
}

/// reader(dequantize(q)) = (reader o dequantize)(q)
static LogicalResult readIntegers(LayerOpInterface layer,
                                  PatternRewriter &rewriter) {
  for (Region &region : layer->getRegions())
    for (BlockArgument argument : region.getArguments()) {
      if (!layer.getOperandOf(argument))
        continue;
      if (LayerOpInterface next =
              readInteger(layer, region, argument.getArgNumber(), rewriter)) {
        rewriter.replaceOp(layer, next);
        return success();
      }
    }
  return rewriter.notifyMatchFailure(layer, "reads nothing dequantized");
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

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
  if (!fitsAccumulator(layer.getNumTerms(), largest))
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

namespace {
/// A sum or maximum of one input, each element dequantized in the same way.
struct DequantizedReduction {
  DequantizeOp dequantize;
  FloatAttr scale;
  int64_t zero;
  bool isSum;
};
} // namespace

static FailureOr<DequantizedReduction>
matchReduction(ReduceOp op, PatternRewriter &rewriter) {
  Block &combine = op.getCombine().front();
  if (op.getInputs().size() != 1 || op.getInit().size() != 1)
    return rewriter.notifyMatchFailure(op, "reduces several values");
  Operation *join = combine.getTerminator()->getOperand(0).getDefiningOp();
  if (!isa_and_nonnull<arith::AddFOp, arith::MaximumFOp>(join))
    return rewriter.notifyMatchFailure(op, "is no sum and no maximum");
  Value acc = combine.getArgument(1);
  unsigned other = join->getOperand(0) == acc;
  if (join->getOperand(1 - other) != acc || !acc.hasOneUse())
    return rewriter.notifyMatchFailure(op, "uses the accumulator elsewhere");
  auto from = join->getOperand(other).getDefiningOp<DequantizeOp>();
  if (!from || !from.getType().isF32() ||
      from.getInput() != combine.getArgument(0))
    return rewriter.notifyMatchFailure(op, "reduces nothing dequantized");
  FloatAttr scale;
  APInt zero(32, 0);
  if (!matchPattern(from.getScale(), m_Constant(&scale)) ||
      (from.getZero() && !matchPattern(from.getZero(), m_ConstantInt(&zero))))
    return rewriter.notifyMatchFailure(op, "scale and zero point vary");
  if (scale.getValue().isNegative())
    return rewriter.notifyMatchFailure(op, "the scale is negative");
  bool isSum = isa<arith::AddFOp>(join);
  APFloat init = cast<FloatAttr>(op.getInit()[0]).getValue();
  if (isSum ? !init.isZero() : !(init.isInfinity() && init.isNegative()))
    return rewriter.notifyMatchFailure(op, "starts at another number");
  return DequantizedReduction{from, scale, zero.getSExtValue(), isSum};
}

/// sum_k (q - z) s = s * sum_k (q - z), and max_k (q - z) s = s (max_k q - z)
static LogicalResult reduceIntegers(ReduceOp op, PatternRewriter &rewriter) {
  FailureOr<DequantizedReduction> from = matchReduction(op, rewriter);
  if (failed(from))
    return failure();
  auto layer = cast<LayerOpInterface>(*op);
  Type element = getElementTypeOrSelf(op.getInputs()[0].getType());
  bool isUnsigned = from->dequantize.getIsUnsigned();
  unsigned width = element.getIntOrFloatBitWidth();
  if (width > 16)
    return rewriter.notifyMatchFailure(op, "the integers are wide");
  Interval range = getIntegerRange(width, isUnsigned);
  int64_t largest = std::max(std::abs(range.low - from->zero),
                             std::abs(range.high - from->zero));
  if (from->isSum && !fitsAccumulator(layer.getNumTerms(), largest))
    return rewriter.notifyMatchFailure(op, "the sum may exceed 32 bits");

  LayerSpec spec = LayerSpec::get(layer);
  Type i32 = rewriter.getI32Type();
  spec.init = rewriter.getArrayAttr(
      rewriter.getI32IntegerAttr(from->isSum ? 0 : range.low));
  Location loc = op.getLoc();
  LayerOpInterface next = spec.create(rewriter, loc, op->getName());
  auto reduce = cast<ReduceOp>(*next);
  OpBuilder::InsertionGuard guard(rewriter);
  Block *block = rewriter.createBlock(
      &reduce.getCombine(), {}, {getScalarType(element), i32}, {loc, loc});
  Value value =
      buildConversion(rewriter, loc, block->getArgument(0), i32, isUnsigned);
  Value sum = block->getArgument(1);
  int64_t zero = from->zero;
  if (from->isSum) {
    if (zero != 0)
      value = rewriter.create<arith::SubIOp>(loc, value,
                                             buildNumber(rewriter, loc, zero));
    sum = rewriter.create<arith::AddIOp>(loc, sum, value);
    zero = 0;
  } else {
    sum = rewriter.create<arith::MaxSIOp>(loc, sum, value);
  }
  rewriter.create<YieldOp>(loc, sum);
  IRMapping mapping;
  op.getEpilogue().cloneInto(&reduce.getEpilogue(), mapping);
  Block &epilogue = reduce.getEpilogue().front();
  rewriter.setInsertionPointToStart(&epilogue);
  Value scale = rewriter.create<arith::ConstantOp>(loc, from->scale);
  dequantizeArgument(rewriter, epilogue.getArgument(0), i32, scale, zero,
                     /*isUnsigned=*/false);
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
