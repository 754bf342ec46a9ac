//===- RowWindow.cpp - Which rows a layer reads for a row -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All is in the maps. A dimension of size 1 is the constant 0. Of
//
//     nn.contract parallel [24, 24, 8, 1] reduction [3, 3] ...
//         (d0, d1, d2, d3, d4, d5) -> (d3, d0 * 2 + d4 - 1, d1 * 2 + d5 - 1, d2)
//         (d0, d1, d2, d3, d4, d5) -> (0, d0, d1, d2)
//
// d0 is the row of the result, and 2 * d0 + d4 - 1 that of the input.
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/RowWindow.h"

#include "dialects/nn/Affine.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/schedule/Access.h"
#include "passes/schedule/MemoryTypes.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

std::optional<unsigned> schedule::getRowDim(ShapedType type) {
  ArrayRef<int64_t> shape = type.getShape();
  for (unsigned dim = 0; dim < shape.size(); ++dim)
    if (shape[dim] > 1)
      // Rows of one element would lie side by side: a kernel would make vectors
      // of them.
      return ShapedType::getNumElements(shape.drop_front(dim + 1)) > 1
                 ? std::optional(dim)
                 : std::nullopt;
  return std::nullopt;
}

/// `expr` without the dimensions that take one value only; none where it is
/// not linear.
static std::optional<nn::LinearExpr> getActive(AffineExpr expr,
                                               ArrayRef<int64_t> bounds) {
  std::optional<nn::LinearExpr> linear = nn::getLinear(expr, bounds.size());
  if (linear)
    for (auto [dim, bound] : llvm::enumerate(bounds))
      if (bound == 1)
        linear->coefficients[dim] = 0;
  return linear;
}

/// The one dimension that the result of the map is; none where it is more.
static std::optional<unsigned> getSingleDim(AffineExpr expr,
                                            ArrayRef<int64_t> bounds) {
  std::optional<nn::LinearExpr> linear = getActive(expr, bounds);
  if (!linear || linear->constant != 0)
    return std::nullopt;
  std::optional<unsigned> found;
  for (auto [dim, coefficient] : llvm::enumerate(linear->coefficients)) {
    if (coefficient == 0)
      continue;
    if (found || coefficient != 1)
      return std::nullopt;
    found = dim;
  }
  return found;
}

/// `dim` occurs nowhere but in the result `inputDim` of the map of `operand`
/// and in the result `resultDim` of that of the output.
static bool occursOnlyThere(nn::LayerOpInterface layer,
                            const RowWindow &window) {
  unsigned output = layer.getFirstOutput();
  for (unsigned operand = 0; operand <= output; ++operand)
    for (auto [index, expr] :
         llvm::enumerate(layer.getMap(operand).getResults()))
      if (expr.isFunctionOfDim(window.dim) &&
          !(operand == window.operand && index == window.inputDim) &&
          !(operand == output && index == window.resultDim &&
            !window.reducesRows))
        return false;
  WalkResult indices = layer->walk([&](nn::IndexOp index) {
    return index.getDim() == window.dim ? WalkResult::interrupt()
                                        : WalkResult::advance();
  });
  return !indices.wasInterrupted();
}

/// What a point adds nothing with, as an element of the input.
static TypedAttr getNeutralElement(nn::LayerOpInterface layer,
                                   unsigned operand) {
  Type element = getElementTypeOrSelf(layer->getOperand(operand).getType());
  Builder builder(layer.getContext());
  if (auto contract = dyn_cast<nn::ContractOp>(*layer)) {
    Type memory = getMemoryType(element);
    if (isa<FloatType>(memory))
      return builder.getFloatAttr(memory, 0);
    // Of a narrow float, too: the bits of 0 are 0.
    return builder.getIntegerAttr(memory, contract.getZeroPoint(operand));
  }
  // A maximum or minimum starts at what it never changes.
  auto reduce = dyn_cast<nn::ReduceOp>(*layer);
  if (!reduce || reduce.getInputs().size() != 1 || reduce.getInit().size() != 1)
    return {};
  auto init = dyn_cast<TypedAttr>(reduce.getInit()[0]);
  Block &combine = reduce.getCombine().front();
  Operation *yielded = combine.getTerminator()->getOperand(0).getDefiningOp();
  if (!init || init.getType() != element ||
      !isa_and_nonnull<arith::MaximumFOp, arith::MinimumFOp, arith::MaxSIOp,
                       arith::MinSIOp, arith::MaxUIOp, arith::MinUIOp>(
          yielded) ||
      !llvm::all_of(yielded->getOperands(), llvm::IsaPred<BlockArgument>) ||
      yielded->getOperand(0) == yielded->getOperand(1) ||
      yielded->getBlock() != &combine)
    return {};
  return getMemoryValue(init, element);
}

