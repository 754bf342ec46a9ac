//===- EvaluateWalk.h - Walking an iteration space -------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_NN_EVALUATEWALK_H
#define TENON_DIALECTS_NN_EVALUATEWALK_H

#include "dialects/nn/Affine.h"
#include "dialects/nn/EvaluateElements.h"
#include <vector>

namespace tenon::nn {

/// A rectangular iteration space, walked in chunks of up to `kNumLanes`
/// parallel points, for each chunk through the reduction points in row-major
/// order. Keeps the values of linear forms of the point up to date: offsets of
/// operands, window indices, dimensions.
///
///     PointWalk space(bounds, numParallel);
///     unsigned offset = space.addForm(...);
///     while (space.nextChunk())
///       while (space.nextReduction())
///         space.get(offset)[lane] ...
class PointWalk {
public:
  PointWalk(llvm::ArrayRef<int64_t> bounds, unsigned numParallel)
      : bounds(bounds), numParallel(numParallel) {}

  /// Before the walk begins.
  unsigned addForm(LinearExpr form);

  bool nextChunk();
  bool nextReduction();
  unsigned getNumLanes() const { return numLanes; }

  /// The values of a form at the lanes of the current point.
  Places get(unsigned form) const {
    const Form &f = forms[form];
    return {isRow ? nullptr : f.values.data(), f.base + f.reduced, f.stride};
  }

private:
  struct Form {
    LinearExpr linear;
    /// In the chunk: base + values[i], or base + i * stride along a row.
    int64_t base = 0, stride = 0;
    std::vector<int64_t> values;
    /// What the reduction dimensions add.
    int64_t reduced = 0;
  };
  /// Joins neighbouring dimensions that all forms see as one, so that rows
  /// get long, and drops those of size 1.
  void collapse();
  void fillChunk();

  llvm::SmallVector<int64_t> bounds;
  unsigned numParallel;
  std::vector<Form> forms;
  /// The current row and the place in it; the current reduction point.
  llvm::SmallVector<int64_t> point;
  bool begun = false, reducing = false, isRow = false;
  unsigned numLanes = 0;
};

/// What an affine expression yields at the lanes of the current point: a form
/// where it is linear, else computed from forms of its dimensions.
class Quantity {
public:
  /// None where the expression divides by anything but a positive constant.
  static std::optional<Quantity> get(PointWalk &space, mlir::AffineExpr expr,
                                     unsigned numDims);

  /// Symbol i has the value of lanes[i]. The places hold until the next call.
  Places at(const PointWalk &space, llvm::ArrayRef<Lanes> symbols);

private:
  void compute(const PointWalk &space, mlir::AffineExpr expr,
               llvm::ArrayRef<Lanes> symbols, int64_t *result) const;

  mlir::AffineExpr expr;
  /// The form of the expression; where `values` is not empty, the first of
  /// one a dimension.
  unsigned form = 0;
  std::vector<int64_t> values;
};

} // namespace tenon::nn

#endif // TENON_DIALECTS_NN_EVALUATEWALK_H
