//===- Lowering.h - The table of lowerings from onnx to nn ------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An operator is added by one row, in the file of its family:
//
//   table.map<onnx::ReluOp>([](Scalar x) { return max(x, 0); });
//   table.add(lowerTranspose);
//
//   static Lowered lowerTranspose(onnx::TransposeOp op, LayerBuilder &b) {
//     ...
//     return b.transpose(op.getData(), permutation);
//   }
//
// A lowering sees operands and results of static shape whose elements are
// integers or floats; all others are refused before it is called. It returns
// the values of the results, or b.refuse("why").
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_IMPORT_ONNXTONN_LOWERING_H
#define TENON_PASSES_IMPORT_ONNXTONN_LOWERING_H

#include "passes/import/onnx-to-nn/LayerBuilder.h"

#include "dialects/onnx/Onnx.h"

#include <functional>

namespace tenon::lowering {

/// The values of the results in order (null: an unused one), or a refusal.
class Lowered {
public:
  Lowered(mlir::Value value) : values({value}) {}
  Lowered(mlir::SmallVector<mlir::Value> values) : values(std::move(values)) {}
  Lowered(std::initializer_list<mlir::Value> values) : values(values) {}
  /// Of b.refuse(); there is no success without values.
  Lowered(llvm::LogicalResult) : refused(true) {}
  Lowered(mlir::FailureOr<mlir::Value> value) : refused(mlir::failed(value)) {
    if (!refused)
      values = {*value};
  }

  bool isRefused() const { return refused; }
  mlir::ValueRange getValues() const { return values; }

private:
  mlir::SmallVector<mlir::Value> values;
  bool refused = false;
};

using Lowering = std::function<Lowered(mlir::Operation *, LayerBuilder &)>;

class LoweringTable {
public:
  template <typename OpT> void add(Lowered (*lower)(OpT, LayerBuilder &)) {
    rows[OpT::getOperationName()] = [lower](mlir::Operation *op,
                                            LayerBuilder &b) {
      return lower(mlir::cast<OpT>(op), b);
    };
  }

  /// The same for one with an attribute `axis`, a dimension of the first
  /// operand, which is in range when `lower` is called.
  template <typename OpT>
  void addAlongAxis(Lowered (*lower)(OpT, LayerBuilder &, int64_t axis)) {
    rows[OpT::getOperationName()] = [lower](mlir::Operation *op,
                                            LayerBuilder &b) -> Lowered {
      auto typed = mlir::cast<OpT>(op);
      auto axis = b.normalizeAxis(typed.getAxis(), getRank(op->getOperand(0)));
      return mlir::succeeded(axis) ? lower(typed, b, *axis) : mlir::failure();
    };
  }

  /// For several operators that differ in their arguments to a template.
  template <typename OpT> void add(Lowering lower) {
    rows[OpT::getOperationName()] = std::move(lower);
  }

  /// An elementwise operator: a function of one to three scalars, which may
  /// take the operation first, for its attributes.
  template <typename OpT, typename Function> void map(Function function) {
    rows[OpT::getOperationName()] = [function](mlir::Operation *op,
                                               LayerBuilder &b) -> Lowered {
      auto apply = [&](Scalars x) -> Yield {
        auto typed = mlir::cast<OpT>(op);
        if constexpr (std::is_invocable_v<Function, Scalar>)
          return function(x[0]);
        else if constexpr (std::is_invocable_v<Function, Scalar, Scalar>)
          return function(x[0], x[1]);
        else if constexpr (std::is_invocable_v<Function, OpT, Scalar>)
          return function(typed, x[0]);
        else if constexpr (std::is_invocable_v<Function, OpT, Scalar, Scalar>)
          return function(typed, x[0], x[1]);
        else
          return function(x[0], x[1], x[2]);
      };
      return b.elementwise(getType(op->getResult(0)), op->getOperands(), apply);
    };
  }

  /// The same, for a name that has overloads.
  template <typename OpT> void map(Scalar (*function)(Scalar)) {
    map<OpT>([function](Scalar x) { return function(x); });
  }

  /// Null where the operator has none.
  const Lowering *lookup(llvm::StringRef operationName) const {
    auto row = rows.find(operationName);
    return row == rows.end() ? nullptr : &row->second;
  }

private:
  llvm::StringMap<Lowering> rows;
};

/// The table of all operators.
const LoweringTable &getLowerings();

/// Replaces `op` by its lowering, or fails and says why it is refused.
llvm::LogicalResult lower(mlir::Operation *op, LayerBuilder &b,
                          std::string &why);

} // namespace tenon::lowering

#endif // TENON_PASSES_IMPORT_ONNXTONN_LOWERING_H
