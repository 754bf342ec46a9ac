//===- EmitPlan.cpp - The function that a plan describes ------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes the function on memrefs. A storage in the arena is a slice of it, a
// value a view of its storage, and a tie that was not taken a copy:
//
//     %a = nn.map ... ins(%x)                in columns 0 and 1 of %c
//     %c = nn.assemble (%a at [0, 0], %w at [0, 2])
//
// becomes
//
//     %s = kernel.slice %arena, 0 : memref<64xi8> to memref<16xf32>
//     %a = memref.reinterpret_cast %s to offset: [0], ... strides: [4, 1]
//     nn.map ... ins(%x) outs(%a)
//     %b = memref.reinterpret_cast %s to offset: [2], ... strides: [4, 1]
//     nn.map ... ins(%w) outs(%b)        copies the weight
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Constants.h"
#include "passes/schedule/MemoryTypes.h"
#include "passes/schedule/Passes.h"
#include "passes/schedule/Plan.h"
#include "passes/schedule/Trail.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

namespace {
class Emitter {
public:
  explicit Emitter(const Plan &plan)
      : plan(plan), network(plan.network),
        symbols(plan.network.func->getParentOfType<ModuleOp>()),
        old(plan.network.func), builder(old.getContext()) {}

  FailureOr<func::FuncOp> run() {
    createFunction();
    for (auto [index, step] : llvm::enumerate(network.steps))
      if (failed(emitStep(index, step))) {
        func.erase();
        return failure();
      }
    builder.create<func::ReturnOp>(old.front().getTerminator()->getLoc());
    return func;
  }

private:
  const Layout &getLayout(int value) { return plan.aliasing.layouts[value]; }
  RankedTensorType getType(int value) {
    return network.values[value].getType();
  }

  using AddArgument =
      llvm::function_ref<void(Type, DictionaryAttr, ArrayRef<StringRef>)>;

  void addTensors(AddArgument add) {
    for (auto [index, type] : llvm::enumerate(old.getArgumentTypes()))
      add(getMemRefType(cast<RankedTensorType>(type)),
          old.getArgAttrDict(index),
          {kInputAttrName, kernel::kReadOnlyAttrName,
           kernel::kNoAliasAttrName});
    for (auto [index, type] : llvm::enumerate(old.getResultTypes()))
      add(getMemRefType(cast<RankedTensorType>(type)),
          old.getResultAttrDict(index),
          {kOutputAttrName, kernel::kNoAliasAttrName});
  }

  /// Where in the arena inputs and results lie.
  void setOffsets(NamedAttrList &arena) {
    auto getOffset = [&](Value value) {
      int id = network.getId(value);
      // Nobody needs a place for what has no bytes.
      return std::max<int64_t>(
          plan.offsets[plan.aliasing.storageOf[id]] + getLayout(id).offset, 0);
    };
    auto set = [&](StringRef name, ValueRange values) {
      arena.set(name, builder.getDenseI64ArrayAttr(
                          llvm::map_to_vector(values, getOffset)));
    };
    set(kInputOffsetsAttrName, old.getArguments());
    set(kOutputOffsetsAttrName, old.front().getTerminator()->getOperands());
  }

  /// (inputs..., outputs..., arena), with the attributes that they had; or the
  /// arena alone, where everything is in it.
  void createFunction() {
    SmallVector<Type> types;
    SmallVector<DictionaryAttr> attributes;
    auto add = [&](Type type, DictionaryAttr given, ArrayRef<StringRef> marks) {
      NamedAttrList list(given);
      for (StringRef mark : marks)
        list.set(mark, builder.getUnitAttr());
      types.push_back(type);
      attributes.push_back(list.getDictionary(builder.getContext()));
    };
    NamedAttrList arena;
    if (plan.aliasing.ioInArena)
      setOffsets(arena);
    else
      addTensors(add);
    add(MemRefType::get(plan.arenaBytes, builder.getI8Type()),
        arena.getDictionary(builder.getContext()),
        {kArenaAttrName, kernel::kNoAliasAttrName});

    builder.setInsertionPoint(old);
    func = builder.create<func::FuncOp>(old.getLoc(), old.getName(),
                                        builder.getFunctionType(types, {}));
    for (NamedAttribute attribute : old->getDiscardableAttrs())
      func->setAttr(attribute.getName(), attribute.getValue());
    if (StringAttr visibility = old.getSymVisibilityAttr())
      func.setSymVisibilityAttr(visibility);
    for (auto [index, dictionary] : llvm::enumerate(attributes))
      func.setArgAttrs(index, dictionary);
    builder.setInsertionPointToStart(func.addEntryBlock());
  }

  //===--------------------------------------------------------------------===//
  // Views
  //===--------------------------------------------------------------------===//

