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
#include "passes/simplify/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_EXPANDQUANTIZATIONPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;

namespace {
struct ExpandQuantizationPass
    : tenon::impl::ExpandQuantizationPassBase<ExpandQuantizationPass> {
  void runOnOperation() override {
    getOperation()->walk([](Operation *op) {
      OpBuilder builder(op);
      Value value = nn::expandQuantization(builder, op, op->getOperands());
      if (!value)
        return;
      op->getResult(0).replaceAllUsesWith(value);
      op->erase();
    });
  }
};
} // namespace
