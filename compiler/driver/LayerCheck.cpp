//===- LayerCheck.cpp - The first layer that diverges ---------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which layers there are is known after optimization only, and what they
// compute has then another layout, or is only half of what a node computes. So
// the model is compiled twice: the first time tells which nodes' results are
// those of layers (a fused layer has that of its last node), and the second
// time, these are results of the graph as well. They are where layers end, so
// that layers are fused as before, and they have the model's shape.
//
// The same graph, converted and not optimized, is evaluated for comparison.
//
// Keeping results may change layouts and fusion all the same: a value that two
// layers shared in registers is stored, and in the order that the model has. So
// a third compile, of the model as it is, tells whether its outputs agree too.
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/LayerCheck.h"

#include "compiler/import/Diagnostics.h"
#include "dialects/nn/Evaluate.h"
#include "dialects/nn/Locations.h"
#include "dialects/onnx/Onnx.h"
#include "passes/import/Passes.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace tenon;

using NodeNames = std::vector<std::string>;

/// The nodes of each optimized layer.
static std::vector<NodeNames> getLayers(ModuleOp module) {
  std::vector<NodeNames> layers;
  module.walk([&](Operation *op) {
    if (!isa<nn::LayerOpInterface, nn::AssembleOp>(op))
      return;
    NodeNames names;
    for (StringRef name : nn::getNodeNames(op->getLoc()))
      names.push_back(name.str());
    layers.push_back(std::move(names));
  });
  return layers;
}

namespace {
/// A result of the function: the node that makes it, and when.
struct Origin {
  std::string node;
  unsigned time;
};
} // namespace

static std::vector<Origin> getOrigins(func::FuncOp func) {
  DenseMap<Operation *, unsigned> times;
  for (Operation &op : func.front())
    times.try_emplace(&op, times.size());
  std::vector<Origin> origins;
  for (Value value : func.front().getTerminator()->getOperands()) {
    Operation *op = value.getDefiningOp();
    origins.push_back(
        {kernel::getNodeName(value.getLoc()).str(), op ? times[op] : 0});
  }
  return origins;
}

/// Adds the results of the last node of each layer to those of the function;
/// returns where all its results come from.
static std::vector<Origin> keepLayers(ModuleOp module,
                                      ArrayRef<NodeNames> layers) {
  func::FuncOp func = getModelFunction(module);
  if (!func || !llvm::hasSingleElement(func.getBody()))
    return {};
  // Only tensors of known shape can be results.
  PassManager passes(module.getContext());
  passes.addNestedPass<func::FuncOp>(createOnnxInferShapesPass());
  if (failed(passes.run(module)))
    return {}; // the compiler reports it again
  llvm::StringMap<Operation *> nodes;
  for (Operation &op : func.front().without_terminator())
    if (isa_and_nonnull<tenon::onnx::OnnxDialect>(op.getDialect()))
      nodes[kernel::getNodeName(op.getLoc())] = &op;
  llvm::SmallPtrSet<Operation *, 32> ends;
  for (const NodeNames &names : layers) {
    Operation *last = nullptr;
    for (const std::string &name : names)
      if (Operation *node = nodes.lookup(name))
        if (!last || last->isBeforeInBlock(node))
          last = node;
    if (last)
      ends.insert(last);
  }
  Operation *ret = func.front().getTerminator();
  llvm::DenseSet<Value> returned;
  returned.insert(ret->operand_begin(), ret->operand_end());
  for (Operation &op : func.front().without_terminator()) {
    if (!ends.contains(&op))
      continue;
    for (OpResult result : op.getResults()) {
      auto type = dyn_cast<RankedTensorType>(result.getType());
      if (!type || !type.hasStaticShape() ||
          !kernel::getElementInfo(type.getElementType()) ||
          !returned.insert(result).second)
        continue;
      std::string name = kernel::getNodeName(op.getLoc()).str();
      if (result.getResultNumber() != 0)
        name += ", result " + std::to_string(result.getResultNumber());
      Builder builder(module.getContext());
      func.insertResult(
          func.getNumResults(), type,
          builder.getDictionaryAttr(builder.getNamedAttr(
              tenon::onnx::kNameAttrName, builder.getStringAttr(name))));
      ret->insertOperands(ret->getNumOperands(), result);
    }
  }
  return getOrigins(func);
}

/// Evaluates the layers as they were converted.
static llvm::Expected<std::vector<Tensor>>
runReference(MLIRContext &context, const CompileOptions &options,
             ArrayRef<Tensor> inputs) {
  auto module = compileModel(context, options, Stage::Import);
  if (failed(module))
    return llvm::createStringError("the reference cannot be compiled");
  func::FuncOp func = getModelFunction(**module);
  auto interface = kernel::getInterface(**module);
  if (!func || failed(interface) || func.getNumArguments() != inputs.size())
    return llvm::createStringError("the reference has another interface");
  std::vector<nn::Buffer> arguments;
  for (auto [tensor, type] : llvm::zip_equal(inputs, func.getArgumentTypes()))
    arguments.push_back({cast<RankedTensorType>(type), tensor.bytes, nullptr});
  std::string reason;
  auto values = nn::evaluateBlock(func.front(), reason, arguments);
  if (failed(values))
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   "the reference cannot be evaluated: " +
                                       reason);
  std::vector<Tensor> outputs;
  for (auto [value, port] : llvm::zip_equal(*values, interface->outputs)) {
    outputs.push_back(makeTensor(port));
    if (value.bytes.size() != outputs.back().bytes.size())
      return llvm::createStringError("the reference has another interface");
    llvm::copy(value.bytes, outputs.back().bytes.begin());
  }
  return outputs;
}

