//===- NnLayers.cpp - The layers of the nn dialect ------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the layer operations have in common: verification of maps and regions,
// memory effects, and the interface methods that build a region at a point.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Affine.h"
#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

Type tenon::nn::getScalarType(Type elementType) {
  if (auto type = dyn_cast<IntegerType>(elementType))
    return IntegerType::get(type.getContext(), type.getWidth());
  return elementType;
}

//===----------------------------------------------------------------------===//
// Regions and operands
//===----------------------------------------------------------------------===//

int64_t LayerOpInterface::getNumTerms() {
  int64_t terms = 1;
  for (int64_t size : getReduction())
    if (llvm::MulOverflow(terms, size, terms))
      return std::numeric_limits<int64_t>::max();
  return terms;
}

Region &LayerOpInterface::getLastRegion() {
  Region *epilogue = getEpilogueOrNull();
  return epilogue ? *epilogue : (*this)->getRegion(0);
}

OpOperand *LayerOpInterface::getOperandOf(BlockArgument argument) {
  unsigned number = argument.getArgNumber();
  unsigned numInputs = getInputs().size();
  if (argument.getParentRegion() != getEpilogueOrNull())
    return number < numInputs ? &(*this)->getOpOperand(number) : nullptr;
  unsigned accumulators = getInitialValues().size();
  if (number < accumulators)
    return nullptr;
  return &(*this)->getOpOperand(numInputs + number - accumulators);
}

BlockArgument LayerOpInterface::getArgumentOf(OpOperand &operand) {
  unsigned number = operand.getOperandNumber();
  unsigned numInputs = getInputs().size();
  Region *epilogue = getEpilogueOrNull();
  Region &combine = (*this)->getRegion(0);
  if (number < numInputs)
    return &combine == epilogue ? BlockArgument() : combine.getArgument(number);
  if (number >= numInputs + getExtras().size())
    return {};
  return epilogue->getArgument(getInitialValues().size() + number - numInputs);
}

//===----------------------------------------------------------------------===//
// Verification
//===----------------------------------------------------------------------===//

static bool hasSymbols(AffineExpr expr) {
  return expr
      .walk([](AffineExpr part) {
        return isa<AffineSymbolExpr>(part) ? WalkResult::interrupt()
                                           : WalkResult::advance();
      })
      .wasInterrupted();
}

/// Every index that `map` yields over `bounds` must lie inside `shape`, but for
/// those that change with a dimension from `firstFree` on.
static LogicalResult verifyInside(Operation *op, unsigned operand,
                                  AffineMap map, ArrayRef<int64_t> bounds,
                                  unsigned firstFree, ArrayRef<int64_t> shape) {
  if (llvm::is_contained(bounds, 0))
    return success();
  for (auto [dim, expr] : llvm::enumerate(map.getResults())) {
    if (hasSymbols(expr) || ShapedType::isDynamic(shape[dim]) ||
        usesDimsFrom(expr, firstFree))
      continue;
    std::optional<Interval> range = getRange(expr, bounds);
    if (!range)
      return op->emitOpError()
             << "map of operand " << operand << " yields indices in dimension "
             << dim << " that overflow or are divided by no positive constant";
    if (range->low < 0 || range->high >= shape[dim])
      return op->emitOpError()
             << "map of operand " << operand << " yields indices " << range->low
             << " to " << range->high << " in dimension " << dim
             << ", whose size is " << shape[dim];
  }
  return success();
}

static LogicalResult verifyRegion(Operation *op, Region &region, StringRef name,
                                  TypeRange arguments, TypeRange yielded) {
  if (region.getArgumentTypes() != arguments)
    return op->emitOpError()
           << "expected the " << name << " region to take (" << arguments
           << "), got (" << region.getArgumentTypes() << ")";
  auto yield = dyn_cast<YieldOp>(region.front().back());
  if (!yield)
    return op->emitOpError()
           << "expected the " << name << " region to end with nn.yield";
  if (yield.getOperandTypes() != yielded)
    return op->emitOpError()
           << "expected the " << name << " region to yield (" << yielded
           << "), got (" << yield.getOperandTypes() << ")";
  return success();
}

