//===- VerifyPlan.cpp - Replays a plan ------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Contents are symbols: "bytes 64 to 127 of what layer 3 wrote". The function
// on tensors gives the contents that each layer should read; the planned one is
// run over memories that know for every byte who wrote it last (Contents.h).
// Nothing of the planner is used but the arithmetic of layouts. A plan with a
// view of more than a million runs is not replayed to its end.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Constants.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "passes/schedule/Contents.h"
#include "passes/schedule/MemoryTypes.h"
#include "passes/schedule/Passes.h"
#include "passes/schedule/Plan.h"
#include "passes/schedule/ReplayRows.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

namespace tenon {
#define GEN_PASS_DEF_VERIFYPLANPASS
#include "passes/schedule/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

namespace {
/// A layer or chain of the function on tensors, and what its operands hold.
struct Expected {
  Operation *layer;
  std::vector<Content> operands;
};

class Verifier {
public:
  LogicalResult run(func::FuncOp reference, func::FuncOp planned) {
    runReference(reference);
    SmallVector<Place> results;
    if (failed(planned.getNumArguments() == 1
                   ? placeInArena(reference, planned, results)
                   : placeInArguments(reference, planned, results)))
      return failure();
    WalkResult isStatic = planned.walk([](memref::ReinterpretCastOp view) {
      return ShapedType::isDynamicShape(view.getStaticOffsets()) ||
                     ShapedType::isDynamicShape(view.getStaticSizes()) ||
                     ShapedType::isDynamicShape(view.getStaticStrides())
                 ? WalkResult::interrupt()
                 : WalkResult::advance();
    });
    if (isStatic.wasInterrupted())
      return planned.emitError() << "has views of unknown layout";
    for (Operation &op : planned.front().without_terminator())
      if (failed(replayOp(&op)))
        return failure();
    if (next != expected.size())
      return planned.emitError() << "lacks layers of the function on tensors";
    for (auto [index, content] : llvm::enumerate(outputs))
      if (failed(
              compare(planned, "output", index, content,
                      getMemory(results[index]).read(results[index].layout))))
        return failure();
    return success();
  }

private:
  /// Where a memref lies: in an argument, or in a constant.
  struct Place {
    Value base;
    Layout layout;
  };

  //===--------------------------------------------------------------------===//
  // Inputs and outputs
  //===--------------------------------------------------------------------===//

  LogicalResult placeInArguments(func::FuncOp reference, func::FuncOp planned,
                                 SmallVectorImpl<Place> &results) {
    numInputs = reference.getNumArguments();
    if (planned.getNumArguments() != numInputs + outputs.size() + 1)
      return planned.emitError()
             << "expected inputs, outputs and an arena as arguments";
    for (size_t i = 0; i < outputs.size(); ++i)
      results.push_back(getPlace(planned.getArgument(numInputs + i)));
    return success();
  }

  /// The arena, alone, says where they lie; inputs are there at the beginning.
  LogicalResult placeInArena(func::FuncOp reference, func::FuncOp planned,
                             SmallVectorImpl<Place> &results) {
    auto inputs =
        planned.getArgAttrOfType<DenseI64ArrayAttr>(0, kInputOffsetsAttrName);
    auto ends =
        planned.getArgAttrOfType<DenseI64ArrayAttr>(0, kOutputOffsetsAttrName);
    if (!inputs || !ends ||
        unsigned(inputs.size()) != reference.getNumArguments() ||
        size_t(ends.size()) != outputs.size())
      return reference.getNumArguments() + outputs.size() == 0
                 ? success()
                 : planned.emitError() << "expected inputs, outputs and an "
                                          "arena as arguments";
    Value arena = planned.getArgument(0);
    int64_t bytes = getLayout(arena.getType()).getNumBytes();
    auto place = [&](Type type, int64_t offset) -> FailureOr<Place> {
      Layout layout = getLayout(type);
      layout.offset = offset;
      if (offset < 0 || layout.getEnd() > bytes)
        return planned.emitError()
               << "has an input or output outside of its arena of " << bytes
               << " bytes";
      return Place{arena, layout};
    };
    for (auto [argument, offset] :
         llvm::zip_equal(reference.getArguments(), inputs.asArrayRef())) {
      FailureOr<Place> input = place(argument.getType(), offset);
      if (failed(input))
        return failure();
      getMemory(*input).write(input->layout, contents[argument]);
    }
    for (auto [type, offset] :
         llvm::zip_equal(reference.getResultTypes(), ends.asArrayRef())) {
      FailureOr<Place> output = place(type, offset);
      if (failed(output))
        return failure();
      results.push_back(*output);
    }
    return success();
  }

