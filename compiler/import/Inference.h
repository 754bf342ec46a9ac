//===- Inference.h - ONNX's inference over MLIR values ----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_IMPORT_INFERENCE_H
#define TENON_COMPILER_IMPORT_INFERENCE_H

#include "mlir/IR/Value.h"
#include "onnx/onnx_pb.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

namespace tenon::importer {

/// Builds or visits a subgraph whose inputs have the types given (null where
/// one is unknown), and says which types its outputs have.
using SubgraphFunction =
    llvm::function_ref<llvm::Expected<llvm::SmallVector<mlir::Type>>(
        llvm::StringRef attribute, llvm::ArrayRef<mlir::Type> inputTypes)>;

/// Runs ONNX's inference of one node after the other, and remembers integers
/// that follow from shapes: what `Shape` gives, and what is computed from it.
class Inference {
public:
  explicit Inference(mlir::MLIRContext *context) : context(context) {}

  struct Result {
    llvm::SmallVector<mlir::Type> types; // null where one is unknown
    llvm::SmallVector<std::optional<::onnx::TensorShapeProto>> values;
  };

  /// Infers the outputs of `node` from `inputs` (null where one is omitted).
  /// The node is of the newest version of its operator.
  llvm::Expected<Result> infer(const ::onnx::NodeProto &node,
                               llvm::ArrayRef<mlir::Value> inputs,
                               SubgraphFunction inferSubgraph);

  /// Infers element types alone, from those of the inputs: for a branch that is
  /// never taken, whose shapes may be nonsense.
  llvm::Expected<Result> inferWithoutShapes(const ::onnx::NodeProto &node,
                                            llvm::ArrayRef<mlir::Value> inputs,
                                            SubgraphFunction inferSubgraph);

  /// Remembers what was inferred of an output.
  void remember(mlir::Value value,
                std::optional<::onnx::TensorShapeProto> known);

  /// The elements of a value of integers if all are known.
  std::optional<llvm::SmallVector<int64_t>> getKnown(mlir::Value value) const;

private:
  llvm::Expected<Result> infer(const ::onnx::NodeProto &node,
                               llvm::ArrayRef<mlir::Value> inputs,
                               SubgraphFunction inferSubgraph, bool hasShapes);

  mlir::MLIRContext *context;
  llvm::DenseMap<mlir::Value, ::onnx::TensorShapeProto> known;
  int64_t numKnown = 0; // integers in `known`
};

/// A small constant as ONNX's tensor; false where the value is none.
bool getConstantData(mlir::Value value, ::onnx::TensorProto &tensor);

/// Types of outputs that ONNX's library does not infer, as far as they follow.
void inferMl(const ::onnx::NodeProto &node, llvm::ArrayRef<mlir::Value> inputs,
             llvm::MutableArrayRef<mlir::Type> outputs);

/// What both say of a type: dimensions that one leaves open are the other's.
/// An error where they contradict each other. Either may be null.
llvm::Expected<mlir::Type> mergeTypes(mlir::Type inferred, mlir::Type declared);

} // namespace tenon::importer

#endif // TENON_COMPILER_IMPORT_INFERENCE_H