static SmallVector<Type> getElementTypes(ValueRange values) {
  SmallVector<Type> types;
  for (Value value : values)
    types.push_back(getScalarType(getElementTypeOrSelf(value.getType())));
  return types;
}

static LogicalResult verifyLayer(LayerOpInterface layer) {
  Operation *op = layer;
  SmallVector<int64_t> bounds = layer.getBounds();
  for (int64_t bound : bounds)
    if (bound < 0)
      return op->emitOpError()
             << "expected bounds of at least 0, got " << bound;
  if (layer.getMaps().size() != op->getNumOperands())
    return op->emitOpError()
           << "expected one map per operand, got " << layer.getMaps().size()
           << " maps for " << op->getNumOperands() << " operands";
  bool onTensors = op->getNumResults() != 0;
  if (onTensors && op->getResultTypes() != layer.getOutputs().getTypes())
    return op->emitOpError() << "expected results of the types of the outputs";
  unsigned numParallel = layer.getParallel().size();
  for (OpOperand &operand : op->getOpOperands()) {
    unsigned index = operand.getOperandNumber();
    AffineMap map = layer.getMap(index);
    auto type = cast<ShapedType>(operand.get().getType());
    if (isa<RankedTensorType>(type) != onTensors)
      return op->emitOpError() << "expected all operands to be "
                               << (onTensors ? "tensors" : "memrefs");
    if (map.getNumDims() != bounds.size())
      return op->emitOpError() << "expected " << bounds.size()
                               << " dimensions in the map of operand " << index
                               << ", got " << map.getNumDims();
    if (map.getNumResults() != type.getRank())
      return op->emitOpError() << "expected " << type.getRank()
                               << " results of the map of operand " << index
                               << ", got " << map.getNumResults();
    if (map.getNumSymbols() > layer.getIndices().size())
      return op->emitOpError() << "map of operand " << index
                               << " has more symbols than there are indices";
    // Reductions are cut to what is inside of their inputs.
    bool isInput = index < layer.getInputs().size();
    if (failed(verifyInside(op, index, map, bounds,
                            isInput ? numParallel : bounds.size(),
                            type.getShape())))
      return failure();
    if (isInput || layer.getReduction().empty())
      continue;
    for (unsigned dim = numParallel; dim < bounds.size(); ++dim)
      if (map.isFunctionOfDim(dim))
        return op->emitOpError() << "map of operand " << index
                                 << " uses reduction dimension " << dim;
  }
  return success();
}

static LogicalResult verifyEpilogue(LayerOpInterface layer, Region &epilogue,
                                    TypeRange accumulators) {
  SmallVector<Type> arguments(accumulators);
  llvm::append_range(arguments, getElementTypes(layer.getExtras()));
  return verifyRegion(layer, epilogue, "epilogue", arguments,
                      getElementTypes(layer.getOutputs()));
}

LogicalResult ContractOp::verify() {
  if (getInputs().size() != 2)
    return emitOpError() << "expected 2 inputs, got " << getInputs().size();
  if (getEpilogue().getNumArguments() == 0)
    return emitOpError() << "expected the epilogue to take the accumulator";
  if (failed(verifyLayer(*this)))
    return failure();
  if (getElements() && getElements()->size() != 2)
    return emitOpError() << "expected the types of the elements of 2 inputs";
  if (getZeroPoints() && (getZeroPoints()->size() != 2 ||
                          !getAccumulatorType().isSignlessInteger()))
    return emitOpError() << "expected the zero points of 2 integer inputs";
  return verifyEpilogue(*this, getEpilogue(), getAccumulatorType());
}

