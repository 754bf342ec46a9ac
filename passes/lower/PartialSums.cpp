//===- PartialSums.cpp - Reductions as several sums at once ---------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One accumulator makes each addition wait for the one before, and leaves lanes
// empty. The sum of a contract may always be split. Which other combiners may
// be split is read off the region, not off a list of layers: what it yields is
// a commutative operation with a neutral element, the layer begins with that
// element, and the operation is the only use of the old value. Sums of floats
// round differently than in one chain, but the order in which the kernel adds
// is written in its IR, so both emitters give the same bits.
//
//===----------------------------------------------------------------------===//

#include "passes/lower/PartialSums.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace tenon;

/// Zeros of either sign are neutral to a sum that has any other term.
static bool isSameNumber(Attribute a, Attribute b) {
  auto x = dyn_cast_or_null<FloatAttr>(a), y = dyn_cast_or_null<FloatAttr>(b);
  if (x && y && x.getType() == y.getType())
    return x.getValue() == y.getValue();
  return a == b;
}

/// The operation that adds to the accumulator; null where there is no one such.
static Operation *getJoin(nn::ReduceOp reduce, unsigned accumulator) {
  Block &body = reduce.getCombine().front();
  Operation *op = body.getTerminator()->getOperand(accumulator).getDefiningOp();
  Value old = body.getArgument(reduce.getInputs().size() + accumulator);
  if (!op || op->getBlock() != &body || !old.hasOneUse() ||
      *old.getUsers().begin() != op || !op->hasTrait<OpTrait::IsCommutative>())
    return nullptr;
  std::optional<TypedAttr> neutral = arith::getNeutralElement(op);
  return neutral && isSameNumber(*neutral, reduce.getInit()[accumulator])
             ? op
             : nullptr;
}

bool tenon::hasPartialSums(nn::LayerOpInterface layer) {
  auto reduce = dyn_cast<nn::ReduceOp>(layer.getOperation());
  if (!reduce)
    return isa<nn::ContractOp>(layer);
  for (unsigned i = 0; i < reduce.getInit().size(); ++i)
    if (!getJoin(reduce, i))
      return false;
  return true;
}

Value tenon::buildJoin(OpBuilder &builder, Location loc,
                       nn::LayerOpInterface layer, unsigned accumulator,
                       Value lhs, Value rhs) {
  if (auto reduce = dyn_cast<nn::ReduceOp>(layer.getOperation()))
    return builder
        .create(loc, getJoin(reduce, accumulator)->getName().getIdentifier(),
                ValueRange{lhs, rhs}, lhs.getType())
        ->getResult(0);
  if (isa<FloatType>(getElementTypeOrSelf(lhs)))
    return builder.create<arith::AddFOp>(loc, lhs, rhs);
  return builder.create<arith::AddIOp>(loc, lhs, rhs);
}
