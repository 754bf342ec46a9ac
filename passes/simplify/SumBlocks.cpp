//===- SumBlocks.cpp - Sums of blocks of weights --------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A scale, and a zero point, for every 32 weights of a row do not leave the
// sum, but those of the blocks:
//
//     sum_k x[k] * ((w[o, k] - z[o, k / 32]) * s[o, k / 32])
//         = sum_b s[o, b] * (sum_j x[32 b + j] * w[o, 32 b + j]
//                            - z[o, b] * sum_j x[32 b + j])
//
// So weights stay integers, and floats are what each block has one of. Where
// that makes more sums than there are weights, these are dequantized before.
//
//===----------------------------------------------------------------------===//

#include "passes/simplify/SumBlocks.h"

#include "dialects/nn/Affine.h"
#include "dialects/nn/Constants.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "passes/simplify/Dequantization.h"
#include "passes/simplify/SumOperand.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

namespace {
/// The blocks of the reduction that is dimension `dim`.
struct Blocks {
  unsigned dim;
  int64_t length;
};
} // namespace

/// The blocks in which `scale` is constant, if it depends on nothing else that
/// is summed.
static std::optional<Blocks> getBlocks(AffineMap scale, const LayerSpec &spec) {
  std::optional<Blocks> blocks;
  unsigned numParallel = spec.parallel.size();
  for (AffineExpr expr : scale.getResults()) {
    if (!usesDimsFrom(expr, numParallel))
      continue;
    auto quotient = dyn_cast<AffineBinaryOpExpr>(expr);
    if (blocks || !quotient || expr.getKind() != AffineExprKind::FloorDiv)
      return std::nullopt;
    auto dim = dyn_cast<AffineDimExpr>(quotient.getLHS());
    auto length = dyn_cast<AffineConstantExpr>(quotient.getRHS());
    if (!dim || !length)
      return std::nullopt;
    blocks = {dim.getPosition(), length.getValue()};
  }
  if (!blocks || spec.getBounds()[blocks->dim] % blocks->length != 0)
    return std::nullopt;
  return blocks;
}

/// `map` with the block as the last parallel dimension: k is
/// length * b + k'.
static AffineMap splitMap(AffineMap map, unsigned numParallel, Blocks blocks) {
  MLIRContext *context = map.getContext();
  unsigned numDims = map.getNumDims() + 1;
  AffineExpr block = getAffineDimExpr(numParallel, context);
  SmallVector<AffineExpr> dims;
  for (unsigned dim = 0; dim < map.getNumDims(); ++dim) {
    dims.push_back(getAffineDimExpr(dim + (dim >= numParallel), context));
    if (dim == blocks.dim)
      dims.back() = block * blocks.length + dims.back();
  }
  AffineMap split = map.replaceDimsAndSymbols(dims, {}, numDims, 0);
  // What remains of k / length.
  SmallVector<AffineExpr> results;
  for (auto [before, after] :
       llvm::zip_equal(map.getResults(), split.getResults()))
    results.push_back(before.getKind() == AffineExprKind::FloorDiv ? block
                                                                   : after);
  return AffineMap::get(numDims, 0, results, context);
}

/// The sum of the data of each block, by the dimensions of `spec`, whose
/// parallel ones have the block last.
static MappedOperand sumData(OpBuilder &builder, Location loc,
                             const LayerSpec &spec, const MappedOperand &data) {
  return sumOperand(
      builder, loc, spec, data, builder.getF32FloatAttr(0),
      [&](OpBuilder &b, Value x, Value acc) -> Value {
        return b.create<arith::AddFOp>(loc, acc, x);
      },
      [](OpBuilder &, Value sum) { return sum; });
}

/// The scaled sum of each block, by `spec`.
static Value sumInBlocks(OpBuilder &builder, Location loc, LayerSpec spec,
                         const Dequantization &from, AffineMap scaleMap,
                         const MappedOperand &data) {
  Type f32 = builder.getF32Type();
  SmallVector<Type> types{f32, f32};
  spec.extras.push_back({from.scale->value, scaleMap});
  if (from.zeros) {
    spec.extras.push_back({from.zeros->value, scaleMap});
    spec.extras.push_back(sumData(builder, loc, spec, data));
    types.append({getScalarType(getElementTypeOrSelf(from.zeros->value)), f32});
  }
  LayerOpInterface layer = spec.create(
      builder, loc,
      OperationName(ContractOp::getOperationName(), builder.getContext()));
  OpBuilder::InsertionGuard guard(builder);
  Block *block = builder.createBlock(layer.getEpilogueOrNull(), {}, types,
                                     SmallVector<Location>(types.size(), loc));
  Value sum = block->getArgument(0);
  if (from.zeros) {
    bool isUnsigned =
        getElementTypeOrSelf(from.zeros->value).isUnsignedInteger();
    Value zero =
        buildConversion(builder, loc, block->getArgument(2), f32, isUnsigned);
    Value excess =
        builder.create<arith::MulFOp>(loc, block->getArgument(3), zero);
    sum = builder.create<arith::SubFOp>(loc, sum, excess);
  }
  sum = builder.create<arith::MulFOp>(loc, sum, block->getArgument(1));
  builder.create<YieldOp>(loc, sum);
  return layer->getResult(0);
}

