//===- ExpandQuantization.cpp - Quantization becomes arithmetic -----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is left of nn.quantize, nn.dequantize and nn.requantize in the regions
// of layers becomes the arithmetic that they stand for (Quantization.cpp), now
// that no pass looks for them any more:
//
//     %x = nn.dequantize %q scale %s : i8, f32 -> f32
// becomes
//     %0 = arith.extsi %q : i8 to i32
//     %1 = arith.sitofp %0 : i32 to f32
//     %x = arith.mulf %1, %s : f32
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Quantization.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "passes/simplify/Magnitude.h"
#include "passes/simplify/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_EXPANDQUANTIZATIONPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;

/// What is rounded, in steps of the result, is known to be small.
static bool isBounded(Operation *op) {
  std::optional<double> most, factor;
  if (auto quantize = dyn_cast<nn::QuantizeOp>(op)) {
    most = nn::getMagnitude(quantize.getInput());
    FloatAttr scale;
    if (matchPattern(quantize.getScale(), m_Constant(&scale)))
      factor = 1 / scale.getValueAsDouble();
  } else if (auto requantize = dyn_cast<nn::RequantizeOp>(op)) {
    most = nn::getMagnitude(requantize.getInput());
    factor = nn::getMagnitude(requantize.getFactor());
  }
  return most && factor && *most * *factor < nn::kLeastUnbounded;
}

namespace {
struct ExpandQuantizationPass
    : tenon::impl::ExpandQuantizationPassBase<ExpandQuantizationPass> {
  void runOnOperation() override {
    getOperation()->walk([](Operation *op) {
      OpBuilder builder(op);
      Value value =
          nn::expandQuantization(builder, op, op->getOperands(), isBounded(op));
      if (!value)
        return;
      op->getResult(0).replaceAllUsesWith(value);
      op->erase();
    });
  }
};
} // namespace
