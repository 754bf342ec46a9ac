//===- Constants.h - Tensors of the file as attributes and weights --------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_IMPORT_CONSTANTS_H
#define TENON_COMPILER_IMPORT_CONSTANTS_H

#include "compiler/import/ModelFile.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/SymbolTable.h"

namespace tenon::importer {

/// A tensor as an attribute that holds its data.
llvm::Expected<mlir::ElementsAttr>
getElementsAttr(const ::onnx::TensorProto &tensor, mlir::MLIRContext *context);

/// Makes constants: small ones as `arith.constant`, larger ones as
/// `nn.weight` of a `kernel.global`, one for all equal data.
class ConstantBuilder {
public:
  explicit ConstantBuilder(mlir::ModuleOp module) : symbols(module) {}

  llvm::Expected<mlir::Value> create(mlir::OpBuilder &builder,
                                     mlir::Location loc,
                                     const ::onnx::TensorProto &tensor);
  /// Likewise, for data that stays where it is.
  llvm::Expected<mlir::Value> create(mlir::OpBuilder &builder,
                                     mlir::Location loc, const Weight &weight);

private:
  mlir::SymbolTable symbols;
};

} // namespace tenon::importer

#endif // TENON_COMPILER_IMPORT_CONSTANTS_H
