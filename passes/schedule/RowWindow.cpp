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
//         (d0, d1, d2, d3, d4, d5) -> (d3, d0 * 2 + d4 - 1, d1 * 2 + d5 - 1,
//         d2) (d0, d1, d2, d3, d4, d5) -> (0, d0, d1, d2)
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

static bool readsIndex(nn::LayerOpInterface layer, unsigned dim) {
  WalkResult indices = layer->walk([&](nn::IndexOp index) {
    return index.getDim() == dim ? WalkResult::interrupt()
                                 : WalkResult::advance();
  });
  return indices.wasInterrupted();
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
  // A maximum or minimum starts at what it never changes; of an integer, in a
  // wider type.
  auto reduce = dyn_cast<nn::ReduceOp>(*layer);
  if (!reduce || reduce.getInputs().size() != 1 || reduce.getInit().size() != 1)
    return {};
  Block &combine = reduce.getCombine().front();
  Operation *extremum = combine.getTerminator()->getOperand(0).getDefiningOp();
  if (!isa_and_nonnull<arith::MaximumFOp, arith::MinimumFOp, arith::MaxSIOp,
                       arith::MinSIOp, arith::MaxUIOp, arith::MinUIOp>(
          extremum) ||
      !llvm::is_contained(extremum->getOperands(), combine.getArgument(1)))
    return {};
  Value other = extremum->getOperand(
      extremum->getOperand(0) == combine.getArgument(1) ? 1 : 0);
  auto init = cast<TypedAttr>(reduce.getInit()[0]);
  Type scalar = combine.getArgument(0).getType();
  bool isSigned = other.getDefiningOp<arith::ExtSIOp>();
  if (isSigned || other.getDefiningOp<arith::ExtUIOp>()) {
    other = other.getDefiningOp()->getOperand(0);
    APInt wide = cast<IntegerAttr>(init).getValue();
    APInt value = wide.trunc(scalar.getIntOrFloatBitWidth());
    if ((isSigned ? value.sext(wide.getBitWidth())
                  : value.zext(wide.getBitWidth())) != wide)
      return {};
    init = IntegerAttr::get(scalar, value);
  }
  if (other != combine.getArgument(0) || init.getType() != scalar)
    return {};
  return getMemoryValue(init, element);
}

/// The rows that are read through result `index` of the operand's map.
static std::optional<RowWindow> getWindow(nn::LayerOpInterface layer,
                                          unsigned operand, unsigned index,
                                          const RowAccess &access) {
  SmallVector<int64_t> bounds = layer.getBounds();
  std::optional<nn::LinearExpr> read =
      getActive(layer.getMap(operand).getResult(index), bounds);
  if (!read)
    return std::nullopt;
  auto type = cast<ShapedType>(layer->getOperand(operand).getType());
  RowWindow window{operand, index, type.getDimSize(index)};
  window.pad = -read->constant;
  for (auto [dim, coefficient] : llvm::enumerate(read->coefficients)) {
    if (coefficient == 0)
      continue;
    if (coefficient < 0 || (dim != access.dim && dim < layer.getNumParallel()))
      return std::nullopt;
    if (dim == access.dim)
      window.stride = coefficient;
    else
      window.extent += coefficient * (bounds[dim] - 1);
  }
  int64_t end = window.getExtent(access.rows) - window.pad;
  if (window.pad <= 0 && end <= window.inputRows)
    return window;
  window.padding = getNeutralElement(layer, operand);
  return window.padding ? std::optional(window) : std::nullopt;
}

/// The innermost dimension of the operand is that of the iteration space.
static std::optional<unsigned> getInnermostDim(nn::LayerOpInterface layer,
                                               unsigned operand) {
  auto type = cast<ShapedType>(layer->getOperand(operand).getType());
  for (unsigned index = type.getRank(); index-- > 0;)
    if (type.getDimSize(index) > 1)
      return getSingleDim(layer.getMap(operand).getResult(index),
                          layer.getBounds());
  return std::nullopt;
}

/// A reduction of all rows: they are its outermost dimension, and its sums are
/// in that order in the whole layer, too.
static std::optional<RowAccess> getReducedRows(nn::LayerOpInterface layer) {
  SmallVector<int64_t> bounds = layer.getBounds();
  if (!isa<nn::ReduceOp>(*layer) || layer.getInputs().size() != 1)
    return std::nullopt;
  auto type = cast<ShapedType>(layer.getInputs()[0].getType());
  std::optional<unsigned> inputDim = getRowDim(type);
  if (!inputDim)
    return std::nullopt;
  ArrayRef<AffineExpr> read = layer.getMap(0).getResults();
  std::optional<unsigned> dim = getSingleDim(read[*inputDim], bounds);
  if (!dim || *dim < layer.getNumParallel() ||
      bounds[*dim] != type.getDimSize(*inputDim) || readsIndex(layer, *dim))
    return std::nullopt;
  for (auto [index, expr] : llvm::enumerate(read))
    if (index != *inputDim && expr.isFunctionOfDim(*dim))
      return std::nullopt;
  for (unsigned outer = layer.getNumParallel(); outer < *dim; ++outer)
    if (bounds[outer] > 1)
      return std::nullopt;
  for (TypedAttr init : layer.getInitialValues()) {
    Type number = init.getType();
    if (isa<IntegerType>(number) && getMemoryType(number) == number)
      continue;
    // Sums of floats are spread over several only where no results lie side by
    // side.
    std::optional<unsigned> inner = getInnermostDim(layer, 0);
    if (!(number.isF32() || number.isF64()) || !inner ||
        *inner >= layer.getNumParallel() ||
        inner != getInnermostDim(layer, layer.getFirstOutput()))
      return std::nullopt;
  }
  RowAccess access;
  access.windows.push_back({0, *inputDim, bounds[*dim]});
  access.dim = *dim;
  access.rows = bounds[*dim];
  access.reducesRows = true;
  return access;
}

std::optional<RowAccess> schedule::getRowAccess(nn::LayerOpInterface layer) {
  SmallVector<int64_t> bounds = layer.getBounds();
  unsigned output = layer.getFirstOutput();
  if (!isa<nn::ContractOp, nn::ReduceOp, nn::MapOp>(layer) ||
      layer.getOutputs().size() != 1 || !coversOutput(layer, output) ||
      llvm::is_contained(bounds, 0))
    return std::nullopt;
  auto type = cast<ShapedType>(layer->getOperand(output).getType());
  std::optional<unsigned> resultDim = getRowDim(type), dim;
  if (resultDim)
    dim = getSingleDim(layer.getMap(output).getResult(*resultDim), bounds);
  if (!dim)
    return getReducedRows(layer);
  RowAccess access;
  access.dim = *dim;
  access.resultDim = *resultDim;
  access.rows = type.getDimSize(*resultDim);
  for (unsigned operand = 0; operand <= output; ++operand) {
    unsigned places = 0;
    for (auto [index, expr] :
         llvm::enumerate(layer.getMap(operand).getResults())) {
      if (!expr.isFunctionOfDim(*dim))
        continue;
      std::optional<RowWindow> window;
      if (operand != output)
        window = getWindow(layer, operand, index, access);
      if (++places > 1 || (operand != output && !window))
        return std::nullopt;
      if (window)
        access.windows.push_back(*window);
    }
  }
  if (access.windows.empty())
    return getReducedRows(layer);
  return readsIndex(layer, *dim) ? std::nullopt : std::optional(access);
}
