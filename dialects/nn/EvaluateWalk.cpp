//===- EvaluateWalk.cpp - Walking an iteration space ---------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an operand reads is a linear form of the point. Along a row it is a base
// and a stride, for up to 256 points at once; dimensions that all forms see as
// one are joined first, so that rows are long:
//
//     4 x 100 points, form 100 i + j     400 points: base 0 stride 1, then
//                                        base 256 stride 1
//
// Rows that stay short are put together in one chunk, with an array of values.
// Indices with divisions are computed from the forms of their dimensions.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/EvaluateWalk.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tenon::nn;

unsigned PointWalk::addForm(LinearExpr form) {
  forms.push_back({std::move(form), 0, 0, std::vector<int64_t>(kNumLanes), 0});
  return forms.size() - 1;
}

void PointWalk::collapse() {
  // dim absorbs the one after it.
  auto canJoin = [&](unsigned dim) {
    return llvm::all_of(forms, [&](const Form &form) {
      ArrayRef<int64_t> factors = form.linear.coefficients;
      return uint64_t(factors[dim]) ==
             uint64_t(factors[dim + 1]) * bounds[dim + 1];
    });
  };
  auto erase = [&](unsigned dim) {
    bounds.erase(bounds.begin() + dim);
    for (Form &form : forms)
      form.linear.coefficients.erase(form.linear.coefficients.begin() + dim);
    numParallel -= dim < numParallel;
  };
  for (unsigned dim = bounds.size(); dim-- > 0;) {
    if (bounds[dim] == 1) {
      erase(dim);
    } else if (dim + 1 < bounds.size() && dim + 1 != numParallel &&
               canJoin(dim)) {
      bounds[dim + 1] *= bounds[dim];
      erase(dim);
    }
  }
  // A last dimension, so that there always are rows.
  if (numParallel == 0) {
    bounds.insert(bounds.begin(), 1);
    for (Form &form : forms)
      form.linear.coefficients.insert(form.linear.coefficients.begin(), 0);
    numParallel = 1;
  }
}

bool PointWalk::nextChunk() {
  reducing = false;
  if (!begun) {
    begun = true;
    collapse();
    point.assign(bounds.size(), 0);
    if (llvm::is_contained(ArrayRef(bounds).take_front(numParallel), 0))
      return false;
  } else if (point[0] == bounds[0]) {
    return false;
  }
  fillChunk();
  return true;
}

/// Fills the forms and moves `point` behind the chunk. Rows of some length
/// are not mixed, for their forms need no array.
void PointWalk::fillChunk() {
  constexpr int64_t kLongRow = 32;
  unsigned last = numParallel - 1;
  isRow = bounds[last] >= kLongRow || numParallel == 1;
  auto getBase = [&](const Form &form) {
    uint64_t base = form.linear.constant;
    for (unsigned dim = 0; dim < numParallel; ++dim)
      base += uint64_t(form.linear.coefficients[dim]) * point[dim];
    return int64_t(base);
  };
  auto advance = [&](int64_t steps) {
    point[last] += steps;
    for (unsigned dim = last; dim > 0 && point[dim] == bounds[dim]; --dim) {
      point[dim] = 0;
      ++point[dim - 1];
    }
  };
  if (isRow) {
    numLanes = std::min<int64_t>(kNumLanes, bounds[last] - point[last]);
    for (Form &form : forms) {
      form.base = getBase(form);
      form.stride = form.linear.coefficients[last];
    }
    return advance(numLanes);
  }
  numLanes = 0;
  for (Form &form : forms)
    form.base = 0;
  while (numLanes < kNumLanes && point[0] < bounds[0]) {
    int64_t count =
        std::min<int64_t>(kNumLanes - numLanes, bounds[last] - point[last]);
    for (Form &form : forms) {
      uint64_t base = getBase(form), stride = form.linear.coefficients[last];
      for (int64_t i = 0; i < count; ++i)
        form.values[numLanes + i] = base + i * stride;
    }
    numLanes += count;
    advance(count);
  }
}