LogicalResult ReduceOp::verify() {
  if (failed(verifyLayer(*this)))
    return failure();
  SmallVector<Type> accumulators;
  for (Attribute init : getInit()) {
    auto typed = dyn_cast<TypedAttr>(init);
    if (!typed)
      return emitOpError() << "expected typed initial values, got " << init;
    accumulators.push_back(typed.getType());
  }
  SmallVector<Type> arguments = getElementTypes(getInputs());
  llvm::append_range(arguments, accumulators);
  if (failed(verifyRegion(*this, getCombine(), "combine", arguments,
                          accumulators)))
    return failure();
  return verifyEpilogue(*this, getEpilogue(), accumulators);
}

LogicalResult MapOp::verify() {
  if (failed(verifyLayer(*this)))
    return failure();
  return verifyRegion(*this, getBody(), "body", getElementTypes(getInputs()),
                      getElementTypes(getOutputs()));
}

LogicalResult GatherOp::verify() {
  if (failed(verifyLayer(*this)))
    return failure();
  return verifyRegion(*this, getBody(), "body", getElementTypes(getInputs()),
                      getElementTypes(getOutputs()));
}

//===----------------------------------------------------------------------===//
// Interface methods
//===----------------------------------------------------------------------===//

Value tenon::nn::buildConversion(OpBuilder &builder, Location loc, Value value,
                                 Type scalarType, bool isUnsigned) {
  Type type = scalarType;
  if (auto vector = dyn_cast<VectorType>(value.getType()))
    type = VectorType::get(vector.getShape(), scalarType);
  Type from = getElementTypeOrSelf(value.getType());
  if (from == scalarType)
    return value;
  if (isa<FloatType>(from) && isa<FloatType>(scalarType)) {
    if (from.getIntOrFloatBitWidth() < scalarType.getIntOrFloatBitWidth())
      return builder.create<arith::ExtFOp>(loc, type, value);
    return builder.create<arith::TruncFOp>(loc, type, value);
  }
  if (isa<FloatType>(scalarType)) {
    // In steps for which GCC has vector instructions: i8, i16, i32, f32.
    bool isVector = isa<VectorType>(value.getType());
    unsigned width = from.getIntOrFloatBitWidth();
    bool isNarrow = width < 32;
    while (width < 32) {
      width = isVector ? std::max(8u, 2 * width) : 32;
      value = buildConversion(builder, loc, value,
                              builder.getIntegerType(width), isUnsigned);
    }
    if (isUnsigned && !isNarrow)
      return builder.create<arith::UIToFPOp>(loc, type, value);
    return builder.create<arith::SIToFPOp>(loc, type, value);
  }
  if (isa<FloatType>(from))
    return builder.create<arith::FPToSIOp>(loc, type, value);
  if (from.getIntOrFloatBitWidth() < scalarType.getIntOrFloatBitWidth()) {
    if (isUnsigned)
      return builder.create<arith::ExtUIOp>(loc, type, value);
    return builder.create<arith::ExtSIOp>(loc, type, value);
  }
  return builder.create<arith::TruncIOp>(loc, type, value);
}

Value tenon::nn::buildNumber(OpBuilder &builder, Location loc, int64_t value,
                             unsigned width) {
  return builder.create<arith::ConstantIntOp>(loc, value, width);
}

Value tenon::nn::buildClamp(OpBuilder &builder, Location loc, Value value,
                            Value low, Value high) {
  value = builder.create<arith::MaxSIOp>(loc, value, low);
  return builder.create<arith::MinSIOp>(loc, value, high);
}

Value tenon::nn::buildClamp(OpBuilder &builder, Location loc, Value value,
                            int64_t low, int64_t high) {
  unsigned width = value.getType().getIntOrFloatBitWidth();
  Value least = buildNumber(builder, loc, low, width);
  Value most = buildNumber(builder, loc, high, width);
  return buildClamp(builder, loc, value, least, most);
}

