//===- Structure.h - Checks names, operators, order -------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_IMPORT_STRUCTURE_H
#define TENON_COMPILER_IMPORT_STRUCTURE_H

#include "compiler/import/Import.h"
#include "compiler/import/ModelFile.h"

namespace tenon::importer {

/// Checks what ONNX's library would trip over or report one at a time:
/// operators that do not exist (all of them), names that are undefined or
/// defined twice, cycles, nesting, how much inlining makes. Sorts the nodes of
/// every graph, keeping their order where it is good.
mlir::LogicalResult checkStructure(::onnx::ModelProto &model,
                                   FileDiagnostics &diagnostics,
                                   Survey *survey = nullptr);

/// What is in a model whose structure is checked.
void fillSurvey(const Model &model, mlir::MLIRContext &context, Survey &survey);

/// Brings the default domain to the newest operator set.
mlir::LogicalResult upgrade(::onnx::ModelProto &model,
                            FileDiagnostics &diagnostics);

/// Gives every dimension of the inputs a value: from the options, or 1 for the
/// batch. Lists all dimensions that still need one.
mlir::LogicalResult fixDims(::onnx::GraphProto &graph,
                            const llvm::StringMap<Weight> &weights,
                            const ImportOptions &options,
                            FileDiagnostics &diagnostics);

/// The version of the default domain's operator set.
int getDefaultOpset(const ::onnx::ModelProto &model);

} // namespace tenon::importer

#endif // TENON_COMPILER_IMPORT_STRUCTURE_H
