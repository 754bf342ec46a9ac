//===- Sort.cpp - The largest elements ------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rank of an element is how many come before it; element k of the result
// is the one of rank k. Two reductions, of which each point is computed on its
// own, take n^2 steps: little for the few hundred elements that models sort.
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

static constexpr int64_t kMaxSorted = 1 << 14;

static Lowered lowerTopK(onnx::TopKOp op, LayerBuilder &b, int64_t axis) {
  Value x = op.getX();
  int64_t rank = getRank(x);
  int64_t size = getShape(x)[axis];
  if (size > kMaxSorted)
    return b.refuse("sorts " + Twine(size) + " elements; at most " +
                    Twine(kMaxSorted) + " are supported");
  Type element = getElement(x), i64 = b.getI64Type();
  Access other = b.all(x);
  other.index[axis] = b.d(rank);
  // Of equal ones, the first comes first.
  Value ranks = b.reduce(b.over(withElement(x, i64), size), {b.all(x), other},
                         0, [&](Scalars x, Scalars acc) {
                           Scalar here = b.index(axis).cast(i64),
                                  there = b.index(rank).cast(i64);
                           Scalar before =
                               op.getLargest() ? x[1] > x[0] : x[1] < x[0];
                           before = before | ((x[1] == x[0]) & (there < here));
                           return acc[0] + before.cast(i64);
                         });
  auto type = getType(op.getValues());
  Access candidate = other, candidateRank{ranks, other.index};
  return b.reduce(
      b.over(type, size), {element, i64}, {candidate, candidateRank},
      {{element, getNumber(element, 0)}, {i64, b.getI64IntegerAttr(0)}},
      [&](Scalars x, Scalars acc) -> Yield {
        Scalar hit = x[1] == b.index(axis).cast(i64);
        Scalar index = b.index(rank).cast(i64);
        return {select(hit, x[0], acc[0]), select(hit, index, acc[1])};
      });
}

void lowering::populateSort(LoweringTable &table) {
  table.addAlongAxis(lowerTopK);
}