  //===--------------------------------------------------------------------===//
  // Tensors
  //===--------------------------------------------------------------------===//

  static Layout getLayout(Type type) {
    auto shaped = cast<ShapedType>(type);
    return Layout::getContiguous(
        shaped.getShape(), kernel::getElementBytes(shaped.getElementType()));
  }

  Content getWhole(int event, Type type) {
    Content content;
    if (int64_t bytes = getLayout(type).getNumBytes())
      events.append(content, {event, 0, bytes});
    return content;
  }

  /// A weight is its symbol. A constant of the function on tensors has none
  /// yet, so that all of its size are their bytes, whether they repeat one
  /// element (a fill, then) or not.
  int getConstantEvent(ElementsAttr value, StringRef symbol) {
    std::optional<int64_t> bytes = nn::getByteSize(value.getShapedType());
    std::optional<nn::Buffer> buffer;
    if (bytes && constantSizes.contains(*bytes))
      buffer = nn::getBuffer(value);
    if (!buffer)
      return events.get(("constant @" + symbol).str());
    if (nn::isSplat(*buffer))
      return getFillEvent(buffer->bytes.take_front(
          kernel::getElementBytes(buffer->type.getElementType())));
    return events.get("constant " +
                      llvm::utohexstr(llvm::xxh3_64bits(StringRef(
                          buffer->bytes.data(), buffer->bytes.size()))));
  }

  int getFillEvent(ArrayRef<char> element) {
    return events.get(
        "fill " + llvm::toHex(StringRef(element.data(), element.size())), true);
  }

  int getFillEvent(TypedAttr value, Type type) {
    TypedAttr stored = getMemoryValue(value, getElementTypeOrSelf(type));
    auto single = RankedTensorType::get({1}, stored.getType());
    return getFillEvent(
        DenseElementsAttr::get(single, ArrayRef<Attribute>(stored))
            .getRawData());
  }

  void runReference(func::FuncOp reference) {
    for (BlockArgument argument : reference.getArguments())
      contents[argument] = getWhole(
          events.get("input " + std::to_string(argument.getArgNumber())),
          argument.getType());
    reference.walk([&](arith::ConstantOp constant) {
      if (auto type = dyn_cast<ShapedType>(constant.getType()))
        if (std::optional<int64_t> bytes = nn::getByteSize(type))
          constantSizes.insert(*bytes);
    });
    for (Operation &op : reference.front().without_terminator())
      runTensors(&op);
    for (Value result : reference.front().getTerminator()->getOperands())
      outputs.push_back(contents[result]);
  }

