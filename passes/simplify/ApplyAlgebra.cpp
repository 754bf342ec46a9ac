//===- ApplyAlgebra.cpp - Simpler scalar arithmetic in regions ------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Applies the identities of Algebra.td to the regions of layers. Lowerings
// state formulas, and need not look for what is simple in a special case:
//
//     %y = math.powf %x, %two       %m = arith.maximumf %x, %zero
//                                   %y = arith.maximumf %m, %one
// becomes
//     %y = arith.mulf %x, %x        %y = arith.maximumf %x, %one
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "passes/simplify/Passes.h"

using namespace mlir;
using namespace tenon;

namespace tenon {
#define GEN_PASS_DEF_APPLYALGEBRAPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

static bool isNumber(Attribute attr, double value) {
  auto number = dyn_cast<FloatAttr>(attr);
  return number && number.getValueAsDouble() == value;
}

/// 1 / `attr`, if that is exact; else null.
static TypedAttr getExactInverse(Attribute attr) {
  auto number = dyn_cast<FloatAttr>(attr);
  APFloat inverse(0.0);
  if (!number || !number.getValue().getExactInverse(&inverse))
    return {};
  return FloatAttr::get(number.getType(), inverse);
}

/// inf for -inf, 0 for -0, and any other `x` itself.
static Value getRadicandOfPower(OpBuilder &builder, Location loc, Value x) {
  auto type = cast<FloatType>(x.getType());
  auto getConstant = [&](const APFloat &value) -> Value {
    return builder.create<arith::ConstantOp>(loc, FloatAttr::get(type, value));
  };
  const llvm::fltSemantics &semantics = type.getFloatSemantics();
  Value infinity = getConstant(APFloat::getInf(semantics));
  Value minus = getConstant(APFloat::getInf(semantics, /*Negative=*/true));
  Value sum = builder.create<arith::AddFOp>(
      loc, x, getConstant(APFloat::getZero(semantics)));
  Value isMinus =
      builder.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OEQ, x, minus);
  return builder.create<arith::SelectOp>(loc, isMinus, infinity, sum);
}

namespace {
#include "passes/simplify/Algebra.inc"

struct ApplyAlgebraPass : tenon::impl::ApplyAlgebraPassBase<ApplyAlgebraPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateWithGenerated(patterns);
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
