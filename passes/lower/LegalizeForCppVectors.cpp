//===- LegalizeForCppVectors.cpp - Vectors as GCC's extensions have them --===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Kernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/lower/LegalizeForCpp.h"

using namespace mlir;
using namespace tenon;

/// i8 -> i32 becomes i8 -> i16 -> i32: GCC 12 converts a vector to elements of
/// four times the width lane by lane (57 instructions for 16 lanes; by doubling
/// 9), and back. Clang makes one instruction of both.
static void splitConversions(func::FuncOp function) {
  function.walk([](Operation *op) {
    if (!isa<arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp>(op))
      return;
    Value source = op->getOperand(0);
    auto from = dyn_cast<VectorType>(source.getType());
    auto to = dyn_cast<VectorType>(op->getResultTypes().front());
    if (!from || !to || from.getElementTypeBitWidth() < 8)
      return;
    // The loop doubles, or halves, until one step is left.
    OpBuilder builder(op);
    unsigned width = from.getElementTypeBitWidth();
    unsigned wanted = to.getElementTypeBitWidth();
    while (true) {
      width = width < wanted ? width * 2 : width / 2;
      if (width == wanted)
        break;
      Type type = from.clone(builder.getIntegerType(width));
      source = builder
                   .create(op->getLoc(), op->getName().getIdentifier(),
                           ValueRange(source), TypeRange(type))
                   ->getResult(0);
    }
    op->setOperand(0, source);
  });
}

/// The bits a lane of `mask` has at its use: those of what is selected, or of
/// the masks that it meets.
static unsigned getMaskBits(OpOperand &use) {
  for (Value other : llvm::reverse(use.getOwner()->getOperands())) {
    auto vector = dyn_cast<VectorType>(other.getType());
    if (other == use.get() || !vector)
      continue;
    if (unsigned bits = vector.getElementType().isInteger(1)
                            ? kernel::getMaskBits(other)
                            : vector.getElementTypeBitWidth())
      return bits;
  }
  return 32;
}

/// dense<[true, false]> becomes dense<[1, 0]> != 0: in C++ a mask has the lanes
/// of what it selects, and a comparison has them.
static void expandMaskConstants(func::FuncOp function) {
  function.walk([](arith::ConstantOp op) {
    auto mask = dyn_cast<DenseIntElementsAttr>(op.getValue());
    if (!mask || !mask.getElementType().isInteger(1))
      return;
    OpBuilder builder(op);
    for (OpOperand &use : llvm::make_early_inc_range(op->getUses())) {
      unsigned bits = getMaskBits(use);
      Value lanes = builder.create<arith::ConstantOp>(
          op.getLoc(),
          mask.mapValues(builder.getIntegerType(bits),
                         [&](const APInt &lane) { return lane.zext(bits); }));
      Value zero = builder.create<arith::ConstantOp>(
          op.getLoc(), builder.getZeroAttr(lanes.getType()));
      use.set(builder.create<arith::CmpIOp>(
          op.getLoc(), arith::CmpIPredicate::ne, lanes, zero));
    }
    op.erase();
  });
}

void tenon::legalizeVectorsForCpp(func::FuncOp function) {
  splitConversions(function);
  expandMaskConstants(function);
}
