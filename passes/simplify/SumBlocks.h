//===- SumBlocks.h - Sums of blocks of weights ------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SIMPLIFY_SUMBLOCKS_H
#define TENON_PASSES_SIMPLIFY_SUMBLOCKS_H

#include "dialects/nn/Nn.h"
#include "mlir/IR/PatternMatch.h"

namespace tenon::nn {

/// A contraction by constant integers with a scale for each block of them
/// becomes one for each block, and their sum.
mlir::LogicalResult sumBlocks(ContractOp op, mlir::PatternRewriter &rewriter);

} // namespace tenon::nn

#endif // TENON_PASSES_SIMPLIFY_SUMBLOCKS_H
