//===- Fold.cpp - Small constants, computed while lowering ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a copy of a loop's body computes from the number of its iteration, or a
// lowering from constants, must be known when its users are lowered: places to
// gather or slice. Weights are left to `fold-weights`.
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Lowering.h"

#include "dialects/nn/Evaluate.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

/// Points of a layer that are worth the time.
static constexpr int64_t kMaxPoints = 1 << 20;
/// Elements of a float tensor that is no weight.
static constexpr int64_t kMaxFloats = 16;

static bool isSmall(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  std::optional<int64_t> bytes =
      tensor ? nn::getByteSize(tensor) : std::nullopt;
  if (!bytes || *bytes > nn::kMaxDenseBytes)
    return false;
  return isa<IntegerType>(tensor.getElementType()) ||
         tensor.getNumElements() <= kMaxFloats;
}

/// Integers that stand for numbers stay: sums are made of them.
static bool isDequantized(Operation *op) {
  auto map = llvm::dyn_cast<nn::MapOp>(op);
  return map && map.getBody()
                    .front()
                    .getTerminator()
                    ->getOperand(0)
                    .getDefiningOp<nn::DequantizeOp>();
}

std::optional<SmallVector<Value>> LayerBuilder::evaluate(Operation *op) {
  if (!nn::canEvaluate(op) || !nn::getNumPoints(op, kMaxPoints))
    return std::nullopt;
  SmallVector<nn::Buffer> operands;
  for (Value operand : op->getOperands()) {
    if (operand.getDefiningOp<tensor::EmptyOp>()) {
      operands.push_back({lowering::getType(operand), {}, {}});
      continue;
    }
    std::optional<nn::Buffer> buffer = nn::getConstant(operand, &symbols);
    if (!buffer)
      return std::nullopt;
    operands.push_back(*buffer);
  }
  std::string why;
  FailureOr<SmallVector<nn::Buffer>> results = nn::evaluate(op, operands, why);
  if (failed(results))
    return std::nullopt;
  InsertionGuard guard(*this);
  setInsertionPoint(op);
  return llvm::map_to_vector(*results, [&](const nn::Buffer &buffer) -> Value {
    return nn::createConstant(*this, op->getLoc(), symbols, buffer);
  });
}

bool LayerBuilder::fold(Operation *op) {
  if (!llvm::all_of(op->getResultTypes(), isSmall) || isDequantized(op))
    return false;
  std::optional<SmallVector<Value>> constants = evaluate(op);
  if (!constants)
    return false;
  op->replaceAllUsesWith(*constants);
  op->erase();
  return true;
}

Value LayerBuilder::folded(Value value) {
  Operation *op = value.getDefiningOp();
  std::optional<SmallVector<Value>> constants;
  if (op && value.use_empty())
    constants = evaluate(op);
  if (!constants)
    return value;
  op->erase();
  return constants->front();
}
