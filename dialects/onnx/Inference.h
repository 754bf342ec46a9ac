//===- Inference.h - How passes ask for ONNX's inference --------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The types of operations of the onnx dialect follow from ONNX's own inference,
// which lives in the ONNX library, behind compiler/import. The importer
// attaches it to the dialect as an interface, so that passes need no library.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_ONNX_INFERENCE_H
#define TENON_DIALECTS_ONNX_INFERENCE_H

#include "mlir/IR/Dialect.h"
#include "mlir/IR/DialectInterface.h"
#include "mlir/IR/Region.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <optional>

namespace tenon::onnx {

/// Sets the types of a region's arguments (null: leave it), visits its
/// operations, and returns the types of what it yields.
using VisitRegion =
    llvm::function_ref<llvm::Expected<llvm::SmallVector<mlir::Type>>(
        mlir::Region &region, llvm::ArrayRef<mlir::Type> argumentTypes)>;

/// The inference of a sequence of operations: it remembers integers that follow
/// from shapes.
class InferenceSession {
public:
  virtual ~InferenceSession() = default;

  /// The types of the results, at least as precise as they are.
  virtual llvm::Expected<llvm::SmallVector<mlir::Type>>
  infer(mlir::Operation *op, VisitRegion visitRegion) = 0;

  /// The elements of a tensor of integers if all of them are known.
  virtual std::optional<llvm::SmallVector<int64_t>>
  getKnown(mlir::Value value) const = 0;
};

class InferenceInterface
    : public mlir::DialectInterface::Base<InferenceInterface> {
public:
  explicit InferenceInterface(mlir::Dialect *dialect) : Base(dialect) {}
  virtual std::unique_ptr<InferenceSession> start() const = 0;
};

} // namespace tenon::onnx

#endif // TENON_DIALECTS_ONNX_INFERENCE_H