/// A reduction of all rows: nothing else depends on the row, rows are its
/// outermost dimension, and its sums are in that order in the whole layer, too.
static std::optional<RowWindow> getReducedRows(nn::LayerOpInterface layer,
                                               RowWindow window) {
  SmallVector<int64_t> bounds = layer.getBounds();
  auto reduce = dyn_cast<nn::ReduceOp>(*layer);
  ArrayRef<AffineExpr> read = layer.getMap(window.operand).getResults();
  std::optional<unsigned> dim = getSingleDim(read[window.inputDim], bounds);
  if (!reduce || !dim || *dim < layer.getNumParallel() ||
      bounds[*dim] != window.inputRows)
    return std::nullopt;
  window.dim = *dim;
  window.reducesRows = true;
  for (unsigned outer = layer.getNumParallel(); outer < *dim; ++outer)
    if (bounds[outer] > 1)
      return std::nullopt;
  if (!occursOnlyThere(layer, window))
    return std::nullopt;
  auto getInnermost = [&](unsigned operand) -> std::optional<unsigned> {
    auto type = cast<ShapedType>(layer->getOperand(operand).getType());
    for (unsigned index = type.getRank(); index-- > 0;)
      if (type.getDimSize(index) > 1)
        return getSingleDim(layer.getMap(operand).getResult(index), bounds);
    return std::nullopt;
  };
  for (TypedAttr init : layer.getInitialValues()) {
    Type type = init.getType();
    if (isa<IntegerType>(type) && getMemoryType(type) == type)
      continue;
    // Sums of floats are spread over several only where no results lie side by
    // side.
    std::optional<unsigned> inner = getInnermost(window.operand);
    if (!(type.isF32() || type.isF64()) || !inner ||
        *inner >= layer.getNumParallel() ||
        inner != getInnermost(layer.getFirstOutput()))
      return std::nullopt;
  }
  return window;
}

std::optional<RowWindow> schedule::getRowWindow(nn::LayerOpInterface layer,
                                                unsigned operand) {
  if (!isa<nn::ContractOp, nn::ReduceOp, nn::MapOp>(layer) ||
      layer.getOutputs().size() != 1 || operand >= layer.getInputs().size())
    return std::nullopt;
  unsigned output = layer.getFirstOutput();
  auto from = cast<ShapedType>(layer->getOperand(operand).getType());
  auto to = cast<ShapedType>(layer->getOperand(output).getType());
  SmallVector<int64_t> bounds = layer.getBounds();
  std::optional<unsigned> inputDim = getRowDim(from), resultDim = getRowDim(to);
  if (!coversOutput(layer, output) || llvm::is_contained(bounds, 0))
    return std::nullopt;
  RowWindow window;
  window.operand = operand;
  std::optional<unsigned> dim;
  if (resultDim)
    dim = getSingleDim(layer.getMap(output).getResult(*resultDim), bounds);
  std::optional<nn::LinearExpr> read;
  if (dim)
    for (auto [index, expr] :
         llvm::enumerate(layer.getMap(operand).getResults()))
      if (expr.isFunctionOfDim(*dim)) {
        inputDim = index;
        read = getActive(expr, bounds);
        break;
      }
  if (!inputDim)
    return std::nullopt;
  window.inputDim = *inputDim;
  window.inputRows = from.getDimSize(*inputDim);
  if (!read)
    return getReducedRows(layer, window);
  window.resultDim = *resultDim;
  window.resultRows = to.getDimSize(*resultDim);
  window.dim = *dim;
  window.pad = -read->constant;
  for (auto [index, coefficient] : llvm::enumerate(read->coefficients)) {
    if (coefficient == 0)
      continue;
    if (coefficient < 0 ||
        (index != *dim && index < layer.getNumParallel()))
      return std::nullopt;
    if (index == *dim)
      window.stride = coefficient;
    else
      window.extent += coefficient * (bounds[index] - 1);
  }
  if (!occursOnlyThere(layer, window))
    return std::nullopt;
  int64_t last =
      window.stride * (window.resultRows - 1) - window.pad + window.extent - 1;
  if (window.pad > 0 || last >= window.inputRows) {
    window.padding = getNeutralElement(layer, operand);
    if (!window.padding)
      return std::nullopt;
  }
  return window;
}
