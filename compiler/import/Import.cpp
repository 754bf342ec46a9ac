//===- Import.cpp - ONNX file to MLIR -------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The steps of an import, in order. Each one trusts what those before it have
// checked, and nothing else: the file may be hostile.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Import.h"

#include "compiler/import/GraphBuilder.h"
#include "compiler/import/ModelFile.h"
#include "compiler/import/OpInference.h"
#include "compiler/import/Structure.h"
#include "compiler/import/onnx_library.h"
#include "dialects/kernel/Identifiers.h"
#include "dialects/kernel/Kernel.h"
#include "dialects/nn/Nn.h"
#include "dialects/onnx/Onnx.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace tenon::importer;
namespace onnxir = tenon::onnx; // ::onnx is the library
namespace kernel = tenon::kernel;
namespace nn = tenon::nn;

std::string tenon::getModelName(StringRef path) {
  StringRef stem = llvm::sys::path::stem(path);
  StringRef folder =
      llvm::sys::path::filename(llvm::sys::path::parent_path(path));
  bool isPlain =
      stem == "model" && !folder.empty() && folder != "." && folder != "..";
  return getModelIdentifier(isPlain ? folder : stem);
}

/// Takes out what the file says of intermediate values: it may be out of date
/// (symbols that now have values), and all of it is inferred again.
static void takeOutTypes(::onnx::GraphProto &graph, DeclaredTypes &types) {
  for (auto &info : *graph.mutable_value_info())
    types[info.name()] = std::move(*info.mutable_type());
  graph.clear_value_info();
  for (auto &node : *graph.mutable_node())
    for (auto &attribute : *node.mutable_attribute())
      if (attribute.has_g())
        takeOutTypes(*attribute.mutable_g(), types);
}

FailureOr<OwningOpRef<ModuleOp>>
tenon::importOnnx(StringRef path, MLIRContext &context,
                  const tenon::ImportOptions &options) {
  context
      .loadDialect<arith::ArithDialect, func::FuncDialect,
                   kernel::KernelDialect, nn::NnDialect, onnxir::OnnxDialect>();
  tenon::registerOnnxInference(context);
  library::registerOperators();
  FileDiagnostics diagnostics(context, path);
  auto fail = [&](llvm::Error error = llvm::Error::success()) {
    if (error)
      diagnostics.error(std::move(error));
    diagnostics.finish();
    return failure();
  };

  Model model;
  if (failed(readModel(path, model, diagnostics)))
    return fail();
  // All that differs between versions of the file format is what they allow.
  if (model.proto.ir_version() > library::getNewestIrVersion())
    diagnostics.error("has version " + Twine(model.proto.ir_version()) +
                      " of the file format; the newest known is " +
                      Twine(library::getNewestIrVersion()));
  model.proto.set_ir_version(library::getNewestIrVersion());
  if (diagnostics.hasErrors() ||
      failed(checkStructure(model.proto, diagnostics, options.survey)) ||
      failed(fixDims(*model.proto.mutable_graph(), model.weights, options,
                     diagnostics)))
    return fail();
  bool isKnown = !options.survey || options.survey->unknown.empty();
  if (isKnown)
    library::checkModel(
        model.proto, [&](const ::onnx::NodeProto *node, llvm::Error error) {
          std::string message = cleanMessage(llvm::toString(std::move(error)));
          if (node)
            diagnostics.error(*node, message);
          else
            diagnostics.error(message);
        });
  if (diagnostics.hasErrors())
    return fail();
  if (model.proto.functions_size())
    if (auto error = library::inlineFunctions(model.proto))
      return fail(std::move(error));
  DeclaredTypes types;
  takeOutTypes(*model.proto.mutable_graph(), types);
  if (isKnown && failed(upgrade(model.proto, diagnostics)))
    return fail();
  if (options.survey)
    fillSurvey(model, context, *options.survey);
  if (!isKnown) // and so are the types of what it gives
    return failure();

  auto module = buildModule(model, types, getModelName(path), diagnostics,
                            options.expands);
  if (failed(module))
    return fail();
  if (failed(verify(**module))) // says what is wrong
    return failure();
  return module;
}

void tenon::registerImportTranslations() {
  static llvm::cl::list<std::string> dims(
      "dim", llvm::cl::desc("Value of a dimension: NAME=VALUE"));
  static llvm::cl::opt<bool> expand(
      "expand-functions",
      llvm::cl::desc("Replace operators by the function that defines them"));
  static TranslateToMLIRRegistration registration(
      "import-onnx", "Imports an ONNX model",
      [](llvm::SourceMgr &sources,
         MLIRContext *context) -> OwningOpRef<ModuleOp> {
        tenon::ImportOptions options;
        for (StringRef dim : dims) {
          auto [name, text] = dim.rsplit('=');
          int64_t value;
          if (text.getAsInteger(10, value)) {
            emitError(UnknownLoc::get(context))
                << "--dim wants NAME=VALUE, got '" << dim << "'";
            return nullptr;
          }
          options.dims[name] = value;
        }
        if (expand)
          options.expands = [](StringRef) { return true; };
        const auto *buffer = sources.getMemoryBuffer(sources.getMainFileID());
        auto module =
            tenon::importOnnx(buffer->getBufferIdentifier(), *context, options);
        return failed(module) ? OwningOpRef<ModuleOp>() : std::move(*module);
      },
      [](DialectRegistry &) {});
}
