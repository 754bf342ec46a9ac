//===- Nest.cpp - A layer as a loop nest over flat memory -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/lower/Nest.h"

#include "dialects/nn/Affine.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

//===----------------------------------------------------------------------===//
// Splitting dimensions until every map is linear
//===----------------------------------------------------------------------===//

namespace {
/// The maps of a layer, while its dimensions are being split.
struct SplitState {
  SmallVector<NestDim> dims;
  SmallVector<AffineMap> maps;

  SmallVector<int64_t> getBounds() const {
    return llvm::map_to_vector(dims, [](const NestDim &d) { return d.size; });
  }
};

/// A subexpression `operand floordiv factor` or `operand mod factor`.
struct Division {
  AffineExpr operand;
  int64_t factor;
};
} // namespace

/// Writes `expr` as factor * multiple + rest with 0 <= rest < factor over the
/// bounds, where it has that form.
static std::optional<std::pair<AffineExpr, AffineExpr>>
getQuotientAndRest(AffineExpr expr, int64_t factor, ArrayRef<int64_t> bounds) {
  std::optional<LinearExpr> linear = getLinear(expr, bounds.size());
  if (!linear)
    return std::nullopt;
  MLIRContext *context = expr.getContext();
  AffineExpr multiple = getAffineConstantExpr(0, context), rest = multiple;
  for (auto [dim, coefficient] : llvm::enumerate(linear->coefficients)) {
    AffineExpr d = getAffineDimExpr(dim, context);
    if (coefficient % factor == 0)
      multiple = multiple + d * (coefficient / factor);
    else
      rest = rest + d * coefficient;
  }
  int64_t quotient = llvm::divideFloorSigned(linear->constant, factor);
  multiple = multiple + quotient;
  rest = rest + (linear->constant - quotient * factor);
  std::optional<Interval> range = getRange(rest, bounds);
  if (!range || range->low < 0 || range->high >= factor)
    return std::nullopt;
  return std::make_pair(multiple, rest);
}

/// Replaces divisions of `expr` that the bounds decide.
static AffineExpr simplifyDivisions(AffineExpr expr, ArrayRef<int64_t> bounds) {
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return expr;
  AffineExpr lhs = simplifyDivisions(binary.getLHS(), bounds);
  AffineExpr rhs = simplifyDivisions(binary.getRHS(), bounds);
  AffineExprKind kind = binary.getKind();
  if (kind == AffineExprKind::FloorDiv || kind == AffineExprKind::Mod)
    if (auto factor = dyn_cast<AffineConstantExpr>(rhs))
      if (auto parts = getQuotientAndRest(lhs, factor.getValue(), bounds))
        return kind == AffineExprKind::Mod ? parts->second : parts->first;
  return getAffineBinaryOpExpr(kind, lhs, rhs);
}

/// A division of a single dimension that splitting that dimension resolves.
static std::optional<Division> findDivision(ArrayRef<AffineMap> maps,
                                            ArrayRef<NestDim> dims) {
  std::optional<Division> found;
  for (AffineMap map : maps)
    map.walkExprs([&](AffineExpr expr) {
      auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
      if (!binary || (binary.getKind() != AffineExprKind::FloorDiv &&
                      binary.getKind() != AffineExprKind::Mod))
        return;
      auto dim = dyn_cast<AffineDimExpr>(binary.getLHS());
      auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS());
      if (!dim || !factor || factor.getValue() <= 1)
        return;
      const NestDim &split = dims[dim.getPosition()];
      if (split.size % factor.getValue() == 0 && !split.indexed)
        found = Division{dim, factor.getValue()};
    });
  return found;
}

/// Splits dimension d of size n into (n / factor, factor).
static void splitDimension(SplitState &state, const Division &division) {
  unsigned dim = cast<AffineDimExpr>(division.operand).getPosition();
  unsigned numDims = state.dims.size();
  MLIRContext *context = division.operand.getContext();
  SmallVector<AffineExpr> replacements;
  for (unsigned d = 0; d < numDims; ++d)
    replacements.push_back(getAffineDimExpr(d > dim ? d + 1 : d, context));
  replacements[dim] = getAffineDimExpr(dim, context) * division.factor +
                      getAffineDimExpr(dim + 1, context);
  NestDim inner = state.dims[dim];
  inner.size = division.factor;
  state.dims[dim].size /= division.factor;
  state.dims.insert(state.dims.begin() + dim + 1, inner);
  for (AffineMap &map : state.maps)
    map = map.replaceDimsAndSymbols(replacements, {}, numDims + 1,
                                    map.getNumSymbols());
}

static void makeLinear(SplitState &state) {
  auto simplify = [&] {
    SmallVector<int64_t> bounds = state.getBounds();
    for (AffineMap &map : state.maps) {
      SmallVector<AffineExpr> results = llvm::map_to_vector(
          map.getResults(),
          [&](AffineExpr expr) { return simplifyDivisions(expr, bounds); });
      map = AffineMap::get(map.getNumDims(), map.getNumSymbols(), results,
                           map.getContext());
    }
  };
  simplify();
  while (auto division = findDivision(state.maps, state.dims)) {
    splitDimension(state, *division);
    simplify();
  }
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

FailureOr<Nest> Nest::get(LayerOpInterface layer) {
  Nest nest;
  nest.layer = layer;
  SplitState state;
  for (int64_t size : layer.getParallel())
    state.dims.push_back({size, /*reduction=*/false, std::nullopt});
  for (int64_t size : layer.getReduction())
    state.dims.push_back({size, /*reduction=*/true, std::nullopt});
  layer->walk([&](IndexOp op) { state.dims[op.getDim()].indexed = op.getDim(); });
  for (unsigned i = 0, e = layer->getNumOperands(); i < e; ++i)
    state.maps.push_back(layer.getMap(i));
  makeLinear(state);
  nest.dims = state.dims;

  SmallVector<int64_t> bounds = state.getBounds();
  auto addAccesses = [&](OperandRange operands, SmallVector<NestAccess> &list,
                         bool padded) -> LogicalResult {
    for (unsigned i = 0; i < operands.size(); ++i) {
      NestAccess access;
      access.operand = operands.getBeginOperandIndex() + i;
      auto type = cast<MemRefType>(operands[i].getType());
      access.elementType = type.getElementType();
      access.strides.assign(bounds.size(), 0);
      SmallVector<int64_t> strides;
      if (failed(getStridesAndOffset(type, strides, access.offset)) ||
          llvm::any_of(strides, ShapedType::isDynamic) ||
          ShapedType::isDynamic(access.offset))
        return layer.emitOpError() << "expected operands with static strides";
      AffineMap map = state.maps[access.operand];
      for (auto [dim, expr] : llvm::enumerate(map.getResults()))
        if (!addResult(access, expr, strides[dim], type.getDimSize(dim),
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
  for (auto [dim, coefficient] : llvm::zip_equal(nest.dims, guard.coefficients)) {
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
      if (outer == inner || (nest.dims[outer].reduction && inner != outer + 1) ||
          !canMerge(nest, outer, inner))
        continue;
      nest.dims[inner].size *= nest.dims[outer].size;
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
  forEachAccess([&](NestAccess &access) {
    access.offset += low * access.strides[dim];
  });
  for (NestGuard &guard : guards)
    guard.constant += low * guard.coefficients[dim];
}

std::pair<int64_t, int64_t> tenon::getInterior(const Nest &nest,
                                               const NestGuard &guard,
                                               unsigned dim) {
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
