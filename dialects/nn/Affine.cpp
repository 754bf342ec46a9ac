//===- Affine.cpp - Affine maps of layers, as numbers ---------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// MLIR simplifies an affine expression for all values of its dimensions; a
// layer knows that they run over a rectangle. Interval arithmetic gives the
// range of an expression over it, and the range decides divisions:
//
//     (i * 4 + j) floordiv 4     is i where 0 <= j < 4
//
// One that is left, as in k floordiv 6, goes away by splitting k in two where 6
// divides its size: kernels and the memory planner want linear maps. Whatever
// would overflow has no result rather than a wrong one.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Affine.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

static std::optional<Interval> getBinaryRange(AffineBinaryOpExpr expr,
                                              ArrayRef<int64_t> bounds) {
  std::optional<Interval> lhs = getRange(expr.getLHS(), bounds);
  std::optional<Interval> rhs = getRange(expr.getRHS(), bounds);
  if (!lhs || !rhs)
    return std::nullopt;
  Interval sum;
  if (expr.getKind() == AffineExprKind::Add) {
    if (llvm::AddOverflow(lhs->low, rhs->low, sum.low) ||
        llvm::AddOverflow(lhs->high, rhs->high, sum.high))
      return std::nullopt;
    return sum;
  }
  // The right side of the others is constant in a pure affine expression.
  int64_t factor = rhs->low;
  if (expr.getKind() == AffineExprKind::Mul) {
    int64_t a, b;
    if (llvm::MulOverflow(lhs->low, factor, a) ||
        llvm::MulOverflow(lhs->high, factor, b))
      return std::nullopt;
    return Interval{std::min(a, b), std::max(a, b)};
  }
  if (factor <= 0)
    return std::nullopt;
  if (expr.getKind() == AffineExprKind::FloorDiv)
    return Interval{llvm::divideFloorSigned(lhs->low, factor),
                    llvm::divideFloorSigned(lhs->high, factor)};
  if (expr.getKind() == AffineExprKind::CeilDiv)
    return Interval{llvm::divideCeilSigned(lhs->low, factor),
                    llvm::divideCeilSigned(lhs->high, factor)};
  if (lhs->low >= 0 && lhs->high < factor)
    return lhs;
  return Interval{0, factor - 1};
}

std::optional<Interval> tenon::nn::getRange(AffineExpr expr,
                                            ArrayRef<int64_t> bounds) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return Interval{constant.getValue(), constant.getValue()};
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    if (bounds[dim.getPosition()] <= 0)
      return std::nullopt;
    return Interval{0, bounds[dim.getPosition()] - 1};
  }
  if (auto binary = dyn_cast<AffineBinaryOpExpr>(expr))
    return getBinaryRange(binary, bounds);
  return std::nullopt;
}

static bool addScaled(AffineExpr expr, int64_t factor, LinearExpr &result) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
    int64_t scaled;
    return !llvm::MulOverflow(factor, constant.getValue(), scaled) &&
           !llvm::AddOverflow(result.constant, scaled, result.constant);
  }
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    int64_t &coefficient = result.coefficients[dim.getPosition()];
    return !llvm::AddOverflow(coefficient, factor, coefficient);
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return false;
  if (binary.getKind() == AffineExprKind::Add)
    return addScaled(binary.getLHS(), factor, result) &&
           addScaled(binary.getRHS(), factor, result);
  auto constant = dyn_cast<AffineConstantExpr>(binary.getRHS());
  int64_t scaled;
  return binary.getKind() == AffineExprKind::Mul && constant &&
         !llvm::MulOverflow(factor, constant.getValue(), scaled) &&
         addScaled(binary.getLHS(), scaled, result);
}

bool tenon::nn::usesDimsFrom(AffineExpr expr, unsigned first) {
  bool found = false;
  expr.walk([&](AffineExpr part) {
    auto dim = dyn_cast<AffineDimExpr>(part);
    found |= dim && dim.getPosition() >= first;
  });
  return found;
}

std::optional<LinearExpr> tenon::nn::getLinear(AffineExpr expr,
                                               unsigned numDims) {
  LinearExpr result;
  result.coefficients.assign(numDims, 0);
  if (!addScaled(expr, 1, result))
    return std::nullopt;
  return result;
}

