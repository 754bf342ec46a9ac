//===- ExpandBands.cpp - The loop over row bands --------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// After the plan, when the scratch memory of a chain has its place:
//
//     nn.bands height 2 ins(%x, %w) outs(%y, %scratch) { a, b }
//
// becomes, with a buffer of rows for %x, a and b in the scratch memory,
//
//     fill the rows of a with what b pads with
//     for round = 0 to 9:
//       move the rows of a that b reads again to the front
//       if the new rows of a are some of its rows:
//         copy rows of %x
//         a: two rows of it, behind those that were kept
//       fill new rows that a does not have
//       if the new rows of b are some of its rows:
//         b: two rows of it
//         copy them to %y
//
// The layers are ordinary ones, on buffers of some rows: they need no other
// kernels, and as rows are padded in memory, no borders above and below. A
// layer that reduces all rows goes on from accumulators in memory.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "passes/schedule/LineBuffers.h"
#include "passes/schedule/MemoryTypes.h"
#include "passes/schedule/Passes.h"
#include "passes/schedule/ReduceRows.h"

namespace tenon {
#define GEN_PASS_DEF_EXPANDBANDSPASS
#include "passes/schedule/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

namespace {
class Expander {
public:
  Expander(nn::BandsOp bands, ArrayRef<BandLayer> layers,
           const BandLayout &layout)
      : bands(bands), layers(layers), layout(layout), builder(bands),
        loc(bands.getLoc()),
        buffers(builder, loc, layout, bands.getOutputs()[1]) {}

  void run() {
    buffers.fillBefore();
    for (unsigned index = 0; index < layout.numOutside; ++index)
      loadRowsBefore(index);
    startReduction();
    auto loop = builder.create<scf::ForOp>(
        loc, buffers.getConstant(0),
        buffers.getConstant(layout.roundsBefore + layout.rounds),
        buffers.getConstant(1));
    builder.setInsertionPointToStart(loop.getBody());
    for (unsigned index = 0; index < layers.size(); ++index)
      buildLayer(index, loop.getInductionVar());
    builder.setInsertionPointAfter(loop);
    if (reduction) {
      buildEndOfReduction(builder, reduction, accumulators);
      reduction->erase();
    }
    bands->erase();
  }

private:
  bool reducesRows(unsigned index) const {
    return layers[index].rows.reducesRows;
  }

  /// One layer in a round.
  void buildLayer(unsigned index, Value round) {
    unsigned own = layout.getOwnBuffer(index);
    const BandBuffer &buffer = layout.buffers[own];
    for (unsigned outside = 0; outside < layout.numOutside; ++outside)
      if (layout.buffers[outside].firstUse == int(index))
        loadRows(outside, round);
    if (!reducesRows(index))
      buffers.keepRows(own);
    Value row = getRow(own, round);
    Value hasRows;
    auto require = [&](arith::CmpIPredicate predicate, int64_t bound) {
      Value holds = builder.create<arith::CmpIOp>(loc, predicate, row,
                                                  buffers.getConstant(bound));
      hasRows =
          hasRows ? builder.create<arith::AndIOp>(loc, hasRows, holds) : holds;
    };
    if (getLowestRow(own) <= -buffer.height)
      require(arith::CmpIPredicate::sgt, -buffer.height);
    if (layout.getEnd(own) - buffer.height >= buffer.totalRows)
      require(arith::CmpIPredicate::slt, buffer.totalRows);
    {
      OpBuilder::InsertionGuard guard(builder);
      if (hasRows) {
        auto branch =
            builder.create<scf::IfOp>(loc, hasRows, /*withElse=*/false);
        builder.setInsertionPointToStart(branch.thenBlock());
      }
      buildRun(index, row);
    }
    if (!reducesRows(index))
      buffers.fillRows(own, row, buffer.kept, buffer.height);
  }

  int64_t getLowestRow(unsigned index) const {
    const BandBuffer &buffer = layout.buffers[index];
    return buffer.first - layout.roundsBefore * buffer.height;
  }
  /// The first new row of the buffer.
  Value getRow(unsigned index, Value round) {
    return buffers.getLinear(round, layout.buffers[index].height,
                             getLowestRow(index));
  }

  /// What the first round keeps, as if there had been a round before.
  void loadRowsBefore(unsigned index) {
    const BandBuffer &buffer = layout.buffers[index];
    int64_t end = getLowestRow(index);
    if (buffer.isKept && end > 0)
      buffers.loadRows(index, getOutside(buffer.value),
                       {buffers.getConstant(end - buffer.kept), buffer.height,
                        buffer.kept, end - buffer.kept});
  }

  void loadRows(unsigned index, Value round) {
    const BandBuffer &buffer = layout.buffers[index];
    Value row = getRow(index, round);
    if (buffer.isKept) {
      buffers.keepRows(index);
      buffers.loadRows(index, getOutside(buffer.value),
                       {row, buffer.kept, buffer.height, getLowestRow(index)});
      buffers.fillRows(index, row, buffer.kept, buffer.height);
      return;
    }
    row = buffers.getLinear(row, 1, -buffer.kept);
    if (buffer.border)
      buffers.fill(index);
    buffers.loadRows(
        index, getOutside(buffer.value),
        {row, 0, buffer.getRows(), getLowestRow(index) - buffer.kept});
    if (!buffer.border)
      buffers.fillRows(index, row, 0, buffer.getRows());
  }

  /// The memory of what the body takes as an argument.
  Value getOutside(Value value) {
    return bands.getInputs()[cast<BlockArgument>(value).getArgNumber()];
  }

