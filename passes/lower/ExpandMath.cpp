//===- ExpandMath.cpp - Replaces math functions by arithmetic -------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every function is MLIR text on one scalar, in passes/lower/math/: `@exp` is
// the body of `math.exp`. One mechanism clones it at the operation's type: as
// it is for f32, and for vector<Nxf32> with each value mapped to a vector and
// each constant splatted. Calls between library functions are inlined.
//
//   %y = math.exp %x : vector<4xf32>
//
//   %0 = arith.constant dense<1.44269502> : vector<4xf32>
//   %1 = arith.mulf %x, %0 : vector<4xf32>
//   ...
//
// Where the target has no fused multiply-add, `@name.nofma` is taken before
// `@name`, and what `math.fma` remains becomes a product and a sum.
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Kernel.h"
#include "passes/lower/MathLibrary.h"
#include "passes/lower/Passes.h"

using namespace mlir;
using namespace tenon;

namespace tenon {
#define GEN_PASS_DEF_EXPANDMATHPASS
#include "passes/lower/Passes.h.inc"
} // namespace tenon

namespace {
struct ExpandMathPass : tenon::impl::ExpandMathPassBase<ExpandMathPass> {
  LogicalResult initialize(MLIRContext *context) override {
    if (!library || library->getContext() != context)
      library = MathLibrary::load(context);
    return success(library != nullptr);
  }

  void runOnOperation() override {
    kernel::TargetAttr target = kernel::getTarget(getOperation());
    MathLibrary::Target features;
    if (target) {
      features.fma = target.getFma();
      features.sqrt = target.getSqrt();
      features.hasDoubles = target.getLanes() > 1;
    }
    SmallVector<Operation *> calls;
    getOperation()->walk([&](Operation *op) {
      if (library->lookup(op, features))
        calls.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (Operation *op : calls) {
      rewriter.setInsertionPoint(op);
      library->expand(rewriter, op, features);
    }
  }

  std::shared_ptr<MathLibrary> library;
};
} // namespace
