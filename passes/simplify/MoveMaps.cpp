//===- MoveMaps.cpp - Quantization changes places with moves --------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What moves elements around (a concatenation, a border, a reshape, a gather)
// moves integers as well as the numbers that they stand for. A map of one input
// that makes elements narrower is computed before them:
//
//     %c = nn.assemble (%x at [0], %y at [4]) fill 0.0 : f32
//     %q = nn.map ins(%c) body { nn.quantize %0 scale 0.5 zero 3 }
// becomes
//     %p = nn.map ins(%x) body { nn.quantize %0 scale 0.5 zero 3 }
//     %r = nn.map ins(%y) body { nn.quantize %0 scale 0.5 zero 3 }
//     %q = nn.assemble (%p at [0], %r at [4]) fill 3 : i8
//
// and what dequantizes all parts in the same way, after them. Either way the
// parts' layers take up the quantization, and the reader the dequantization.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Evaluate.h"
#include "dialects/nn/EvaluateLayer.h"
#include "dialects/nn/Quantization.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "passes/simplify/Dequantization.h"
#include "passes/simplify/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_MOVEMAPSPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

static Type getElementType(Value value) {
  return getElementTypeOrSelf(value.getType());
}

/// Copies what a region of one argument computes of `x`.
static Value cloneBody(OpBuilder &builder, Block &body, Value x) {
  IRMapping mapping;
  mapping.map(body.getArgument(0), x);
  for (Operation &op : body.without_terminator())
    builder.clone(op, mapping);
  return mapping.lookupOrDefault(body.getTerminator()->getOperand(0));
}

/// `map` of each element of `value`.
static Value applyMap(OpBuilder &builder, MapOp map, Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return buildElementwise(
      builder, map.getLoc(), type.clone(getElementType(map->getResult(0))),
      {{value, builder.getMultiDimIdentityMap(type.getRank())}},
      [&](OpBuilder &b, ValueRange x) {
        return cloneBody(b, map.getBody().front(), x[0]);
      });
}

/// The same of a number; null where it cannot be computed.
static TypedAttr applyMap(MapOp map, TypedAttr number) {
  auto type = RankedTensorType::get({}, getElementType(map.getInputs()[0]));
  auto data = DenseElementsAttr::get(type, ArrayRef<Attribute>(number));
  std::string reason;
  FailureOr<Buffer> result =
      evaluateElementwise(map, *getBuffer(data), 1, reason);
  if (failed(result))
    return {};
  return cast<TypedAttr>(getDenseAttr(*result).getSplatValue<Attribute>());
}

/// `view`, an assemble or a reshape, of elements of another type: of `parts` in
/// place of its operands, and `fill`.
static Value rebuildView(OpBuilder &builder, Operation *view, ValueRange parts,
                         TypedAttr fill) {
  Type element = getElementType(parts[0]);
  auto type = cast<RankedTensorType>(view->getResult(0).getType());
  if (auto assemble = dyn_cast<AssembleOp>(view))
    return builder.create<AssembleOp>(view->getLoc(), type.clone(element),
                                      parts, assemble.getOffsets(), fill);
  return builder.create<ReshapeOp>(view->getLoc(), type.clone(element),
                                   parts[0]);
}

static TypedAttr getFill(Operation *view) {
  auto assemble = dyn_cast<AssembleOp>(view);
  return assemble ? assemble.getFill().value_or(TypedAttr()) : TypedAttr();
}

/// A map of one input to one output that is the same function everywhere.
static bool isUnary(MapOp map) {
  bool usesIndex = false;
  map.getBody().walk([&](IndexOp) { usesIndex = true; });
  return !usesIndex && map.getInputs().size() == 1 &&
         map->getNumResults() == 1 &&
         map.getOutputs()[0].getDefiningOp<tensor::EmptyOp>() && !map.isMove();
}

