//===- onnx_library.h - ONNX's C++ library, without exceptions --*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ONNX's library throws, and LLVM is built without exceptions: they meet in
// onnx_library.cpp and nowhere else. Here, errors are values.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_IMPORT_ONNX_LIBRARY_H
#define TENON_COMPILER_IMPORT_ONNX_LIBRARY_H

#include "onnx/onnx_pb.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <functional>
#include <vector>

namespace tenon::importer::library {

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

llvm::Error parseText(llvm::StringRef text, ::onnx::ModelProto &model);
llvm::Error checkModel(const ::onnx::ModelProto &model);
llvm::Error inlineFunctions(::onnx::ModelProto &model);
llvm::Error convertVersion(::onnx::ModelProto &model, int opset);

/// Integers that are known before the program runs, by the name of the value.
using KnownValues = llvm::StringMap<std::vector<int64_t>>;

/// Infers types and shapes of all values, into `value_info` of each graph, and
/// values that follow from shapes.
llvm::Error inferShapes(::onnx::ModelProto &model, KnownValues &values);

/// One node's inference: types, and constants where they are known.
struct NodeInference {
  const ::onnx::NodeProto *node;
  int opset;
  /// As the node lists its inputs; null where one is omitted or unknown.
  std::vector<const ::onnx::TypeProto *> inputTypes;
  std::vector<const ::onnx::TensorProto *> inputData;
  /// As the node lists its outputs: what is known before and, then, after.
  std::vector<::onnx::TypeProto> outputTypes;
  /// Infers a subgraph from the types of its inputs.
  std::function<llvm::Expected<std::vector<::onnx::TypeProto>>(
      llvm::StringRef attribute,
      llvm::ArrayRef<const ::onnx::TypeProto *> inputTypes)>
      inferSubgraph;
};
llvm::Error inferNode(NodeInference &inference);

} // namespace tenon::importer::library

#endif // TENON_COMPILER_IMPORT_ONNX_LIBRARY_H
