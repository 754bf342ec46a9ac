//===- LegalizeForCpp.h - Names for emitted C++ -----------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_LOWER_LEGALIZEFORCPP_H
#define TENON_PASSES_LOWER_LEGALIZEFORCPP_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LogicalResult.h"

namespace tenon {

/// Renames private symbols and writes `kernel.names` on every operation. Fails
/// where the name of a public function is no identifier.
mlir::LogicalResult nameForCpp(mlir::ModuleOp module);

/// Rewrites what GCC has no form, or no fast one, for.
void legalizeVectorsForCpp(mlir::func::FuncOp function);

} // namespace tenon

#endif // TENON_PASSES_LOWER_LEGALIZEFORCPP_H