  void runTensors(Operation *op) {
    if (op->getNumResults() == 0 ||
        !isa<TensorType>(op->getResult(0).getType()))
      return;
    Content &result = contents[op->getResult(0)];
    Type type = op->getResult(0).getType();
    if (auto weight = dyn_cast<nn::WeightOp>(op)) {
      auto global = SymbolTable::lookupNearestSymbolFrom<kernel::GlobalOp>(
          op, weight.getGlobalAttr());
      result = getWhole(getConstantEvent(global.getValue(), weight.getGlobal()),
                        type);
    } else if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
      result = getWhole(
          getConstantEvent(cast<ElementsAttr>(constant.getValue()), ""), type);
    } else if (auto reshape = dyn_cast<nn::ReshapeOp>(op)) {
      result = Content(contents[reshape.getInput()]);
    } else if (auto assemble = dyn_cast<nn::AssembleOp>(op)) {
      Layout whole = getLayout(type);
      Memory memory(events, whole.getNumBytes());
      if (assemble.getFill())
        memory.write(whole,
                     getWhole(getFillEvent(*assemble.getFill(), type), type));
      for (auto [index, part] : llvm::enumerate(assemble.getParts()))
        memory.write(getBox(whole, assemble.getPartOffsets(index),
                            cast<ShapedType>(part.getType()).getShape()),
                     contents[part]);
      result = memory.read(whole);
    } else if (auto layer = dyn_cast<nn::LayerOpInterface>(op)) {
      runLayer(layer);
    } else if (auto bands = dyn_cast<nn::BandsOp>(op)) {
      runBands(bands);
    } else {
      result = getWhole(0, type); // tensor.empty
    }
  }

  void runLayer(nn::LayerOpInterface layer) {
    Content &result = contents[layer->getResult(0)];
    Type type = layer->getResult(0).getType();
    if (TypedAttr fill = getFillOrNull(layer); fill && coversOutput(layer, 0)) {
      result = getWhole(getFillEvent(fill, type), type);
      return;
    }
    if (isSlice(layer)) {
      Layout source = getLayout(layer->getOperand(0).getType());
      Memory memory(events, source.getNumBytes());
      memory.write(source, contents[layer->getOperand(0)]);
      result = memory.read(getSliced(layer, source, getLayout(type)));
      return;
    }
    Expected entry{layer, {}};
    unsigned firstOutput = layer.getFirstOutput();
    for (OpOperand &operand : layer->getOpOperands()) {
      unsigned index = operand.getOperandNumber();
      Layout whole = getLayout(operand.get().getType());
      Layout part = getTouchedPart(layer, index, whole);
      bool isRead = index < firstOutput || !coversOutput(layer, index);
      bool isWhole = part.isSameAs(whole);
      if (isWhole && index < firstOutput) {
        entry.operands.push_back(contents[operand.get()]);
        continue;
      }
      Memory memory(events, whole.getNumBytes());
      if (isRead)
        memory.write(whole, contents[operand.get()]);
      entry.operands.push_back(isRead ? memory.read(part) : Content());
      if (index < firstOutput)
        continue;
      writeResult(layer, expected.size(), index - firstOutput, memory, whole);
      contents[layer->getResult(index - firstOutput)] = memory.read(whole);
    }
    expected.push_back(std::move(entry));
  }

  /// A chain reads its inputs and writes its outputs, scratch memory among
  /// them, as a whole.
  void runBands(nn::BandsOp bands) {
    Expected entry{bands, {}};
    for (Value input : bands.getInputs())
      entry.operands.push_back(contents[input]);
    for (Value result : bands.getResults())
      contents[result] =
          getWhole(getLayerEvent(expected.size(),
                                 cast<OpResult>(result).getResultNumber()),
                   result.getType());
    expected.push_back(std::move(entry));
  }

  static Layout getTouchedPart(nn::LayerOpInterface layer, unsigned operand,
                               const Layout &layout) {
    Box box = getTouched(layer, operand);
    return getBox(layout, box.offsets, box.shape);
  }

  /// Layer `number` writes what it touches of an output; of the rest of the box
  /// that it touches, what was there decides, so that all of it is new.
  void writeResult(nn::LayerOpInterface layer, size_t number, unsigned result,
                   Memory &memory, const Layout &layout) {
    unsigned operand = layer.getFirstOutput() + result;
    Layout part = getTouchedPart(layer, operand, layout);
    Content content;
    if (!part.isEmpty())
      events.append(content,
                    {getLayerEvent(number, result), 0, part.getNumBytes()});
    memory.write(part, content);
  }

