//===- Interpret.cpp - Run functions without arguments, for tests ---------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Replaces what a function returns by its value, as the evaluator computes it:
//
//     %sum = nn.map ... ins(%one, %two ...
//     return %sum
// becomes
//     %0 = arith.constant dense<3>
//     return %0
//
// so that a test of a lowering or a rewrite can check numbers in IR.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Evaluate.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "test/lib/Passes.h"

using namespace mlir;
using namespace tenon;

namespace tenon {
#define GEN_PASS_DEF_INTERPRETPASS
#include "test/lib/Passes.h.inc"
} // namespace tenon

static LogicalResult interpret(func::FuncOp function) {
  std::string reason;
  Block &block = function.getBody().front();
  FailureOr<SmallVector<nn::Buffer>> values = nn::evaluateBlock(block, reason);
  if (failed(values))
    return function.emitError() << reason;
  Operation *end = block.getTerminator();
  OpBuilder builder(end);
  for (auto [operand, buffer] : llvm::zip(end->getOpOperands(), *values))
    operand.set(builder.create<arith::ConstantOp>(end->getLoc(),
                                                  nn::getDenseAttr(buffer)));
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (&op != end && op.use_empty())
      op.erase();
  return success();
}

namespace {
struct InterpretPass : tenon::impl::InterpretPassBase<InterpretPass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.getNumArguments() == 0 && function.getBody().hasOneBlock() &&
          failed(interpret(function)))
        signalPassFailure();
  }
};
} // namespace
