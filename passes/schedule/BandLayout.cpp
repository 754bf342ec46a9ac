//===- BandLayout.cpp - Line buffers of a chain of layers -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/BandLayout.h"

#include "passes/schedule/MemoryTypes.h"
#include "passes/schedule/Packing.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

bool schedule::hasRowsOutermost(ShapedType type, unsigned dim) {
  return llvm::all_of(type.getShape().take_front(dim),
                      [](int64_t size) { return size == 1; });
}

int64_t schedule::getRowBytes(ShapedType type, unsigned dim) {
  return type.getNumElements() / type.getDimSize(dim) *
         kernel::getElementBytes(type.getElementType());
}

bool schedule::addBorder(MutableArrayRef<BandLayer> layers,
                         nn::AssembleOp assemble) {
  if (assemble.getParts().size() != 1 || !assemble.getFill())
    return false;
  Value part = assemble.getParts()[0];
  ArrayRef<int64_t> offsets = assemble.getPartOffsets(0);
  auto inside = cast<RankedTensorType>(part.getType());
  TypedAttr fill = getMemoryValue(*assemble.getFill(), inside.getElementType());
  for (OpOperand &use : assemble->getUses()) {
    auto member = llvm::find_if(layers, [&](const BandLayer &layer) {
      return nn::LayerOpInterface(layer.layer) == use.getOwner();
    });
    if (member == layers.end())
      return false;
    auto window =
        llvm::find_if(member->rows.windows, [&](const RowWindow &window) {
          return window.operand == use.getOperandNumber();
        });
    if (window == member->rows.windows.end())
      return false;
    unsigned dim = window->inputDim;
    if (!llvm::equal(inside.getShape().take_front(dim),
                     assemble.getType().getShape().take_front(dim)) ||
        (window->padding && window->padding != fill))
      return false;
    // Who reduces all rows goes by those that there are.
    if (member->rows.reducesRows &&
        assemble.getType().getDimSize(dim) != inside.getDimSize(dim))
      return false;
    window->pad += offsets[dim];
    window->inputRows = inside.getDimSize(dim);
    window->padding = fill;
    member->borders[window - member->rows.windows.begin()] = assemble;
  }
  return true;
}

bool schedule::readsOnlyRows(ArrayRef<BandLayer> layers) {
  DenseMap<Value, unsigned> made;
  for (const BandLayer &member : layers) {
    nn::LayerOpInterface layer = member.layer;
    for (auto [window, border] :
         llvm::zip_equal(member.rows.windows, member.borders)) {
      if (!border)
        continue;
      auto source = made.find(nn::AssembleOp(border).getParts()[0]);
      if (source != made.end() && window.inputDim != source->second)
        return false;
    }
    for (OpOperand &operand : layer->getOpOperands()) {
      auto source = made.find(operand.get());
      if (source != made.end() &&
          llvm::none_of(member.rows.windows, [&](const RowWindow &window) {
            return window.operand == operand.getOperandNumber() &&
                   window.inputDim == source->second;
          }))
        return false;
    }
    made[member.getResult()] = member.rows.resultDim;
  }
  return true;
}

FailureOr<SmallVector<BandLayer>> schedule::getBandLayers(nn::BandsOp bands) {
  SmallVector<BandLayer> layers;
  for (nn::LayerOpInterface layer : bands.getLayers()) {
    std::optional<RowAccess> rows = getRowAccess(layer);
    if (!rows || (!layers.empty() && layers.back().rows.reducesRows))
      return layer->emitOpError() << "cannot be computed row by row";
    layers.emplace_back(layer, *rows);
  }
  for (auto assemble : bands.getBody().front().getOps<nn::AssembleOp>())
    if (!addBorder(layers, assemble))
      return assemble->emitOpError() << "is not the border of rows";
  if (!readsOnlyRows(layers))
    return bands.emitOpError() << "has layers that read more than some rows of "
                                  "another one";
  return layers;
}

