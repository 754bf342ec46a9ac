//===- onnx_library.cpp - ONNX's C++ library, without exceptions ----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With onnx_functions.cpp the only file that is compiled with exceptions:
// whatever ONNX's library throws becomes an llvm::Error before it could cross a
// frame of LLVM.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/onnx_library.h"

#include "compiler/import/Diagnostics.h"
#include "compiler/import/onnx_guard.h"
#include "onnx/checker.h"
#include "onnx/defs/parser.h"
#include "onnx/defs/schema.h"
#include "onnx/inliner/inliner.h"
#include "onnx/shape_inference/implementation.h"
#include "onnx/version_converter/convert.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

using namespace tenon::importer;
using namespace tenon::importer::library;
using ::onnx::OpSchema;
using ::onnx::OpSchemaRegistry;
using ::onnx::TensorShapeProto;
using ::onnx::TypeProto;

//===----------------------------------------------------------------------===//
// Schemas
//===----------------------------------------------------------------------===//

int library::getNewestOpset(llvm::StringRef domain) {
  const auto &ranges = OpSchemaRegistry::DomainToVersionRange::Instance().Map();
  auto it = ranges.find(domain.str());
  return it == ranges.end() ? 0 : it->second.second;
}

int library::getNewestIrVersion() { return ::onnx::IR_VERSION; }

OperatorStatus library::getOperatorStatus(llvm::StringRef domain,
                                          llvm::StringRef opType, int opset) {
  std::string name = opType.str(), root = domain.str();
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
      OpSchemaRegistry::Schema(opType.str(), opset, domain.str());
  return schema ? schema->SinceVersion() : 0;
}

