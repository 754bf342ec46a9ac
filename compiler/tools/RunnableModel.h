//===- RunnableModel.h - A model compiled to be run here --------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_TOOLS_RUNNABLEMODEL_H
#define TENON_COMPILER_TOOLS_RUNNABLEMODEL_H

#include "compiler/driver/Runner.h"
#include "compiler/tools/ChoiceParser.h"

namespace tenon::tools {

/// `--emit` of the commands that run a model.
extern Choice<Emitter> emitter;

/// What the options say of commands that run `path`; 0, or the exit code after
/// an error was printed.
int getRunOptions(llvm::StringRef path, CompileOptions &options);

/// A model of the command line, compiled as the shared options say and loaded.
struct RunnableModel {
  mlir::MLIRContext context;
  std::optional<DiagnosticPrinter> printer;
  CompileOptions options;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::unique_ptr<Runner> runner;

  /// Compiles `path` and loads the code; 0, or the exit code after an error was
  /// printed. `profile` marks layers for the profile hook.
  int load(llvm::StringRef path, bool profile = false);
};

} // namespace tenon::tools

#endif // TENON_COMPILER_TOOLS_RUNNABLEMODEL_H
