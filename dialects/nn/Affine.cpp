//===- Affine.cpp - Affine maps of layers, as numbers ---------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Affine.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tenon::nn;

static std::optional<Interval> getBinaryRange(AffineBinaryOpExpr expr,
                                              ArrayRef<int64_t> bounds) {
  std::optional<Interval> lhs = getRange(expr.getLHS(), bounds);
  std::optional<Interval> rhs = getRange(expr.getRHS(), bounds);
  if (!lhs || !rhs)
    return std::nullopt;
  if (expr.getKind() == AffineExprKind::Add)
    return Interval{lhs->low + rhs->low, lhs->high + rhs->high};
  // The right side of the others is constant in a pure affine expression.
  int64_t factor = rhs->low;
  if (expr.getKind() == AffineExprKind::Mul) {
    int64_t a = lhs->low * factor, b = lhs->high * factor;
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
    result.constant += factor * constant.getValue();
    return true;
  }
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    result.coefficients[dim.getPosition()] += factor;
    return true;
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return false;
  if (binary.getKind() == AffineExprKind::Add)
    return addScaled(binary.getLHS(), factor, result) &&
           addScaled(binary.getRHS(), factor, result);
  auto constant = dyn_cast<AffineConstantExpr>(binary.getRHS());
  return binary.getKind() == AffineExprKind::Mul && constant &&
         addScaled(binary.getLHS(), factor * constant.getValue(), result);
}

std::optional<LinearExpr> tenon::nn::getLinear(AffineExpr expr,
                                               unsigned numDims) {
  LinearExpr result;
  result.coefficients.assign(numDims, 0);
  if (!addScaled(expr, 1, result))
    return std::nullopt;
  return result;
}
