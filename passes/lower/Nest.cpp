//===- Nest.cpp - A layer as a loop nest over flat memory -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A map and the strides of its memref become one linear form. A 3x3 convolution
// that is padded by 1 and reads x[ic][oy + ky - 1][ox + kx - 1] of 3x32x32:
//
//     access   -33 + 1024 ic + 32 oy + ox + 32 ky + kx
//     guards   0 <= oy + ky - 1 < 32,  0 <= ox + kx - 1 < 32
//
// Divisions go first, by splitting dimensions (`IterationSpace`). Then, since
// few long loops cost less than many short ones and fill vectors, whatever lies
// contiguous in all operands at once is merged; reductions only with the next
// one inside, so that sums keep their order.
//
//===----------------------------------------------------------------------===//

#include "passes/lower/Nest.h"

#include "dialects/nn/Affine.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

//===----------------------------------------------------------------------===//
// Names for emitted code
//===----------------------------------------------------------------------===//

/// Names the dimensions of a reducing layer as the literature does: oy, ox, oc
/// over the output, ky, kx in a window, ic over input channels.
static void nameDims(SmallVector<NestDim> &dims, ArrayRef<AffineMap> maps,
                     unsigned numInputs) {
  if (dims.empty() || !dims.back().reduction || numInputs == 0)
    return;
  auto uses = [&](unsigned input, unsigned dim) {
    return input < numInputs && maps[input].isFunctionOfDim(dim);
  };
  SmallVector<unsigned> rows, windows;
  for (unsigned dim = 0; dim < dims.size(); ++dim) {
    bool inWindow = llvm::any_of(maps[0].getResults(), [&](AffineExpr expr) {
      return !isa<AffineDimExpr>(expr) && expr.isFunctionOfDim(dim);
    });
    if (inWindow)
      (dims[dim].reduction ? windows : rows).push_back(dim);
    else if (dims[dim].reduction)
      dims[dim].name = numInputs > 1 ? "ic" : "";
    else if (uses(1, dim))
      dims[dim].name = uses(0, dim) ? "c" : "oc";
  }
  static const StringRef out[] = {"ox", "oy", "oz"}, in[] = {"kx", "ky", "kz"};
  for (auto [i, dim] : llvm::enumerate(llvm::reverse(rows)))
    dims[dim].name = out[std::min<size_t>(i, 2)];
  for (auto [i, dim] : llvm::enumerate(llvm::reverse(windows)))
    dims[dim].name = in[std::min<size_t>(i, 2)];
}

//===----------------------------------------------------------------------===//
// From maps to strides
//===----------------------------------------------------------------------===//

/// Adds `stride` times the map result `expr` to `access`; symbols become
/// indirections.
static bool addResult(NestAccess &access, AffineExpr expr, int64_t stride,
                      int64_t size, unsigned numDims) {
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr)) {
    access.indirections.push_back({symbol.getPosition(), stride, size});
    return true;
  }
  std::optional<LinearExpr> linear = getLinear(expr, numDims);
  if (!linear)
    return false;
  access.offset += stride * linear->constant;
  for (unsigned dim = 0; dim < numDims; ++dim)
    access.strides[dim] += stride * linear->coefficients[dim];
  return true;
}

/// The strides of a memref, and its offset; none where they are not static.
static std::optional<SmallVector<int64_t>> getStrides(MemRefType type,
                                                      int64_t &offset) {
  SmallVector<int64_t> strides;
  if (type.getLayout().isIdentity()) {
    // MLIR gives no strides to a memref without elements.
    int64_t stride = 1;
    for (int64_t size : llvm::reverse(type.getShape())) {
      strides.push_back(stride);
      stride *= size;
    }
    std::reverse(strides.begin(), strides.end());
    return strides;
  }
  if (failed(getStridesAndOffset(type, strides, offset)) ||
      llvm::any_of(strides, ShapedType::isDynamic) ||
      ShapedType::isDynamic(offset))
    return std::nullopt;
  return strides;
}

/// The guards of a padded input: one a dimension that its map may leave.
static void addGuards(Nest &nest, AffineMap map, ArrayRef<int64_t> shape,
                      ArrayRef<int64_t> bounds) {
  for (auto [expr, size] : llvm::zip_equal(map.getResults(), shape)) {
    std::optional<Interval> range = getRange(expr, bounds);
    std::optional<LinearExpr> linear = getLinear(expr, bounds.size());
    if (!linear || !range || (range->low >= 0 && range->high < size))
      continue;
    nest.guards.push_back({linear->coefficients, linear->constant, size});
  }
}

Value tenon::getBase(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (auto cast = dyn_cast<memref::ReinterpretCastOp>(op))
      value = cast.getSource();
    else
      break;
  }
  auto type = dyn_cast<MemRefType>(value.getType());
  return type && type.getRank() == 1 && type.getLayout().isIdentity() ? value
                                                                      : Value();
}

