//===- Passes.h - Passes of the import stage --------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_IMPORT_PASSES_H
#define TENON_PASSES_IMPORT_PASSES_H

#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/Pass.h"

#include <functional>

namespace tenon {

/// Evaluates an onnx operation with one result on constant operands; null where
/// it cannot. Operands are dense or resource attributes.
using FoldFunction = std::function<mlir::Attribute(
    mlir::Operation *, llvm::ArrayRef<mlir::Attribute>)>;

/// A `FoldFunction` that runs the operator's own lowering on the evaluator of
/// nn: an operator that has a lowering can be folded.
mlir::Attribute evaluateOnnx(mlir::Operation *op,
                             llvm::ArrayRef<mlir::Attribute> operands);

/// Whether an operator ("onnx.Relu") has a lowering of its own.
bool hasOnnxLowering(llvm::StringRef operationName);

/// Refines the types of a function's onnx operations, and folds those whose
/// small results are known, with `fold` where there is one. Returns how many
/// were folded.
mlir::FailureOr<unsigned> inferOnnxShapes(mlir::func::FuncOp func,
                                          const FoldFunction &fold);

#define GEN_PASS_DECL
#include "passes/import/Passes.h.inc"

/// The pass with another evaluator than `evaluateOnnx`, or with none.
std::unique_ptr<mlir::Pass> createOnnxInferShapesPass(FoldFunction fold);

#define GEN_PASS_REGISTRATION
#include "passes/import/Passes.h.inc"
} // namespace tenon

#endif // TENON_PASSES_IMPORT_PASSES_H
