//===- RecordQuantization.cpp - Scales of inputs and outputs --------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Callers of a quantized model must know what its integers mean. What the
// DequantizeLinear that reads an input, or the QuantizeLinear that makes an
// output, knows of that becomes attributes of the argument or result, before
// the conversion takes these operators apart:
//
//     func.func @kws(%x: tensor<1x490xi8>) {
//       %y = onnx.DequantizeLinear(%x, %scale, %zero) ...
//
// becomes
//
//     func.func @kws(%x: tensor<1x490xi8> {onnx.scale = 0.58 : f64,
//                                          onnx.zero_point = 83 : i64}) {
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Interface.h"
#include "dialects/nn/Constants.h"
#include "dialects/onnx/Onnx.h"
#include "passes/import/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_RECORDQUANTIZATIONPASS
#include "passes/import/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;

/// A constant operand with one element, as a number.
static std::optional<double> getScalar(Value value, SymbolTable &symbols) {
  auto buffer = nn::getConstant(value, &symbols);
  if (!buffer || buffer->type.getNumElements() != 1 ||
      buffer->type.getElementType().isInteger(1))
    return std::nullopt;
  DenseElementsAttr attr = nn::getDenseAttr(*buffer);
  if (isa<FloatType>(attr.getElementType()))
    return attr.getValues<APFloat>()[0].convertToDouble();
  if (!isa<IntegerType>(attr.getElementType()))
    return std::nullopt;
  APInt integer = attr.getValues<APInt>()[0];
  if (attr.getElementType().isUnsignedInteger())
    return static_cast<double>(integer.getZExtValue());
  return static_cast<double>(integer.getSExtValue());
}

/// Operators that leave the values as they are.
static bool isMove(Operation *op) {
  return isa<onnx::ReshapeOp, onnx::TransposeOp, onnx::SqueezeOp,
             onnx::UnsqueezeOp, onnx::FlattenOp, onnx::IdentityOp>(op);
}

static Value skipMoves(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isMove(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}

/// Hands scale and zero point of the operation to `set`, if they are constant
/// numbers.
static void
findQuantization(Operation *op, SymbolTable &symbols,
                 llvm::function_ref<void(StringRef, Attribute)> set) {
  if (op->getNumOperands() < 2)
    return;
  auto scale = getScalar(op->getOperand(1), symbols);
  std::optional<double> zeroPoint = 0.0;
  if (op->getNumOperands() > 2)
    zeroPoint = getScalar(op->getOperand(2), symbols);
  if (!scale || !zeroPoint)
    return;
  Builder builder(op->getContext());
  set(kernel::kScaleAttrName, builder.getF64FloatAttr(*scale));
  set(kernel::kZeroPointAttrName, builder.getI64IntegerAttr(*zeroPoint));
}

namespace {
struct RecordQuantizationPass
    : public tenon::impl::RecordQuantizationPassBase<RecordQuantizationPass> {
  using RecordQuantizationPassBase::RecordQuantizationPassBase;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (func.isExternal() || !func.isPublic())
        continue;
      func.walk([&](onnx::DequantizeLinearOp op) {
        auto arg = dyn_cast<BlockArgument>(skipMoves(op->getOperand(0)));
        if (arg && arg.getOwner() == &func.front())
          findQuantization(op, symbols, [&](StringRef name, Attribute value) {
            func.setArgAttr(arg.getArgNumber(), name, value);
          });
      });
      for (OpOperand &operand : func.front().getTerminator()->getOpOperands()) {
        Operation *op = skipMoves(operand.get()).getDefiningOp();
        if (isa_and_present<onnx::QuantizeLinearOp>(op))
          findQuantization(op, symbols, [&](StringRef name, Attribute value) {
            func.setResultAttr(operand.getOperandNumber(), name, value);
          });
      }
    }
  }
};
} // namespace
