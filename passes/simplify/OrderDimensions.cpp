//===- OrderDimensions.cpp - Loops in the order of memory -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers the parallel dimensions of a layer as its first output has them, and
// the reductions as its first input has them, so that loops walk memory in
// order. This fixes the order of every sum, once: nothing later changes it.
//
//     nn.contract parallel [16, 8, 8] reduction [4, 3, 3]
//         maps [(o, h, w, c, kh, kw) -> (h + kh, w + kw, c), ...,
//               (o, h, w, c, kh, kw) -> (h, w, o)]
// becomes
//     nn.contract parallel [8, 8, 16] reduction [3, 3, 4]
//         maps [(h, w, o, kh, kw, c) -> (h + kh, w + kw, c), ...,
//               (h, w, o, kh, kw, c) -> (h, w, o)]
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/LayerSpec.h"
#include "passes/simplify/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_ORDERDIMENSIONSPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

/// The first position of `map` that uses `dim`; past the end for none.
static unsigned getFirstUse(AffineMap map, unsigned dim) {
  for (auto [position, expr] : llvm::enumerate(map.getResults()))
    if (expr.isFunctionOfDim(dim))
      return position;
  return map.getNumResults();
}

/// Old dimensions in their new order.
static SmallVector<unsigned> getOrder(const LayerSpec &spec) {
  unsigned numDims = spec.getBounds().size();
  unsigned numParallel = spec.parallel.size();
  SmallVector<unsigned> order = llvm::to_vector(llvm::seq(numDims));
  auto sort = [&](unsigned begin, unsigned end, AffineMap map) {
    llvm::sort(order.begin() + begin, order.begin() + end,
               [&](unsigned a, unsigned b) {
                 return std::pair(getFirstUse(map, a), a) <
                        std::pair(getFirstUse(map, b), b);
               });
  };
  sort(0, numParallel, spec.outputs[0].map);
  if (!spec.inputs.empty())
    sort(numParallel, numDims, spec.inputs[0].map);
  return order;
}

static void orderDimensions(LayerOpInterface layer) {
  LayerSpec spec = LayerSpec::get(layer);
  SmallVector<unsigned> order = getOrder(spec);
  if (llvm::is_sorted(order))
    return;
  OpBuilder builder(layer);
  SmallVector<int64_t> bounds = spec.getBounds();
  SmallVector<AffineExpr> renamed(bounds.size());
  for (auto [to, from] : llvm::enumerate(order))
    renamed[from] = builder.getAffineDimExpr(to);
  unsigned next = 0;
  for (int64_t &bound : spec.parallel)
    bound = bounds[order[next++]];
  for (int64_t &bound : spec.reduction)
    bound = bounds[order[next++]];
  spec.forEachOperand([&](MappedOperand &operand) {
    SmallVector<AffineExpr> symbols;
    for (unsigned i = 0; i < operand.map.getNumSymbols(); ++i)
      symbols.push_back(builder.getAffineSymbolExpr(i));
    operand.map = operand.map.replaceDimsAndSymbols(
        renamed, symbols, bounds.size(), symbols.size());
  });
  LayerOpInterface ordered = spec.create(builder, layer.getLoc(), layer);
  ordered->walk([&](IndexOp op) {
    op.setDim(cast<AffineDimExpr>(renamed[op.getDim()]).getPosition());
  });
  layer->replaceAllUsesWith(ordered);
  layer->erase();
}

namespace {
struct OrderDimensionsPass
    : tenon::impl::OrderDimensionsPassBase<OrderDimensionsPass> {
  void runOnOperation() override {
    SmallVector<LayerOpInterface> layers;
    getOperation().walk(
        [&](LayerOpInterface layer) { layers.push_back(layer); });
    for (LayerOpInterface layer : layers)
      orderDimensions(layer);
  }
};
} // namespace