FailureOr<Nest> Nest::get(LayerOpInterface layer) {
  Nest nest;
  nest.layer = layer;
  IterationSpace space = IterationSpace::get(layer);
  space.splitDivisions();
  for (auto [dim, size] : llvm::enumerate(space.bounds))
    nest.dims.push_back(
        {size, /*reduction=*/dim >= space.numParallel, space.indexed[dim]});
  nameDims(nest.dims, space.maps, layer.getInputs().size());
  ArrayRef<int64_t> bounds = space.bounds;
  auto addAccesses = [&](OperandRange operands, SmallVector<NestAccess> &list,
                         bool padded) -> LogicalResult {
    for (unsigned i = 0; i < operands.size(); ++i) {
      NestAccess access;
      access.operand = operands.getBeginOperandIndex() + i;
      auto type = cast<MemRefType>(operands[i].getType());
      access.elementType = type.getElementType();
      access.strides.assign(bounds.size(), 0);
      std::optional<SmallVector<int64_t>> strides =
          getStrides(type, access.offset);
      if (!strides)
        return layer.emitOpError() << "expected operands with static strides";
      AffineMap map = space.maps[access.operand];
      for (auto [dim, expr] : llvm::enumerate(map.getResults()))
        if (!addResult(access, expr, (*strides)[dim], type.getDimSize(dim),
                       bounds.size()))
          return layer.emitOpError()
                 << "cannot lower map " << AffineMapAttr::get(map)
                 << " of operand " << access.operand << ": result " << dim
                 << " is not linear";
      if (padded)
        addGuards(nest, map, type.getShape(), bounds);
      list.push_back(std::move(access));
    }
    return success();
  };
  bool reduces = !layer.getReduction().empty();
  if (failed(addAccesses(layer.getInputs(), nest.inputs, reduces)) ||
      failed(addAccesses(layer.getExtras(), nest.extras, false)) ||
      failed(addAccesses(layer.getIndices(), nest.indices, false)) ||
      failed(addAccesses(layer.getOutputs(), nest.outputs, false)))
    return failure();
  nest.simplify();
  return nest;
}

//===----------------------------------------------------------------------===//
// Simplification
//===----------------------------------------------------------------------===//

void Nest::forEachAccess(function_ref<void(NestAccess &)> function) {
  for (auto *list : {&inputs, &extras, &indices, &outputs})
    for (NestAccess &access : *list)
      function(access);
}

unsigned Nest::getNumParallel() const {
  return llvm::count_if(dims, [](const NestDim &d) { return !d.reduction; });
}

static bool isGuarded(const Nest &nest, unsigned dim) {
  return llvm::any_of(nest.guards, [&](const NestGuard &guard) {
    return guard.coefficients[dim] != 0;
  });
}

static void eraseDim(Nest &nest, unsigned dim) {
  nest.dims.erase(nest.dims.begin() + dim);
  nest.forEachAccess([&](NestAccess &access) {
    access.strides.erase(access.strides.begin() + dim);
  });
  for (NestGuard &guard : nest.guards)
    guard.coefficients.erase(guard.coefficients.begin() + dim);
}

static bool alwaysHolds(const Nest &nest, const NestGuard &guard) {
  int64_t low = guard.constant, high = guard.constant;
  for (auto [dim, coefficient] :
       llvm::zip_equal(nest.dims, guard.coefficients)) {
    int64_t reach = coefficient * (dim.size - 1);
    low += std::min<int64_t>(reach, 0);
    high += std::max<int64_t>(reach, 0);
  }
  return low >= 0 && high < guard.size;
}

/// Whether `inner` runs contiguously inside `outer` in every access.
static bool canMerge(Nest &nest, unsigned outer, unsigned inner) {
  const NestDim &a = nest.dims[outer], &b = nest.dims[inner];
  if (a.reduction != b.reduction || a.indexed || b.indexed ||
      isGuarded(nest, outer) || isGuarded(nest, inner))
    return false;
  bool contiguous = true;
  nest.forEachAccess([&](NestAccess &access) {
    contiguous &= access.strides[outer] == access.strides[inner] * b.size;
  });
  return contiguous;
}

static bool mergeOnce(Nest &nest) {
  for (unsigned outer = 0; outer < nest.dims.size(); ++outer)
    for (unsigned inner = 0; inner < nest.dims.size(); ++inner) {
      // Parallel dimensions have no order; sums keep theirs.
      if (outer == inner ||
          (nest.dims[outer].reduction && inner != outer + 1) ||
          !canMerge(nest, outer, inner))
        continue;
      nest.dims[inner].size *= nest.dims[outer].size;
      nest.dims[inner].name = {};
      eraseDim(nest, outer);
      return true;
    }
  return false;
}

void Nest::simplify() {
  llvm::erase_if(guards, [&](const NestGuard &guard) {
    return alwaysHolds(*this, guard);
  });
  for (unsigned dim = dims.size(); dim-- > 0;)
    if (dims[dim].size == 1 && !dims[dim].indexed && !isGuarded(*this, dim))
      eraseDim(*this, dim);
  while (mergeOnce(*this))
    ;
}

void Nest::restrict(unsigned dim, int64_t low, int64_t high) {
  dims[dim].size = high - low;
  forEachAccess(
      [&](NestAccess &access) { access.offset += low * access.strides[dim]; });
  for (NestGuard &guard : guards)
    guard.constant += low * guard.coefficients[dim];
}

std::pair<int64_t, int64_t>
tenon::getInterior(const Nest &nest, const NestGuard &guard, unsigned dim) {
  // 0 <= rest + c * i < size for all values of the rest.
  int64_t c = guard.coefficients[dim], low = guard.constant, high = low;
  for (auto [d, coefficient] : llvm::enumerate(guard.coefficients)) {
    if (d == dim)
      continue;
    int64_t reach = coefficient * (nest.dims[d].size - 1);
    low += std::min<int64_t>(reach, 0);
    high += std::max<int64_t>(reach, 0);
  }
  int64_t first = llvm::divideCeilSigned(-low, c);
  int64_t end = llvm::divideFloorSigned(guard.size - 1 - high, c) + 1;
  if (c < 0)
    std::tie(first, end) =
        std::make_pair(llvm::divideCeilSigned(guard.size - 1 - high, c),
                       llvm::divideFloorSigned(-low, c) + 1);
  return {std::max<int64_t>(first, 0),
          std::min<int64_t>(end, nest.dims[dim].size)};
}
