//===- PrepareDots.cpp - Contractions of bytes as dot products want them --===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An instruction that sums four products of bytes wants four neighbours in
// memory, all of them there, and the numbers that it multiplies as bytes.
//
// Borders. The window of a convolution of three channels runs along rows of
// memory, but not beyond the edge of the image; what is skipped there becomes a
// border that holds the zero point, which adds nothing:
//
//     %y = nn.contract ins(%x, %w) zero_points [-5, 0]
//         maps [(h, w, o, kh, kw, c) -> (h + kh, w + kw - 1, c), ...]
// becomes
//     %p = nn.assemble(%x at [0, 1, 0]) fill -5 : i8
//     %y = nn.contract ins(%p, %w) zero_points [-5, 0]
//         maps [(h, w, o, kh, kw, c) -> (h + kh, w + kw, c), ...]
//
// Zero points. Instructions on bytes subtract none, so that
//
//     sum((x - zero) * w) = sum((x - z) * w) + (z - zero) * sum(w)
//
// takes the one they have, z, which is 0 where they take bytes of this sign,
// else 128 or -128: the highest bit makes a signed byte an unsigned one that is
// larger by 128. The second term is a constant for each result.
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Dots.h"
#include "dialects/nn/Affine.h"
#include "dialects/nn/Constants.h"
#include "dialects/nn/LayerSpec.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "passes/simplify/Passes.h"
#include "passes/simplify/SumOperand.h"

namespace tenon {
#define GEN_PASS_DEF_PREPAREDOTSPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

using kernel::DotForm;
using kernel::kVectorBytes;
using kernel::kWordBytes;

namespace {
/// A contraction of bytes by constant bytes that runs along memory.
struct Dot {
  ContractOp contract;
  LayerSpec spec;
  /// Which input is data, and which constant.
  unsigned data, weights;

  MappedOperand &getData() { return spec.inputs[data]; }
  MappedOperand &getWeights() { return spec.inputs[weights]; }
  RankedTensorType getType(unsigned input) const {
    return cast<RankedTensorType>(spec.inputs[input].value.getType());
  }
  bool isUnsigned(unsigned input) const {
    return getType(input).getElementType().isUnsignedInteger();
  }
};
} // namespace

/// How many neighbours reductions visit along a dimension that `expr` indexes;
/// none where they step over some.
static std::optional<int64_t> getRun(AffineExpr expr, const LayerSpec &spec) {
  SmallVector<int64_t> bounds = spec.getBounds();
  std::optional<LinearExpr> linear = getLinear(expr, bounds.size());
  if (!linear)
    return std::nullopt;
  int64_t run = 1;
  for (unsigned dim = spec.parallel.size(); dim < bounds.size(); ++dim) {
    int64_t c = linear->coefficients[dim];
    if (c == 0 || bounds[dim] == 1)
      continue;
    if (c != 1 || run != 1)
      return std::nullopt;
    run = bounds[dim];
  }
  return run;
}

/// Of integers; 0 for others.
static unsigned getWidth(Value value) {
  Type type = cast<RankedTensorType>(value.getType()).getElementType();
  return isa<IntegerType>(type) ? type.getIntOrFloatBitWidth() : 0;
}

static std::optional<Dot> getDot(ContractOp contract) {
  if (contract->getNumResults() == 0 ||
      !contract.getAccumulatorType().isInteger(32))
    return std::nullopt;
  unsigned weights = isConstant(contract.getInputs()[1]);
  Dot dot{contract, LayerSpec::get(contract), 1 - weights, weights};
  AffineMap map = dot.getData().map;
  unsigned width = getWidth(dot.getWeights().value);
  if (!isConstant(dot.getWeights().value) || map.getNumResults() == 0 ||
      getWidth(dot.getData().value) != 8 || width == 0 || width > 8)
    return std::nullopt;
  // Along the innermost dimension of the data runs a reduction; in a depthwise
  // convolution, only results do.
  std::optional<int64_t> run = getRun(map.getResults().back(), dot.spec);
  if (!run || (*run == 1 && dot.getType(dot.data).getShape().back() != 1))
    return std::nullopt;
  return dot;
}

/// The points that `expr` reads before and after an operand of `size`.
static std::pair<int64_t, int64_t> getOutside(AffineExpr expr, int64_t size,
                                              const LayerSpec &spec) {
  std::optional<Interval> range = getRange(expr, spec.getBounds());
  if (!range)
    return {0, 0};
  return {std::max<int64_t>(-range->low, 0),
          std::max<int64_t>(range->high - size + 1, 0)};
}

/// The innermost dimensions of the data along which reductions run without a
/// gap, until they make whole words, and how many neighbours these are.
static std::pair<unsigned, int64_t> getNeighbours(Dot &dot) {
  ArrayRef<AffineExpr> exprs = dot.getData().map.getResults();
  ArrayRef<int64_t> shape = dot.getType(dot.data).getShape();
  unsigned dims = 0;
  int64_t run = 1;
  while (dims < exprs.size()) {
    unsigned dim = exprs.size() - 1 - dims;
    std::optional<int64_t> steps = getRun(exprs[dim], dot.spec);
    if (!steps)
      break;
    ++dims;
    run *= *steps;
    if (run % kWordBytes == 0 || *steps != shape[dim])
      break;
  }
  return {dims, run};
}

/// The dimensions whose border must be in memory: those that a word would reach
/// across, and all of them where weights are summed over whole windows.
static SmallVector<unsigned> getBorders(Dot &dot, bool sumsWeights) {
  ArrayRef<AffineExpr> exprs = dot.getData().map.getResults();
  unsigned first = 0;
  if (!sumsWeights)
    first = exprs.size() - getNeighbours(dot).first;
  SmallVector<unsigned> dims;
  for (unsigned dim = first; dim < exprs.size(); ++dim)
    if (getOutside(exprs[dim], dot.getType(dot.data).getDimSize(dim),
                   dot.spec) != std::pair<int64_t, int64_t>(0, 0))
      dims.push_back(dim);
  return dims;
}

static void addBorders(OpBuilder &builder, Dot &dot, ArrayRef<unsigned> dims) {
  RankedTensorType type = dot.getType(dot.data);
  MappedOperand &data = dot.getData();
  SmallVector<int64_t> shape(type.getShape()), offsets(type.getRank(), 0);
  SmallVector<AffineExpr> exprs(data.map.getResults());
  for (unsigned dim : dims) {
    auto [before, after] = getOutside(exprs[dim], shape[dim], dot.spec);
    shape[dim] += before + after;
    offsets[dim] = before;
    exprs[dim] = exprs[dim] + before;
  }
  auto fill = builder.getIntegerAttr(type.getElementType(),
                                     dot.contract.getZeroPoint(dot.data));
  data.value = builder.create<AssembleOp>(
      dot.contract.getLoc(), type.clone(shape), data.value,
      builder.getArrayAttr(builder.getDenseI64ArrayAttr(offsets)), fill);
  data.map =
      AffineMap::get(data.map.getNumDims(), 0, exprs, builder.getContext());
}

/// factor * sum(w - zero), for each result.
static MappedOperand sumWeights(OpBuilder &builder, Dot &dot, int64_t factor) {
  Location loc = dot.contract.getLoc();
  return sumOperand(
      builder, loc, dot.spec, dot.getWeights(), builder.getI32IntegerAttr(0),
      [&](OpBuilder &b, Value w, Value acc) -> Value {
        Value wide = buildConversion(b, loc, w, b.getI32Type(),
                                     dot.isUnsigned(dot.weights));
        Value zero =
            buildNumber(b, loc, dot.contract.getZeroPoint(dot.weights));
        wide = b.create<arith::SubIOp>(loc, wide, zero);
        return b.create<arith::AddIOp>(loc, acc, wide);
      },
      [&](OpBuilder &b, Value sum) -> Value {
        return b.create<arith::MulIOp>(loc, sum, buildNumber(b, loc, factor));
      });
}

/// acc + extra in place of acc.
static void addToSum(OpBuilder &builder, LayerOpInterface layer) {
  Block &epilogue = layer.getEpilogueOrNull()->front();
  Value acc = epilogue.getArgument(0);
  Value extra = epilogue.addArgument(acc.getType(), layer.getLoc());
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&epilogue);
  Value sum = builder.create<arith::AddIOp>(layer.getLoc(), acc, extra);
  acc.replaceAllUsesExcept(sum, sum.getDefiningOp());
}

