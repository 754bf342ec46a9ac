//===- tenon.cpp - The compiler's command line ----------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/tools/Commands.h"

#include "llvm/Support/InitLLVM.h"

using namespace tenon;
using namespace tenon::tools;
using llvm::StringRef;
namespace cl = llvm::cl;

cl::SubCommand tools::compileCommand("compile",
                                     "Compile a model to C++ or object code");
cl::SubCommand tools::runCommand("run", "Compile a model in memory and run it");
cl::SubCommand tools::verifyCommand("verify",
                                    "Run ONNX test folders and compare");
cl::SubCommand tools::benchCommand("bench", "Time a model");
cl::SubCommand tools::inspectCommand("inspect",
                                     "Say what is in a model, and what of it "
                                     "is unsupported");
cl::SubCommand tools::targetsCommand("targets", "List the targets");

static const struct {
  cl::SubCommand *command;
  int (*run)();
} kCommands[] = {{&compileCommand, runCompile}, {&runCommand, runRun},
                 {&verifyCommand, runVerify},   {&benchCommand, runBench},
                 {&inspectCommand, runInspect}, {&targetsCommand, runTargets}};

static constexpr const char *kOverview =
    "Tenon compiles ONNX models to standalone C++ and object code.\n"
    "`tenon COMMAND --help` lists the options of a command.\n";

/// A command that does not exist, and the one that was meant.
static int reportUnknownCommand(StringRef name) {
  StringRef best;
  unsigned least = 3;
  for (const auto &entry : kCommands) {
    unsigned distance = name.edit_distance(entry.command->getName());
    if (distance < least) {
      least = distance;
      best = entry.command->getName();
    }
  }
  return reportUsage("unknown command '" + name + "'",
                     best.empty() ? llvm::Twine("`tenon --help` lists them")
                                  : "did you mean '" + best + "'?");
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  llvm::setBugReportMsg("This is a bug of Tenon: please report it, with the "
                        "model.\n");
  // LLVM's own options are no part of the command line.
  cl::HideUnrelatedOptions(getCategory());
  for (const auto &entry : kCommands)
    cl::HideUnrelatedOptions(getCategory(), *entry.command);
  cl::SetVersionPrinter(
      [](llvm::raw_ostream &os) { os << "tenon " << TENON_VERSION << "\n"; });

  if (argc < 2) {
    cl::ParseCommandLineOptions(argc, argv, kOverview);
    cl::PrintHelpMessage();
    return kUsageError;
  }
  StringRef first = argv[1];
  if (!first.starts_with("-") &&
      llvm::none_of(kCommands, [&](const auto &entry) {
        return entry.command->getName() == first;
      }))
    return reportUnknownCommand(first);

  std::string errors;
  llvm::raw_string_ostream stream(errors);
  if (!cl::ParseCommandLineOptions(argc, argv, kOverview, &stream)) {
    // "tenon: Unknown command line argument ...": one line each.
    llvm::SmallVector<StringRef> lines;
    StringRef(errors).trim().split(lines, '\n', -1, /*KeepEmpty=*/false);
    for (StringRef line : lines) {
      auto [program, message] = line.split(": ");
      if (message.starts_with("Not enough positional"))
        message = "expected a model (MODEL.onnx)";
      reportError((message.empty() ? line : message).rtrim());
    }
    return kUsageError;
  }
  for (const auto &entry : kCommands)
    if (*entry.command)
      return entry.run();
  return reportUsage("expected a command", "`tenon --help` lists them");
}
