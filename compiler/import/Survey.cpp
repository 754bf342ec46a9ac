//===- Survey.cpp - What a file holds -------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Read off the file, so that it is known of models that cannot be imported.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Structure.h"
#include "compiler/import/Types.h"
#include "compiler/import/onnx_library.h"
#include "dialects/onnx/Schema.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::importer;

static Survey::Value getValue(const ::onnx::ValueInfoProto &info,
                              MLIRContext &context) {
  std::string text;
  auto type = importer::getType(info.type(), &context);
  if (!type)
    llvm::consumeError(type.takeError());
  else if (*type)
    llvm::raw_string_ostream(text) << *type;
  return {info.name(), text.empty() ? "unknown" : text};
}

static void addTensor(const ::onnx::TensorProto &tensor, Survey &survey) {
  auto bytes = getRawSize(tensor);
  if (!bytes)
    return llvm::consumeError(bytes.takeError()); // strings
  int64_t count = 1;
  for (int64_t dim : tensor.dims())
    count *= dim;
  survey.parameters += count;
  survey.parameterBytes += *bytes;
}

static void addGraph(const ::onnx::GraphProto &graph, bool isBranch,
                     Survey &survey) {
  for (const auto &tensor : graph.initializer())
    addTensor(tensor, survey);
  for (const auto &node : graph.node()) {
    const tenon::onnx::Schema *schema =
        tenon::onnx::getSchema(node.domain(), node.op_type());
    std::string op = schema ? schema->name.drop_front(strlen("onnx.")).str()
                            : node.domain() + "." + node.op_type();
    if (op != "Constant")
      survey.nodes.push_back(
          {getNodeName(node), op,
           schema && !isBranch && op != "If" &&
               !library::hasFunction(node.domain(), node.op_type())});
    for (const auto &attribute : node.attribute()) {
      if (op == "Constant" && attribute.has_t())
        addTensor(attribute.t(), survey);
      if (attribute.has_g())
        addGraph(attribute.g(), isBranch || op == "If", survey);
    }
  }
}

void importer::fillSurvey(const Model &model, MLIRContext &context,
                          Survey &survey) {
  const auto &graph = model.proto.graph();
  for (const auto &input : graph.input())
    if (!model.weights.contains(input.name()))
      survey.inputs.push_back(getValue(input, context));
  for (const auto &output : graph.output())
    survey.outputs.push_back(getValue(output, context));
  for (const auto &weight : model.weights)
    addTensor(weight.second.tensor, survey);
  addGraph(graph, /*isBranch=*/false, survey);
}
