//===- Affine.h - Affine maps of layers, as numbers -------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_NN_AFFINE_H
#define TENON_DIALECTS_NN_AFFINE_H

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/AffineMap.h"
#include <optional>

namespace tenon::nn {

/// All integers from `low` to `high`, both included.
struct Interval {
  int64_t low, high;
};

/// The values that `expr` takes while dimension i runs over [0, bounds[i]);
/// exact for linear expressions, an enclosure where floordiv and mod occur.
/// None when `expr` has symbols or a bound is 0.
std::optional<Interval> getRange(mlir::AffineExpr expr,
                                 llvm::ArrayRef<int64_t> bounds);

/// constant + sum of coefficients[i] * dimension i.
struct LinearExpr {
  llvm::SmallVector<int64_t> coefficients;
  int64_t constant = 0;
};

/// `expr` as a linear expression of `numDims` dimensions; none when it is not
/// one (floordiv, ceildiv, mod, symbols).
std::optional<LinearExpr> getLinear(mlir::AffineExpr expr, unsigned numDims);

} // namespace tenon::nn

#endif // TENON_DIALECTS_NN_AFFINE_H
