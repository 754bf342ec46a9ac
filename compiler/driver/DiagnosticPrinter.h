//===- DiagnosticPrinter.h - Errors as users see them -----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_DRIVER_DIAGNOSTICPRINTER_H
#define TENON_COMPILER_DRIVER_DIAGNOSTICPRINTER_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/raw_ostream.h"

namespace tenon {

/// While it lives, everything that any part of the compiler reports is printed
/// here, and formatted nowhere else:
///
///     error: face.onnx: node 'Conv_3': expected 2 spatial pads, got 3
///     hint: ...
///
/// A note whose text begins with "hint: " is a hint.
class DiagnosticPrinter {
public:
  /// Prints to `os`; `file` is the model that is being compiled.
  DiagnosticPrinter(mlir::MLIRContext &context, llvm::StringRef file,
                    llvm::raw_ostream &os = llvm::errs());

  /// The text of the first error, without file and severity.
  const std::string &getFirstError() const { return firstError; }
  /// Says how many errors were not shown.
  void finish();
  /// Remarks and warnings are shown too.
  void setVerbose(bool value) { verbose = value; }

private:
  void print(mlir::Diagnostic &diagnostic);

  std::string file;
  llvm::raw_ostream &os;
  mlir::ScopedDiagnosticHandler handler;
  bool verbose = true;
  unsigned errors = 0;
  std::string firstError;
};

/// The text of a diagnostic: "node 'Conv_3': Conv: expected ...".
std::string getText(mlir::Diagnostic &diagnostic);

/// `error: MESSAGE` and, if not empty, `hint: HINT`; for errors that are no
/// diagnostics. Returns 1, the exit code of a failed command.
int reportError(const llvm::Twine &message, const llvm::Twine &hint = "");

} // namespace tenon

#endif // TENON_COMPILER_DRIVER_DIAGNOSTICPRINTER_H