  int getLayerEvent(size_t index, unsigned result) {
    std::string name = "layer " + std::to_string(index);
    if (result != 0)
      name += " result " + std::to_string(result);
    return events.get(name);
  }

  /// The part of the source that a slice moves, in the order of the result.
  static Layout getSliced(nn::LayerOpInterface layer, const Layout &source,
                          const Layout &result) {
    SmallVector<int64_t> bounds = layer.getBounds();
    std::optional<Access> access = getAccess(layer.getMap(0), bounds, source);
    return *schedule::getLayout(layer.getMap(1), bounds, *access, result.shape);
  }

  //===--------------------------------------------------------------------===//
  // Memory
  //===--------------------------------------------------------------------===//

  Place getPlace(Value value) {
    Place place{value, getLayout(value.getType())};
    if (auto view = value.getDefiningOp<memref::ReinterpretCastOp>()) {
      Place source = getPlace(view.getSource());
      place.base = source.base;
      int64_t size = place.layout.elementBytes;
      place.layout.offset =
          source.layout.offset + view.getStaticOffsets()[0] * size;
      for (auto [dim, stride] : llvm::enumerate(view.getStaticStrides()))
        place.layout.strides[dim] = stride * size;
    } else if (auto slice = value.getDefiningOp<kernel::SliceOp>()) {
      Place source = getPlace(slice.getSource());
      place.base = source.base;
      place.layout.offset = source.layout.offset + slice.getOffset();
    }
    return place;
  }

  /// A constant is one memory, however often its address is taken.
  Memory &getMemory(const Place &place) {
    Attribute symbol;
    if (auto constant = place.base.getDefiningOp<kernel::ConstantOp>())
      symbol = constant.getGlobalAttr();
    const void *key =
        symbol ? symbol.getAsOpaquePointer() : place.base.getAsOpaquePointer();
    auto found = memories.find(key);
    if (found != memories.end())
      return found->second;
    Layout whole = getLayout(place.base.getType());
    Memory memory(events, whole.getNumBytes());
    auto argument = dyn_cast<BlockArgument>(place.base);
    if (argument && argument.getArgNumber() < numInputs)
      memory.write(whole,
                   getWhole(events.get("input " +
                                       std::to_string(argument.getArgNumber())),
                            argument.getType()));
    if (auto constant = place.base.getDefiningOp<kernel::ConstantOp>()) {
      auto global = SymbolTable::lookupNearestSymbolFrom<kernel::GlobalOp>(
          constant, constant.getGlobalAttr());
      memory.write(whole, getWhole(getConstantEvent(global.getValue(),
                                                    constant.getGlobal()),
                                   constant.getType()));
    }
    return memories.try_emplace(key, std::move(memory)).first->second;
  }

  /// Where nobody has written, anything may be found.
  LogicalResult compare(Operation *op, StringRef what, unsigned index,
                        const Content &wanted, const Content &found) {
    if (events.hasGivenUp())
      return success();
    int64_t byte = 0, inWanted = 0, inFound = 0;
    auto want = wanted.begin(), have = found.begin();
    while (want != wanted.end() && have != found.end()) {
      int64_t length =
          std::min(want->length - inWanted, have->length - inFound);
      bool same = want->event == have->event &&
                  (events.isUniform(want->event) ||
                   want->start + inWanted == have->start + inFound);
      if (want->event != 0 && !same)
        return op->emitError()
               << what << " " << index << " is not as planned: at byte " << byte
               << ", expected byte " << want->start + inWanted << " of "
               << events.getName(want->event) << ", found byte "
               << have->start + inFound << " of "
               << events.getName(have->event);
      byte += length;
      if ((inWanted += length) == want->length)
        ++want, inWanted = 0;
      if ((inFound += length) == have->length)
        ++have, inFound = 0;
    }
    if (want != wanted.end() || have != found.end())
      return op->emitError() << what << " " << index << " has another size";
    return success();
  }