static void prepare(Dot &dot, kernel::DotTraits traits) {
  OpBuilder builder(dot.contract);
  // What does not fill vectors is left to words.
  DotForm form = traits.inSum;
  if (form == DotForm::Vectors && getNeighbours(dot).second % kVectorBytes != 0)
    form = traits.rest;
  int64_t zero = dot.contract.getZeroPoint(dot.data), own = zero;
  if (form != DotForm::Shorts)
    own = kernel::getByteZeroPoint(dot.isUnsigned(dot.data),
                                   traits.takesUnsigned);
  SmallVector<unsigned> borders = getBorders(dot, own != zero);
  if (borders.empty() && own == zero)
    return;
  if (!borders.empty())
    addBorders(builder, dot, borders);
  if (own != zero) {
    SmallVector<int64_t> zeros(2);
    zeros[dot.data] = own;
    zeros[dot.weights] = dot.contract.getZeroPoint(dot.weights);
    dot.spec.zeroPoints = builder.getDenseI64ArrayAttr(zeros);
    dot.spec.extras.push_back(sumWeights(builder, dot, own - zero));
  }
  LayerOpInterface layer =
      dot.spec.create(builder, dot.contract.getLoc(), dot.contract);
  if (own != zero)
    addToSum(builder, layer);
  dot.contract->replaceAllUsesWith(layer);
  dot.contract->erase();
}

namespace {
struct PrepareDotsPass : tenon::impl::PrepareDotsPassBase<PrepareDotsPass> {
  void runOnOperation() override {
    kernel::TargetAttr target = kernel::getTarget(getOperation());
    if (!target)
      return;
    kernel::DotTraits traits = kernel::getTraits(target.getDot());
    if (traits.inSum == DotForm::None)
      return;
    SmallVector<ContractOp> contracts;
    getOperation()->walk([&](ContractOp op) { contracts.push_back(op); });
    for (ContractOp contract : contracts)
      if (std::optional<Dot> dot = getDot(contract))
        prepare(*dot, traits);
  }
};
} // namespace
