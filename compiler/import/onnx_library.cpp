//===- onnx_library.cpp - ONNX's C++ library, without exceptions ----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only file that is compiled with exceptions: whatever ONNX's library
// throws becomes an llvm::Error before it could cross a frame of LLVM.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/onnx_library.h"

#include "onnx/checker.h"
#include "onnx/defs/parser.h"
#include "onnx/defs/schema.h"
#include "onnx/inliner/inliner.h"
#include "onnx/shape_inference/implementation.h"
#include "onnx/version_converter/convert.h"

using namespace tenon::importer;
using namespace tenon::importer::library;
using ::onnx::OpSchema;
using ::onnx::OpSchemaRegistry;
using ::onnx::TypeProto;

static llvm::Error makeError(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

/// Runs `action`; what it throws is the error.
template <typename Action> static llvm::Error guard(Action action) {
  try {
    action();
    return llvm::Error::success();
  } catch (const std::bad_alloc &) {
    return makeError("needs more memory than there is");
  } catch (const std::exception &exception) {
    return makeError(exception.what());
  } catch (...) {
    return makeError("the ONNX library failed without a reason");
  }
}

//===----------------------------------------------------------------------===//
// Schemas
//===----------------------------------------------------------------------===//

static std::string getDomain(llvm::StringRef domain) {
  return domain == "ai.onnx" ? "" : domain.str();
}

int library::getNewestOpset(llvm::StringRef domain) {
  const auto &ranges = OpSchemaRegistry::DomainToVersionRange::Instance().Map();
  auto it = ranges.find(getDomain(domain));
  return it == ranges.end() ? 0 : it->second.second;
}

int library::getNewestIrVersion() { return ::onnx::IR_VERSION; }

OperatorStatus library::getOperatorStatus(llvm::StringRef domain,
                                          llvm::StringRef opType, int opset) {
  std::string name = opType.str(), root = getDomain(domain);
  if (!OpSchemaRegistry::Schema(name, root))
    return OperatorStatus::Unknown;
  const OpSchema *schema = OpSchemaRegistry::Schema(name, opset, root);
  if (!schema)
    return OperatorStatus::NotYet;
  return schema->Deprecated() ? OperatorStatus::Deprecated
                              : OperatorStatus::Known;
}

int library::getSinceVersion(llvm::StringRef domain, llvm::StringRef opType,
                             int opset) {
  const OpSchema *schema =
      OpSchemaRegistry::Schema(opType.str(), opset, getDomain(domain));
  return schema ? schema->SinceVersion() : 0;
}

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

llvm::Error library::parseText(llvm::StringRef text,
                               ::onnx::ModelProto &model) {
  std::string message;
  if (auto error = guard([&] {
        std::string copy = text.str();
        ::onnx::OnnxParser parser(copy.c_str());
        auto status = parser.Parse(model);
        if (!status.IsOK())
          message = status.ErrorMessage();
        else if (!parser.EndOfInput())
          message = "text after the end of the model";
      }))
    return error;
  return message.empty() ? llvm::Error::success() : makeError(message);
}

llvm::Error library::checkModel(const ::onnx::ModelProto &model) {
  return guard([&] { ::onnx::checker::check_model(model); });
}

llvm::Error library::inlineFunctions(::onnx::ModelProto &model) {
  return guard([&] {
    ::onnx::inliner::InlineLocalFunctions(model, /*convert_version=*/true);
  });
}

llvm::Error library::convertVersion(::onnx::ModelProto &model, int opset) {
  return guard([&] {
    model = ::onnx::version_conversion::ConvertVersion(model, opset);
  });
}

/// Keeps propagated values of which every element is known.
static void keepKnown(const ::onnx::shape_inference::DataValueMap &data,
                      KnownValues &values) {
  for (const auto &[name, shape] : data) {
    std::vector<int64_t> elements;
    for (const auto &dim : shape.dim())
      if (dim.has_dim_value())
        elements.push_back(dim.dim_value());
    if (elements.size() == static_cast<size_t>(shape.dim_size()))
      values[name] = std::move(elements);
  }
}

llvm::Error library::inferShapes(::onnx::ModelProto &model,
                                 KnownValues &values) {
  ::onnx::ModelProto copy = model;
  auto infer = [&](bool propagatesData) {
    return guard([&] {
      ::onnx::ShapeInferenceOptions options(/*check_type_val=*/true,
                                            /*strict_mode_val=*/1,
                                            propagatesData);
      ::onnx::shape_inference::DataValueMap data;
      ::onnx::shape_inference::InferShapes(model, OpSchemaRegistry::Instance(),
                                           options, &data);
      keepKnown(data, values);
    });
  };
  llvm::Error error = infer(/*propagatesData=*/true);
  if (!error)
    return error;
  // The propagation of values trips over names that two subgraphs share, so a
  // failure counts only if inference fails without it, too.
  llvm::consumeError(std::move(error));
  values.clear();
  model = std::move(copy);
  return infer(/*propagatesData=*/false);
}

//===----------------------------------------------------------------------===//
// One node
//===----------------------------------------------------------------------===//

namespace {
/// Hands a subgraph's inference on to the caller's function.
class SubgraphInferencer : public ::onnx::GraphInferencer {
public:
  SubgraphInferencer(const NodeInference &inference, std::string attribute)
      : inference(inference), attribute(std::move(attribute)) {}

  std::vector<const TypeProto *>
  doInferencing(const std::vector<const TypeProto *> &inputTypes,
                const std::vector<const ::onnx::TensorProto *> &) override {
    if (!inference.inferSubgraph)
      throw std::runtime_error("subgraphs cannot be inferred here");
    auto types = inference.inferSubgraph(attribute, inputTypes);
    if (!types)
      throw std::runtime_error(llvm::toString(types.takeError()));
    outputTypes = std::move(*types);
    std::vector<const TypeProto *> result;
    for (const TypeProto &type : outputTypes)
      result.push_back(&type);
    return result;
  }

private:
  const NodeInference &inference;
  std::string attribute;
  std::vector<TypeProto> outputTypes;
};

class NodeContext : public ::onnx::InferenceContext {
public:
  explicit NodeContext(NodeInference &inference) : inference(inference) {
    for (const auto &attribute : inference.node->attribute())
      attributes[attribute.name()] = &attribute;
  }
  const ::onnx::AttributeProto *
  getAttribute(const std::string &name) const override {
    auto it = attributes.find(name);
    return it == attributes.end() ? nullptr : it->second;
  }
  size_t getNumInputs() const override { return inference.inputTypes.size(); }
  bool hasInput(size_t index) const override {
    return index < static_cast<size_t>(inference.node->input_size()) &&
           !inference.node->input(index).empty();
  }
  const TypeProto *getInputType(size_t index) const override {
    return inference.inputTypes.at(index);
  }
  const ::onnx::TensorProto *getInputData(size_t index) const override {
    return inference.inputData.at(index);
  }
  const ::onnx::SparseTensorProto *getInputSparseData(size_t) const override {
    return nullptr;
  }
  const ::onnx::TensorShapeProto *getSymbolicInput(size_t) const override {
    return nullptr;
  }
  size_t getNumOutputs() const override { return inference.outputTypes.size(); }
  TypeProto *getOutputType(size_t index) override {
    return &inference.outputTypes.at(index);
  }
  bool hasOutput(size_t index) override {
    return index < static_cast<size_t>(inference.node->output_size()) &&
           !inference.node->output(index).empty();
  }
  ::onnx::GraphInferencer *
  getGraphAttributeInferencer(const std::string &name) override {
    auto &inferencer = subgraphs[name];
    if (!inferencer)
      inferencer = std::make_unique<SubgraphInferencer>(inference, name);
    return inferencer.get();
  }

private:
  NodeInference &inference;
  std::map<std::string, const ::onnx::AttributeProto *> attributes;
  std::map<std::string, std::unique_ptr<SubgraphInferencer>> subgraphs;
};
} // namespace

llvm::Error library::inferNode(NodeInference &inference) {
  return guard([&] {
    const ::onnx::NodeProto &node = *inference.node;
    const OpSchema *schema = OpSchemaRegistry::Schema(
        node.op_type(), inference.opset, getDomain(node.domain()));
    if (!schema)
      throw std::runtime_error("operator " + node.op_type() + " is unknown");
    NodeContext context(inference);
    if (schema->has_type_and_shape_inference_function())
      schema->GetTypeAndShapeInferenceFunction()(context);
    else if (schema->HasFunction())
      ::onnx::shape_inference::InferShapeForFunctionNode(
          *schema->GetFunction(), OpSchemaRegistry::Instance(), context,
          ::onnx::ShapeInferenceOptions(true, 1, false));
    schema->CheckInputOutputType(context);
  });
}
