//===- SumOperand.h - Sums of one side of a product -------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SIMPLIFY_SUMOPERAND_H
#define TENON_PASSES_SIMPLIFY_SUMOPERAND_H

#include "dialects/nn/LayerSpec.h"

namespace tenon::nn {

/// The sum of `operand` over those reductions of `spec` on which it depends, as
/// another operand of that layer: sum_k w[o, k] of the weights in
/// sum_k x[i, k] * w[o, k], read at [o]. `add` gives the next accumulator from
/// an element and the one before, `finish` the result from the last.
MappedOperand sumOperand(
    mlir::OpBuilder &builder, mlir::Location loc, const LayerSpec &spec,
    const MappedOperand &operand, mlir::TypedAttr init,
    llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Value, mlir::Value)>
        add,
    llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Value)> finish);

} // namespace tenon::nn

#endif // TENON_PASSES_SIMPLIFY_SUMOPERAND_H
