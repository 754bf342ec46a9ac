//===- Access.cpp - Where a layer touches memory --------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A map and a layout together are a linear form of the point, in bytes: through
// (i, j) -> (i, j + 2), a tensor of 4x8 floats is read at byte 8 + 32 i + 4 j.
// Questions about memory are then questions about numbers:
//
//     overwrite an operand in place?     both forms are equal
//     is a map only a view of its input? the form, read as the layout of the
//                                        output (offset 8, strides 32 and 4),
//                                        still runs from the outside in
//
// Where a map is not linear, the answer is the one that is always safe.
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/Access.h"
#include "passes/schedule/MemoryTypes.h"
#include "dialects/nn/Affine.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

std::optional<Access> tenon::schedule::getAccess(AffineMap map,
                                                 ArrayRef<int64_t> bounds,
                                                 const Layout &layout) {
  Access access;
  access.constant = layout.offset;
  access.coefficients.assign(bounds.size(), 0);
  access.elementBytes = layout.elementBytes;
  for (auto [expr, stride] :
       llvm::zip_equal(map.getResults(), layout.strides)) {
    std::optional<nn::LinearExpr> linear = nn::getLinear(expr, bounds.size());
    if (!linear)
      return std::nullopt;
    access.constant += linear->constant * stride;
    for (size_t dim = 0; dim < bounds.size(); ++dim)
      if (bounds[dim] > 1)
        access.coefficients[dim] += linear->coefficients[dim] * stride;
  }
  return access;
}

std::optional<Layout> tenon::schedule::getLayout(AffineMap map,
                                                 ArrayRef<int64_t> bounds,
                                                 const Access &access,
                                                 ArrayRef<int64_t> shape) {
  Layout layout;
  layout.shape.assign(shape.begin(), shape.end());
  layout.strides.resize(shape.size());
  layout.elementBytes = access.elementBytes;
  layout.offset = access.constant;
  SmallVector<bool> used(bounds.size());
  for (size_t result = shape.size(); result-- > 0;) {
    std::optional<nn::LinearExpr> linear =
        nn::getLinear(map.getResult(result), bounds.size());
    if (!linear)
      return std::nullopt;
    int64_t stride = 0;
    for (size_t dim = 0; dim < bounds.size(); ++dim) {
      if (bounds[dim] == 1 || linear->coefficients[dim] == 0)
        continue;
      if (linear->coefficients[dim] != 1 || stride != 0 || used[dim])
        return std::nullopt;
      used[dim] = true;
      stride = access.coefficients[dim];
      if (stride <= 0)
        return std::nullopt;
    }
    if (stride == 0 && shape[result] != 1)
      return std::nullopt;
    if (stride == 0)
      stride = result + 1 < shape.size()
                   ? layout.strides[result + 1] * shape[result + 1]
                   : access.elementBytes;
    layout.strides[result] = stride;
    layout.offset -= linear->constant * stride;
  }
  for (size_t dim = 0; dim < bounds.size(); ++dim)
    if (bounds[dim] > 1 && !used[dim] && access.coefficients[dim] != 0)
      return std::nullopt;
  if (!isInjective(layout))
    return std::nullopt;
  return layout;
}

bool tenon::schedule::isReadWhenFinished(nn::LayerOpInterface layer,
                                         unsigned operand) {
  if (isa<nn::MapOp>(layer))
    return operand < layer.getInputs().size();
  unsigned first = layer.getInputs().size();
  return operand >= first && operand < first + layer.getExtras().size();
}

bool tenon::schedule::isSameElement(nn::LayerOpInterface layer,
                                    unsigned operand,
                                    const Layout &operandLayout,
                                    unsigned output,
                                    const Layout &outputLayout) {
  SmallVector<int64_t> bounds = layer.getBounds();
  AffineMap read = layer.getMap(operand), write = layer.getMap(output);
  std::optional<Access> from = getAccess(read, bounds, operandLayout);
  std::optional<Access> to = getAccess(write, bounds, outputLayout);
  if (from && to)
    return *from == *to;
  return read == write && operandLayout.offset == outputLayout.offset &&
         operandLayout.strides == outputLayout.strides &&
         operandLayout.elementBytes == outputLayout.elementBytes;
}

Box tenon::schedule::getTouched(nn::LayerOpInterface layer, unsigned operand) {
  Box box;
  SmallVector<int64_t> bounds = layer.getBounds();
  auto type = cast<ShapedType>(layer->getOperand(operand).getType());
  for (auto [expr, size] :
       llvm::zip_equal(layer.getMap(operand).getResults(), type.getShape())) {
    int64_t first = 0, last = size - 1;
    if (std::optional<nn::Interval> range = nn::getRange(expr, bounds)) {
      // A padded window leaves the operand, and reads nothing there.
      first = std::max(first, std::min(range->low, last));
      last = std::max(first, std::min(range->high, last));
    }
    box.offsets.push_back(std::max<int64_t>(first, 0));
    box.shape.push_back(size == 0 ? 0 : last - first + 1);
  }
  return box;
}

bool tenon::schedule::coversOutput(nn::LayerOpInterface layer,
                                   unsigned output) {
  // Maps of outputs are injective on the parallel dimensions.
  int64_t points = 1;
  for (int64_t bound : layer.getParallel())
    points *= bound;
  auto type = cast<ShapedType>(layer->getOperand(output).getType());
  return points == type.getNumElements();
}

bool tenon::schedule::isSlice(Operation *op) {
  auto map = dyn_cast<nn::MapOp>(op);
  if (!map || map.getInputs().size() != 1 || map.getOutputs().size() != 1 ||
      !map.isMove() || !coversOutput(map, 1))
    return false;
  auto from = cast<ShapedType>(map.getInputs()[0].getType());
  auto to = cast<ShapedType>(map.getOutputs()[0].getType());
  // Memory knows no signs: a change of the sign alone moves bytes, too.
  if (getMemoryType(from.getElementType()) !=
          getMemoryType(to.getElementType()) ||
      to.getNumElements() == 0)
    return false;
  Layout source = Layout::getContiguous(from.getShape(), 1);
  ArrayRef<int64_t> bounds = map.getParallel();
  std::optional<Access> access =
      getAccess(nn::LayerOpInterface(map).getMap(0), bounds, source);
  if (!access)
    return false;
  std::optional<Layout> view = getLayout(nn::LayerOpInterface(map).getMap(1),
                                         bounds, *access, to.getShape());
  if (!view)
    return false;
  // From the outside in, each stride passes over all that lies inside of it:
  // no transpose. The innermost one is 1: kernels want whole vectors.
  Layout runs = coalesce(*view);
  int64_t inside = 1;
  if (runs.strides.back() != 1)
    return false;
  for (size_t dim = runs.shape.size(); dim-- > 0;) {
    if (runs.strides[dim] < inside)
      return false;
    inside = runs.strides[dim] * runs.shape[dim];
  }
  return true;
}

TypedAttr tenon::schedule::getFillOrNull(Operation *op) {
  auto map = dyn_cast<nn::MapOp>(op);
  if (!map || !map.getInputs().empty() || map.getOutputs().size() != 1)
    return {};
  auto yield = dyn_cast<nn::YieldOp>(map.getBody().front().back());
  if (!yield || yield.getValues().size() != 1)
    return {};
  auto constant = yield.getValues()[0].getDefiningOp<arith::ConstantOp>();
  return constant ? constant.getValue() : TypedAttr();
}
