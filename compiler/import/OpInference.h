//===- OpInference.h - ONNX's inference for operations ----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_IMPORT_OPINFERENCE_H
#define TENON_COMPILER_IMPORT_OPINFERENCE_H

namespace mlir {
class DialectRegistry;
class MLIRContext;
} // namespace mlir

namespace tenon {

/// Attaches ONNX's inference (dialects/onnx/Inference.h) to the onnx dialect.
void registerOnnxInference(mlir::DialectRegistry &registry);
void registerOnnxInference(mlir::MLIRContext &context);

} // namespace tenon

#endif // TENON_COMPILER_IMPORT_OPINFERENCE_H