  FailureOr<Value> getView(int value) {
    return getView(value, getLayout(value));
  }

  /// A memref of the elements of `value` that `layout` lists.
  FailureOr<Value> getView(int value, const Layout &layout) {
    Location loc = network.values[value].value.getLoc();
    const Storage &storage =
        plan.aliasing.storages[plan.aliasing.storageOf[value]];
    Type element = getMemoryType(getType(value).getElementType());
    if (plan.aliasing.isInArena(storage))
      return getView(getSlice(value), layout, element, loc);
    switch (storage.kind) {
    case Storage::Arena:
      break;
    case Storage::Input:
      return getView(func.getArgument(storage.index), layout, element, loc);
    case Storage::Output:
      return getView(func.getArgument(old.getNumArguments() + storage.index),
                     layout, element, loc);
    case Storage::Constant: {
      Value &constant = bases[{plan.aliasing.storageOf[value], element}];
      if (!constant && failed(createConstant(storage, element, constant)))
        return failure();
      return getView(constant, layout, element, loc);
    }
    }
    return failure();
  }

  /// The storage of a value in the arena, as flat memory.
  Value getSlice(int value) {
    int storage = plan.aliasing.storageOf[value];
    Type element = getMemoryType(getType(value).getElementType());
    Value &slice = bases[{storage, element}];
    if (!slice)
      slice = builder.create<kernel::SliceOp>(
          network.values[value].value.getLoc(),
          MemRefType::get(plan.aliasing.storages[storage].bytes /
                              network.values[value].elementBytes,
                          element),
          func.getArguments().back(), plan.offsets[storage]);
    return slice;
  }

  LogicalResult createConstant(const Storage &storage, Type element,
                               Value &constant) {
    const TensorInfo &info = network.values[storage.index];
    Operation *op = info.value.getDefiningOp();
    FlatSymbolRefAttr symbol;
    if (auto weight = dyn_cast<nn::WeightOp>(op)) {
      symbol = weight.getGlobalAttr();
    } else {
      std::optional<nn::Buffer> buffer = nn::getConstant(info.value, &symbols);
      if (!buffer)
        return op->emitError() << "has a value that cannot be read";
      kernel::GlobalOp global =
          nn::getOrCreateGlobal(op->getLoc(), symbols, *buffer);
      symbol = FlatSymbolRefAttr::get(global.getSymNameAttr());
    }
    constant = builder.create<kernel::ConstantOp>(
        op->getLoc(), MemRefType::get(info.getType().getNumElements(), element),
        symbol);
    return success();
  }

  Value getView(Value base, const Layout &layout, Type element, Location loc) {
    int64_t offset = layout.offset / layout.elementBytes;
    SmallVector<int64_t> strides(layout.strides);
    int64_t inside = 1;
    for (size_t dim = strides.size(); dim-- > 0;) {
      strides[dim] /= layout.elementBytes;
      if (layout.shape[dim] == 1 || layout.isEmpty())
        strides[dim] = inside;
      inside = strides[dim] * layout.shape[dim]; // 0 where it is empty
    }
    MemRefType type = MemRefType::get(layout.shape, element);
    if (offset != 0 || !layout.isContiguous())
      type = MemRefType::get(
          layout.shape, element,
          StridedLayoutAttr::get(builder.getContext(), offset, strides));
    if (type == base.getType())
      return base;
    Value &view = views[{base, type}];
    if (!view)
      view = builder.create<memref::ReinterpretCastOp>(loc, type, base, offset,
                                                       layout.shape, strides);
    return view;
  }

  //===--------------------------------------------------------------------===//
  // Steps
  //===--------------------------------------------------------------------===//

  LogicalResult emitStep(int index, const Step &step) {
    // Copies for ties that were not taken: parts that are elsewhere, results
    // that the layer completes.
    bool isView = false;
    for (auto [tieIndex, tie] : llvm::enumerate(network.ties)) {
      if (tie.step != index || !tie.sharesContent())
        continue;
      bool taken = plan.aliasing.taken[tieIndex];
      isView |= tie.kind == Tie::Slice && taken;
      if (taken || tie.kind == Tie::Slice)
        continue;
      Layout target = getLayout(tie.target);
      if (auto assemble = dyn_cast<nn::AssembleOp>(step.op))
        target = getBox(target, assemble.getPartOffsets(tie.index),
                        network.values[tie.source].getShape());
      if (failed(emitCopy(tie.source, tie.target, target, step.op->getLoc())))
        return failure();
    }
    if (isView)
      return success();
    if (auto assemble = dyn_cast<nn::AssembleOp>(step.op)) {
      int result = step.results.front();
      for (const Box &box : step.filled)
        if (failed(emitFill(result,
                            getBox(getLayout(result), box.offsets, box.shape),
                            *assemble.getFill(), assemble.getLoc())))
          return failure();
      return success();
    }
    if (auto bands = dyn_cast<nn::BandsOp>(step.op))
      return emitBands(bands, step);
    return emitLayer(cast<nn::LayerOpInterface>(step.op), step);
  }

