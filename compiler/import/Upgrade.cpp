//===- Upgrade.cpp - To the newest operator set ---------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ONNX's version converter does the work. It is asked only if an operator of
// the model has changed, and helped where it keeps an operator whose meaning
// has changed:
//
//   Hardmax below 13   y = Hardmax<axis=k>(x)   =>   over all axes from k on
//   Resize below 11    the rules for coordinates that were the only ones then
//   PRelu below 7      the slope goes along axis 1, not along the last axis
//
// Shapes that inference finds by the rules of old are dropped.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Limits.h"
#include "compiler/import/Structure.h"
#include "compiler/import/onnx_library.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace tenon::importer;
using ::onnx::AttributeProto;
using ::onnx::GraphProto;
using ::onnx::ModelProto;
using ::onnx::NodeProto;

int tenon::importer::getDefaultOpset(const ModelProto &model) {
  for (const auto &id : model.opset_import())
    if (id.domain().empty())
      return id.version();
  return 0;
}

/// Calls `action` for all graphs, inner ones first. How deep they are nested is
/// checked before.
static void forEachGraph(GraphProto &graph,
                         llvm::function_ref<void(GraphProto &)> action) {
  for (NodeProto &node : *graph.mutable_node())
    for (AttributeProto &attribute : *node.mutable_attribute())
      if (attribute.has_g())
        forEachGraph(*attribute.mutable_g(), action);
  action(graph);
}

//===----------------------------------------------------------------------===//
// What the converter does not know
//===----------------------------------------------------------------------===//

static AttributeProto *findAttribute(NodeProto &node, StringRef name) {
  for (AttributeProto &attribute : *node.mutable_attribute())
    if (attribute.name() == name)
      return &attribute;
  return nullptr;
}

static void setAttribute(NodeProto &node, StringRef name, int64_t value) {
  AttributeProto *attribute = findAttribute(node, name);
  attribute = attribute ? attribute : node.add_attribute();
  attribute->set_name(name.str());
  attribute->set_type(AttributeProto::INT);
  attribute->set_i(value);
}

static void addAttribute(NodeProto &node, StringRef name, StringRef value) {
  if (findAttribute(node, name))
    return;
  AttributeProto *attribute = node.add_attribute();
  attribute->set_name(name.str());
  attribute->set_type(AttributeProto::STRING);
  attribute->set_s(value.str());
}

/// Hardmax of old takes its input for a matrix, cut at the axis:
/// y = Reshape(Hardmax<axis=-1>(Flatten<axis=k>(x)), Shape(x)).
static void expandHardmax(GraphProto &graph) {
  google::protobuf::RepeatedPtrField<NodeProto> nodes;
  for (NodeProto &node : *graph.mutable_node()) {
    if (node.op_type() != "Hardmax" || !node.domain().empty() ||
        node.input_size() != 1 || node.output_size() != 1) {
      *nodes.Add() = std::move(node);
      continue;
    }
    // Names that no file can hold twice: the output's is unique.
    std::string name = getNodeName(node), x = node.input(0), y = node.output(0);
    AttributeProto *axis = findAttribute(node, "axis");
    auto add = [&](const char *op, ArrayRef<std::string> inputs,
                   const std::string &output) -> NodeProto & {
      NodeProto &added = *nodes.Add();
      added.set_name(name);
      added.set_op_type(op);
      for (const std::string &input : inputs)
        added.add_input(input);
      added.add_output(output);
      return added;
    };
    setAttribute(add("Flatten", {x}, y + " matrix"), "axis",
                 axis ? axis->i() : 1);
    setAttribute(add("Hardmax", {y + " matrix"}, y + " hardmax"), "axis", -1);
    add("Shape", {x}, y + " shape");
    add("Reshape", {y + " hardmax", y + " shape"}, y);
  }
  graph.mutable_node()->Swap(&nodes);
}

/// PRelu of old has one slope a channel: PRelu(x, s) for s of rank 1 and x of
/// rank 4 becomes PRelu(x, Unsqueeze<axes=[1, 2]>(s)). False where ranks are
/// unknown.
static bool expandPRelu(ModelProto &model) {
  llvm::consumeError(library::inferTypes(model));
  GraphProto &graph = *model.mutable_graph();
  llvm::StringMap<int> ranks;
  auto addRanks = [&](const auto &infos) {
    for (const auto &info : infos)
      if (info.type().tensor_type().has_shape())
        ranks[info.name()] = info.type().tensor_type().shape().dim_size();
  };
  addRanks(graph.input());
  addRanks(graph.value_info());
  addRanks(graph.output());
  for (const auto &tensor : graph.initializer())
    ranks[tensor.name()] = tensor.dims_size();

  google::protobuf::RepeatedPtrField<NodeProto> nodes;
  for (NodeProto &node : *graph.mutable_node()) {
    if (node.op_type() == "PRelu" && node.domain().empty() &&
        node.input_size() == 2) {
      auto x = ranks.find(node.input(0)), slope = ranks.find(node.input(1));
      if (x == ranks.end() || slope == ranks.end())
        return false;
      if (slope->second == 1 && x->second > 2) {
        NodeProto &added = *nodes.Add();
        added.set_name(getNodeName(node));
        added.set_op_type("Unsqueeze");
        added.add_input(node.input(1));
        added.add_output(node.output(0) + " slope");
        AttributeProto *axes = added.add_attribute();
        axes->set_name("axes");
        axes->set_type(AttributeProto::INTS);
        for (int axis = 1; axis <= x->second - 2; ++axis)
          axes->add_ints(axis);
        node.set_input(1, added.output(0));
      }
    }
    *nodes.Add() = std::move(node);
  }
  graph.mutable_node()->Swap(&nodes);
  return true;
}

