//===- AbsorbPads.cpp - Padding becomes part of the window ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reducing layer skips points outside its input, which is the same as reading
// the identity of its combiner there. So a border of that value goes away:
//
//     %p = nn.assemble(%x at [1, 1]) fill 0.0
//     %y = nn.contract ins(%p, %w)
//         maps [(h, w, kh, kw) -> (h + kh, w + kw), ...]
// becomes
//     %y = nn.contract ins(%x, %w)
//         maps [(h, w, kh, kw) -> (h + kh - 1, w + kw - 1), ...]
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Borders.h"
#include "passes/simplify/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_ABSORBPADSPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

namespace {
struct AbsorbPad : OpInterfaceRewritePattern<LayerOpInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(LayerOpInterface layer,
                                PatternRewriter &rewriter) const override {
    LayerOpInterface next = absorbBorder(rewriter, layer);
    if (!next)
      return rewriter.notifyMatchFailure(layer, "reads no such border");
    rewriter.replaceOp(layer, next);
    return success();
  }
};

struct AbsorbPadsPass : tenon::impl::AbsorbPadsPassBase<AbsorbPadsPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<AbsorbPad>(&getContext());
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
