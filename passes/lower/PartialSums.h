//===- PartialSums.h - Reductions as several sums at once -------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sum over a row may be computed as several sums of every n-th element that
// are added at the end; so may any reduction whose combiner is one commutative
// and associative operation that starts at its neutral element:
//
//     ^bb0(%in: f32, %acc: f32):                 init [0.0]
//       %square = arith.mulf %in, %in : f32
//       %sum = arith.addf %square, %acc : f32    joined by arith.addf
//       nn.yield %sum : f32
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_LOWER_PARTIALSUMS_H
#define TENON_PASSES_LOWER_PARTIALSUMS_H

#include "dialects/nn/Nn.h"

namespace tenon {

/// Whether all accumulators of the layer may be split.
bool hasPartialSums(nn::LayerOpInterface layer);

/// Joins two partial values of an accumulator, scalars or vectors.
mlir::Value buildJoin(mlir::OpBuilder &builder, mlir::Location loc,
                      nn::LayerOpInterface layer, unsigned accumulator,
                      mlir::Value lhs, mlir::Value rhs);

} // namespace tenon

#endif // TENON_PASSES_LOWER_PARTIALSUMS_H
