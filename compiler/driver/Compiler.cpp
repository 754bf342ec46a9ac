//===- Compiler.cpp - From a model file to the low form -------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Compiler.h"

#include "codegen/text/Text.h"
#include "compiler/driver/Progress.h"
#include "dialects/kernel/Interface.h"
#include "passes/import/Passes.h"
#include "passes/lower/Passes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SHA256.h"

#include <chrono>

using namespace mlir;
using namespace tenon;

llvm::ArrayRef<StringRef> tenon::getStageNames() {
  static constexpr StringRef names[] = {"read",     "import", "simplify",
                                        "schedule", "lower",  "emit"};
  return names;
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
/// A stage that runs; at its end it is timed and printed, where that was asked
/// for.
class RunningStage {
public:
  RunningStage(Stage stage, const CompileOptions &options)
      : name(getStageNames()[static_cast<unsigned>(stage)]), options(options) {
    Progress::setStage(name);
  }

  /// `module` is what the stage made; null where it failed.
  void finish(ModuleOp module) const {
    if (options.printTime) {
      std::chrono::duration<double> seconds =
          std::chrono::steady_clock::now() - start;
      llvm::errs() << llvm::formatv("{0,-10} {1:f3} s\n", name,
                                    seconds.count());
    }
    if (module && llvm::is_contained(options.printAfter, name)) {
      llvm::errs() << "// ----- after " << name << " -----\n";
      module.print(llvm::errs(), OpPrintingFlags().elideLargeElementsAttrs());
    }
  }

private:
  StringRef name;
  const CompileOptions &options;
  std::chrono::steady_clock::time_point start =
      std::chrono::steady_clock::now();
};
} // namespace

/// `fill` adds the passes of the stage.
static LogicalResult runStage(Stage stage, ModuleOp module,
                              const CompileOptions &options,
                              llvm::function_ref<void(OpPassManager &)> fill) {
  RunningStage running(stage, options);
  PassManager passes(module.getContext());
  if (!options.printAfter.empty())
    passes.enableIRPrinting(
        nullptr,
        [&](Pass *pass, Operation *) {
          return llvm::is_contained(options.printAfter, pass->getArgument());
        },
        /*printModuleScope=*/true, /*printAfterOnlyOnChange=*/false,
        /*printAfterOnlyOnFailure=*/false, llvm::errs(),
        OpPrintingFlags().elideLargeElementsAttrs());
  if (options.printTime && options.verbose)
    passes.enableTiming();
  fill(passes);
  LogicalResult result = passes.run(module);
  running.finish(succeeded(result) ? module : ModuleOp());
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

/// Fails where there are more constants in the program than `maxFlash`, and
/// names the largest.
static LogicalResult checkConstants(ModuleOp module, int64_t maxFlash) {
  int64_t bytes = getConstantBytes(module);
  if (maxFlash == 0 || bytes <= maxFlash)
    return success();
  std::vector<std::pair<int64_t, StringRef>> sizes;
  for (auto global : module.getOps<kernel::GlobalOp>()) {
    auto type = cast<ShapedType>(global.getValue().getType());
    StringRef node = kernel::getNodeName(global.getLoc());
    if (!kernel::getFileOffset(global))
      sizes.push_back({type.getNumElements() *
                           kernel::getElementBytes(type.getElementType()),
                       node.empty() ? global.getSymName() : node});
  }
  llvm::sort(sizes, std::greater<>());
  std::string largest;
  for (auto &[size, name] : llvm::ArrayRef(sizes).take_front(3)) {
    llvm::raw_string_ostream text(largest);
    text << (largest.empty() ? "" : ", ") << size << " in '";
    text.write_escaped(name) << "'";
  }
  auto diag = emitError(UnknownLoc::get(module.getContext()))
              << "constants of " << bytes << " bytes, where --max-flash allows "
              << maxFlash << "; the largest are " << largest;
  diag.attachNote() << kernel::getConstantsHint(module);
  return failure();
}

/// Each failure needs an error; a pass that gives none has a bug.
static LogicalResult runStages(ModuleOp module, const CompileOptions &options,
                               Stage last) {
  PipelineOptions pipeline;
  pipeline.optimize = options.optimize;
  pipeline.name = options.name;
  pipeline.profile = options.profile;
  pipeline.parallel = options.threads > 1;
  pipeline.ioInArena = options.ioInArena;
  pipeline.maxRam = options.maxRam;
  pipeline.fixedPoint = options.fixedPoint;
  pipeline.openSizes = options.survey && !options.survey->isWhole();
  pipeline.mapWeights = options.weights != CompileOptions::Weights::Embedded;
  if (failed(
          runStage(Stage::Import, module, options, [&](OpPassManager &passes) {
            buildImportPipeline(passes, pipeline);
          })))
    return failure();
  if (last == Stage::Import)
    return success();
  if (failed(runStage(Stage::Simplify, module, options,
                      [&](OpPassManager &passes) {
                        buildSimplifyPipeline(passes, pipeline);
                      })))
    return failure();
  if (last == Stage::Simplify)
    return success();
  if (failed(runStage(Stage::Schedule, module, options,
                      [&](OpPassManager &passes) {
                        buildSchedulePipeline(passes, pipeline);
                      })))
    return failure();
  if (last == Stage::Schedule)
    return success();
  if (failed(
          runStage(Stage::Lower, module, options, [&](OpPassManager &passes) {
            buildLowerPipeline(passes, pipeline);
          })))
    return failure();
  return checkConstants(module, options.maxFlash);
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

  ImportOptions import;
  import.dims = options.dims;
  import.survey = options.survey;
  // What has no lowering is compiled as the function that ONNX defines it by.
  if (last != Stage::Read)
    import.expands = [](StringRef name) { return !hasOnnxLowering(name); };
  RunningStage read(Stage::Read, options);
  auto module = importOnnx(options.model, context, import);
  read.finish(succeeded(module) ? **module : ModuleOp());
  auto fail = [&]() {
    if (!hasErrors && (!options.survey || options.survey->isWhole()))
      emitError(UnknownLoc::get(&context))
          << "the compiler failed without saying why: please report this";
    return failure();
  };
  if (failed(module))
    return fail();
  auto setText = [&](StringRef name, StringRef value) {
    (**module)->setAttr(name, StringAttr::get(&context, value));
  };
  (**module)->setAttr(
      kernel::kTargetAttrName,
      getTargetAttr(&context, *options.target, getMachine(options)));
  if (!options.regions.empty())
    kernel::setRegions(**module, options.regions);
  setText(kernel::kVersionAttrName, TENON_VERSION);
  setText(kernel::kSourceHashAttrName, getHash(options.model));
  if (options.editImported)
    options.editImported(**module);
  if (last != Stage::Read && failed(runStages(**module, options, last)))
    return fail();
  return module;
}

func::FuncOp tenon::getModelFunction(ModuleOp module) {
  for (auto func : module.getOps<func::FuncOp>())
    if (func.isPublic() && !func.isExternal())
      return func;
  return nullptr;
}

LogicalResult tenon::legalizeForCpp(ModuleOp module,
                                    const CompileOptions &options) {
  return runStage(Stage::Emit, module, options, buildCppPipeline);
}
