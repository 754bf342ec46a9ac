//===- Dims.cpp - Static dimensions of the inputs -------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Structure.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace tenon::importer;
using ::onnx::GraphProto;

/// The key of an axis in the options: "x[2]".
static std::string getAxisKey(StringRef input, int axis) {
  return (input + "[" + Twine(axis) + "]").str();
}

static std::optional<int64_t> lookUp(const llvm::StringMap<int64_t> &dims,
                                     StringRef key) {
  auto it = dims.find(key);
  return it == dims.end() ? std::nullopt : std::optional<int64_t>(it->second);
}

/// Some exporters write a question mark for each dimension they do not know.
static bool isSymbol(StringRef name) { return !name.empty() && name != "?"; }

LogicalResult tenon::importer::fixDims(GraphProto &graph,
                                       const llvm::StringMap<Weight> &weights,
                                       const ImportOptions &options,
                                       FileDiagnostics &diagnostics) {
  llvm::StringMap<int64_t> values = options.dims;
  llvm::StringSet<> used;
  // A symbol that leads some input is the batch, wherever else it stands.
  for (const auto &input : graph.input()) {
    const auto &type = input.type().tensor_type();
    if (type.shape().dim_size() && isSymbol(type.shape().dim(0).dim_param()))
      values.try_emplace(type.shape().dim(0).dim_param(), 1);
  }

  std::vector<std::pair<std::string, std::string>> missing; // key, input
  llvm::StringSet<> isMissing;
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
      std::optional<int64_t> size = lookUp(options.dims, key);
      if (size)
        used.insert(key);
      if (dim->has_dim_value() && dim->dim_value() >= 0) {
        if (size && *size != dim->dim_value())
          diagnostics.error("dimension " + quoteName(key) + " is " +
                            Twine(dim->dim_value()) +
                            " in the file and cannot be " + Twine(*size));
        continue;
      }
      if (!size && isSymbol(dim->dim_param())) {
        key = dim->dim_param();
        size = lookUp(values, key);
        used.insert(key);
      }
      if (!size && axis == 0 && !dim->has_dim_value())
        size = 1;
      if (size)
        dim->set_dim_value(*size);
      else if (isMissing.insert(key).second)
        missing.push_back({key, input.name()});
    }
  }
  for (auto &[key, input] : missing) {
    std::string message = "input " + quoteName(input) +
                          " has no size for dimension " + quoteName(key) +
                          "; give one with --dim \"" + cleanMessage(key) +
                          "=N\"";
    if (options.survey)
      options.survey->open.push_back(message);
    else
      diagnostics.error(message);
  }
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