static void setResizeRules(GraphProto &graph) {
  for (NodeProto &node : *graph.mutable_node()) {
    if (node.op_type() != "Resize" || !node.domain().empty())
      continue;
    addAttribute(node, "coordinate_transformation_mode", "asymmetric");
    addAttribute(node, "nearest_mode", "floor");
  }
}

//===----------------------------------------------------------------------===//
// Declared shapes
//===----------------------------------------------------------------------===//

static SmallVector<GraphProto *> getGraphs(ModelProto &model) {
  SmallVector<GraphProto *> graphs;
  forEachGraph(*model.mutable_graph(),
               [&](GraphProto &graph) { graphs.push_back(&graph); });
  return graphs;
}

/// The model with what ONNX's inference, and nobody else, says of outputs.
static ModelProto inferOutputs(ModelProto model) {
  for (GraphProto *graph : getGraphs(model))
    for (auto &output : *graph->mutable_output())
      if (output.type().has_tensor_type())
        output.mutable_type()->mutable_tensor_type()->clear_shape();
  llvm::consumeError(library::inferTypes(model));
  return model;
}

/// The converter writes what it infers by the rules of old into the outputs,
/// and those were not always right: before 22, windows of pools that start in
/// the padding at the end were counted. So outputs say again what the file
/// says, and nothing where that is what anybody's inference would have said.
static void restoreOutputs(ModelProto &model, ModelProto &declared,
                           ModelProto &inferred) {
  for (auto [graph, said, found] :
       llvm::zip(getGraphs(model), getGraphs(declared), getGraphs(inferred)))
    for (auto [output, stated, derived] :
         llvm::zip(*graph->mutable_output(), said->output(), found->output())) {
      if (output.name() != stated.name())
        continue;
      *output.mutable_type() = stated.type();
      if (stated.type().has_tensor_type() &&
          stated.type().SerializeAsString() ==
              derived.type().SerializeAsString())
        output.mutable_type()->mutable_tensor_type()->clear_shape();
    }
}

//===----------------------------------------------------------------------===//
// Upgrading
//===----------------------------------------------------------------------===//

LogicalResult tenon::importer::upgrade(ModelProto &model,
                                       FileDiagnostics &diagnostics) {
  int opset = getDefaultOpset(model);
  int newest = library::getNewestOpset("");
  if (opset == 0 || opset == newest)
    return success();
  GraphProto &graph = *model.mutable_graph();
  SmallVector<NodeProto> changed; // one of each operator
  llvm::StringSet<> seen;
  forEachGraph(graph, [&](GraphProto &graph) {
    for (const NodeProto &node : graph.node())
      if (node.domain().empty() &&
          library::getSinceVersion("", node.op_type(), opset) !=
              library::getSinceVersion("", node.op_type(), newest) &&
          seen.insert(node.op_type()).second)
        changed.push_back(node);
  });
  if (changed.empty()) {
    // Every operator is still what it was: only the number differs.
    for (auto &id : *model.mutable_opset_import())
      if (id.domain().empty())
        id.set_version(newest);
    return success();
  }
  ModelProto declared = model, inferred = inferOutputs(model);
  for (const NodeProto &node : changed) {
    if (opset < kOldestOpset)
      diagnostics.error(node, "its operator " + quoteName(node.op_type()) +
                                  " has changed since operator set " +
                                  Twine(opset) + "; models from set " +
                                  Twine(kOldestOpset) + " on can be upgraded");
    else if (opset < 9 && node.op_type() == "Scan")
      diagnostics.error(node,
                        "cannot upgrade operator 'Scan' of operator set " +
                            Twine(opset) +
                            ": it scans the items of a batch, which no "
                            "later one does");
    else if (opset < 7 && node.op_type() == "PRelu" && !expandPRelu(model))
      diagnostics.error(
          node, "cannot upgrade operator 'PRelu' of operator set " +
                    Twine(opset) + ": the rank of its input is unknown");
  }
  if (diagnostics.hasErrors())
    return failure();

  if (opset < 13)
    forEachGraph(graph, expandHardmax);
  if (auto error = library::convertVersion(model, newest)) {
    std::string reason = cleanMessage(llvm::toString(std::move(error)));
    std::string message = ("cannot bring it from operator set " + Twine(opset) +
                           " to " + Twine(newest) + ": " + reason)
                              .str();
    for (const NodeProto &node : changed)
      if (reason.find(node.op_type()) != std::string::npos)
        diagnostics.error(node, message);
    if (!diagnostics.hasErrors())
      diagnostics.error(message);
    return failure();
  }
  restoreOutputs(model, declared, inferred);
  if (opset < 11)
    forEachGraph(*model.mutable_graph(), setResizeRules);
  return success();
}