  LogicalResult replayOp(Operation *op) {
    if (auto layer = dyn_cast<nn::LayerOpInterface>(op))
      return replay(layer);
    if (auto bands = dyn_cast<nn::BandsOp>(op))
      return replayBands(bands);
    if (auto loop = dyn_cast<scf::ForOp>(op))
      return replayCopies(
          loop, [&](kernel::CopyOp copy, int64_t from, int64_t to,
                    int64_t count) { return replay(copy, from, to, count); });
    return success();
  }

  /// Moves `count` elements, none of which goes over another one of them.
  LogicalResult replay(kernel::CopyOp copy, int64_t from, int64_t to,
                       int64_t count) {
    Place source = getPlace(copy.getSource()),
          target = getPlace(copy.getTarget());
    for (auto [place, first] :
         {std::pair(&source, from), std::pair(&target, to)}) {
      Layout &layout = place->layout;
      if (layout.shape.size() != 1 || first < 0 ||
          first + count > layout.shape[0])
        return copy.emitError() << "leaves its buffer";
      layout = getBox(layout, first, count);
    }
    if (!isWritable(target))
      return copy.emitError() << "writes what is no memory to write";
    if (source.base == target.base && mayOverlap(source.layout, target.layout))
      return copy.emitError() << "goes over what it copies";
    getMemory(target).write(target.layout,
                            getMemory(source).read(source.layout));
    return success();
  }

  bool isWritable(const Place &place) const {
    auto argument = dyn_cast<BlockArgument>(place.base);
    return argument && argument.getArgNumber() >= numInputs;
  }

  /// Where the operands lie; of those from `firstOutput` on, where one may
  /// write.
  FailureOr<SmallVector<Place>> getPlaces(Operation *op, unsigned firstOutput) {
    SmallVector<Place> places;
    for (OpOperand &operand : op->getOpOperands()) {
      Place place = getPlace(operand.get());
      int64_t bytes = getLayout(place.base.getType()).getNumBytes();
      if (place.layout.offset < 0 || place.layout.getEnd() > bytes)
        return op->emitError() << "operand " << operand.getOperandNumber()
                               << " leaves its buffer of " << bytes << " bytes";
      if (operand.getOperandNumber() >= firstOutput && !isWritable(place))
        return op->emitError() << "operand " << operand.getOperandNumber()
                               << " is written, and is no memory to write";
      places.push_back(std::move(place));
    }
    return places;
  }

  /// What a chain writes overlaps nothing else of it, but for rows of its
  /// result over rows that it reads no more.
  LogicalResult replayBands(nn::BandsOp bands) {
    unsigned firstOutput = bands.getInputs().size();
    FailureOr<SmallVector<Place>> places = getPlaces(bands, firstOutput);
    if (failed(places))
      return failure();
    for (unsigned output = firstOutput; output < places->size(); ++output)
      for (unsigned other = 0; other < output; ++other)
        if ((*places)[other].base == (*places)[output].base &&
            mayOverlap((*places)[other].layout, (*places)[output].layout) &&
            (output != firstOutput ||
             !readsRowsInTime(bands, other, (*places)[other].layout,
                              (*places)[output].layout)))
          return bands->emitError()
                 << "operand " << output << " overwrites operand " << other;
    auto meant = next < expected.size()
                     ? dyn_cast<nn::BandsOp>(expected[next].layer)
                     : nn::BandsOp();
    if (!meant || meant.getHeight() != bands.getHeight() ||
        meant.getLayers().size() != bands.getLayers().size())
      return bands->emitError() << "is not the next chain on tensors";
    for (auto [index, place] : llvm::enumerate(*places)) {
      if (index < firstOutput) {
        if (failed(compare(bands, "operand", index,
                           expected[next].operands[index],
                           getMemory(place).read(place.layout))))
          return failure();
        continue;
      }
      getMemory(place).write(place.layout,
                             getWhole(getLayerEvent(next, index - firstOutput),
                                      bands->getOperand(index).getType()));
    }
    ++next;
    return success();
  }

