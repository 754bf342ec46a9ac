//===- Import.h - ONNX file to MLIR -----------------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_IMPORT_IMPORT_H
#define TENON_COMPILER_IMPORT_IMPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringMap.h"

#include <functional>

namespace tenon {

/// What a file holds, for those who ask before it can be compiled.
struct Survey {
  struct Value {
    std::string name, type;
  };
  struct Node {
    std::string name, op;
    /// ONNX does not define it by others, and neither is it an If, which sizes
    /// may decide, nor does an If hold it.
    bool needsLowering;
  };
  std::vector<Value> inputs, outputs;
  std::vector<Node> nodes;
  int64_t parameters = 0, parameterBytes = 0;
  /// Sizes that nobody has given, and operators that nobody knows: a line each.
  /// Sizes stay open in the module; after the others there is none.
  std::vector<std::string> open, unknown;

  bool isWhole() const { return open.empty() && unknown.empty(); }
};

struct ImportOptions {
  /// Values of dimensions, by symbol ("seq") or by input and axis ("x[2]").
  llvm::StringMap<int64_t> dims;
  /// Says of "onnx.Attention" and the like whether the body that ONNX defines
  /// takes its place, if there is one. Null: nothing is expanded.
  std::function<bool(llvm::StringRef)> expands;
  /// Filled in; what it says is no error then.
  Survey *survey = nullptr;
};

/// The name of a model of this file: "face" for "models/face.onnx". For
/// "face/model.onnx" it is that of the folder, since all are called so.
std::string getModelName(llvm::StringRef path);

/// Reads a model (.onnx, or ONNX's textual syntax in .onnxtxt) and brings it to
/// the newest operator set. The result is a module with one function of onnx
/// operations, which has the model's name, whose arguments and results carry
/// `onnx.name`, and one `kernel.global` a weight. Errors go to the context's
/// diagnostic engine.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
importOnnx(llvm::StringRef path, mlir::MLIRContext &context,
           const ImportOptions &options = {});

/// Registers `tenon-translate --import-onnx`.
void registerImportTranslations();

} // namespace tenon

#endif // TENON_COMPILER_IMPORT_IMPORT_H
