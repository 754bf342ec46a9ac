//===- RunnableModel.cpp - A model compiled to be run here ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/tools/RunnableModel.h"

#include "compiler/driver/Progress.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::tools;
namespace cl = llvm::cl;

Choice<Emitter> tools::emitter(
    "emit", cl::desc("Which code to run:"), cl::init(Emitter::Object),
    cl::values(clEnumValN(Emitter::Object, "object", "object code (default)"),
               clEnumValN(Emitter::Cpp, "cpp",
                          "C++, by this machine's compiler"),
               clEnumValN(Emitter::C, "c",
                          "C, by this machine's compiler; of scalar targets")),
    cl::cat(getCategory()), cl::sub(runCommand), cl::sub(verifyCommand),
    cl::sub(benchCommand));

int tools::getRunOptions(StringRef path, CompileOptions &options) {
  bool isC = emitter == Emitter::C;
  if (int code = getCompileOptions(path, isC ? "scalar" : "host", options))
    return code;
  return emitter == Emitter::Object ? 0 : checkSourceOptions(options, isC);
}

int RunnableModel::load(StringRef path, bool profile) {
  if (int code = getRunOptions(path, options))
    return code;
  options.profile = profile;
  std::optional<Progress> progress(!quiet);
  printer.emplace(context, path);
  printer->setVerbose(verbose);
  auto compiled = compileModel(context, options);
  if (failed(compiled) || (emitter != Emitter::Object &&
                           failed(legalizeForCpp(**compiled, options)))) {
    printer->finish();
    return 1;
  }
  module = std::move(*compiled);
  Progress::setStage("code");
  auto created =
      Runner::create(*module, *options.target, emitter, options.optimize);
  progress.reset();
  if (!created)
    return reportError(llvm::toString(created.takeError()));
  runner = std::move(*created);
  runner->setThreads(options.threads);
  return 0;
}
