//===- Compiler.cpp - From a model file to the low form -------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Compiler.h"

#include "compiler/driver/Progress.h"
#include "dialects/kernel/Identifiers.h"
#include "dialects/kernel/Interface.h"
#include "passes/import/Passes.h"
#include "passes/lower/Passes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"

#include <chrono>

using namespace mlir;
using namespace tenon;

std::string tenon::getModelName(StringRef path) {
  StringRef stem = llvm::sys::path::stem(path);
  StringRef folder =
      llvm::sys::path::filename(llvm::sys::path::parent_path(path));
  bool isPlain =
      stem == "model" && !folder.empty() && folder != "." && folder != "..";
  return getModelIdentifier(isPlain ? folder : stem);
}

OptLevel tenon::getOptLevel(Optimize optimize) {
  switch (optimize) {
  case Optimize::Size:
    return OptLevel::Size;
  case Optimize::Balanced:
    return OptLevel::Balanced;
  case Optimize::Speed:
    break;
  }
  return OptLevel::Speed;
}

/// SHA-256, so that anyone can compare it with what sha256sum says.
static std::string getHash(StringRef path) {
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                          /*RequiresNullTerminator=*/false);
  if (!file)
    return "";
  StringRef bytes = (*file)->getBuffer();
  return llvm::toHex(
      llvm::SHA256::hash(llvm::ArrayRef(bytes.bytes_begin(), bytes.size())),
      /*LowerCase=*/true);
}

namespace {
/// Runs the stages one after the other.
class StageRunner {
public:
  StageRunner(ModuleOp module, const CompileOptions &options)
      : module(module), options(options) {}

  /// `fill` adds the passes of the stage.
  LogicalResult run(StringRef stage,
                    llvm::function_ref<void(OpPassManager &)> fill);

private:
  bool isPrinted(StringRef name) const {
    return llvm::is_contained(options.printAfter, name);
  }

  ModuleOp module;
  const CompileOptions &options;
};
} // namespace

LogicalResult StageRunner::run(StringRef stage,
                               llvm::function_ref<void(OpPassManager &)> fill) {
  Progress::setStage(stage);
  auto start = std::chrono::steady_clock::now();
  PassManager passes(module.getContext());
  if (!options.printAfter.empty())
    passes.enableIRPrinting(
        nullptr,
        [&](Pass *pass, Operation *) { return isPrinted(pass->getArgument()); },
        /*printModuleScope=*/true, /*printAfterOnlyOnChange=*/false,
        /*printAfterOnlyOnFailure=*/false, llvm::errs(),
        OpPrintingFlags().elideLargeElementsAttrs());
  if (options.printTime && options.verbose)
    passes.enableTiming();
  fill(passes);
  LogicalResult result = passes.run(module);
  if (options.printTime) {
    std::chrono::duration<double> seconds =
        std::chrono::steady_clock::now() - start;
    llvm::errs() << llvm::formatv("{0,-10} {1:f3} s\n", stage, seconds.count());
  }
  if (isPrinted(stage) && succeeded(result)) {
    llvm::errs() << "// ----- after " << stage << " -----\n";
    module.print(llvm::errs(), OpPrintingFlags().elideLargeElementsAttrs());
  }
  return result;
}

Machine tenon::getMachine(const CompileOptions &options) {
  Machine machine = getMachine(*options.target);
  if (!options.cpu.empty())
    machine.cpu = options.cpu;
  if (!options.features.empty())
    machine.features +=
        (machine.features.empty() ? "" : ",") + options.features;
  return machine;
}

/// Each failure needs an error; a pass that gives none has a bug.
static LogicalResult runStages(ModuleOp module, const CompileOptions &options,
                               Stage last) {
  StageRunner runner(module, options);
  PipelineOptions pipeline;
  pipeline.optimize = options.optimize;
  pipeline.name =
      options.name.empty() ? getModelName(options.model) : options.name;
  pipeline.profile = options.profile;
  pipeline.parallel = options.threads > 1;
  pipeline.ioInArena = options.ioInArena;
  pipeline.openSizes = options.survey && !options.survey->isWhole();
  pipeline.mapWeights = options.weights != CompileOptions::Weights::Embedded;
  if (failed(runner.run("import", [&](OpPassManager &passes) {
        buildImportPipeline(passes, pipeline);
      })))
    return failure();
  if (last == Stage::Converted)
    return success();
  if (failed(runner.run("simplify", buildSimplifyPipeline)))
    return failure();
  if (last == Stage::Layers)
    return success();
  if (failed(runner.run("schedule", [&](OpPassManager &passes) {
        buildSchedulePipeline(passes, pipeline);
      })))
    return failure();
  return runner.run("lower", [&](OpPassManager &passes) {
    buildLowerPipeline(passes, pipeline);
  });
}

FailureOr<OwningOpRef<ModuleOp>>
tenon::compileModel(MLIRContext &context, const CompileOptions &options,
                    Stage last) {
  bool hasErrors = false;
  ScopedDiagnosticHandler watch(&context, [&](Diagnostic &diagnostic) {
    hasErrors |= diagnostic.getSeverity() == DiagnosticSeverity::Error;
    return failure(); // others print it
  });
  context.printOpOnDiagnostic(false);
  if (!options.printAfter.empty() || options.printTime)
    context.disableMultithreading();

  Progress::setStage("read");
  ImportOptions import;
  import.dims = options.dims;
  import.survey = options.survey;
  // What has no lowering is compiled as the function that ONNX defines it by.
  if (last != Stage::Imported)
    import.expands = [](StringRef name) { return !hasOnnxLowering(name); };
  auto start = std::chrono::steady_clock::now();
  auto module = importOnnx(options.model, context, import);
  if (options.printTime) {
    std::chrono::duration<double> seconds =
        std::chrono::steady_clock::now() - start;
    llvm::errs() << llvm::formatv("{0,-10} {1:f3} s\n", "read",
                                  seconds.count());
  }
  auto fail = [&]() {
    if (!hasErrors && (!options.survey || options.survey->isWhole()))
      emitError(UnknownLoc::get(&context))
          << "the compiler failed without saying why: please report this";
    return failure();
  };
  if (failed(module))
    return fail();
  if (llvm::is_contained(options.printAfter, "read"))
    (*module)->print(llvm::errs(), OpPrintingFlags().elideLargeElementsAttrs());
  auto setText = [&](StringRef name, StringRef value) {
    (**module)->setAttr(name, StringAttr::get(&context, value));
  };
  (**module)->setAttr(
      kernel::kTargetAttrName,
      getTargetAttr(&context, *options.target, getMachine(options)));
  setText(kernel::kVersionAttrName, TENON_VERSION);
  setText(kernel::kSourceHashAttrName, getHash(options.model));
  if (options.editImported)
    options.editImported(**module);
  if (last != Stage::Imported && failed(runStages(**module, options, last)))
    return fail();
  return module;
}

func::FuncOp tenon::getModelFunction(ModuleOp module) {
  for (auto func : module.getOps<func::FuncOp>())
    if (func.isPublic() && !func.isExternal())
      return func;
  return nullptr;
}

LogicalResult tenon::legalizeForCpp(ModuleOp module) {
  PassManager passes(module.getContext());
  buildCppPipeline(passes);
  return passes.run(module);
}