bool PointWalk::nextReduction() {
  MutableArrayRef<int64_t> reduction =
      MutableArrayRef(point).drop_front(numParallel);
  ArrayRef<int64_t> sizes = ArrayRef(bounds).drop_front(numParallel);
  if (!reducing) {
    reducing = true;
    std::fill(reduction.begin(), reduction.end(), 0);
    for (Form &form : forms)
      form.reduced = 0;
    return !llvm::is_contained(sizes, 0);
  }
  unsigned dim = reduction.size();
  while (dim-- > 0) {
    if (++reduction[dim] < sizes[dim])
      break;
    reduction[dim] = 0;
  }
  if (dim == ~0u)
    return false;
  for (Form &form : forms) {
    uint64_t reduced = 0;
    for (auto [place, factor] :
         llvm::zip(reduction,
                   ArrayRef(form.linear.coefficients).drop_front(numParallel)))
      reduced += uint64_t(factor) * place;
    form.reduced = reduced;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Quantities
//===----------------------------------------------------------------------===//

std::optional<Quantity> Quantity::get(PointWalk &space, AffineExpr expr,
                                      unsigned numDims) {
  Quantity result;
  result.expr = expr;
  if (std::optional<LinearExpr> linear = getLinear(expr, numDims)) {
    result.form = space.addForm(*linear);
    return result;
  }
  WalkResult walked = expr.walk([](AffineExpr part) {
    auto divisor = dyn_cast<AffineBinaryOpExpr>(part);
    if (!divisor || divisor.getKind() == AffineExprKind::Add ||
        divisor.getKind() == AffineExprKind::Mul)
      return WalkResult::advance();
    auto constant = dyn_cast<AffineConstantExpr>(divisor.getRHS());
    return constant && constant.getValue() > 0 ? WalkResult::advance()
                                               : WalkResult::interrupt();
  });
  if (walked.wasInterrupted())
    return std::nullopt;
  result.values.resize(kNumLanes);
  for (unsigned dim = 0; dim < numDims; ++dim) {
    LinearExpr unit;
    unit.coefficients.assign(numDims, 0);
    unit.coefficients[dim] = 1;
    unsigned form = space.addForm(std::move(unit));
    result.form = dim == 0 ? form : result.form;
  }
  return result;
}

Places Quantity::at(const PointWalk &space, ArrayRef<Lanes> symbols) {
  if (values.empty())
    return space.get(form);
  compute(space, expr, symbols, values.data());
  return {values.data(), 0, 0};
}

void Quantity::compute(const PointWalk &space, AffineExpr expr,
                       ArrayRef<Lanes> symbols, int64_t *result) const {
  unsigned count = space.getNumLanes();
  if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
    std::fill_n(result, count, constant.getValue());
  } else if (auto symbol = dyn_cast<AffineSymbolExpr>(expr)) {
    std::copy_n(symbols[symbol.getPosition()].integers, count, result);
  } else if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    Places places = space.get(form + dim.getPosition());
    for (unsigned i = 0; i < count; ++i)
      result[i] = places[i];
  } else if (auto binary = dyn_cast<AffineBinaryOpExpr>(expr)) {
    int64_t other[kNumLanes];
    compute(space, binary.getLHS(), symbols, result);
    compute(space, binary.getRHS(), symbols, other);
    for (unsigned i = 0; i < count; ++i) {
      int64_t a = result[i], b = other[i];
      switch (binary.getKind()) {
      case AffineExprKind::Add:
        result[i] = uint64_t(a) + uint64_t(b);
        break;
      case AffineExprKind::Mul:
        result[i] = uint64_t(a) * uint64_t(b);
        break;
      case AffineExprKind::FloorDiv:
        result[i] = llvm::divideFloorSigned(a, b);
        break;
      case AffineExprKind::CeilDiv:
        result[i] = llvm::divideCeilSigned(a, b);
        break;
      default:
        result[i] = llvm::mod(a, b);
      }
    }
  }
}
