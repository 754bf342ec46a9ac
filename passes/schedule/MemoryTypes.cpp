//===- MemoryTypes.cpp - Elements in memory and in regions ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/MemoryTypes.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

Type tenon::schedule::getMemoryType(Type elementType) {
  if (elementType.isF32() || elementType.isF64())
    return elementType;
  return IntegerType::get(elementType.getContext(),
                          8 * kernel::getElementBytes(elementType));
}

MemRefType tenon::schedule::getMemRefType(RankedTensorType type) {
  return MemRefType::get(type.getShape(), getMemoryType(type.getElementType()));
}

TypedAttr tenon::schedule::getMemoryValue(TypedAttr value) {
  Type type = getMemoryType(value.getType());
  if (type == value.getType())
    return value;
  APInt bits = isa<FloatAttr>(value)
                   ? cast<FloatAttr>(value).getValue().bitcastToAPInt()
                   : cast<IntegerAttr>(value).getValue();
  return IntegerAttr::get(type, bits.zextOrTrunc(type.getIntOrFloatBitWidth()));
}

static Value fromMemory(OpBuilder &builder, Location loc, Value value,
                        Type type) {
  if (isa<FloatType>(type))
    return builder.create<arith::BitcastOp>(loc, type, value);
  if (isa<IndexType>(type))
    return builder.create<arith::IndexCastOp>(loc, type, value);
  if (!type.isInteger(1))
    return builder.create<arith::TruncIOp>(loc, type, value);
  // The caller's bytes may hold any truth.
  Value zero = builder.create<arith::ConstantOp>(
      loc, builder.getIntegerAttr(value.getType(), 0));
  return builder.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne, value,
                                       zero);
}

static Value toMemory(OpBuilder &builder, Location loc, Value value,
                      Type memory) {
  TypedAttr constant;
  if (matchPattern(value, m_Constant(&constant)))
    return builder.create<arith::ConstantOp>(loc, getMemoryValue(constant));
  if (isa<FloatType>(value.getType()))
    return builder.create<arith::BitcastOp>(loc, memory, value);
  if (isa<IndexType>(value.getType()))
    return builder.create<arith::IndexCastOp>(loc, memory, value);
  return builder.create<arith::ExtUIOp>(loc, memory, value);
}

/// Argument `index` of the region becomes of type `memory`. A yield of the
/// argument itself moves it as it is.
static void convertArgument(Region &region, unsigned index, Type memory,
                            bool yieldsToMemory) {
  BlockArgument argument = region.getArgument(index);
  Type type = argument.getType();
  if (type == memory)
    return;
  argument.setType(memory);
  auto isMoved = [&](OpOperand &use) {
    return yieldsToMemory && isa<nn::YieldOp>(use.getOwner());
  };
  if (llvm::all_of(argument.getUses(), isMoved))
    return;
  OpBuilder builder = OpBuilder::atBlockBegin(&region.front());
  Value value = fromMemory(builder, argument.getLoc(), argument, type);
  argument.replaceUsesWithIf(value, [&](OpOperand &use) {
    return use.getOwner() != value.getDefiningOp() && !isMoved(use);
  });
}

LogicalResult tenon::schedule::convertRegions(nn::LayerOpInterface layer,
                                              nn::LayerOpInterface planned) {
  auto getMemory = [](Value value) { return getElementTypeOrSelf(value); };
  if (isa<nn::ContractOp>(layer))
    for (auto [from, to] :
         llvm::zip_equal(layer.getInputs(), planned.getInputs())) {
      Type element = getElementTypeOrSelf(from);
      if (isa<FloatType>(element) && element != getMemory(to))
        return layer->emitError()
               << "multiplies elements of type " << element
               << ", which memory holds as integers: expected a map to f32 "
                  "before it";
    }
  // The last region yields what is stored; its arguments are accumulators
  // (none in a map), then extras. A combiner's are inputs, then accumulators.
  Region &last = planned->getRegions().back();
  bool reduces = planned.getEpilogueOrNull() != nullptr;
  Region &first = planned->getRegions().front();
  if (&first != &last || !reduces)
    for (auto [index, input] : llvm::enumerate(planned.getInputs()))
      convertArgument(first, index, getMemory(input), !reduces);
  if (reduces) {
    unsigned accumulators = last.getNumArguments() - planned.getExtras().size();
    for (auto [index, extra] : llvm::enumerate(planned.getExtras()))
      convertArgument(last, accumulators + index, getMemory(extra), true);
  }
  Operation *yield = last.front().getTerminator();
  OpBuilder builder(yield);
  for (auto [operand, output] :
       llvm::zip_equal(yield->getOpOperands(), planned.getOutputs())) {
    Type memory = getMemory(output);
    if (operand.get().getType() != memory)
      operand.set(toMemory(builder, yield->getLoc(), operand.get(), memory));
  }
  return success();
}