  LogicalResult replay(nn::LayerOpInterface layer) {
    unsigned firstOutput = layer.getFirstOutput();
    FailureOr<SmallVector<Place>> found = getPlaces(layer, firstOutput);
    if (failed(found))
      return failure();
    SmallVector<Place> &places = *found;
    if (failed(checkOverlap(layer, places)))
      return failure();
    if (TypedAttr fill = getFillOrNull(layer); fill && coversOutput(layer, 0)) {
      getMemory(places[0]).write(
          places[0].layout,
          getWhole(getFillEvent(fill, layer->getOperand(0).getType()),
                   layer->getOperand(0).getType()));
      return success();
    }
    if (isSlice(layer)) {
      Content moved = getMemory(places[0]).read(
          getSliced(layer, places[0].layout, places[1].layout));
      getMemory(places[1]).write(places[1].layout, moved);
      return success();
    }
    auto meant = next < expected.size()
                     ? dyn_cast<nn::LayerOpInterface>(expected[next].layer)
                     : nn::LayerOpInterface();
    if (!meant || meant->getName() != layer->getName() ||
        meant.getMaps() != layer.getMaps() ||
        meant.getBounds() != layer.getBounds())
      return layer->emitError() << "is not the next layer on tensors";
    for (auto [index, place] : llvm::enumerate(places))
      if (index < firstOutput || !coversOutput(layer, index))
        if (failed(compare(layer, "operand", index,
                           expected[next].operands[index],
                           getMemory(place).read(
                               getTouchedPart(layer, index, place.layout)))))
          return failure();
    for (unsigned index = firstOutput; index < places.size(); ++index)
      writeResult(layer, next, index - firstOutput, getMemory(places[index]),
                  places[index].layout);
    ++next;
    return success();
  }

  /// What a layer writes, it reads at no other point.
  LogicalResult checkOverlap(nn::LayerOpInterface layer,
                             ArrayRef<Place> places) {
    unsigned firstOutput = layer.getFirstOutput();
    for (unsigned output = firstOutput; output < places.size(); ++output)
      for (unsigned other = 0; other < output; ++other) {
        if (places[other].base != places[output].base ||
            !mayOverlap(getTouchedPart(layer, other, places[other].layout),
                        getTouchedPart(layer, output, places[output].layout)))
          continue;
        if (other < firstOutput && isReadWhenFinished(layer, other) &&
            isSameElement(layer, other, places[other].layout, output,
                          places[output].layout))
          continue;
        return layer->emitError()
               << "operand " << output << " overwrites operand " << other
               << ", which is read at other points";
      }
    return success();
  }

  Events events;
  unsigned numInputs = 0;
  DenseMap<Value, Content> contents;
  std::vector<Expected> expected;
  std::vector<Content> outputs;
  llvm::DenseSet<int64_t> constantSizes;
  std::map<const void *, Memory> memories;
  size_t next = 0;
};
} // namespace

LogicalResult tenon::schedule::verifyPlan(func::FuncOp reference,
                                          func::FuncOp planned) {
  return Verifier().run(reference, planned);
}

namespace {
struct VerifyPlanPass : public tenon::impl::VerifyPlanPassBase<VerifyPlanPass> {
  void runOnOperation() override {
    for (auto planned : getOperation().getOps<func::FuncOp>()) {
      auto name = planned->getAttrOfType<FlatSymbolRefAttr>(kReferenceAttrName);
      if (!name)
        continue;
      auto reference =
          SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(planned, name);
      if (!reference || reference.isExternal() || planned.isExternal()) {
        planned.emitError() << "names no function on tensors: " << name;
        return signalPassFailure();
      }
      if (failed(verifyPlan(reference, planned)))
        return signalPassFailure();
    }
  }
};
} // namespace