/// What the map gives, or unary maps after it make of that and nobody else
/// reads, is narrower than the floats that it reads.
static bool leadsToNarrower(MapOp map) {
  if (!isa<FloatType>(getElementType(map.getInputs()[0])))
    return false;
  unsigned width = getElementType(map.getInputs()[0]).getIntOrFloatBitWidth();
  while (map && isUnary(map)) {
    Value result = map->getResult(0);
    if (getElementType(result).getIntOrFloatBitWidth() < width)
      return true;
    map = result.hasOneUse() ? dyn_cast<MapOp>(*result.user_begin()) : MapOp();
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Before a view
//===----------------------------------------------------------------------===//

static LogicalResult hoistMap(MapOp map, PatternRewriter &rewriter) {
  if (!isUnary(map) || !leadsToNarrower(map))
    return rewriter.notifyMatchFailure(map, "makes nothing narrower");
  Operation *view = map.getInputs()[0].getDefiningOp();
  if (!isa_and_nonnull<AssembleOp, ReshapeOp>(view) || !view->hasOneUse())
    return rewriter.notifyMatchFailure(map, "reads no view of its own");
  TypedAttr fill = getFill(view);
  if (fill && !(fill = applyMap(map, fill)))
    return rewriter.notifyMatchFailure(map, "the fill is unknown");
  SmallVector<Value> parts;
  for (Value part : view->getOperands())
    parts.push_back(applyMap(rewriter, map, part));
  Value result = rebuildView(rewriter, view, parts, fill);

  LayerSpec spec = LayerSpec::get(cast<LayerOpInterface>(*map));
  if (!spec.inputs[0].map.isIdentity() || !spec.outputs[0].map.isIdentity() ||
      result.getType() != map->getResult(0).getType()) {
    // It is a transpose or slice, too, which stays after the view.
    spec.inputs[0].value = result;
    LayerOpInterface move = spec.create(rewriter, map.getLoc(), map->getName());
    OpBuilder::InsertionGuard guard(rewriter);
    Type type = getScalarType(getElementType(result));
    Block *body =
        rewriter.createBlock(&move->getRegion(0), {}, type, map.getLoc());
    rewriter.create<YieldOp>(map.getLoc(), body->getArgument(0));
    result = move->getResult(0);
  }
  rewriter.replaceOp(map, result);
  rewriter.eraseOp(view);
  return success();
}

//===----------------------------------------------------------------------===//
// After a view or a gather
//===----------------------------------------------------------------------===//

/// The integers as a tensor, by the index of what they stand for.
static Value buildIntegers(OpBuilder &builder, Dequantization from) {
  auto type =
      cast<RankedTensorType>(from.op->getParentOp()->getResult(0).getType());
  type = type.clone(from.getElementType());
  if (from.integers.map.isIdentity() && from.integers.value.getType() == type)
    return from.integers.value;
  return buildElementwise(builder, from.op.getLoc(), type, {from.integers},
                          [](OpBuilder &, ValueRange x) { return x[0]; });
}

static Value buildDequantization(OpBuilder &builder, Location loc,
                                 Value integers, Dequantization like) {
  auto type = cast<RankedTensorType>(integers.getType());
  return buildElementwise(
      builder, loc, type.clone(like.op.getType()),
      {{integers, builder.getMultiDimIdentityMap(type.getRank())}},
      [&](OpBuilder &b, ValueRange x) -> Value {
        Value scale = b.create<arith::ConstantOp>(loc, like.constantScale);
        Value zero;
        if (like.zero != 0)
          zero = buildNumber(b, loc, like.zero);
        return b.create<DequantizeOp>(loc, like.op.getType(), x[0], scale, zero,
                                      like.op.getIsUnsigned());
      });
}

/// The integer that stands for `number` exactly; null where none does.
static TypedAttr getInteger(OpBuilder &builder, TypedAttr number,
                            Dequantization from) {
  auto type = cast<IntegerType>(from.getElementType());
  bool isUnsigned = from.op.getIsUnsigned();
  float scale = from.constantScale.getValueAsDouble();
  float value = cast<FloatAttr>(number).getValueAsDouble();
  float steps = std::nearbyint(value / scale);
  auto [low, high] = getIntegerRange(type.getWidth(), isUnsigned);
  if (steps * scale != value || !(std::abs(steps) <= float(high - low)))
    return {};
  int64_t integer = int64_t(steps) + from.zero;
  if (integer < low || integer > high)
    return {};
  APInt bits(type.getWidth(), integer, /*isSigned=*/!isUnsigned);
  return builder.getIntegerAttr(type, bits);
}

/// What dequantizes all of `parts` in the same way, by one scale.
static std::optional<SmallVector<Dequantization>>
getSameDequantizations(ValueRange parts) {
  SmallVector<Dequantization> all;
  for (Value part : parts) {
    std::optional<Dequantization> from = getDequantization(part);
    if (!from || from->scale ||
        from->getElementType().getIntOrFloatBitWidth() > 16)
      return std::nullopt;
    if (!all.empty() && (from->constantScale != all[0].constantScale ||
                         from->zero != all[0].zero ||
                         from->getElementType() != all[0].getElementType()))
      return std::nullopt;
    all.push_back(*from);
  }
  return all;
}

static LogicalResult sinkBelowView(Operation *view, PatternRewriter &rewriter) {
  auto from = getSameDequantizations(view->getOperands());
  if (!from || from->empty())
    return rewriter.notifyMatchFailure(view,
                                       "its parts are not quantized alike");
  TypedAttr fill = getFill(view);
  if (fill && !(fill = getInteger(rewriter, fill, from->front())))
    return rewriter.notifyMatchFailure(view, "no integer stands for the fill");
  SmallVector<Value> parts;
  for (const Dequantization &part : *from)
    parts.push_back(buildIntegers(rewriter, part));
  Value integers = rebuildView(rewriter, view, parts, fill);
  rewriter.replaceOp(view, buildDequantization(rewriter, view->getLoc(),
                                               integers, from->front()));
  return success();
}

/// Maps that move read integers without this (carry-integers).
static LogicalResult sinkBelowGather(GatherOp op, PatternRewriter &rewriter) {
  auto layer = cast<LayerOpInterface>(*op);
  if (!isMove(layer) || op.getInputs().size() != 1)
    return rewriter.notifyMatchFailure(op, "computes");
  auto from = getSameDequantizations(op.getInputs());
  auto empty = op.getOutputs()[0].getDefiningOp<tensor::EmptyOp>();
  if (!from || !empty)
    return rewriter.notifyMatchFailure(op, "reads nothing dequantized");
  Type element = from->front().getElementType();
  LayerSpec spec = LayerSpec::get(layer);
  spec.inputs[0].value = buildIntegers(rewriter, from->front());
  spec.outputs[0].value = rewriter.create<tensor::EmptyOp>(
      op.getLoc(), empty.getType().getShape(), element);
  LayerOpInterface next = spec.create(rewriter, op.getLoc(), op->getName());
  {
    OpBuilder::InsertionGuard guard(rewriter);
    Block *body = rewriter.createBlock(&next->getRegion(0), {},
                                       getScalarType(element), op.getLoc());
    rewriter.create<YieldOp>(op.getLoc(), body->getArgument(0));
  }
  rewriter.replaceOp(op,
                     buildDequantization(rewriter, op.getLoc(),
                                         next->getResult(0), from->front()));
  return success();
}

namespace {
template <typename View> struct SinkBelowView : OpRewritePattern<View> {
  using OpRewritePattern<View>::OpRewritePattern;
  LogicalResult matchAndRewrite(View view,
                                PatternRewriter &rewriter) const override {
    return sinkBelowView(view, rewriter);
  }
};

struct MoveMapsPass : tenon::impl::MoveMapsPassBase<MoveMapsPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add(hoistMap);
    patterns.add(sinkBelowGather);
    patterns.add<SinkBelowView<AssembleOp>, SinkBelowView<ReshapeOp>>(
        &getContext());
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
