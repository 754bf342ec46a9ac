//===- GraphBuilder.h - GraphProto to operations ----------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_IMPORT_GRAPHBUILDER_H
#define TENON_COMPILER_IMPORT_GRAPHBUILDER_H

#include "compiler/import/Constants.h"
#include "compiler/import/ModelFile.h"
#include "mlir/IR/BuiltinOps.h"

namespace tenon::importer {

/// Builds a module with the function `name` from a model that is checked,
/// sorted, upgraded and inferred.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
buildModule(const Model &model, llvm::StringRef name,
            FileDiagnostics &diagnostics);

} // namespace tenon::importer

#endif // TENON_COMPILER_IMPORT_GRAPHBUILDER_H
