//===- Network.h - A function as steps and values ---------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_NETWORK_H
#define TENON_PASSES_SCHEDULE_NETWORK_H

#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/schedule/Access.h"
#include <string>

namespace tenon::schedule {

/// A step reads a box of a value through an operand of its layer; all of it,
/// and operand -1, where it copies it or returns it.
struct Read {
  int step, operand;
  std::optional<Box> touched;
};

/// A tensor of the function.
struct TensorInfo {
  enum Kind {
    Input,    // an argument: memory of the caller, never written
    Constant, // nn.weight or arith.constant
    Empty,    // tensor.empty: memory that nobody has written
    Result,   // of a layer or nn.assemble
    Reshape,  // of nn.reshape: the elements of another value
  };
  mlir::Value value;
  Kind kind;
  int step; // that writes it; -1 for all but results
  int64_t elementBytes, bytes;
  llvm::SmallVector<Read, 2> reads;
  /// What its layer writes of it; none for all.
  std::optional<Box> written;
  /// The result of the function that this value is; -1 where it is none.
  int output = -1;

  mlir::RankedTensorType getType() const {
    return mlir::cast<mlir::RankedTensorType>(value.getType());
  }
  llvm::ArrayRef<int64_t> getShape() const { return getType().getShape(); }
};

/// Two values may share memory, for one of these reasons.
struct Tie {
  enum Kind {
    Reshape, // target = nn.reshape source
    Part,    // source is part `index` of target = nn.assemble
    Outs,    // the layer overwrites some elements of source, and yields target
    Slice,   // target is a box of source, by a map that only moves
    InPlace, // the layer reads source at the very element of target it writes
  };
  Kind kind;
  int source, target;
  int step;       // -1 for a reshape
  unsigned index; // of the part, or of the operand of the layer

  /// The target has the source's elements (or else, overwrites them).
  bool sharesContent() const { return kind != InPlace; }
};

/// The step reads rows of `source` before it writes rows of `target`: these may
/// go over those if `source` begins at least `lag` bytes behind (Trail.h).
struct Trail {
  int source, target, step;
  /// Through which it reads; -1 where it copies.
  int operand;
  int64_t lag;
};

/// A layer or nn.assemble, in the order of execution.
struct Step {
  mlir::Operation *op;
  std::string name;
  llvm::SmallVector<int> results;
  /// Of nn.assemble: what gets the fill value.
  llvm::SmallVector<Box> filled;
};

/// The straight-line program of one function. Reads through ties that share
/// content are not listed: whether they happen is for the plan to decide.
struct Network {
  mlir::func::FuncOp func;
  std::vector<Step> steps;
  std::vector<TensorInfo> values; // in the order of definition
  std::vector<Tie> ties;
  std::vector<Trail> trails;
  llvm::DenseMap<mlir::Value, int> ids;

  int getEnd() const { return steps.size(); }
  /// Of a value of the function, which all its operands are.
  int getId(mlir::Value value) const {
    auto found = ids.find(value);
    assert(found != ids.end() && "not a value of the network");
    return found->second;
  }
  /// The operand through which the layer that makes `value` writes it.
  unsigned getOutputOperand(int value) const;
};

/// The one function of the module that has a body.
mlir::FailureOr<mlir::func::FuncOp> getNetworkFunction(mlir::ModuleOp module);

/// The operations of the function's one block without its terminator.
std::vector<mlir::Operation *> getOperations(mlir::func::FuncOp func);

/// The most bytes that a tensor, or the arena, may have on the target.
int64_t getMaxBytes(mlir::Operation *op);

/// Reads the operations in the order of `sequence`, which is that of
/// definition and use. Fails with a diagnostic where the function holds
/// anything but layers, views and constants on static tensors.
mlir::FailureOr<Network>
buildNetwork(mlir::func::FuncOp func,
             llvm::ArrayRef<mlir::Operation *> sequence);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_NETWORK_H