bool library::hasAttribute(llvm::StringRef domain, llvm::StringRef opType,
                           llvm::StringRef name) {
  const OpSchema *schema = OpSchemaRegistry::Schema(opType.str(), domain.str());
  return schema && schema->attributes().count(name.str());
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

/// Not `check_model`, which stops at the first error, does not name the node,
/// and insists on shapes of outputs.
void library::checkModel(
    const ::onnx::ModelProto &model,
    llvm::function_ref<void(const ::onnx::NodeProto *, llvm::Error)> report) {
  ::onnx::checker::CheckerContext context;
  context.set_ir_version(static_cast<int>(model.ir_version()));
  context.set_skip_opset_compatibility_check(true);
  std::unordered_map<std::string, int> opsets;
  for (const auto &id : model.opset_import())
    opsets[id.domain()] = static_cast<int>(id.version());
  context.set_opset_imports(opsets);

  ::onnx::checker::LexicalScopeContext scope;
  const ::onnx::GraphProto &graph = model.graph();
  auto check = [&](const ::onnx::NodeProto *node, auto action) {
    if (auto error = guard(action))
      report(node, std::move(error));
  };
  for (const auto &input : graph.input())
    scope.add(input.name());
  for (const auto &tensor : graph.initializer()) {
    scope.add(tensor.name());
    check(nullptr, [&] { ::onnx::checker::check_tensor(tensor, context); });
  }
  for (const auto &node : graph.node()) {
    check(&node, [&] { ::onnx::checker::check_node(node, context, scope); });
    for (const std::string &output : node.output())
      scope.add(output);
  }
  check(nullptr, [&] {
    // Functions do not see the names of the graph.
    ::onnx::checker::LexicalScopeContext none;
    ::onnx::checker::check_model_local_functions(model, context, none);
  });
}

//===----------------------------------------------------------------------===//
// What inference does not bear
//===----------------------------------------------------------------------===//
//
// ONNX's inference also runs inside the inliner and the converter. It takes an
// axis for an int, and indexes by what that gives; so it does with `batch_dims`
// of GatherND, which may also be negative. It believes `num_outputs` of Split:
// it makes a list that long, and reads it once for each output.

static bool isSplitCount(const ::onnx::NodeProto &node,
                         const ::onnx::AttributeProto &attribute) {
  return node.op_type() == "Split" && attribute.name() == "num_outputs";
}

static void checkAxis(const ::onnx::AttributeProto &attribute,
                      llvm::StringRef prefix = "") {
  bool isCount = attribute.name() == "batch_dims";
  if (!llvm::isInt<32>(attribute.i()) || (isCount && attribute.i() < 0))
    throw std::runtime_error((prefix + (isCount ? "batch_dims " : "axis ") +
                              llvm::Twine(attribute.i()) + " is out of range")
                                 .str());
}

static void checkSplitCount(const ::onnx::NodeProto &node,
                            const ::onnx::AttributeProto &attribute,
                            llvm::StringRef prefix = "") {
  constexpr int64_t kMaxOutputs = 1 << 16;
  if (attribute.i() < node.output_size() || attribute.i() > kMaxOutputs)
    throw std::runtime_error((prefix + "num_outputs is " +
                              llvm::Twine(attribute.i()) + ", but there are " +
                              llvm::Twine(node.output_size()) + " outputs")
                                 .str());
}

static void checkNode(const ::onnx::NodeProto &node) {
  for (const auto &attribute : node.attribute())
    if (attribute.name() == "axis" || attribute.name() == "batch_dims")
      checkAxis(attribute);
    else if (isSplitCount(node, attribute))
      checkSplitCount(node, attribute);
}

using AttributeAction =
    llvm::function_ref<void(::onnx::NodeProto &, ::onnx::AttributeProto &)>;

static void
forEachAttribute(google::protobuf::RepeatedPtrField<::onnx::NodeProto> &nodes,
                 AttributeAction action) {
  for (::onnx::NodeProto &node : nodes)
    for (auto &attribute : *node.mutable_attribute()) {
      action(node, attribute);
      if (attribute.has_g())
        forEachAttribute(*attribute.mutable_g()->mutable_node(), action);
    }
}

/// "axis" and "batch_dims", and the attributes of the model's functions that
/// become one.
static llvm::StringSet<> getAxisNames(::onnx::ModelProto &model) {
  llvm::StringMap<llvm::SmallVector<std::string>> sources;
  for (auto &function : *model.mutable_functions())
    forEachAttribute(*function.mutable_node(), [&](auto &, auto &given) {
      if (!given.ref_attr_name().empty())
        sources[given.name()].push_back(given.ref_attr_name());
    });
  llvm::StringSet<> names = {"axis", "batch_dims"};
  llvm::SmallVector<std::string> pending = {"axis", "batch_dims"};
  while (!pending.empty())
    for (const std::string &source : sources.lookup(pending.pop_back_val()))
      if (names.insert(source).second)
        pending.push_back(source);
  return names;
}

/// Refuses the model; does away with references where one value is right.
static void checkNodes(::onnx::ModelProto &model) {
  llvm::StringSet<> names = getAxisNames(model);
  auto check = [&](::onnx::NodeProto &node, ::onnx::AttributeProto &attribute) {
    std::string prefix = "node " + quoteName(getNodeName(node)) + ": ";
    if (names.contains(attribute.name()))
      checkAxis(attribute, prefix);
    if (!isSplitCount(node, attribute))
      return;
    if (!attribute.ref_attr_name().empty()) {
      attribute.clear_ref_attr_name();
      attribute.set_i(node.output_size());
    }
    checkSplitCount(node, attribute, prefix);
  };
  forEachAttribute(*model.mutable_graph()->mutable_node(), check);
  for (auto &function : *model.mutable_functions()) {
    forEachAttribute(*function.mutable_node(), check);
    for (const auto &preset : function.attribute_proto())
      if (names.contains(preset.name()))
        checkAxis(preset, "function " + quoteName(function.name()) + ": ");
  }
}

//===----------------------------------------------------------------------===//
// Whole models
//===----------------------------------------------------------------------===//

llvm::Error library::inlineFunctions(::onnx::ModelProto &model) {
  return guard([&] {
    checkNodes(model);
    ::onnx::inliner::InlineLocalFunctions(model, /*convert_version=*/true);
  });
}

llvm::Error library::inferTypes(::onnx::ModelProto &model) {
  return guard([&] {
    checkNodes(model);
    ::onnx::shape_inference::InferShapes(model);
  });
}

llvm::Error library::convertVersion(::onnx::ModelProto &model, int opset) {
  return guard([&] {
    checkNodes(model);
    model = ::onnx::version_conversion::ConvertVersion(model, opset);
  });
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
  const ::onnx::TensorShapeProto *
  getSymbolicInput(size_t index) const override {
    return inference.inputValues.at(index);
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

//===----------------------------------------------------------------------===//
// Known values
//===----------------------------------------------------------------------===//

/// What shapes are made of has few elements.
static constexpr int64_t kMaxListElements = 1024;
/// All operands of a node together.
static constexpr int64_t kMaxOperandElements = 4 * kMaxListElements;

namespace {
/// Evaluates integers, such as shapes, as far as they are known.
class ValueContext : public ::onnx::DataPropagationContext {
public:
  ValueContext(NodeInference &inference, NodeContext &types)
      : inference(inference), types(types) {}
  const ::onnx::AttributeProto *
  getAttribute(const std::string &name) const override {
    return types.getAttribute(name);
  }
  size_t getNumInputs() const override { return types.getNumInputs(); }
  const TypeProto *getInputType(size_t index) const override {
    return types.getInputType(index);
  }
  size_t getNumOutputs() const override { return types.getNumOutputs(); }
  const TypeProto *getOutputType(size_t index) const override {
    return &inference.outputTypes.at(index);
  }
  const TensorShapeProto *getInputData(size_t index) override {
    auto [it, isNew] = values.try_emplace(index);
    std::optional<TensorShapeProto> &value = it->second;
    if (isNew) {
      value = readInput(index);
      numElements += value ? value->dim_size() : 0;
      if (numElements > kMaxOperandElements)
        value.reset();
    }
    return value ? &*value : nullptr;
  }
  /// Lists of which nothing is known follow from the type.
  void addOutputData(size_t index, TensorShapeProto &&value) override {
    if (value.dim_size() <= kMaxListElements &&
        llvm::any_of(value.dim(),
                     [](const auto &dim) { return dim.has_dim_value(); }))
      inference.outputValues.at(index) = std::move(value);
  }

private:
  std::optional<TensorShapeProto> readInput(size_t index) {
    std::optional<TensorShapeProto> value;
    if (const TensorShapeProto *known = inference.inputValues.at(index))
      value = *known;
    else
      value = readConstant(inference.inputData.at(index));
    if (!value)
      value = getUnknown(inference.inputTypes.at(index));
    if (value && index > 0 && inference.node->op_type() == "Slice")
      return limitSlice(std::move(*value), /*isStep=*/index == 4);
    return value;
  }

  /// ONNX takes a bound that is unknown for 0, and adds steps as an int. A list
  /// is shorter than the limit of a step.
  static std::optional<TensorShapeProto> limitSlice(TensorShapeProto value,
                                                    bool isStep) {
    for (auto &dim : *value.mutable_dim()) {
      if (!dim.has_dim_value())
        return std::nullopt;
      if (isStep)
        dim.set_dim_value(std::clamp<int64_t>(
            dim.dim_value(), -2 * kMaxListElements, 2 * kMaxListElements));
    }
    return value;
  }

  static std::optional<TensorShapeProto>
  readConstant(const ::onnx::TensorProto *tensor) {
    if (!tensor || tensor->dims_size() > 1 ||
        (tensor->dims_size() == 1 && tensor->dims(0) > kMaxListElements))
      return std::nullopt;
    TensorShapeProto value;
    auto append = [&](const auto &items) {
      for (auto item : items)
        value.add_dim()->set_dim_value(item);
    };
    if (tensor->data_type() == ::onnx::TensorProto::INT64)
      append(::onnx::ParseData<int64_t>(tensor));
    else if (tensor->data_type() == ::onnx::TensorProto::INT32)
      append(::onnx::ParseData<int32_t>(tensor));
    else
      return std::nullopt;
    return value;
  }

  /// A list of known length of unknown integers.
  static std::optional<TensorShapeProto> getUnknown(const TypeProto *type) {
    if (!type || type->tensor_type().shape().dim_size() != 1)
      return std::nullopt;
    const auto &length = type->tensor_type().shape().dim(0);
    if (!length.has_dim_value() || length.dim_value() < 0 ||
        length.dim_value() > kMaxListElements)
      return std::nullopt;
    TensorShapeProto value;
    for (int64_t i = 0; i < length.dim_value(); ++i)
      value.add_dim();
    return value;
  }

  NodeInference &inference;
  NodeContext &types;
  std::map<size_t, std::optional<TensorShapeProto>> values;
  int64_t numElements = 0;
};
} // namespace

/// Types follow from the operator's body where it has no inference of its own.
/// The library trips over some of its bodies, which is no fault of the model.
static void inferFromBody(const OpSchema &schema, NodeContext &context) {
  llvm::consumeError(guard([&] {
    ::onnx::shape_inference::InferShapeForFunctionNode(
        *schema.GetFunction(), OpSchemaRegistry::Instance(), context,
        ::onnx::ShapeInferenceOptions(/*check_type_val=*/true,
                                      /*strict_mode_val=*/1,
                                      /*data_prop_val=*/false));
  }));
}

llvm::Error library::inferNode(NodeInference &inference) {
  return guard([&] {
    const ::onnx::NodeProto &node = *inference.node;
    const OpSchema *schema = OpSchemaRegistry::Schema(
        node.op_type(), inference.opset, node.domain());
    if (!schema)
      throw std::runtime_error("operator " + node.op_type() + " is unknown");
    checkNode(node);
    NodeContext context(inference);
    if (schema->has_type_and_shape_inference_function())
      schema->GetTypeAndShapeInferenceFunction()(context);
    else if (schema->HasFunction())
      inferFromBody(*schema, context);
    schema->CheckInputOutputType(context);
    if (schema->has_data_propagation_function()) {
      ValueContext values(inference, context);
      schema->GetDataPropagationFunction()(values);
    }
  });
}
