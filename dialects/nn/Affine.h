//===- Affine.h - Affine maps of layers, as numbers -------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_NN_AFFINE_H
#define TENON_DIALECTS_NN_AFFINE_H

#include "dialects/nn/Nn.h"
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
/// None when `expr` has symbols, a bound is 0, or a value overflows.
std::optional<Interval> getRange(mlir::AffineExpr expr,
                                 llvm::ArrayRef<int64_t> bounds);

/// `expr` changes with a dimension from number `first` on: where that is the
/// number of parallel dimensions, with a reduction.
bool usesDimsFrom(mlir::AffineExpr expr, unsigned first);

/// constant + sum of coefficients[i] * dimension i.
struct LinearExpr {
  llvm::SmallVector<int64_t> coefficients;
  int64_t constant = 0;
};

/// `expr` as a linear expression of `numDims` dimensions; none when it is not
/// one (floordiv, ceildiv, mod, symbols) or a coefficient overflows.
std::optional<LinearExpr> getLinear(mlir::AffineExpr expr, unsigned numDims);

/// `expr` with each floordiv and mod resolved that the bounds decide:
/// (4 * i + j) floordiv 4 is i when j < 4.
mlir::AffineExpr simplifyDivisions(mlir::AffineExpr expr,
                                   llvm::ArrayRef<int64_t> bounds);

/// All results of `map` are linear in the dimensions, or a single symbol.
bool isLinear(mlir::AffineMap map);

/// The bounds and maps of a layer, while its dimensions are being split.
struct IterationSpace {
  /// Sizes of the dimensions, parallel ones first.
  llvm::SmallVector<int64_t> bounds;
  unsigned numParallel = 0;
  /// The dimension of the layer whose index regions read from this one; such a
  /// dimension is never split.
  llvm::SmallVector<std::optional<unsigned>> indexed;
  /// One map per operand.
  llvm::SmallVector<mlir::AffineMap> maps;

  static IterationSpace get(LayerOpInterface layer);

  /// Splits dimensions until no division is left that splitting resolves: a
  /// map (k) -> (k floordiv 6, k mod 6) over k < 24 makes k two dimensions,
  /// 4 and 6. The order of points stays.
  void splitDivisions();

  bool isLinear() const { return llvm::all_of(maps, nn::isLinear); }
};

} // namespace tenon::nn

#endif // TENON_DIALECTS_NN_AFFINE_H