int64_t BandLayout::countRuns(unsigned layer) const {
  const BandBuffer &own = buffers[getOwnBuffer(layer)];
  int64_t runs = 0;
  for (int64_t round = -roundsBefore; round < rounds; ++round) {
    int64_t row = own.first + round * own.height;
    runs += row > -own.height && row < own.totalRows;
  }
  return runs;
}

/// Lists the buffers, and who reads which; false where a tensor has several
/// borders.
static bool listBuffers(BandLayout &layout, ArrayRef<BandLayer> layers) {
  llvm::DenseSet<Value> made;
  for (const BandLayer &member : layers)
    made.insert(member.getResult());
  auto find = [&](Value value, unsigned dim) {
    return llvm::find_if(layout.buffers, [&](const BandBuffer &buffer) {
      return buffer.value == value && buffer.dim == dim;
    });
  };
  auto add = [&](Value value, unsigned dim) {
    BandBuffer buffer;
    buffer.value = value;
    buffer.dim = dim;
    buffer.totalRows = cast<ShapedType>(value.getType()).getDimSize(dim);
    layout.buffers.push_back(buffer);
  };
  for (const BandLayer &member : layers)
    for (auto [index, window] : llvm::enumerate(member.rows.windows)) {
      Value value = member.getSource(index);
      if (!made.contains(value) &&
          find(value, window.inputDim) == layout.buffers.end())
        add(value, window.inputDim);
    }
  layout.numOutside = layout.buffers.size();
  for (const BandLayer &member : layers)
    if (!member.rows.reducesRows)
      add(member.getResult(), member.rows.resultDim);
  for (const BandLayer &member : layers) {
    layout.reads.emplace_back();
    for (auto [index, window] : llvm::enumerate(member.rows.windows)) {
      auto found = find(member.getSource(index), window.inputDim);
      nn::AssembleOp border = member.borders[index];
      if (found == layout.buffers.end() ||
          (border && found->border && found->border != border))
        return false;
      if (border)
        found->border = border;
      layout.reads.back().push_back(
          {unsigned(found - layout.buffers.begin()), border != nullptr});
    }
  }
  for (BandBuffer &buffer : layout.buffers)
    buffer.rowBytes = getRowBytes(buffer.getType(), buffer.dim);
  return true;
}

/// From the last layer to the first one: which rows each has to make for its
/// readers.
static bool setRows(BandLayout &layout, ArrayRef<BandLayer> layers,
                    int64_t height) {
  // Of each buffer, in round 0: the first row that is read, and the end.
  SmallVector<std::pair<int64_t, int64_t>> read(layout.buffers.size());
  auto finish = [&](unsigned index) {
    BandBuffer &buffer = layout.buffers[index];
    auto [start, end] = read[index];
    buffer.first = end - buffer.height;
    buffer.kept = buffer.first - start;
    // A border is written once.
    buffer.isKept =
        index >= layout.numOutside && (buffer.kept > 0 || buffer.border);
  };
  for (size_t index = layers.size(); index-- > 0;) {
    // A layer that reduces rows takes those from 0 on.
    int64_t first = 0, rows = height;
    unsigned own = layout.numOutside + index;
    if (own < layout.buffers.size()) {
      BandBuffer &buffer = layout.buffers[own];
      if (index + 1 == layers.size()) {
        buffer.height = height;
        buffer.lastUse = index;
        read[own] = {0, height};
      }
      // Somebody reads it.
      if (buffer.height == 0)
        return false;
      finish(own);
      first = buffer.first;
      rows = buffer.height;
      buffer.firstUse = index;
    }
    for (auto [window, at] :
         llvm::zip_equal(layers[index].rows.windows, layout.reads[index])) {
      BandBuffer &buffer = layout.buffers[at.buffer];
      auto &[start, end] = read[at.buffer];
      // Rows between windows are there, too, though nobody reads them.
      int64_t begins = window.stride * first - window.pad;
      int64_t ends =
          begins + std::max(window.getExtent(rows), window.stride * rows);
      bool isFirst = buffer.height == 0;
      if (!isFirst && buffer.height != window.stride * rows)
        return false;
      if (window.padding && buffer.padding && window.padding != buffer.padding)
        return false;
      if (window.padding)
        buffer.padding = window.padding;
      buffer.height = window.stride * rows;
      start = isFirst ? begins : std::min(start, begins);
      end = isFirst ? ends : std::max(end, ends);
      at.start = begins;
      buffer.firstUse = index;
      buffer.lastUse = std::max<int>(buffer.lastUse, index);
    }
  }
  for (unsigned index = 0; index < layout.numOutside; ++index)
    finish(index);
  for (SmallVector<BandLayout::Read, 2> &reads : layout.reads)
    for (BandLayout::Read &at : reads)
      at.start -= read[at.buffer].first;
  return true;
}

