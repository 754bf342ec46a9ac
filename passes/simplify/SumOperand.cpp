//===- SumOperand.cpp - Sums of one side of a product ---------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/simplify/SumOperand.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

MappedOperand
tenon::nn::sumOperand(OpBuilder &builder, Location loc, const LayerSpec &spec,
                      const MappedOperand &operand, TypedAttr init,
                      function_ref<Value(OpBuilder &, Value, Value)> add,
                      function_ref<Value(OpBuilder &, Value)> finish) {
  SmallVector<int64_t> bounds = spec.getBounds(), parallel, reduction;
  // The dimensions of the operand, numbered anew.
  SmallVector<AffineExpr> renumbered(bounds.size(),
                                     builder.getAffineConstantExpr(0));
  SmallVector<AffineExpr> results;
  for (auto [dim, size] : llvm::enumerate(bounds)) {
    if (!operand.map.isFunctionOfDim(dim))
      continue;
    renumbered[dim] =
        builder.getAffineDimExpr(parallel.size() + reduction.size());
    bool isParallel = dim < spec.parallel.size();
    (isParallel ? parallel : reduction).push_back(size);
    if (isParallel)
      results.push_back(builder.getAffineDimExpr(dim));
  }
  AffineMap map = operand.map.replaceDimsAndSymbols(
      renumbered, {}, parallel.size() + reduction.size(), 0);
  Value sums = buildReduction(
      builder, loc, RankedTensorType::get(parallel, init.getType()), reduction,
      {{operand.value, map}}, init,
      [&](OpBuilder &b, ValueRange x, Value acc) { return add(b, x[0], acc); },
      finish);
  return {sums,
          AffineMap::get(bounds.size(), 0, results, builder.getContext())};
}
