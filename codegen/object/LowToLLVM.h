//===- LowToLLVM.h - Patterns from the low form to LLVM ---------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_OBJECT_LOWTOLLVM_H
#define TENON_CODEGEN_OBJECT_LOWTOLLVM_H

#include "dialects/kernel/Kernel.h"
#include "mlir/Conversion/LLVMCommon/Pattern.h"

namespace tenon {

/// Functions, calls and returns with bare pointers.
void populateFuncPatterns(mlir::LLVMTypeConverter &converter,
                          mlir::RewritePatternSet &patterns);
/// Everything that touches memory, and what of `arith` and `vector` is not as
/// upstream has it.
void populateMemoryPatterns(mlir::LLVMTypeConverter &converter,
                            mlir::RewritePatternSet &patterns);
/// `fail` and the caller's hooks.
void populateHookPatterns(mlir::LLVMTypeConverter &converter,
                          mlir::RewritePatternSet &patterns);
/// The functions that the patterns of hooks call, added where they are used.
mlir::LogicalResult addHookFunctions(mlir::ModuleOp module);

/// `memref[index]` as a pointer.
mlir::Value getElementPointer(mlir::OpBuilder &builder, mlir::Location loc,
                              mlir::Type element, mlir::Value pointer,
                              mlir::Value index);

} // namespace tenon

#endif // TENON_CODEGEN_OBJECT_LOWTOLLVM_H