//===----------------------------------------------------------------------===//
// Divisions
//===----------------------------------------------------------------------===//

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

AffineExpr tenon::nn::simplifyDivisions(AffineExpr expr,
                                        ArrayRef<int64_t> bounds) {
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

/// (i * 2 + j) * 3 becomes i * 6 + j * 3.
static AffineExpr flatten(AffineExpr expr, unsigned numDims) {
  std::optional<LinearExpr> linear = getLinear(expr, numDims);
  if (!linear)
    return expr;
  AffineExpr sum = getAffineConstantExpr(0, expr.getContext());
  for (auto [dim, coefficient] : llvm::enumerate(linear->coefficients))
    sum = sum + getAffineDimExpr(dim, expr.getContext()) * coefficient;
  return sum + linear->constant;
}

bool tenon::nn::isLinear(AffineMap map) {
  return llvm::all_of(map.getResults(), [&](AffineExpr expr) {
    return isa<AffineSymbolExpr>(expr) || getLinear(expr, map.getNumDims());
  });
}

IterationSpace IterationSpace::get(LayerOpInterface layer) {
  IterationSpace space;
  space.bounds = layer.getBounds();
  space.numParallel = layer.getParallel().size();
  space.indexed.resize(space.bounds.size());
  layer->walk([&](IndexOp op) { space.indexed[op.getDim()] = op.getDim(); });
  for (unsigned i = 0, e = layer->getNumOperands(); i < e; ++i)
    space.maps.push_back(layer.getMap(i));
  return space;
}

/// A division of a single dimension that splitting that dimension resolves: the
/// dimension and the factor.
static std::optional<std::pair<unsigned, int64_t>>
findDivision(const IterationSpace &space) {
  std::optional<std::pair<unsigned, int64_t>> found;
  for (AffineMap map : space.maps)
    map.walkExprs([&](AffineExpr expr) {
      auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
      if (!binary || (binary.getKind() != AffineExprKind::FloorDiv &&
                      binary.getKind() != AffineExprKind::Mod))
        return;
      auto dim = dyn_cast<AffineDimExpr>(binary.getLHS());
      auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS());
      if (!dim || !factor || factor.getValue() <= 1)
        return;
      unsigned position = dim.getPosition();
      if (space.bounds[position] % factor.getValue() == 0 &&
          !space.indexed[position])
        found = {position, factor.getValue()};
    });
  return found;
}

/// Splits dimension d of size n into (n / factor, factor).
static void splitDimension(IterationSpace &space, unsigned dim,
                           int64_t factor) {
  unsigned numDims = space.bounds.size();
  MLIRContext *context = space.maps.front().getContext();
  SmallVector<AffineExpr> replacements;
  for (unsigned d = 0; d < numDims; ++d)
    replacements.push_back(getAffineDimExpr(d > dim ? d + 1 : d, context));
  replacements[dim] = getAffineDimExpr(dim, context) * factor +
                      getAffineDimExpr(dim + 1, context);
  space.bounds[dim] /= factor;
  space.bounds.insert(space.bounds.begin() + dim + 1, factor);
  space.indexed.insert(space.indexed.begin() + dim + 1, std::nullopt);
  if (dim < space.numParallel)
    ++space.numParallel;
  for (AffineMap &map : space.maps)
    map = map.replaceDimsAndSymbols(
        replacements,
        llvm::map_to_vector(llvm::seq(map.getNumSymbols()),
                            [&](unsigned symbol) {
                              return getAffineSymbolExpr(symbol, context);
                            }),
        numDims + 1, map.getNumSymbols());
}

void IterationSpace::splitDivisions() {
  auto simplify = [&] {
    for (AffineMap &map : maps) {
      SmallVector<AffineExpr> results =
          llvm::map_to_vector(map.getResults(), [&](AffineExpr expr) {
            return flatten(simplifyDivisions(expr, bounds), bounds.size());
          });
      map = AffineMap::get(map.getNumDims(), map.getNumSymbols(), results,
                           map.getContext());
    }
  };
  simplify();
  while (auto division = findDivision(*this)) {
    splitDimension(*this, division->first, division->second);
    simplify();
  }
}
