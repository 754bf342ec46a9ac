//===- LayerSpec.cpp - The parts of a layer, to be changed ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A layer's operands, segment sizes and maps must agree, so it is not changed
// in place:
//
//     LayerSpec spec = LayerSpec::get(layer);
//     spec.inputs[0] = {transpose.getInputs()[0], map};
//     spec.create(builder, loc, layer);           with copies of its regions
//
// The kinds of layers differ in what they have (a map no reduction, a gather
// indices instead of extras); a rewrite that works on specs need not know.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/LayerSpec.h"

#include "dialects/nn/Affine.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace tenon::nn;

LayerSpec LayerSpec::get(LayerOpInterface layer) {
  LayerSpec spec;
  spec.parallel = llvm::to_vector(layer.getParallel());
  spec.reduction = llvm::to_vector(layer.getReduction());
  auto take = [&](OperandRange operands, SmallVector<MappedOperand> &list) {
    for (unsigned i = 0; i < operands.size(); ++i)
      list.push_back(
          {operands[i], layer.getMap(operands.getBeginOperandIndex() + i)});
  };
  take(layer.getInputs(), spec.inputs);
  take(layer.getExtras(), spec.extras);
  take(layer.getIndices(), spec.indices);
  take(layer.getOutputs(), spec.outputs);
  if (auto reduce = dyn_cast<ReduceOp>(*layer))
    spec.init = reduce.getInit();
  if (auto contract = dyn_cast<ContractOp>(*layer))
    spec.zeroPoints = contract.getZeroPointsAttr();
  return spec;
}

SmallVector<int64_t> LayerSpec::getBounds() const {
  SmallVector<int64_t> bounds(parallel);
  llvm::append_range(bounds, reduction);
  return bounds;
}

void LayerSpec::forEachOperand(function_ref<void(MappedOperand &)> function) {
  for (auto *list : {&inputs, &extras, &indices, &outputs})
    for (MappedOperand &operand : *list)
      function(operand);
}

bool LayerSpec::makeLinear(LayerOpInterface layer) {
  bool indexed = false;
  layer->walk([&](IndexOp) { indexed = true; });
  if (indexed) {
    bool linear = true;
    forEachOperand(
        [&](MappedOperand &operand) { linear &= nn::isLinear(operand.map); });
    return linear;
  }
  IterationSpace space;
  space.bounds = getBounds();
  space.numParallel = parallel.size();
  space.indexed.resize(space.bounds.size());
  forEachOperand(
      [&](MappedOperand &operand) { space.maps.push_back(operand.map); });
  space.splitDivisions();
  if (!space.isLinear())
    return false;
  unsigned next = 0;
  forEachOperand(
      [&](MappedOperand &operand) { operand.map = space.maps[next++]; });
  ArrayRef<int64_t> bounds = space.bounds;
  parallel = llvm::to_vector(bounds.take_front(space.numParallel));
  reduction = llvm::to_vector(bounds.drop_front(space.numParallel));
  return true;
}

LayerOpInterface LayerSpec::create(OpBuilder &builder, Location loc,
                                   OperationName name) const {
  OperationState state(loc, name);
  SmallVector<AffineMap> maps;
  auto add = [&](ArrayRef<MappedOperand> list) {
    for (const MappedOperand &operand : list) {
      state.addOperands(operand.value);
      maps.push_back(operand.map);
    }
  };
  add(inputs);
  add(extras);
  add(indices);
  add(outputs);
  bool isMap = name.getStringRef() == MapOp::getOperationName();
  bool isGather = name.getStringRef() == GatherOp::getOperationName();
  bool isReduce = name.getStringRef() == ReduceOp::getOperationName();
  SmallVector<int32_t> segments{int32_t(inputs.size())};
  if (!isMap)
    segments.push_back(isGather ? indices.size() : extras.size());
  segments.push_back(outputs.size());
  state.addAttribute("operandSegmentSizes",
                     builder.getDenseI32ArrayAttr(segments));
  state.addAttribute("parallel", builder.getDenseI64ArrayAttr(parallel));
  if (!isMap && !isGather)
    state.addAttribute("reduction", builder.getDenseI64ArrayAttr(reduction));
  state.addAttribute("maps", builder.getAffineMapArrayAttr(maps));
  if (isReduce)
    state.addAttribute("init", init);
  if (zeroPoints)
    state.addAttribute("zero_points", zeroPoints);
  for (const MappedOperand &output : outputs)
    if (isa<RankedTensorType>(output.value.getType()))
      state.addTypes(output.value.getType());
  for (unsigned i = 0, e = isReduce ? 2 : 1; i < e; ++i)
    state.addRegion();
  return cast<LayerOpInterface>(builder.create(state));
}

