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

/// The layers of the body with their windows.
static FailureOr<SmallVector<BandLayer>> getBandLayers(nn::BandsOp bands) {
  SmallVector<BandLayer> layers;
  Value rows = bands.getBody().getArgument(0);
  for (nn::LayerOpInterface layer : bands.getLayers()) {
    std::optional<RowWindow> window;
    for (OpOperand &operand : layer->getOpOperands())
      if (operand.get() == rows)
        window = getRowWindow(layer, operand.getOperandNumber());
    if (!window || (!layers.empty() &&
                    (layers.back().window.reducesRows ||
                     getRowDim(cast<ShapedType>(rows.getType())) !=
                         window->inputDim)))
      return layer->emitOpError() << "cannot be computed row by row";
    layers.push_back({layer, *window});
    rows = layer->getResult(0);
  }
  return layers;
}

namespace {
class Expander {
public:
  Expander(nn::BandsOp bands, ArrayRef<BandLayer> layers,
           const BandLayout &layout)
      : bands(bands), layers(layers), layout(layout), builder(bands),
        loc(bands.getLoc()),
        buffers(builder, loc, layers, layout, bands.getOutputs()[1]) {}

  void run() {
    buffers.fillBefore();
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
    return layers[index].window.reducesRows;
  }

  /// One layer in a round.
  void buildLayer(unsigned index, Value round) {
    // A layer that reduces rows goes by those that it reads.
    unsigned made = reducesRows(index) ? index : index + 1;
    const BandBuffer &buffer = layout.buffers[made];
    if (!reducesRows(index))
      buffers.keepRows(made);
    int64_t lowest = buffer.first - layout.roundsBefore * buffer.height;
    Value row = buffers.getLinear(round, buffer.height, lowest);
    if (lowest > -buffer.height &&
        layout.getEnd(made) - buffer.height < buffer.totalRows) {
      buildRun(index, round, row);
    } else {
      auto compare = [&](arith::CmpIPredicate predicate, int64_t bound) {
        return builder.create<arith::CmpIOp>(loc, predicate, row,
                                             buffers.getConstant(bound));
      };
      Value hasRows = builder.create<arith::AndIOp>(
          loc, compare(arith::CmpIPredicate::sgt, -buffer.height),
          compare(arith::CmpIPredicate::slt, buffer.totalRows));
      auto branch = builder.create<scf::IfOp>(loc, hasRows, /*withElse=*/false);
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(branch.thenBlock());
      buildRun(index, round, row);
    }
    if (!reducesRows(index))
      buffers.fillRows(made, row, buffer.kept, buffer.height);
  }

  /// The layer makes the rows of its result from `row` on.
  void buildRun(unsigned index, Value round, Value row) {
    const BandBuffer &read = layout.buffers[index];
    if (index == 0) {
      Value first = buffers.getLinear(
          round, read.height,
          read.first - read.kept - layout.roundsBefore * read.height);
      buffers.loadRows(0, bands.getInputs()[0], first);
      buffers.fillRows(0, first, 0, read.getRows());
    }
    Value input = buffers.getView(index, 0, read.getRows());
    if (reducesRows(index)) {
      // It is there until the end of all rounds, for its epilogue.
      reduction = cast<nn::ReduceOp>(
          *createLayer(index, input, bands.getOutputs()[0], read.height));
      buildPartOfReduction(builder, reduction, accumulators);
      return;
    }
    const BandBuffer &made = layout.buffers[index + 1];
    createLayer(index, input, buffers.getView(index + 1, made.kept, made.height),
                made.height);
    if (index + 1 == layers.size())
      buffers.storeRows(index + 1, bands.getOutputs()[0], row);
  }

  /// The layer on memory, for `height` rows of what it makes or reduces.
  nn::LayerOpInterface createLayer(unsigned index, Value input, Value output,
                                   int64_t height) {
    nn::LayerOpInterface layer = layers[index].layer;
    const RowWindow &window = layers[index].window;
    SmallVector<Value> operands;
    for (OpOperand &operand : layer->getOpOperands()) {
      if (operand.getOperandNumber() == window.operand)
        operands.push_back(input);
      else if (operand.getOperandNumber() == layer.getFirstOutput())
        operands.push_back(output);
      else
        operands.push_back(
            bands.getInputs()[cast<BlockArgument>(operand.get())
                                  .getArgNumber()]);
    }
    nn::LayerOpInterface planned = createPlannedLayer(builder, layer, operands);
    SmallVector<int64_t> bounds = layer.getBounds();
    bounds[window.dim] = height;
    ArrayRef<int64_t> sizes = bounds;
    unsigned numParallel = layer.getNumParallel();
    planned->setAttr(
        "parallel", builder.getDenseI64ArrayAttr(sizes.take_front(numParallel)));
    if (sizes.size() != numParallel)
      planned->setAttr("reduction", builder.getDenseI64ArrayAttr(
                                        sizes.drop_front(numParallel)));
    // The window of the first new row begins with the buffer.
    SmallVector<Attribute> maps(layer.getMaps().getValue());
    AffineMap map = layer.getMap(window.operand);
    SmallVector<AffineExpr> results(map.getResults());
    results[window.inputDim] = results[window.inputDim] + window.pad;
    maps[window.operand] = AffineMapAttr::get(AffineMap::get(
        map.getNumDims(), map.getNumSymbols(), results, map.getContext()));
    planned->setAttr("maps", builder.getArrayAttr(maps));
    planned->setAttr(nn::kRunsAttrName,
                     builder.getI64IntegerAttr(layout.countRuns(
                         reducesRows(index) ? index : index + 1)));
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
          buffers.getScratch(offset, results, init.getType()));
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
             << "reduces rows that are no multiple of the height";
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
