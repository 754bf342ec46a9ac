//===- Commands.h - The subcommands of tenon --------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each subcommand is a file that declares its options and has one function.
// Exit codes: 0, 1 where the work failed, 2 where the command line is wrong.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_TOOLS_COMMANDS_H
#define TENON_COMPILER_TOOLS_COMMANDS_H

#include "compiler/driver/Compiler.h"
#include "compiler/driver/DiagnosticPrinter.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/JSON.h"

namespace tenon::tools {

extern llvm::cl::SubCommand compileCommand, runCommand, verifyCommand,
    benchCommand, inspectCommand, targetsCommand;

int runCompile();
int runRun();
int runVerify();
int runBench();
int runInspect();
int runTargets();

/// All options of ours, so that --help shows no others.
llvm::cl::OptionCategory &getCategory();

// Options of several subcommands.
extern llvm::cl::opt<bool> quiet, verbose;
extern llvm::cl::opt<std::string> target;

inline constexpr int kUsageError = 2;

/// `error: MESSAGE`, and 2.
int reportUsage(const llvm::Twine &message, const llvm::Twine &hint = "");

/// "did you mean 'NEAR'?" with the name that is nearest to `wrong`; where none
/// is near, `otherwise`.
std::string suggest(llvm::StringRef wrong,
                    llvm::ArrayRef<llvm::StringRef> names,
                    const llvm::Twine &otherwise);

/// The target of this name; null after an error was printed.
const Target *findTarget(llvm::StringRef name);

/// On standard output, indented.
void writeJson(llvm::json::Value value);

/// What the shared options say; 0, or the exit code after an error was printed.
/// `defaultTarget` stands where --target is not given.
int getCompileOptions(llvm::StringRef model, llvm::StringRef defaultTarget,
                      CompileOptions &options);

/// 0, or the exit code after an error was printed: processors and features are
/// LLVM's, and C++ would not heed them; C has no vectors.
int checkSourceOptions(const CompileOptions &options, bool isC);

} // namespace tenon::tools

#endif // TENON_COMPILER_TOOLS_COMMANDS_H