LayerOpInterface LayerSpec::create(OpBuilder &builder, Location loc,
                                   LayerOpInterface like) const {
  LayerOpInterface layer = create(builder, loc, like->getName());
  for (auto [from, to] :
       llvm::zip_equal(like->getRegions(), layer->getRegions())) {
    IRMapping mapping;
    from.cloneInto(&to, mapping);
  }
  return layer;
}

LayerRegion::LayerRegion(LayerOpInterface layer, Region &region,
                         LayerSpec &spec)
    : block(region.front()),
      operands(&region == layer.getEpilogueOrNull() ? spec.extras
                                                    : spec.inputs),
      firstArgument(&region == layer.getEpilogueOrNull()
                        ? layer.getInitialValues().size()
                        : 0) {}

MappedOperand *LayerRegion::getOperand(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument || argument.getOwner() != &block)
    return nullptr;
  unsigned number = argument.getArgNumber() - firstArgument;
  return number < operands.size() ? &operands[number] : nullptr;
}

BlockArgument LayerRegion::addOperand(MappedOperand operand, Location loc) {
  operands.push_back(operand);
  return block.insertArgument(
      firstArgument + operands.size() - 1,
      getScalarType(getElementTypeOrSelf(operand.value.getType())), loc);
}

void LayerRegion::eraseUnused() {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op))
      op.erase();
  for (unsigned i = operands.size(); i-- > 0;)
    if (block.getArgument(firstArgument + i).use_empty()) {
      block.eraseArgument(firstArgument + i);
      operands.erase(operands.begin() + i);
    }
}

Value tenon::nn::buildElementwise(
    OpBuilder &builder, Location loc, RankedTensorType type,
    ArrayRef<MappedOperand> inputs,
    function_ref<Value(OpBuilder &, ValueRange)> body) {
  LayerSpec spec;
  spec.parallel = llvm::to_vector(type.getShape());
  spec.inputs = llvm::to_vector(inputs);
  spec.outputs.push_back({builder.create<tensor::EmptyOp>(
                              loc, type.getShape(), type.getElementType()),
                          builder.getMultiDimIdentityMap(type.getRank())});
  LayerOpInterface map = spec.create(
      builder, loc,
      OperationName(MapOp::getOperationName(), builder.getContext()));
  OpBuilder::InsertionGuard guard(builder);
  Block *block = builder.createBlock(&map->getRegion(0));
  for (const MappedOperand &input : inputs)
    block->addArgument(
        getScalarType(getElementTypeOrSelf(input.value.getType())), loc);
  builder.create<YieldOp>(loc, body(builder, block->getArguments()));
  return map->getResult(0);
}

Value tenon::nn::buildReduction(
    OpBuilder &builder, Location loc, RankedTensorType type,
    ArrayRef<int64_t> reduction, ArrayRef<MappedOperand> inputs, TypedAttr init,
    function_ref<Value(OpBuilder &, ValueRange, Value)> combine,
    function_ref<Value(OpBuilder &, Value)> epilogue) {
  LayerSpec spec;
  spec.parallel = llvm::to_vector(type.getShape());
  spec.reduction = llvm::to_vector(reduction);
  spec.inputs = llvm::to_vector(inputs);
  spec.init = builder.getArrayAttr(init);
  // (Its major sub-map of no results would be null.)
  AffineMap all =
      builder.getMultiDimIdentityMap(type.getRank() + reduction.size());
  auto written = AffineMap::get(all.getNumDims(), 0,
                                all.getResults().take_front(type.getRank()),
                                builder.getContext());
  spec.outputs.push_back({builder.create<tensor::EmptyOp>(
                              loc, type.getShape(), type.getElementType()),
                          written});
  auto reduce = cast<ReduceOp>(*spec.create(
      builder, loc,
      OperationName(ReduceOp::getOperationName(), builder.getContext())));
  OpBuilder::InsertionGuard guard(builder);
  Block *block = builder.createBlock(&reduce.getCombine());
  for (const MappedOperand &input : inputs)
    block->addArgument(
        getScalarType(getElementTypeOrSelf(input.value.getType())), loc);
  Value acc = block->addArgument(init.getType(), loc);
  builder.create<YieldOp>(
      loc,
      combine(builder, ValueRange(block->getArguments()).drop_back(), acc));
  block = builder.createBlock(&reduce.getEpilogue(), {}, init.getType(), loc);
  builder.create<YieldOp>(loc, epilogue(builder, block->getArgument(0)));
  return reduce->getResult(0);
}

bool tenon::nn::staysInside(const MappedOperand &operand,
                            ArrayRef<int64_t> bounds) {
  auto type = cast<RankedTensorType>(operand.value.getType());
  return llvm::all_of_zip(
      operand.map.getResults(), type.getShape(),
      [&](AffineExpr expr, int64_t size) {
        std::optional<Interval> range = getRange(expr, bounds);
        return range && range->low >= 0 && range->high < size;
      });
}

Location tenon::nn::fuseLocations(ArrayRef<Location> locs) {
  return FusedLoc::get(locs.front().getContext(), locs);
}
