//===- GraphBuilder.cpp - GraphProto to operations ------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One operation per node, located at the node's name:
//
//   c1: y = Conv(x, w)   =>   %0 = onnx.Conv(%arg0, %w) : ... loc("c1")
//
//===----------------------------------------------------------------------===//

#include "compiler/import/GraphBuilder.h"

#include "compiler/import/FunctionBody.h"
#include "compiler/import/Inference.h"
#include "compiler/import/Types.h"
#include "compiler/import/onnx_library.h"
#include "dialects/kernel/Kernel.h"
#include "dialects/nn/Nn.h"
#include "dialects/onnx/Onnx.h"

using namespace mlir;
using namespace tenon::importer;
namespace onnxir = tenon::onnx; // ::onnx is the library
namespace kernel = tenon::kernel;
namespace nn = tenon::nn;
using ::onnx::AttributeProto;
using ::onnx::GraphProto;
using ::onnx::NodeProto;

static llvm::Error makeError(const Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

namespace {

/// The values of a graph by name; the graph around it is the parent.
struct GraphScope {
  GraphScope *parent = nullptr;
  Block *block = nullptr;
  llvm::StringMap<Value> values;
  llvm::StringMap<std::function<llvm::Expected<Value>(OpBuilder &)>> constants;
  Operation *lastConstant = nullptr; // constants stay in the order of their use
  llvm::StringMap<const ::onnx::TypeProto *> outputs; // as declared
};

/// A subgraph of a node that is being built.
struct Subgraph {
  const GraphProto *graph;
  Region *region;
  std::optional<SmallVector<Type>> outputTypes; // once it is built
};
using Subgraphs = llvm::StringMap<Subgraph>;

class GraphBuilder {
public:
  GraphBuilder(const Model &model, const DeclaredTypes &declared,
               FileDiagnostics &diagnostics,
               const std::function<bool(StringRef)> &expands)
      : model(model), declared(declared), diagnostics(diagnostics),
        expands(expands), context(&diagnostics.getContext()), builder(context),
        module(ModuleOp::create(UnknownLoc::get(context))), constants(*module),
        inference(context) {}

  FailureOr<OwningOpRef<ModuleOp>> build(StringRef name);

private:
  LogicalResult buildNodes(const GraphProto &graph, GraphScope &scope);
  llvm::Error buildNode(const NodeProto &node, GraphScope &scope);
  llvm::Error buildConstant(const NodeProto &node, GraphScope &scope);
  llvm::Error buildFunction(const NodeProto &node, ArrayRef<Value> operands,
                            GraphScope &scope);
  llvm::Error addAttributes(const NodeProto &node, const onnxir::Schema &schema,
                            OperationState &state, Subgraphs &subgraphs);
  llvm::Expected<Attribute> getAttribute(const AttributeProto &attribute,
                                         onnxir::SchemaAttribute::Kind kind);
  llvm::Expected<SmallVector<Type>> buildSubgraph(Subgraph &subgraph,
                                                  ArrayRef<Type> inputTypes,
                                                  GraphScope &parent);
  llvm::Expected<SmallVector<Type>> getResultTypes(const NodeProto &node,
                                                   ArrayRef<Type> inferred,
                                                   const GraphScope &scope);
  void declareConstants(const GraphProto &graph, GraphScope &scope);
  llvm::Expected<Value> lookUp(StringRef name, GraphScope &scope);
  Location getLoc(StringRef name) {
    return NameLoc::get(StringAttr::get(context, name));
  }

  const Model &model;
  const DeclaredTypes &declared;
  FileDiagnostics &diagnostics;
  const std::function<bool(StringRef)> &expands;
  MLIRContext *context;
  OpBuilder builder;
  OwningOpRef<ModuleOp> module;
  ConstantBuilder constants;
  Inference inference;
  unsigned branchDepth = 0; // branches of If around the node
};

} // namespace

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

static void declareOutputs(const GraphProto &graph, GraphScope &scope) {
  for (const auto &output : graph.output())
    scope.outputs[output.name()] = &output.type();
}

/// What is inferred, completed by what the file says.
llvm::Expected<SmallVector<Type>>
GraphBuilder::getResultTypes(const NodeProto &node, ArrayRef<Type> inferred,
                             const GraphScope &scope) {
  SmallVector<Type> results;
  for (auto [name, type] : llvm::zip_equal(node.output(), inferred)) {
    if (name.empty()) {
      results.push_back({});
      continue;
    }
    const ::onnx::TypeProto *proto = scope.outputs.lookup(name);
    if (auto it = declared.find(name); !proto && !type && it != declared.end())
      proto = &it->second;
    auto stated =
        proto ? getType(*proto, context) : llvm::Expected<Type>(Type());
    if (!stated)
      return makeError("its output " + quoteName(name) + " " +
                       llvm::toString(stated.takeError()));
    auto merged = mergeTypes(type, *stated);
    if (!merged)
      return makeError("its output " + quoteName(name) + " " +
                       llvm::toString(merged.takeError()));
    if (!*merged)
      return makeError("the type of its output " + quoteName(name) +
                       " is unknown");
    results.push_back(*merged);
  }
  return results;
}

/// Initializers become constants when somebody uses them.
void GraphBuilder::declareConstants(const GraphProto &graph,
                                    GraphScope &scope) {
  for (const auto &tensor : graph.initializer())
    scope.constants[tensor.name()] = [&](OpBuilder &builder) {
      return constants.create(builder, getLoc(tensor.name()), tensor);
    };
}

llvm::Expected<Value> GraphBuilder::lookUp(StringRef name, GraphScope &scope) {
  for (GraphScope *it = &scope; it; it = const_cast<GraphScope *>(it->parent)) {
    if (Value value = it->values.lookup(name))
      return value;
    auto constant = it->constants.find(name);
    if (constant == it->constants.end())
      continue;
    // At the start of its own graph, where all subgraphs see it.
    OpBuilder::InsertionGuard guard(builder);
    if (it->lastConstant)
      builder.setInsertionPointAfter(it->lastConstant);
    else
      builder.setInsertionPointToStart(it->block);
    auto value = constant->second(builder);
    if (!value)
      return makeError("its input " + quoteName(name) + " " +
                       llvm::toString(value.takeError()));
    it->lastConstant = value->getDefiningOp();
    it->values[name] = *value;
    return *value;
  }
  return makeError("its input " + quoteName(name) + " is defined nowhere");
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

llvm::Expected<Attribute>
GraphBuilder::getAttribute(const AttributeProto &attribute,
                           onnxir::SchemaAttribute::Kind kind) {
  if (static_cast<int>(attribute.type()) != kind)
    return makeError("attribute " + quoteName(attribute.name()) +
                     " has the wrong type");
  switch (kind) {
  case onnxir::SchemaAttribute::Float:
    return builder.getF32FloatAttr(attribute.f());
  case onnxir::SchemaAttribute::Int:
    return builder.getI64IntegerAttr(attribute.i());
  case onnxir::SchemaAttribute::String:
    return builder.getStringAttr(attribute.s());
  case onnxir::SchemaAttribute::Floats:
    return builder.getDenseF32ArrayAttr(SmallVector<float>(
        attribute.floats().begin(), attribute.floats().end()));
  case onnxir::SchemaAttribute::Ints:
    return builder.getDenseI64ArrayAttr(
        SmallVector<int64_t>(attribute.ints().begin(), attribute.ints().end()));
  case onnxir::SchemaAttribute::Strings: {
    SmallVector<StringRef> strings(attribute.strings().begin(),
                                   attribute.strings().end());
    return builder.getStrArrayAttr(strings);
  }
  case onnxir::SchemaAttribute::Tensor: {
    auto value = getElementsAttr(attribute.t(), context);
    if (!value)
      return makeError("attribute " + quoteName(attribute.name()) + " " +
                       llvm::toString(value.takeError()));
    return *value;
  }
  case onnxir::SchemaAttribute::Type: {
    auto type = getType(attribute.tp(), context);
    if (!type)
      return type.takeError();
    if (!*type)
      return makeError("attribute " + quoteName(attribute.name()) +
                       " is not set");
    return TypeAttr::get(*type);
  }
  case onnxir::SchemaAttribute::SparseTensor: // of Constant: expanded before
  case onnxir::SchemaAttribute::Graph:
    break;
  }
  return makeError("attribute " + quoteName(attribute.name()) +
                   " has an unsupported type");
}

llvm::Error GraphBuilder::addAttributes(const NodeProto &node,
                                        const onnxir::Schema &schema,
                                        OperationState &state,
                                        Subgraphs &subgraphs) {
  NamedAttrList attributes;
  for (const AttributeProto &attribute : node.attribute()) {
    const auto *formal = schema.getAttribute(attribute.name());
    if (!formal)
      return makeError("operator " + quoteName(node.op_type()) +
                       " has no attribute " + quoteName(attribute.name()));
    if (formal->kind == onnxir::SchemaAttribute::Graph) {
      subgraphs[attribute.name()] = {&attribute.g(), nullptr, std::nullopt};
      continue;
    }
    auto value = getAttribute(attribute, formal->kind);
    if (!value)
      return value.takeError();
    attributes.set(attribute.name(), *value);
  }
  state.addAttributes(attributes);
  for (const auto &formal : schema.attributes) {
    bool isGraph = formal.kind == onnxir::SchemaAttribute::Graph;
    Region *region = isGraph ? state.addRegion() : nullptr;
    bool isThere = isGraph ? subgraphs.contains(formal.name)
                           : bool(attributes.get(formal.name));
    if (formal.required && !isThere)
      return makeError("lacks attribute " + quoteName(formal.name));
    if (isGraph && isThere)
      subgraphs[formal.name].region = region;
  }
  return llvm::Error::success();
}

/// Builds a subgraph whose inputs have the types given, and those declared.
llvm::Expected<SmallVector<Type>>
GraphBuilder::buildSubgraph(Subgraph &subgraph, ArrayRef<Type> inputTypes,
                            GraphScope &parent) {
  if (subgraph.outputTypes)
    return *subgraph.outputTypes;
  const GraphProto &graph = *subgraph.graph;
  if (!inputTypes.empty() &&
      inputTypes.size() != static_cast<size_t>(graph.input_size()))
    return makeError("its subgraph " + quoteName(graph.name()) + " has " +
                     getCountText(graph.input_size(), "input") + ", expected " +
                     Twine(inputTypes.size()));
  GraphScope scope;
  scope.parent = &parent;
  scope.block = &subgraph.region->emplaceBlock();
  declareOutputs(graph, scope);
  for (auto [index, input] : llvm::enumerate(graph.input())) {
    auto type = getType(input.type(), context);
    if (type && !inputTypes.empty())
      type = mergeTypes(inputTypes[index], *type);
    if (!type)
      return makeError("input " + quoteName(input.name()) +
                       " of its subgraph " + llvm::toString(type.takeError()));
    if (!*type)
      return makeError("the type of input " + quoteName(input.name()) +
                       " of its subgraph is unknown");
    scope.values[input.name()] =
        scope.block->addArgument(*type, getLoc(input.name()));
  }
  declareConstants(graph, scope);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(scope.block);
  if (failed(buildNodes(graph, scope)))
    return makeError("its subgraph " + quoteName(graph.name()) + " has errors");
  SmallVector<Value> outputs;
  for (const auto &output : graph.output()) {
    auto value = lookUp(output.name(), scope);
    if (!value)
      return value.takeError();
    outputs.push_back(*value);
  }
  builder.setInsertionPointToEnd(scope.block);
  builder.create<onnxir::YieldOp>(getLoc(graph.name()), outputs);
  subgraph.outputTypes = llvm::to_vector(ValueRange(outputs).getTypes());
  return *subgraph.outputTypes;
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

/// The tensor of a Constant node, whichever attribute it is in.
static llvm::Expected<::onnx::TensorProto>
getConstantTensor(const NodeProto &node) {
  ::onnx::TensorProto tensor;
  if (node.attribute_size() != 1)
    return makeError("a Constant has one value, this has " +
                     Twine(node.attribute_size()));
  const AttributeProto &value = node.attribute(0);
  switch (value.type()) {
  case AttributeProto::TENSOR:
    return value.t();
  case AttributeProto::FLOATS:
    tensor.add_dims(value.floats_size());
    *tensor.mutable_float_data() = value.floats();
    tensor.set_data_type(::onnx::TensorProto::FLOAT);
    return tensor;
  case AttributeProto::FLOAT:
    tensor.add_float_data(value.f());
    tensor.set_data_type(::onnx::TensorProto::FLOAT);
    return tensor;
  case AttributeProto::INTS:
    tensor.add_dims(value.ints_size());
    *tensor.mutable_int64_data() = value.ints();
    tensor.set_data_type(::onnx::TensorProto::INT64);
    return tensor;
  case AttributeProto::INT:
    tensor.add_int64_data(value.i());
    tensor.set_data_type(::onnx::TensorProto::INT64);
    return tensor;
  case AttributeProto::STRINGS:
    tensor.add_dims(value.strings_size());
    *tensor.mutable_string_data() = value.strings();
    tensor.set_data_type(::onnx::TensorProto::STRING);
    return tensor;
  case AttributeProto::STRING:
    tensor.add_string_data(value.s());
    tensor.set_data_type(::onnx::TensorProto::STRING);
    return tensor;
  default:
    return makeError("a Constant has no value of this type");
  }
}

llvm::Error GraphBuilder::buildConstant(const NodeProto &node,
                                        GraphScope &scope) {
  auto tensor = getConstantTensor(node);
  if (!tensor)
    return tensor.takeError();
  auto value = constants.create(builder, getLoc(getNodeName(node)), *tensor);
  if (!value)
    return makeError("its value " + llvm::toString(value.takeError()));
  scope.values[node.output(0)] = *value;
  return llvm::Error::success();
}

/// Names the outputs that the schema requires and the node leaves out.
static std::optional<NodeProto> nameOutputs(const NodeProto &node,
                                            const onnxir::Schema &schema) {
  std::optional<NodeProto> copy;
  for (auto [index, formal] : llvm::enumerate(schema.outputs)) {
    int at = index;
    if (formal.kind != onnxir::SchemaParameter::Single ||
        (at < node.output_size() && !node.output(at).empty()))
      continue;
    if (!copy)
      copy = node;
    while (copy->output_size() <= at)
      copy->add_output();
    copy->set_output(at, "unused output " + formal.name.str());
  }
  return copy;
}

/// Builds what the operator is made of. What a failure leaves behind has no
/// uses, and is erased later: inference knows values by their address.
llvm::Error GraphBuilder::buildFunction(const NodeProto &node,
                                        ArrayRef<Value> operands,
                                        GraphScope &scope) {
  std::vector<::onnx::TypeProto> types(operands.size());
  for (auto [operand, type] : llvm::zip_equal(operands, types))
    if (operand && !getTypeProto(operand.getType(), type))
      return makeError("an input has no type of ONNX's");
  auto body = getFunctionBody(node, types);
  if (!body)
    return body.takeError();
  if (!*body)
    return makeError("is not defined by others");
  GraphScope inner;
  inner.block = scope.block;
  for (auto [operand, name] : llvm::zip(operands, (*body)->input()))
    if (operand)
      inner.values[name] = operand;
  for (NodeProto &statement : *(*body)->mutable_node()) {
    statement.set_name(getNodeName(node));
    if (auto error = buildNode(statement, inner))
      return error;
  }
  SmallVector<Value> values;
  SmallVector<Type> results;
  for (auto [name, formal] : llvm::zip(node.output(), (*body)->output())) {
    values.push_back(name.empty() ? Value() : inner.values.lookup(formal));
    if (!name.empty() && !values.back())
      return makeError("its function does not define " + quoteName(formal));
    results.push_back(name.empty() ? Type() : values.back().getType());
  }
  auto merged = getResultTypes(node, results, scope);
  if (!merged)
    return merged.takeError();
  for (auto [name, value, type] : llvm::zip(node.output(), values, *merged)) {
    if (value && value.getDefiningOp())
      value.setType(type);
    if (value)
      scope.values[name] = value;
  }
  return llvm::Error::success();
}

llvm::Error GraphBuilder::buildNode(const NodeProto &original,
                                    GraphScope &scope) {
  const onnxir::Schema *schema =
      onnxir::getSchema(original.domain(), original.op_type());
  // Operators of other domains are functions, and no operations.
  if (!schema && !library::hasFunction(original.domain(), original.op_type()))
    return makeError("operator " + quoteName(original.op_type()) +
                     " is unknown");
  std::optional<NodeProto> completed;
  if (schema)
    completed = nameOutputs(original, *schema);
  const NodeProto &node = completed ? *completed : original;
  if (schema && schema->name == onnxir::ConstantOp::getOperationName())
    return buildConstant(node, scope);

  SmallVector<Value> operands;
  for (const std::string &input : node.input()) {
    if (input.empty()) {
      operands.push_back({});
      continue;
    }
    auto value = lookUp(input, scope);
    if (!value)
      return value.takeError();
    operands.push_back(*value);
  }
  if (!schema)
    return buildFunction(node, operands, scope);
  if (expands && expands(schema->name)) {
    auto error = buildFunction(node, operands, scope);
    if (!error)
      return error;
    llvm::consumeError(std::move(error)); // such as of inference in the body
  }
  OperationState state(getLoc(getNodeName(node)), schema->name);
  Subgraphs subgraphs;
  if (auto error = addAttributes(node, *schema, state, subgraphs))
    return error;
  auto inferSubgraph = [&](StringRef attribute, ArrayRef<Type> inputTypes) {
    return buildSubgraph(subgraphs[attribute], inputTypes, scope);
  };
  bool isBranch = schema->name == onnxir::IfOp::getOperationName();
  branchDepth += isBranch;
  auto inferred = inference.infer(node, operands, inferSubgraph);
  if (!inferred && branchDepth > isBranch) {
    llvm::consumeError(inferred.takeError());
    inferred = inference.inferWithoutShapes(node, operands, inferSubgraph);
  }
  branchDepth -= isBranch;
  if (!inferred)
    return inferred.takeError();
  for (auto &entry : subgraphs) {
    // Whatever inference had no need of is built from what is declared.
    auto outputTypes = buildSubgraph(entry.second, {}, scope);
    if (!outputTypes)
      return outputTypes.takeError();
  }
  auto results = getResultTypes(node, inferred->types, scope);
  if (!results)
    return results.takeError();
  if (auto error = onnxir::addOperandsAndResults(state, operands, *results))
    return error;
  Operation *op = builder.create(state);
  unsigned next = 0;
  for (auto [output, value] :
       llvm::zip_equal(node.output(), inferred->values)) {
    if (output.empty())
      continue;
    scope.values[output] = op->getResult(next);
    inference.remember(op->getResult(next++), std::move(value));
  }
  return llvm::Error::success();
}

LogicalResult GraphBuilder::buildNodes(const GraphProto &graph,
                                       GraphScope &scope) {
  for (const NodeProto &node : graph.node()) {
    if (auto error = buildNode(node, scope)) {
      diagnostics.error(node, llvm::toString(std::move(error)));
      return failure();
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// The module
//===----------------------------------------------------------------------===//

FailureOr<OwningOpRef<ModuleOp>> GraphBuilder::build(StringRef name) {
  const GraphProto &graph = model.proto.graph();
  auto fail = [&](const Twine &message) {
    diagnostics.error(message);
    return failure();
  };
  // The inputs; a weight is one only in the proto.
  SmallVector<Type> types;
  SmallVector<std::string> names;
  for (const auto &input : graph.input()) {
    if (model.weights.contains(input.name()))
      continue;
    auto type = getType(input.type(), context);
    if (!type)
      return fail("input " + quoteName(input.name()) + " " +
                  llvm::toString(type.takeError()));
    if (!*type)
      return fail("input " + quoteName(input.name()) + " has no type");
    types.push_back(*type);
    names.push_back(input.name());
  }
  builder.setInsertionPointToEnd(module->getBody());
  auto func = builder.create<func::FuncOp>(getLoc(graph.name()), name,
                                           builder.getFunctionType(types, {}));

  GraphScope scope;
  scope.block = func.addEntryBlock();
  declareOutputs(graph, scope);
  declareConstants(graph, scope);
  for (const auto &entry : model.weights)
    scope.constants[entry.getKey()] = [&](OpBuilder &builder) {
      return constants.create(builder, getLoc(entry.getKey()), entry.second);
    };
  for (auto [index, inputName] : llvm::enumerate(names)) {
    scope.values[inputName] = func.getArgument(index);
    func.getArgument(index).setLoc(getLoc(inputName));
    func.setArgAttr(index, tenon::onnx::kNameAttrName,
                    builder.getStringAttr(inputName));
  }
  builder.setInsertionPointToEnd(scope.block);
  if (failed(buildNodes(graph, scope)))
    return failure();

  SmallVector<Value> outputs;
  for (const auto &output : graph.output()) {
    auto value = lookUp(output.name(), scope);
    if (!value)
      return fail("output " + quoteName(output.name()) + ": " +
                  llvm::toString(value.takeError()));
    outputs.push_back(*value);
  }
  builder.setInsertionPointToEnd(scope.block);
  builder.create<func::ReturnOp>(func.getLoc(), outputs);
  func.setType(builder.getFunctionType(
      types, llvm::to_vector(ValueRange(outputs).getTypes())));
  for (auto [index, output] : llvm::enumerate(graph.output()))
    func.setResultAttr(index, tenon::onnx::kNameAttrName,
                       builder.getStringAttr(output.name()));
  return std::move(module);
}

FailureOr<OwningOpRef<ModuleOp>>
tenon::importer::buildModule(const Model &model, const DeclaredTypes &declared,
                             StringRef name, FileDiagnostics &diagnostics,
                             const std::function<bool(StringRef)> &expands) {
  return GraphBuilder(model, declared, diagnostics, expands).build(name);
}
