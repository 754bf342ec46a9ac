//===- Prepare.cpp - Newest operator set, static dimensions ---------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Limits.h"
#include "compiler/import/Structure.h"
#include "compiler/import/onnx_library.h"
#include "llvm/ADT/StringMap.h"

#include <map>

using namespace mlir;
using namespace tenon::importer;
using ::onnx::GraphProto;
using ::onnx::ModelProto;
using ::onnx::NodeProto;

//===----------------------------------------------------------------------===//
// Operator set
//===----------------------------------------------------------------------===//

int tenon::importer::getDefaultOpset(const ModelProto &model) {
  for (const auto &id : model.opset_import())
    if (id.domain().empty())
      return id.version();
  return 0;
}

/// Collects the nodes of the default domain whose operator has changed since
/// `opset`.
static void collectChanged(const GraphProto &graph, int opset, int newest,
                           SmallVectorImpl<const NodeProto *> &changed) {
  for (const NodeProto &node : graph.node()) {
    if ((node.domain().empty() || node.domain() == "ai.onnx") &&
        library::getSinceVersion("", node.op_type(), opset) !=
            library::getSinceVersion("", node.op_type(), newest))
      changed.push_back(&node);
    for (const auto &attribute : node.attribute())
      if (attribute.has_g())
        collectChanged(attribute.g(), opset, newest, changed);
  }
}

LogicalResult tenon::importer::upgrade(ModelProto &model,
                                       FileDiagnostics &diagnostics) {
  int opset = getDefaultOpset(model);
  int newest = library::getNewestOpset("");
  if (opset == 0 || opset == newest)
    return success();
  SmallVector<const NodeProto *> changed;
  collectChanged(model.graph(), opset, newest, changed);
  if (changed.empty()) {
    // Every operator is still what it was: only the number differs.
    for (auto &id : *model.mutable_opset_import())
      if (id.domain().empty())
        id.set_version(newest);
    return success();
  }
  if (opset < kOldestOpset) {
    for (const NodeProto *node : changed)
      diagnostics.error(*node, "its operator " + quoteName(node->op_type()) +
                                   " has changed since operator set " +
                                   Twine(opset) + "; models from set " +
                                   Twine(kOldestOpset) + " on can be upgraded");
    return failure();
  }
  if (auto error = library::convertVersion(model, newest)) {
    std::string reason = cleanMessage(llvm::toString(std::move(error)));
    llvm::StringMap<bool> seen;
    for (const NodeProto *node : changed)
      if (reason.find(node->op_type()) != std::string::npos &&
          seen.try_emplace(node->op_type(), true).second)
        diagnostics.error(*node, "cannot bring it from operator set " +
                                     Twine(opset) + " to " + Twine(newest) +
                                     ": " + reason);
    if (!diagnostics.hasErrors())
      diagnostics.error("cannot bring the model from operator set " +
                        Twine(opset) + " to " + Twine(newest) + ": " + reason);
    return failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Dimensions
//===----------------------------------------------------------------------===//

/// The key of an axis in the options: "x[2]".
static std::string getAxisKey(StringRef input, int axis) {
  return (input + "[" + Twine(axis) + "]").str();
}

LogicalResult tenon::importer::fixDims(GraphProto &graph,
                                       const llvm::StringMap<Weight> &weights,
                                       const ImportOptions &options,
                                       FileDiagnostics &diagnostics) {
  llvm::StringMap<int64_t> values = options.dims;
  llvm::StringMap<bool> used;
  // A symbol that leads some input is the batch, wherever else it stands.
  for (const auto &input : graph.input()) {
    const auto &type = input.type().tensor_type();
    if (type.shape().dim_size() && type.shape().dim(0).has_dim_param())
      values.try_emplace(type.shape().dim(0).dim_param(), 1);
  }

  std::map<std::string, std::string> missing; // symbol or axis -> input
  for (auto &input : *graph.mutable_input()) {
    if (weights.contains(input.name()) || !input.type().has_tensor_type())
      continue;
    auto *type = input.mutable_type()->mutable_tensor_type();
    if (!type->has_shape()) {
      diagnostics.error("input " + quoteName(input.name()) +
                        " has no shape in the file, not even a rank");
      continue;
    }
    for (int axis = 0; axis < type->shape().dim_size(); ++axis) {
      auto *dim = type->mutable_shape()->mutable_dim(axis);
      std::string key = getAxisKey(input.name(), axis);
      auto given = options.dims.find(key);
      if (given != options.dims.end())
        used[key] = true;
      if (dim->has_dim_value() && dim->dim_value() >= 0) {
        if (given != options.dims.end() && given->second != dim->dim_value())
          diagnostics.error(
              "dimension " + quoteName(key) + " is " + Twine(dim->dim_value()) +
              " in the file and cannot be " + Twine(given->second));
        continue;
      }
      if (given == options.dims.end() && dim->has_dim_param() &&
          !dim->dim_param().empty()) {
        key = dim->dim_param();
        given = values.find(key);
        if (given == values.end())
          given = options.dims.end();
        else
          used[key] = true;
      }
      if (given != options.dims.end())
        dim->set_dim_value(given->second);
      else if (axis == 0 && !dim->has_dim_value())
        dim->set_dim_value(1);
      else
        missing.insert({key, input.name()});
    }
  }
  for (auto &[key, input] : missing)
    diagnostics.error("input " + quoteName(input) +
                      " has no size for dimension " + quoteName(key) +
                      "; give one with --dim \"" + cleanMessage(key) + "=N\"");
  for (const auto &dim : options.dims) {
    if (dim.second < 0 || dim.second > INT32_MAX)
      diagnostics.error("dimension " + quoteName(dim.getKey()) + " cannot be " +
                        Twine(dim.second));
    else if (!used.contains(dim.getKey()))
      diagnostics.error("no input has a dimension " + quoteName(dim.getKey()));
  }

  // The same symbols in the outputs; what is inferred fills in the rest.
  for (auto &output : *graph.mutable_output()) {
    if (!output.type().tensor_type().has_shape())
      continue;
    auto *shape = output.mutable_type()->mutable_tensor_type()->mutable_shape();
    for (auto &dim : *shape->mutable_dim())
      if (auto it = values.find(dim.dim_param());
          dim.has_dim_param() && it != values.end())
        dim.set_dim_value(it->second);
  }
  return diagnostics.result();
}