/// The sum of `sums` along their last dimension, in place of `op`.
static void replaceBySum(ContractOp op, Value sums, PatternRewriter &rewriter) {
  Location loc = op.getLoc();
  Type f32 = rewriter.getF32Type();
  LayerSpec spec = LayerSpec::get(cast<LayerOpInterface>(*op));
  unsigned numDims = spec.parallel.size() + 1;
  auto cut = [&](SmallVector<MappedOperand> &list) {
    for (MappedOperand &operand : list)
      operand.map = AffineMap::get(numDims, 0, operand.map.getResults(),
                                   rewriter.getContext());
  };
  cut(spec.extras);
  cut(spec.outputs);
  spec.inputs = {{sums, rewriter.getMultiDimIdentityMap(numDims)}};
  spec.reduction = {cast<RankedTensorType>(sums.getType()).getShape().back()};
  spec.init = rewriter.getArrayAttr(rewriter.getF32FloatAttr(0));
  LayerOpInterface layer = spec.create(
      rewriter, loc,
      OperationName(ReduceOp::getOperationName(), rewriter.getContext()));
  auto reduce = cast<ReduceOp>(*layer);
  IRMapping mapping;
  op.getEpilogue().cloneInto(&reduce.getEpilogue(), mapping);
  Block *combine =
      rewriter.createBlock(&reduce.getCombine(), {}, {f32, f32}, {loc, loc});
  Value sum = rewriter.create<arith::AddFOp>(loc, combine->getArgument(1),
                                             combine->getArgument(0));
  rewriter.create<YieldOp>(loc, sum);
  rewriter.replaceOp(op, reduce);
}

LogicalResult tenon::nn::sumBlocks(ContractOp op, PatternRewriter &rewriter) {
  LayerSpec spec = LayerSpec::get(cast<LayerOpInterface>(*op));
  bool isFloat = op.getAccumulatorType().isF32() && op->getNumResults() == 1;
  for (unsigned input : {0, 1}) {
    MappedOperand &weights = spec.inputs[input];
    const MappedOperand &data = spec.inputs[1 - input];
    std::optional<Dequantization> from =
        getDequantization(weights.value, /*withZeros=*/true);
    if (!isFloat || !from || from->zero != 0 || !from->scale ||
        !isConstant(from->integers.value) ||
        !getElementTypeOrSelf(data.value.getType()).isF32() ||
        !staysInside(data, spec.getBounds()) ||
        (from->zeros && from->zeros->map != from->scale->map))
      continue;
    AffineMap scaleMap = from->scale->map.compose(weights.map);
    std::optional<Blocks> blocks = getBlocks(scaleMap, spec);
    if (!blocks)
      continue;
    unsigned numParallel = spec.parallel.size();
    auto split = [&](AffineMap map) {
      return splitMap(map, numParallel, *blocks);
    };
    LayerSpec inner;
    inner.parallel = spec.parallel;
    inner.parallel.push_back(spec.getBounds()[blocks->dim] / blocks->length);
    auto type = cast<RankedTensorType>(weights.value.getType());
    if (ShapedType::getNumElements(inner.parallel) > type.getNumElements())
      continue;
    inner.reduction = spec.reduction;
    inner.reduction[blocks->dim - numParallel] = blocks->length;
    inner.inputs = spec.inputs;
    inner.inputs[input] = {from->integers.value,
                           split(from->integers.map.compose(weights.map))};
    inner.inputs[1 - input].map = split(data.map);
    Location loc = fuseLocations({op.getLoc(), from->op.getLoc()});
    inner.outputs = {{rewriter.create<tensor::EmptyOp>(loc, inner.parallel,
                                                       rewriter.getF32Type()),
                      rewriter.getMultiDimIdentityMap(inner.getBounds().size())
                          .getMajorSubMap(inner.parallel.size())}};
    Value sums = sumInBlocks(rewriter, loc, inner, *from, split(scaleMap),
                             inner.inputs[1 - input]);
    replaceBySum(op, sums, rewriter);
    return success();
  }
  return rewriter.notifyMatchFailure(op, "has no weights with scales a block");
}
