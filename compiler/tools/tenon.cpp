//===- tenon.cpp - The compiler's command line ----------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/tools/Commands.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/InitLLVM.h"

#include <cstdio>
#include <unistd.h>

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
  llvm::SmallVector<StringRef> names;
  for (const auto &entry : kCommands)
    names.push_back(entry.command->getName());
  return reportUsage("unknown command '" + name + "'",
                     suggest(name, names, "`tenon --help` lists them"));
}

/// What `work` prints to standard error. LLVM's parser hands some of its errors
/// to its caller and prints others.
static std::string catchErrors(llvm::function_ref<void()> work) {
  std::FILE *file = std::tmpfile(); // gone with the process, if `work` ends it
  int saved = file ? dup(STDERR_FILENO) : -1;
  if (saved >= 0)
    dup2(fileno(file), STDERR_FILENO);
  work();
  std::string text;
  if (saved >= 0) {
    dup2(saved, STDERR_FILENO);
    close(saved);
    std::rewind(file);
    char buffer[1024];
    while (size_t count = std::fread(buffer, 1, sizeof buffer, file))
      text.append(buffer, count);
  }
  if (file)
    std::fclose(file);
  return text;
}

/// The lines of LLVM's parser are "tenon: MESSAGE" or "tenon: for the --emit
/// option: MESSAGE"; those of ours may be followed by "hint: ...".
static void reportParser(StringRef text) {
  llvm::SmallVector<std::pair<std::string, std::string>> errors;
  for (StringRef line : llvm::split(text, '\n')) {
    StringRef rest = line.split(": ").second;
    if (!line.starts_with("hint: ") && !rest.empty())
      line = rest;
    StringRef hint = line;
    if (hint.consume_front("hint: ") || hint.consume_front("Did you mean ")) {
      if (!errors.empty())
        errors.back().second = line.starts_with("hint")
                                   ? hint.str()
                                   : ("did you mean " + hint).str();
      continue;
    }
    StringRef message = line.split(".  Try: ").first;
    if (message.starts_with("Not enough positional"))
      message = "expected a model (MODEL.onnx)";
    std::string prefix;
    if (message.consume_front("for the ")) {
      auto [option, rest] = message.split(" option: ");
      prefix = (option + ": ").str();
      message = rest;
    }
    if (!message.empty())
      errors.emplace_back(prefix + message.rtrim().str(), "");
  }
  for (const auto &[message, hint] : errors)
    reportError(message, hint);
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
  bool isParsed = false;
  errors += catchErrors([&] {
    isParsed = cl::ParseCommandLineOptions(argc, argv, kOverview, &stream);
  });
  if (!isParsed) {
    reportParser(errors);
    return kUsageError;
  }
  for (const auto &entry : kCommands)
    if (*entry.command)
      return entry.run();
  return reportUsage("expected a command", "`tenon --help` lists them");
}
