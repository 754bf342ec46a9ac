//===- Diagnostics.h - Errors about a model file ----------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_IMPORT_DIAGNOSTICS_H
#define TENON_COMPILER_IMPORT_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"
#include "onnx/onnx_pb.h"
#include "llvm/ADT/StringRef.h"

namespace tenon::importer {

/// A name from a file in single quotes: escaped, and cut where it is long.
std::string quoteName(llvm::StringRef name);

/// "1 layer", "2 layers".
std::string getCountText(uint64_t count, llvm::StringRef noun);

/// Text of the ONNX library, which quotes names unescaped, on one line.
std::string cleanMessage(llvm::StringRef message);

/// The name of a node, or operator and first output where it has none.
std::string getNodeName(const ::onnx::NodeProto &node);

/// Writes errors as `FILE: node 'NAME': message`, and counts them.
class FileDiagnostics {
public:
  FileDiagnostics(mlir::MLIRContext &context, llvm::StringRef file)
      : context(context), file(file) {}

  void error(const llvm::Twine &message);
  void error(const ::onnx::NodeProto &node, const llvm::Twine &message);
  void error(llvm::Error error);
  mlir::LogicalResult result() const { return mlir::failure(count != 0); }
  bool hasErrors() const { return count != 0; }
  /// Says how many errors were not shown.
  void finish();
  mlir::MLIRContext &getContext() { return context; }

private:
  mlir::MLIRContext &context;
  std::string file;
  unsigned count = 0;
};

} // namespace tenon::importer

#endif // TENON_COMPILER_IMPORT_DIAGNOSTICS_H
