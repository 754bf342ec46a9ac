//===- onnx_library.h - ONNX's C++ library, without exceptions --*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ONNX's library throws, and LLVM is built without exceptions: they meet in
// onnx_library.cpp, onnx_functions.cpp and nowhere else. Here, errors are
// values.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_IMPORT_ONNX_LIBRARY_H
#define TENON_COMPILER_IMPORT_ONNX_LIBRARY_H

#include "onnx/onnx_pb.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <functional>
#include <optional>
#include <vector>

namespace tenon::importer::library {

/// Adds the operators of other domains; first of all.
void registerOperators();

/// The newest version of an operator set; 0 where the domain is unknown.
int getNewestOpset(llvm::StringRef domain);

/// The newest version of the file format.
int getNewestIrVersion();

/// What an operator is at a version of its domain's operator set.
enum class OperatorStatus { Known, Unknown, NotYet, Deprecated };
OperatorStatus getOperatorStatus(llvm::StringRef domain, llvm::StringRef opType,
                                 int opset);

/// Since when the operator is as it is at `opset`; 0: it is not there.
int getSinceVersion(llvm::StringRef domain, llvm::StringRef opType, int opset);

/// Whether the newest version of an operator has an attribute.
bool hasAttribute(llvm::StringRef domain, llvm::StringRef opType,
                  llvm::StringRef name);

llvm::Error parseText(llvm::StringRef text, ::onnx::ModelProto &model);

/// Checks tensors, nodes and functions of a model whose names are known to be
/// good. Calls `report` for each error; the node is null where it is in none.
void checkModel(
    const ::onnx::ModelProto &model,
    llvm::function_ref<void(const ::onnx::NodeProto *, llvm::Error)> report);

llvm::Error inlineFunctions(::onnx::ModelProto &model);
/// Writes the types that follow into `value_info`, as far as they do.
llvm::Error inferTypes(::onnx::ModelProto &model);
llvm::Error convertVersion(::onnx::ModelProto &model, int opset);

/// One node's inference: types, and values where they are known.
struct NodeInference {
  const ::onnx::NodeProto *node;
  int opset;

  // As the node lists its inputs; null where one is omitted or unknown. A value
  // is a constant, or a list of integers of which some are known.
  std::vector<const ::onnx::TypeProto *> inputTypes;
  std::vector<const ::onnx::TensorProto *> inputData;
  std::vector<const ::onnx::TensorShapeProto *> inputValues;

  // As the node lists its outputs.
  std::vector<::onnx::TypeProto> outputTypes;
  std::vector<std::optional<::onnx::TensorShapeProto>> outputValues;

  /// Infers the outputs of a subgraph from the types of its inputs.
  std::function<llvm::Expected<std::vector<::onnx::TypeProto>>(
      llvm::StringRef attribute,
      llvm::ArrayRef<const ::onnx::TypeProto *> inputTypes)>
      inferSubgraph;
};
llvm::Error inferNode(NodeInference &inference);

/// Whether ONNX defines the newest version of an operator by others.
bool hasFunction(llvm::StringRef domain, llvm::StringRef opType);

/// The function that defines an operator of the newest version, for inputs of
/// these types; none where there is none. Completes the attributes of `node`
/// by their defaults.
llvm::Expected<std::optional<::onnx::FunctionProto>>
getFunction(::onnx::NodeProto &node,
            const std::vector<::onnx::TypeProto> &inputTypes);

} // namespace tenon::importer::library

#endif // TENON_COMPILER_IMPORT_ONNX_LIBRARY_H
