//===- TieLayout.cpp - Where a tie puts its values ------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A view (Reshape, Part, Outs) has its layout by arithmetic on the other's. For
// what a layer does (Slice, InPlace), both operands are touched at the same
// points of the iteration space: the one's map and layout give the byte of each
// point, and the other's map, inverted, the layout with these bytes.
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/TieLayout.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

/// The layout under which operand `to` is touched where `from` is.
static std::optional<Layout> follow(nn::LayerOpInterface layer, unsigned from,
                                    const Layout &layout, unsigned to,
                                    ArrayRef<int64_t> shape) {
  SmallVector<int64_t> bounds = layer.getBounds();
  if (layer.getMap(from) == layer.getMap(to) &&
      llvm::equal(layout.shape, shape))
    return layout;
  std::optional<Access> access = getAccess(layer.getMap(from), bounds, layout);
  if (!access)
    return std::nullopt;
  return getLayout(layer.getMap(to), bounds, *access, shape);
}

std::optional<Layout> schedule::getTargetLayout(const Network &network,
                                                const Tie &tie,
                                                const Layout &source) {
  ArrayRef<int64_t> shape = network.values[tie.target].getShape();
  switch (tie.kind) {
  case Tie::Reshape:
    return reshape(source, shape);
  case Tie::Part:
    if (llvm::equal(shape, source.shape))
      return source;
    return std::nullopt;
  case Tie::Outs:
    return source;
  case Tie::Slice:
  case Tie::InPlace:
    return follow(cast<nn::LayerOpInterface>(network.steps[tie.step].op),
                  tie.index, source, network.getOutputOperand(tie.target),
                  shape);
  }
  llvm_unreachable("all kinds are handled");
}

std::optional<Layout> schedule::getSourceLayout(const Network &network,
                                                const Tie &tie,
                                                const Layout &target) {
  ArrayRef<int64_t> shape = network.values[tie.source].getShape();
  switch (tie.kind) {
  case Tie::Reshape:
    return reshape(target, shape);
  case Tie::Part: {
    auto assemble = cast<nn::AssembleOp>(network.steps[tie.step].op);
    return getBox(target, assemble.getPartOffsets(tie.index), shape);
  }
  case Tie::Outs:
    return target;
  case Tie::Slice:
  case Tie::InPlace:
    return follow(cast<nn::LayerOpInterface>(network.steps[tie.step].op),
                  network.getOutputOperand(tie.target), target, tie.index,
                  shape);
  }
  llvm_unreachable("all kinds are handled");
}
