//===- Inspect.cpp - What is in a model -----------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The first stages of a compile: imported, the module tells operators and
// shapes; as layers, it tells how much they compute; and what the conversion
// refuses is what is unsupported.
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Inspect.h"

#include "compiler/driver/DiagnosticPrinter.h"
#include "compiler/import/Diagnostics.h"
#include "dialects/nn/Locations.h"
#include "dialects/nn/Nn.h"
#include "dialects/onnx/Schema.h"
#include "passes/import/Passes.h"

using namespace mlir;
using namespace tenon;

/// `tensor<1x4xf32>`: what MLIR prints, which ONNX's types are not far from.
static std::string getTypeText(Type type) {
  std::string text;
  llvm::raw_string_ostream os(text);
  type.print(os);
  return text;
}

static void addParameters(ModuleOp module, Inspection &inspection) {
  auto add = [&](ShapedType type) {
    if (!type.hasStaticShape() || !type.getElementType().isIntOrFloat())
      return;
    inspection.parameters += type.getNumElements();
    inspection.parameterBytes +=
        type.getNumElements() * kernel::getElementBytes(type.getElementType());
  };
  module.walk([&](Operation *op) {
    if (auto global = dyn_cast<kernel::GlobalOp>(op))
      add(cast<ShapedType>(global.getValue().getType()));
    else if (auto constant = dyn_cast<arith::ConstantOp>(op))
      if (auto type = dyn_cast<ShapedType>(constant.getType()))
        add(type);
  });
}

static void addNodes(func::FuncOp func, Inspection &inspection) {
  auto add = [](std::vector<Inspection::Value> &list, Attribute name,
                Type type) {
    auto text = dyn_cast_or_null<StringAttr>(name);
    list.push_back({text ? text.str() : "", getTypeText(type)});
  };
  for (BlockArgument arg : func.getArguments())
    add(inspection.inputs,
        func.getArgAttr(arg.getArgNumber(), tenon::onnx::kNameAttrName),
        arg.getType());
  for (auto [index, type] : llvm::enumerate(func.getResultTypes()))
    add(inspection.outputs,
        func.getResultAttr(index, tenon::onnx::kNameAttrName), type);
  func.walk([&](Operation *op) {
    StringRef name = op->getName().getStringRef();
    if (!name.consume_front("onnx.") || name == "Yield")
      return;
    Inspection::Node node;
    node.name = kernel::getNodeName(op->getLoc()).str();
    node.op = name.str();
    for (Type type : op->getResultTypes())
      node.types.push_back(getTypeText(type));
    ++inspection.operators[node.op];
    inspection.nodes.push_back(std::move(node));
  });
}

/// Layers carry the names of their nodes.
static void addMacs(ModuleOp module, Inspection &inspection) {
  llvm::StringMap<int64_t> macs;
  module.walk([&](nn::ContractOp contract) {
    int64_t points = 1;
    for (int64_t size : contract.getBounds())
      points *= size;
    inspection.macs += points;
    SmallVector<StringRef> names = nn::getNodeNames(contract.getLoc());
    if (!names.empty())
      macs[names.front()] += points;
  });
  for (Inspection::Node &node : inspection.nodes)
    node.macs = macs.lookup(node.name);
}

/// What the file tells where there is no module.
static Inspection getInspection(const Survey &survey) {
  Inspection inspection;
  for (const Survey::Value &value : survey.inputs)
    inspection.inputs.push_back({value.name, value.type});
  for (const Survey::Value &value : survey.outputs)
    inspection.outputs.push_back({value.name, value.type});
  for (const Survey::Node &node : survey.nodes) {
    ++inspection.operators[node.op];
    inspection.nodes.push_back({node.name, node.op, {}});
  }
  inspection.parameters = survey.parameters;
  inspection.parameterBytes = survey.parameterBytes;
  return inspection;
}

/// What is refused whatever the sizes are.
static void addUnsupported(const Survey &survey, Inspection &inspection) {
  llvm::append_range(inspection.problems, survey.unknown);
  for (const Survey::Node &node : survey.nodes)
    if (node.needsLowering && !hasOnnxLowering("onnx." + node.op))
      inspection.problems.push_back("node " + importer::quoteName(node.name) +
                                    ": " + node.op + " is not supported");
}

std::optional<Inspection> tenon::inspectModel(MLIRContext &context,
                                              const CompileOptions &given) {
  Survey survey, same;
  CompileOptions options = given;
  options.survey = &survey;
  auto module = compileModel(context, options, Stage::Read);
  func::FuncOp func = succeeded(module) ? getModelFunction(**module) : nullptr;
  if (!func && survey.unknown.empty())
    return std::nullopt;
  Inspection inspection;
  if (func) {
    addParameters(**module, inspection);
    addNodes(func, inspection);
  } else {
    inspection = getInspection(survey);
  }
  inspection.open = survey.open;
  if (!survey.isWhole())
    addUnsupported(survey, inspection);
  if (!func)
    return inspection;

  ScopedDiagnosticHandler collect(&context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
      return failure();
    inspection.problems.push_back(getText(diagnostic));
    return success();
  });
  // Operators become their functions here, and layers.
  options.survey = &same;
  auto layers = compileModel(context, options, Stage::Simplify);
  if (succeeded(layers))
    addMacs(**layers, inspection);
  return inspection;
}
