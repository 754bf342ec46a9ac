//===- Evaluate.h - Operations of nn on constant data -----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_NN_EVALUATE_H
#define TENON_DIALECTS_NN_EVALUATE_H

#include "dialects/nn/Constants.h"
#include <string>

namespace tenon::nn {

/// `evaluate` knows the operation: a layer, reshape or assemble on tensors.
bool canEvaluate(mlir::Operation *op);

/// The points that evaluating `op` visits; none where there are more than
/// `limit`.
std::optional<int64_t> getNumPoints(mlir::Operation *op, int64_t limit);

/// The results of `op` on these operands: what its loop nest computes, in the
/// order that `LayerOpInterface` states. An operand that is only written may
/// have no bytes (`tensor.empty`): then what is not written is zero.
///
/// Fails, with a reason, where an operation in a region is unknown, an index
/// leaves its tensor, an integer is divided by zero, or a result is too large.
mlir::FailureOr<llvm::SmallVector<Buffer>>
evaluate(mlir::Operation *op, llvm::ArrayRef<Buffer> operands,
         std::string &reason);

/// The result of `map`, whose body reads no index, at `count` points: each of
/// `inputs` has an element a point, or one for all. Neither the operands of
/// `map` nor its maps matter.
mlir::FailureOr<Buffer> evaluateElementwise(MapOp map,
                                            llvm::ArrayRef<Buffer> inputs,
                                            int64_t count, std::string &reason);

/// What the terminator of `block` takes, where that depends on constants and on
/// the first arguments of the block, whose values are given; the reason of a
/// failure names the operation.
mlir::FailureOr<llvm::SmallVector<Buffer>>
evaluateBlock(mlir::Block &block, std::string &reason,
              llvm::ArrayRef<Buffer> arguments = {});

} // namespace tenon::nn

#endif // TENON_DIALECTS_NN_EVALUATE_H
