//===- EvaluateOnnx.cpp - The value of an operator on constants -----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// No operator has a folder of its own. Its lowering says what it computes:
//
//   onnx.Add(%two, %three)    ->    nn.map ... { arith.addi }    ->    5
//
// in a module that nobody else sees.
//
//===----------------------------------------------------------------------===//

#include "passes/import/Passes.h"

#include "dialects/nn/Evaluate.h"
#include "passes/import/onnx-to-nn/Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace tenon;

/// A fraction of a second.
static constexpr int64_t kMaxPoints = int64_t(1) << 24;

Attribute tenon::evaluateOnnx(Operation *op, ArrayRef<Attribute> operands) {
  // Shapes do not depend on quantized numbers, which are to stay integers.
  if (op->getNumResults() != 1 || op->getNumRegions() != 0 ||
      isa<onnx::DequantizeLinearOp>(op))
    return {};
  Location loc = op->getLoc();
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  auto builder = OpBuilder::atBlockEnd(module->getBody());
  auto function = builder.create<func::FuncOp>(
      loc, "f", builder.getFunctionType({}, op->getResultTypes()));
  Block *block = function.addEntryBlock();
  builder.setInsertionPointToEnd(block);
  IRMapping mapping;
  for (auto [value, attr] : llvm::zip_equal(op->getOperands(), operands)) {
    auto constant = dyn_cast<TypedAttr>(attr);
    if (!constant || constant.getType() != value.getType())
      return {};
    mapping.map(value, builder.create<arith::ConstantOp>(loc, constant));
  }
  Operation *clone = builder.clone(*op, mapping);
  builder.create<func::ReturnOp>(loc, clone->getResults());
  SymbolTable symbols(*module);
  lowering::LayerBuilder layers(symbols);
  std::string reason;
  if (failed(lowering::lower(clone, layers, reason)))
    return {};
  for (Operation &layer : block->without_terminator())
    if (nn::canEvaluate(&layer) && !nn::getNumPoints(&layer, kMaxPoints))
      return {};
  FailureOr<SmallVector<nn::Buffer>> values = nn::evaluateBlock(*block, reason);
  return succeeded(values) ? nn::getDenseAttr(values->front()) : Attribute();
}
