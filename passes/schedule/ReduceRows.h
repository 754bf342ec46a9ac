//===- ReduceRows.h - A reduction of all rows, some at a time ---*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_REDUCEROWS_H
#define TENON_PASSES_SCHEDULE_REDUCEROWS_H

#include "dialects/nn/Nn.h"

namespace tenon::schedule {

/// The part of `whole`, on memrefs, that goes on from `accumulators`, flat
/// memory that holds one of each kind a result, and leaves the new ones there.
/// Takes the combiner of `whole`.
void buildPartOfReduction(mlir::OpBuilder &builder, nn::ReduceOp whole,
                          llvm::ArrayRef<mlir::Value> accumulators);

/// The rest, when all parts have run: `whole`'s results of its accumulators.
/// Takes the epilogue of `whole`.
void buildEndOfReduction(mlir::OpBuilder &builder, nn::ReduceOp whole,
                         llvm::ArrayRef<mlir::Value> accumulators);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_REDUCEROWS_H
