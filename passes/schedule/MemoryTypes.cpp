//===- MemoryTypes.cpp - Elements in memory and in regions ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of a region on f16, when its operands are planned as i16:
//
//     ^bb0(%x: f16):         ^bb0(%0: i16):
//       ...                    %x = arith.bitcast %0 : i16 to f16
//       nn.yield %y : f16      ...
//                              %1 = arith.bitcast %y : f16 to i16
//                              nn.yield %1 : i16
//
// A region that only yields its argument gets no conversion: it moves the
// bytes. A contract multiplies outside of its region, so it notes the types
// that its elements had.
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/MemoryTypes.h"

#include "mlir/IR/IRMapping.h"

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

/// bool counts as one.
static bool isUnsigned(Type elementType) {
  return elementType.isUnsignedInteger() || elementType.isInteger(1);
}

TypedAttr tenon::schedule::getMemoryValue(TypedAttr value, Type elementType) {
  Type type = getMemoryType(elementType);
  if (type == value.getType())
    return value;
  APInt bits = isa<FloatAttr>(value)
                   ? cast<FloatAttr>(value).getValue().bitcastToAPInt()
                   : cast<IntegerAttr>(value).getValue();
  unsigned width = type.getIntOrFloatBitWidth();
  return IntegerAttr::get(type, isUnsigned(elementType)
                                    ? bits.zextOrTrunc(width)
                                    : bits.sextOrTrunc(width));
}

static Value toMemory(OpBuilder &builder, Location loc, Value value,
                      Type elementType) {
  TypedAttr constant;
  if (matchPattern(value, m_Constant(&constant)))
    return builder.create<arith::ConstantOp>(
        loc, getMemoryValue(constant, elementType));
  Type memory = getMemoryType(elementType);
  if (isa<FloatType>(value.getType()))
    return builder.create<arith::BitcastOp>(loc, memory, value);
  if (isa<IndexType>(value.getType()))
    return builder.create<arith::IndexCastOp>(loc, memory, value);
  if (isUnsigned(elementType))
    return builder.create<arith::ExtUIOp>(loc, memory, value);
  return builder.create<arith::ExtSIOp>(loc, memory, value);
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
  Value value = nn::fromMemory(builder, argument.getLoc(), argument, type);
  argument.replaceUsesWithIf(value, [&](OpOperand &use) {
    return use.getOwner() != value.getDefiningOp() && !isMoved(use);
  });
}

/// Makes the regions of `planned`, a clone of the regions of `layer`, take and
/// yield elements as they are in memory.
static void convertRegions(nn::LayerOpInterface layer,
                           nn::LayerOpInterface planned) {
  auto getElement = [](Value value) { return getElementTypeOrSelf(value); };
  if (auto contract = dyn_cast<nn::ContractOp>(*planned)) {
    SmallVector<Type> elements =
        llvm::map_to_vector(layer.getInputs(), getElement);
    if (!llvm::equal(elements, contract.getInputs(),
                     [&](Type element, Value input) {
                       return element == getElement(input);
                     }))
      contract.setElementsAttr(
          Builder(contract.getContext()).getTypeArrayAttr(elements));
  }
  // The last region yields what is stored; its arguments are accumulators
  // (none in a map), then extras. A combiner's are inputs, then accumulators.
  Region &last = planned->getRegions().back();
  bool reduces = planned.getEpilogueOrNull() != nullptr;
  Region &first = planned->getRegions().front();
  if (&first != &last || !reduces)
    for (auto [index, input] : llvm::enumerate(planned.getInputs()))
      convertArgument(first, index, getElement(input), !reduces);
  if (reduces) {
    unsigned accumulators = last.getNumArguments() - planned.getExtras().size();
    for (auto [index, extra] : llvm::enumerate(planned.getExtras()))
      convertArgument(last, accumulators + index, getElement(extra), true);
  }
  Operation *yield = last.front().getTerminator();
  OpBuilder builder(yield);
  for (auto [operand, output, memory] : llvm::zip_equal(
           yield->getOpOperands(), layer.getOutputs(), planned.getOutputs()))
    if (operand.get().getType() != getElement(memory))
      operand.set(toMemory(builder, yield->getLoc(), operand.get(),
                           getElement(output)));
}

void tenon::schedule::sinkConstants(Region &region) {
  OpBuilder inside = OpBuilder::atBlockBegin(&region.front());
  IRMapping sunk;
  region.walk([&](Operation *op) {
    for (OpOperand &operand : op->getOpOperands()) {
      Operation *constant = operand.get().getDefiningOp();
      if (!constant || region.isAncestor(constant->getParentRegion()))
        continue;
      if (!sunk.contains(operand.get()))
        inside.clone(*constant, sunk);
      operand.set(sunk.lookup(operand.get()));
    }
  });
}

nn::LayerOpInterface tenon::schedule::createPlannedLayer(
    OpBuilder &builder, nn::LayerOpInterface layer, ValueRange operands) {
  Operation *op = Operation::create(
      layer.getLoc(), layer->getName(), TypeRange(), operands,
      layer->getDiscardableAttrDictionary(), layer->getPropertiesStorage(),
      BlockRange(), layer->getNumRegions());
  builder.insert(op);
  for (auto [from, to] :
       llvm::zip_equal(layer->getRegions(), op->getRegions())) {
    IRMapping mapping;
    from.cloneInto(&to, mapping);
    sinkConstants(to);
  }
  auto planned = cast<nn::LayerOpInterface>(op);
  convertRegions(layer, planned);
  return planned;
}
