//===- GraphBuilder.h - GraphProto to operations ----------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_IMPORT_GRAPHBUILDER_H
#define TENON_COMPILER_IMPORT_GRAPHBUILDER_H

#include "compiler/import/Constants.h"
#include "compiler/import/ModelFile.h"
#include "mlir/IR/BuiltinOps.h"

namespace tenon::importer {

/// Types that the file states for intermediate values, by name. They count only
/// where nothing can be inferred.
using DeclaredTypes = llvm::StringMap<::onnx::TypeProto>;

/// Builds a module with the function `name` from a model that is checked,
/// sorted and upgraded. Operators that ONNX defines by a function become the
/// body of it if `expands` says so for their name in the onnx dialect.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
buildModule(const Model &model, const DeclaredTypes &declared,
            llvm::StringRef name, FileDiagnostics &diagnostics,
            const std::function<bool(llvm::StringRef)> &expands);

} // namespace tenon::importer

#endif // TENON_COMPILER_IMPORT_GRAPHBUILDER_H