static void placeBuffers(BandLayout &layout, ArrayRef<int64_t> accumulators) {
  // Elements have 8 bytes at most.
  constexpr int64_t kAlignment = 8;
  int last = layout.reads.size() - 1;
  std::vector<MemoryBlock> blocks;
  for (int64_t bytes : accumulators)
    blocks.push_back({bytes, 0, last, kAlignment});
  for (const BandBuffer &buffer : layout.buffers)
    blocks.push_back({buffer.getBytes(), buffer.isKept ? 0 : buffer.firstUse,
                      buffer.isKept ? last : buffer.lastUse, kAlignment});
  // Few blocks, and many layouts are looked at.
  Packing packing = pack(blocks, {}, /*maxTries=*/0);
  layout.scratchBytes = packing.size;
  ArrayRef<int64_t> offsets = packing.offsets;
  layout.accumulators =
      llvm::to_vector(offsets.take_front(accumulators.size()));
  for (auto [buffer, offset] :
       llvm::zip_equal(layout.buffers, offsets.drop_front(accumulators.size())))
    buffer.offset = offset;
}

/// Where that costs no memory.
static void keepRowsFromOutside(BandLayout &layout,
                                ArrayRef<int64_t> accumulators) {
  for (unsigned index = 0; index < layout.numOutside; ++index) {
    const BandBuffer &buffer = layout.buffers[index];
    if (buffer.kept <= 0 || !hasRowsOutermost(buffer.getType(), buffer.dim))
      continue;
    BandLayout kept = layout;
    kept.buffers[index].isKept = true;
    placeBuffers(kept, accumulators);
    if (kept.scratchBytes <= layout.scratchBytes)
      layout = std::move(kept);
  }
}

std::optional<BandLayout> schedule::getBandLayout(ArrayRef<BandLayer> layers,
                                                  int64_t height) {
  BandLayout layout;
  if (!listBuffers(layout, layers) || !setRows(layout, layers, height))
    return std::nullopt;
  const RowAccess &last = layers.back().rows;
  layout.rounds = llvm::divideCeil(last.rows, height);
  SmallVector<int64_t> accumulators;
  if (last.reducesRows) {
    if (last.rows % height != 0)
      return std::nullopt;
    nn::LayerOpInterface layer = layers.back().layer;
    int64_t results =
        cast<ShapedType>(layers.back().getResult().getType()).getNumElements();
    for (TypedAttr init : layer.getInitialValues())
      accumulators.push_back(results * kernel::getElementBytes(init.getType()));
  }
  for (const BandBuffer &buffer :
       ArrayRef(layout.buffers).drop_front(layout.numOutside))
    layout.roundsBefore =
        std::max(layout.roundsBefore,
                 llvm::divideCeilSigned(buffer.first, buffer.height));
  placeBuffers(layout, accumulators);
  keepRowsFromOutside(layout, accumulators);
  return layout;
}