static llvm::Expected<std::vector<Tensor>>
runCompiled(MLIRContext &context, const VerifyOptions &options,
            const CompileOptions &compile, ArrayRef<Tensor> inputs) {
  auto module = compileModel(context, compile);
  if (failed(module) || (options.emitter != Emitter::Object &&
                         failed(legalizeForCpp(**module, compile))))
    return llvm::createStringError(
        "the model with its layers' results cannot be compiled");
  auto runner = Runner::create(**module, *compile.target, options.emitter,
                               compile.optimize);
  if (!runner)
    return runner.takeError();
  (*runner)->setThreads(compile.threads);
  return (*runner)->run(inputs);
}

static ComparedLayer compare(const Tensor &actual, const Tensor &expected,
                             Tolerance tolerance) {
  ComparedLayer layer;
  layer.node = expected.name;
  layer.type = getTypeText(expected);
  double largest = 0;
  for (int64_t i = 0, e = expected.getCount(); i < e; ++i) {
    double want = getNumber(expected, i);
    layer.error =
        std::fmax(layer.error, std::fabs(getNumber(actual, i) - want));
    if (std::isfinite(want))
      largest = std::fmax(largest, std::fabs(want));
  }
  tolerance.absolute = std::fmax(tolerance.absolute, 1e-5 * largest);
  layer.difference = compareTensors(actual, expected, tolerance);
  return layer;
}

llvm::Expected<LayerComparison>
tenon::compareLayers(MLIRContext &context, const VerifyOptions &options,
                     ArrayRef<Tensor> inputs) {
  CompileOptions compile = options.compile;
  auto optimized = compileModel(context, compile, Stage::Simplify);
  if (failed(optimized))
    return llvm::createStringError("the model cannot be compiled");
  std::vector<NodeNames> layers = getLayers(**optimized);
  optimized->release()->erase();
  std::vector<Origin> origins;
  compile.editImported = [&](ModuleOp module) {
    origins = keepLayers(module, layers);
  };
  auto actual = runCompiled(context, options, compile, inputs);
  if (!actual)
    return actual.takeError();
  auto expected = runReference(context, compile, inputs);
  if (!expected)
    return expected.takeError();
  if (actual->size() != expected->size() || actual->size() != origins.size())
    return llvm::createStringError("the reference has another interface");
  std::vector<std::pair<unsigned, size_t>> order; // by time
  for (auto [index, origin] : llvm::enumerate(origins))
    order.emplace_back(origin.time, index);
  llvm::sort(order);
  LayerComparison compared;
  for (auto [time, index] : order) {
    compared.layers.push_back(
        compare((*actual)[index], (*expected)[index], options.tolerance));
    if (!origins[index].node.empty())
      compared.layers.back().node = origins[index].node;
  }
  auto normal = runCompiled(context, options, options.compile, inputs);
  if (!normal)
    return normal.takeError();
  // The layers' results are behind the model's.
  for (auto [output, wanted] : llvm::zip(*normal, *expected))
    compared.outputs.push_back(compare(output, wanted, options.tolerance));
  return compared;
}

static const ComparedLayer *findDifference(ArrayRef<ComparedLayer> compared) {
  auto *found = llvm::find_if(compared, [](const ComparedLayer &layer) {
    return !layer.difference.empty();
  });
  return found == compared.end() ? nullptr : found;
}

bool LayerComparison::agrees() const {
  return !findDifference(layers) && !findDifference(outputs);
}

/// What the model does as it is normally compiled, where it is not what the
/// layers make one expect.
static void printOutputs(llvm::raw_ostream &os,
                         const LayerComparison &comparison) {
  const ComparedLayer *output = findDifference(comparison.outputs);
  bool layersAgree = !findDifference(comparison.layers);
  if (layersAgree == !output)
    return;
  if (layersAgree)
    os << "; but without the layers' results, as models are compiled normally, "
          "output "
       << importer::quoteName(output->node) << " " << output->difference;
  else
    os << "; without the layers' results, as models are compiled normally, the "
          "outputs agree";
}

std::string tenon::getLayersText(const LayerComparison &comparison, bool all) {
  ArrayRef<ComparedLayer> layers = comparison.layers;
  const ComparedLayer *first = findDifference(layers), *worst = nullptr;
  for (const ComparedLayer &layer : layers) {
    if (!worst || layer.error > worst->error)
      worst = &layer;
  }
  std::string text;
  llvm::raw_string_ostream os(text);
  auto quote = [](const ComparedLayer &layer) {
    return importer::quoteName(layer.node);
  };
  if (first)
    os << "the first layer that diverges is " << (first - layers.begin() + 1)
       << " of " << layers.size() << ", node " << quote(*first) << " ("
       << first->type << "): " << first->difference;
  else if (worst)
    os << importer::getCountText(layers.size(), "layer")
       << (layers.size() == 1 ? " agrees" : " agree")
       << "; the largest error is " << llvm::format("%.3g", worst->error)
       << ", of node " << quote(*worst);
  printOutputs(os, comparison);
  for (const ComparedLayer &layer : layers.take_front(all ? layers.size() : 0))
    os << "\n  " << (layer.difference.empty() ? "    " : "!!! ")
       << llvm::format("%10.3g", layer.error) << "  " << quote(layer) << " "
       << layer.type;
  return text;
}