  LogicalResult emitLayer(nn::LayerOpInterface layer, const Step &step) {
    SmallVector<Value> operands;
    unsigned firstOutput = layer.getFirstOutput();
    for (OpOperand &operand : layer->getOpOperands()) {
      unsigned index = operand.getOperandNumber();
      int value = index < firstOutput ? network.getId(operand.get())
                                      : step.results[index - firstOutput];
      FailureOr<Value> view = getView(value);
      if (failed(view))
        return failure();
      operands.push_back(*view);
    }
    createPlannedLayer(builder, layer, operands);
    return success();
  }

  LogicalResult emitBands(nn::BandsOp bands, const Step &step) {
    SmallVector<Value> inputs, outputs;
    for (Value input : bands.getInputs()) {
      FailureOr<Value> view = getView(network.getId(input));
      if (failed(view))
        return failure();
      inputs.push_back(*view);
    }
    for (int result : step.results) {
      FailureOr<Value> view = getView(result);
      if (failed(view))
        return failure();
      outputs.push_back(*view);
    }
    auto planned = builder.create<nn::BandsOp>(
        bands.getLoc(), TypeRange(), bands.getHeight(), inputs, outputs);
    planned->setDiscardableAttrs(bands->getDiscardableAttrDictionary());
    IRMapping mapping;
    planned.getBody().getBlocks().clear();
    bands.getBody().cloneInto(&planned.getBody(), mapping);
    sinkConstants(planned.getBody());
    return success();
  }

  LogicalResult emitCopy(int source, int target, const Layout &layout,
                         Location loc) {
    if (layout.isEmpty())
      return success();
    Value root = network.values[source].value;
    while (auto reshape = root.getDefiningOp<nn::ReshapeOp>())
      root = reshape.getInput();
    SplatElementsAttr splat;
    if (matchPattern(root, m_Constant(&splat)))
      return emitFill(target, layout, splat.getSplatValue<TypedAttr>(), loc);
    if (isOver(target, layout, source)) {
      buildCopyOfRows(builder, loc, getSlice(source), getLayout(source),
                      getSlice(target), layout);
      return success();
    }
    FailureOr<Value> from = getView(source);
    FailureOr<Value> to = getView(target, layout);
    if (failed(from) || failed(to))
      return failure();
    createMap(*from, *to, layout.shape, {}, loc);
    return success();
  }

  /// In the arena, the elements of `target` that `layout` lists share bytes
  /// with `source`, which is in another storage.
  bool isOver(int target, Layout layout, int source) {
    int to = plan.aliasing.storageOf[target],
        from = plan.aliasing.storageOf[source];
    if (to == from || plan.offsets[to] < 0 || plan.offsets[from] < 0)
      return false;
    Layout read = getLayout(source);
    read.offset += plan.offsets[from];
    layout.offset += plan.offsets[to];
    return mayOverlap(read, layout);
  }

  LogicalResult emitFill(int target, const Layout &layout, TypedAttr value,
                         Location loc) {
    FailureOr<Value> to = getView(target, layout);
    if (failed(to))
      return failure();
    createMap({}, *to, layout.shape,
              getMemoryValue(value, getType(target).getElementType()), loc);
    return success();
  }

  /// Moves `from` to `to`, or stores `value` everywhere in it.
  void createMap(Value from, Value to, ArrayRef<int64_t> shape, TypedAttr value,
                 Location loc) {
    AffineMap identity = builder.getMultiDimIdentityMap(shape.size());
    SmallVector<AffineMap> maps(from ? 2 : 1, identity);
    auto map = builder.create<nn::MapOp>(
        loc, TypeRange(), shape, builder.getAffineMapArrayAttr(maps),
        from ? ValueRange(from) : ValueRange(), to);
    OpBuilder::InsertionGuard guard(builder);
    Block *block = builder.createBlock(&map.getBody());
    Value stored =
        from ? Value(block->addArgument(getElementTypeOrSelf(from), loc))
             : Value(builder.create<arith::ConstantOp>(loc, value));
    builder.create<nn::YieldOp>(loc, stored);
  }

  const Plan &plan;
  const Network &network;
  SymbolTable symbols;
  func::FuncOp old, func;
  OpBuilder builder;
  /// The slices and constants that views are made of, by storage and element.
  DenseMap<std::pair<int, Type>, Value> bases;
  DenseMap<std::pair<Value, Type>, Value> views;
};
} // namespace

FailureOr<func::FuncOp> tenon::schedule::emitPlan(const Plan &plan) {
  return Emitter(plan).run();
}