  /// The layer makes the rows of its result from `row` on.
  void buildRun(unsigned index, Value row) {
    unsigned own = layout.getOwnBuffer(index);
    const BandBuffer &buffer = layout.buffers[own];
    if (reducesRows(index)) {
      // It is there until the end of all rounds, for its epilogue.
      reduction = cast<nn::ReduceOp>(
          *createLayer(index, bands.getOutputs()[0], buffer.height));
      buildPartOfReduction(builder, reduction, accumulators);
      return;
    }
    createLayer(index,
                buffers.getView(own, buffer.kept, buffer.height,
                                /*bordered=*/false),
                buffer.height);
    if (index + 1 == layers.size())
      buffers.storeRows(own, bands.getOutputs()[0], row);
  }

  /// The rows of a buffer that a window is about.
  Value getInput(const RowWindow &window, BandLayout::Read read,
                 int64_t height) {
    return buffers.getView(read.buffer, read.start, window.getExtent(height),
                           read.isBordered);
  }

  /// The layer on memory, for `height` rows of what it makes or reduces.
  nn::LayerOpInterface createLayer(unsigned index, Value output,
                                   int64_t height) {
    nn::LayerOpInterface layer = layers[index].layer;
    const RowAccess &rows = layers[index].rows;
    SmallVector<Value> operands;
    for (Value operand :
         layer->getOperands().take_front(layer.getFirstOutput()))
      operands.push_back(isa<BlockArgument>(operand) ? getOutside(operand)
                                                     : Value());
    operands.push_back(output);
    SmallVector<Attribute> maps(layer.getMaps().getValue());
    for (auto [window, read] :
         llvm::zip_equal(rows.windows, layout.reads[index])) {
      operands[window.operand] = getInput(window, read, height);
      // The window of the first new row begins at the first one of these. The
      // layer's map counts rows with their border.
      int64_t pad = window.pad;
      if (nn::AssembleOp border = layout.buffers[read.buffer].border)
        if (read.isBordered)
          pad -= border.getPartOffsets(0)[window.inputDim];
      AffineMap map = layer.getMap(window.operand);
      SmallVector<AffineExpr> results(map.getResults());
      results[window.inputDim] = results[window.inputDim] + pad;
      maps[window.operand] = AffineMapAttr::get(AffineMap::get(
          map.getNumDims(), map.getNumSymbols(), results, map.getContext()));
    }
    nn::LayerOpInterface planned = createPlannedLayer(builder, layer, operands);
    SmallVector<int64_t> bounds = layer.getBounds();
    bounds[rows.dim] = height;
    ArrayRef<int64_t> sizes = bounds;
    unsigned numParallel = layer.getNumParallel();
    planned->setAttr("parallel", builder.getDenseI64ArrayAttr(
                                     sizes.take_front(numParallel)));
    if (sizes.size() != numParallel)
      planned->setAttr("reduction", builder.getDenseI64ArrayAttr(
                                        sizes.drop_front(numParallel)));
    planned->setAttr("maps", builder.getArrayAttr(maps));
    planned->setAttr(nn::kRunsAttrName,
                     builder.getI64IntegerAttr(layout.countRuns(index)));
    return planned;
  }

  void startReduction() {
    if (!reducesRows(layers.size() - 1))
      return;
    nn::LayerOpInterface layer = layers.back().layer;
    int64_t results =
        cast<ShapedType>(layer->getResult(0).getType()).getNumElements();
    for (auto [offset, init] :
         llvm::zip_equal(layout.accumulators, layer.getInitialValues())) {
      accumulators.push_back(
          buffers.getScratch(offset, results, init.getType(), layer.getLoc()));
      builder.create<kernel::FillOp>(
          loc, accumulators.back(), buffers.getConstant(0),
          buffers.getConstant(results),
          builder.create<arith::ConstantOp>(loc, init));
    }
  }

  nn::BandsOp bands;
  ArrayRef<BandLayer> layers;
  const BandLayout &layout;
  OpBuilder builder;
  Location loc;
  LineBuffers buffers;
  /// Of a layer that reduces all rows: in flat memory, and the layer of which
  /// its parts are made.
  SmallVector<Value> accumulators;
  nn::ReduceOp reduction;
};

struct ExpandBandsPass
    : public tenon::impl::ExpandBandsPassBase<ExpandBandsPass> {
  using ExpandBandsPassBase::ExpandBandsPassBase;

  void runOnOperation() override {
    SmallVector<nn::BandsOp> found;
    getOperation().walk([&](nn::BandsOp bands) { found.push_back(bands); });
    for (nn::BandsOp bands : found)
      if (failed(expand(bands)))
        return signalPassFailure();
  }

  static LogicalResult expand(nn::BandsOp bands) {
    if (bands->getNumResults() != 0)
      return bands.emitOpError() << "is on tensors: it has not been planned";
    FailureOr<SmallVector<BandLayer>> layers = getBandLayers(bands);
    if (failed(layers))
      return failure();
    std::optional<BandLayout> layout =
        getBandLayout(*layers, bands.getHeight());
    if (!layout)
      return bands.emitOpError()
             << "has rows that do not come out even at this height";
    auto scratch = cast<MemRefType>(bands.getOutputs()[1].getType());
    if (scratch.getRank() != 1 || !scratch.getElementType().isInteger(8) ||
        scratch.getDimSize(0) < layout->scratchBytes)
      return bands.emitOpError()
             << "needs " << layout->scratchBytes << " bytes of scratch memory";
    Expander(bands, *layers, *layout).run();
    return success();
  }
};
} // namespace