Value tenon::nn::fromMemory(OpBuilder &builder, Location loc, Value value,
                            Type scalarType) {
  Type memory = value.getType();
  if (getElementTypeOrSelf(memory) == scalarType)
    return value;
  Type type = scalarType;
  if (auto vector = dyn_cast<VectorType>(memory))
    type = vector.clone(scalarType);
  if (isa<FloatType>(scalarType))
    return builder.create<arith::BitcastOp>(loc, type, value);
  if (isa<IndexType>(scalarType))
    return builder.create<arith::IndexCastOp>(loc, type, value);
  if (!scalarType.isInteger(1))
    return builder.create<arith::TruncIOp>(loc, type, value);
  // The caller's bytes may hold any truth.
  Value zero = builder.create<arith::ConstantOp>(
      loc, cast<TypedAttr>(builder.getZeroAttr(memory)));
  return builder.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne, value,
                                       zero);
}

SmallVector<Value> tenon::nn::cloneRegion(OpBuilder &builder, Region &region,
                                          ValueRange arguments,
                                          function_ref<Value(unsigned)> index) {
  IRMapping mapping;
  std::optional<int64_t> lanes;
  mapping.map(region.getArguments(), arguments);
  for (Value argument : arguments)
    if (auto vector = dyn_cast<VectorType>(argument.getType()))
      lanes = vector.getNumElements();
  Block &block = region.front();
  for (Operation &op : block.without_terminator()) {
    if (auto indexOp = dyn_cast<IndexOp>(op)) {
      mapping.map(indexOp.getResult(), index(indexOp.getDim()));
      continue;
    }
    // An operation is widened when one of its operands is; its other operands
    // are broadcast then.
    bool widen = llvm::any_of(op.getOperands(), [&](Value operand) {
      return isa<VectorType>(mapping.lookupOrDefault(operand).getType());
    });
    if (widen)
      for (Value operand : op.getOperands()) {
        Value mapped = mapping.lookupOrDefault(operand);
        if (isa<VectorType>(mapped.getType()))
          continue;
        auto type = VectorType::get(*lanes, mapped.getType());
        mapping.map(operand, builder.create<vector::BroadcastOp>(op.getLoc(),
                                                                 type, mapped));
      }
    Operation *clone = builder.clone(op, mapping);
    if (!widen)
      continue;
    for (OpResult result : clone->getResults())
      result.setType(VectorType::get(*lanes, result.getType()));
  }
  SmallVector<Value> yielded;
  for (Value value : block.getTerminator()->getOperands())
    yielded.push_back(mapping.lookupOrDefault(value));
  return yielded;
}

SmallVector<Value>
ContractOp::buildCombine(OpBuilder &builder, Location loc, ValueRange inputs,
                         ValueRange accumulators,
                         function_ref<Value(unsigned)> index) {
  Type type = getAccumulatorType();
  // The scalars have lost the sign of the elements.
  auto convert = [&](unsigned input) {
    Type element = getElementType(input);
    Value value = inputs[input];
    // Integers of less than a byte may come as numbers already.
    if (getElementTypeOrSelf(value).isInteger(32))
      return buildConversion(builder, loc, value, type,
                             element.isUnsignedInteger(32));
    value = fromMemory(builder, loc, value, getScalarType(element));
    return buildConversion(builder, loc, value, type,
                           element.isUnsignedInteger());
  };
  auto fromZero = [&](Value value, int64_t zero) -> Value {
    if (zero == 0)
      return value;
    TypedAttr attr = builder.getIntegerAttr(type, zero);
    if (auto vector = dyn_cast<VectorType>(value.getType()))
      attr = DenseElementsAttr::get(vector, attr);
    return builder.create<arith::SubIOp>(
        loc, value, builder.create<arith::ConstantOp>(loc, attr));
  };
  Value lhs = fromZero(convert(0), getZeroPoint(0));
  Value rhs = fromZero(convert(1), getZeroPoint(1));
  // A broadcast operand meets a vector one.
  auto accType = accumulators[0].getType();
  auto widen = [&](Value value) -> Value {
    if (value.getType() == accType)
      return value;
    return builder.create<vector::BroadcastOp>(loc, accType, value);
  };
  lhs = widen(lhs);
  rhs = widen(rhs);
  if (isa<FloatType>(type))
    return {builder.create<math::FmaOp>(loc, lhs, rhs, accumulators[0])};
  Value product = builder.create<arith::MulIOp>(loc, lhs, rhs);
  return {builder.create<arith::AddIOp>(loc, product, accumulators[0])};
}

Type ContractOp::getElementType(unsigned input) {
  if (auto elements = getElementsAttr())
    return cast<TypeAttr>(elements[input]).getValue();
  return getElementTypeOrSelf(getInputs()[input].getType());
}

SmallVector<TypedAttr> ContractOp::getInitialValues() {
  OpBuilder builder(getContext());
  return {builder.getZeroAttr(getAccumulatorType())};
}

Region *ContractOp::getEpilogueOrNull() { return &getEpilogue(); }

SmallVector<Value> ReduceOp::buildCombine(OpBuilder &builder, Location loc,
                                          ValueRange inputs,
                                          ValueRange accumulators,
                                          function_ref<Value(unsigned)> index) {
  SmallVector<Value> arguments(inputs);
  llvm::append_range(arguments, accumulators);
  return cloneRegion(builder, getCombine(), arguments, index);
}

SmallVector<TypedAttr> ReduceOp::getInitialValues() {
  return llvm::map_to_vector(
      getInit(), [](Attribute init) { return cast<TypedAttr>(init); });
}

Region *ReduceOp::getEpilogueOrNull() { return &getEpilogue(); }

SmallVector<Value> MapOp::buildCombine(OpBuilder &builder, Location loc,
                                       ValueRange inputs, ValueRange,
                                       function_ref<Value(unsigned)> index) {
  return cloneRegion(builder, getBody(), inputs, index);
}

bool MapOp::isMove() {
  auto yield = cast<YieldOp>(getBody().front().back());
  return llvm::equal(yield.getValues(), getBody().getArguments());
}

SmallVector<Value> GatherOp::buildCombine(OpBuilder &builder, Location loc,
                                          ValueRange inputs, ValueRange,
                                          function_ref<Value(unsigned)> index) {
  return cloneRegion(builder, getBody(), inputs, index);
}

//===----------------------------------------------------------------------===//
// Destination style and memory effects
//===----------------------------------------------------------------------===//

using Effects =
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>;

static void getLayerEffects(LayerOpInterface layer, Effects &effects) {
  if (layer->getNumResults() != 0)
    return;
  unsigned firstOutput = layer.getFirstOutput();
  for (OpOperand &operand : layer->getOpOperands()) {
    bool writes = operand.getOperandNumber() >= firstOutput;
    effects.emplace_back(writes ? static_cast<MemoryEffects::Effect *>(
                                      MemoryEffects::Write::get())
                                : MemoryEffects::Read::get(),
                         &operand, SideEffects::DefaultResource::get());
  }
}

MutableOperandRange ContractOp::getDpsInitsMutable() {
  return getOutputsMutable();
}
MutableOperandRange ReduceOp::getDpsInitsMutable() {
  return getOutputsMutable();
}
MutableOperandRange MapOp::getDpsInitsMutable() { return getOutputsMutable(); }
MutableOperandRange GatherOp::getDpsInitsMutable() {
  return getOutputsMutable();
}

void ContractOp::getEffects(Effects &effects) {
  getLayerEffects(*this, effects);
}
void ReduceOp::getEffects(Effects &effects) { getLayerEffects(*this, effects); }
void MapOp::getEffects(Effects &effects) { getLayerEffects(*this, effects); }
void GatherOp::getEffects(Effects &effects) { getLayerEffects(*this, effects); }
