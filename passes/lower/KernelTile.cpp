//===- KernelTile.cpp - What a kernel's loops run on one tile -------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tile is some rows of vectors that stay in registers. Of a matrix product
// with two rows and one vector, the loops of KernelBuilder.cpp run
//
//     %r:2 = scf.for %k = ... iter_args(%a = %zero, %b = %zero) {
//       %w = vector.load %weights[...]            loaded once, used by each row
//       %x0 = memref.load %x[row 0, %k]           broadcast
//       %x1 = memref.load %x[row 1, %k]
//       yield fma(%x0, %w, %a), fma(%x1, %w, %b)
//     }
//     vector.store epilogue(%r#0), %y[row 0]
//     vector.store epilogue(%r#1), %y[row 1]
//
//===----------------------------------------------------------------------===//

#include "passes/lower/KernelBuilder.h"
#include "passes/lower/PackWeights.h"
#include "passes/lower/PartialSums.h"
#include "passes/lower/SubByte.h"

using namespace mlir;
using namespace tenon;

//===----------------------------------------------------------------------===//
// One tile
//===----------------------------------------------------------------------===//

/// The value of dimension `dim` of the layer, for `nn.index`.
Value KernelBuilder::getIndex(const State &state, unsigned dim) {
  auto found = llvm::find_if(nest.dims, [&](const NestDim &nestDim) {
    return nestDim.indexed == dim;
  });
  return materialize(state.dims[found - nest.dims.begin()]);
}

void KernelBuilder::buildTile(const State &state, const Tile &tile) {
  // Accumulators lie [accumulator][row][vector].
  SmallVector<Value> values;
  for (TypedAttr attr : nest.layer.getInitialValues()) {
    Value initial = b.create<arith::ConstantOp>(loc, attr);
    if (tile.lanes > 1)
      initial = b.create<vector::BroadcastOp>(
          loc, VectorType::get(tile.lanes, initial.getType()), initial);
    values.append(tile.rows * tile.vectors, initial);
  }
  values = buildReduction(nest.getNumParallel(), state, tile, values);
  if (unsigned shift = getSubByteShift(schedule.dot))
    for (Value &sum : values)
      sum = b.create<arith::ShRSIOp>(
          loc, sum,
          splatWord(tile, b.create<arith::ConstantIntOp>(loc, shift, 32)));
  if (!isSplitReduction())
    return buildStores(state, tile, std::move(values));
  Tile rows;
  rows.rows = tile.rows;
  buildStores(state, rows, mergeLanes(tile, values));
}

/// The epilogue of each vector, then the stores, so that an output may lie over
/// an operand that is read at the same indices.
void KernelBuilder::buildStores(const State &state, const Tile &tile,
                                SmallVector<Value> values) {
  int64_t perValue = tile.rows * tile.vectors;
  unsigned numOutputs = nest.outputs.size();
  if (Region *epilogue = nest.layer.getEpilogueOrNull()) {
    SmallVector<Value> stored(numOutputs * perValue);
    for (int64_t row = 0; row < tile.rows; ++row)
      for (int64_t vector = 0; vector < tile.vectors; ++vector) {
        int64_t at = row * tile.vectors + vector;
        SmallVector<Value> arguments;
        for (size_t k = at; k < values.size(); k += perValue)
          arguments.push_back(values[k]);
        for (unsigned e = 0; e < nest.extras.size(); ++e)
          arguments.push_back(
              load(nest.inputs.size() + e, state, tile, row, vector));
        auto index = [&](unsigned dim) { return getIndex(state, dim); };
        for (auto [k, value] :
             llvm::enumerate(nn::cloneRegion(b, *epilogue, arguments, index)))
          stored[k * perValue + at] = value;
      }
    values = std::move(stored);
  }
  unsigned firstOutput = accesses.size() - numOutputs;
  for (unsigned k = 0; k < numOutputs; ++k)
    for (int64_t row = 0; row < tile.rows; ++row)
      for (int64_t vector = 0; vector < tile.vectors; ++vector)
        store(firstOutput + k, state, tile, row, vector,
              values[k * perValue + row * tile.vectors + vector]);
  leaveBlock();
}

/// The part of reduction dimension `dim` in which its guards hold:
/// 0 <= g + c * i < size, for c > 0, from ceil(max(-g, 0) / c) to
/// min(n, ceil(max(size - g, 0) / c)).
KernelBuilder::LoopRange KernelBuilder::buildLoopRange(unsigned dim,
                                                       const State &state) {
  LoopRange range;
  range.high = nest.dims[dim].size;
  auto ceilDivide = [&](Value value, int64_t divisor) -> Value {
    value = b.create<arith::MaxSIOp>(loc, value, constant(0));
    if (divisor == 1)
      return value;
    value = b.create<arith::AddIOp>(loc, value, constant(divisor - 1));
    return b.create<arith::DivUIOp>(loc, value, constant(divisor));
  };
  for (const auto &[guard, index] : state.guards) {
    int64_t c = guard->coefficients[dim];
    if (c == 0)
      continue;
    // For c < 0: g - |c| i >= 0 bounds i above, g - |c| i < size below.
    int64_t lowConstant =
        c > 0 ? -index.constant : index.constant - guard->size + 1;
    int64_t highConstant =
        c > 0 ? guard->size - index.constant : index.constant + 1;
    int64_t step = std::abs(c);
    if (!index.dynamic) {
      range.low = std::max(
          range.low,
          int64_t(llvm::divideCeil(std::max<int64_t>(lowConstant, 0), step)));
      range.high = std::min(
          range.high,
          int64_t(llvm::divideCeil(std::max<int64_t>(highConstant, 0), step)));
      continue;
    }
    auto offset = [&, g = index.dynamic](int64_t value, bool negate) -> Value {
      Value base = constant(value);
      if (negate)
        return b.create<arith::SubIOp>(loc, base, g);
      return b.create<arith::AddIOp>(loc, g, base);
    };
    range.lows.push_back(ceilDivide(offset(lowConstant, c > 0), step));
    range.highs.push_back(ceilDivide(offset(highConstant, c > 0), step));
  }
  return range;
}

SmallVector<Value>
KernelBuilder::buildReduction(unsigned dim, const State &state,
                              const Tile &tile,
                              SmallVector<Value> accumulators) {
  if (dim == nest.dims.size()) {
    if (schedule.dot.form == DotForm::Singles)
      return buildSingles(state, tile, std::move(accumulators));
    if (schedule.dot.form == DotForm::Halves)
      return buildHalves(state, tile, std::move(accumulators));
    return schedule.dot.getGroup() > 1
               ? buildGroup(state, tile, schedule.dot.getGroup(),
                            std::move(accumulators))
               : buildPoint(state, tile, std::move(accumulators));
  }
  if (schedule.dot.inParts && dim + 1 == nest.dims.size())
    return buildParts(state, tile, std::move(accumulators));
  LoopRange range = buildLoopRange(dim, state);
  int64_t inner = 1, step = 1;
  for (unsigned d = dim; d < nest.dims.size(); ++d)
    inner *= nest.dims[d].size;
  bool hasTail = schedule.dot.tail != 0 && dim + 1 == nest.dims.size();
  auto finish = [&](SmallVector<Value> values) {
    if (hasTail)
      return buildGroup(advance(state, dim, nest.dims[dim].size - 1, tile),
                        tile, schedule.dot.tail, std::move(values));
    return dim == schedule.vectorDim ? buildRestOfLanes(state, tile, values)
                                     : values;
  };
  if (hasTail) {
    --range.high;
    --inner;
  }
  if (dim == schedule.vectorDim) {
    step = schedule.getPanel();
    inner /= step;
    range.high -= range.high % step;
  }
  if (range.isKnown() &&
      (inner <= schedule.unroll || range.high - range.low <= step)) {
    for (int64_t i = range.low; i < range.high; i += step)
      accumulators = buildReduction(dim + 1, advance(state, dim, i, tile), tile,
                                    std::move(accumulators));
    return finish(std::move(accumulators));
  }
  leaveBlock();
  auto [low, high] = materialize(range);
  auto loop =
      b.create<scf::ForOp>(loc, low, high, constant(step), accumulators);
  nameLoop(loop, dim);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> inside(loop.getRegionIterArgs());
    inside = buildReduction(dim + 1,
                            advance(state, dim, loop.getInductionVar(), tile),
                            tile, std::move(inside));
    if (!accumulators.empty())
      b.create<scf::YieldOp>(loc, inside);
  }
  leaveBlock();
  return finish(SmallVector<Value>(loop.getResults()));
}

/// What the last, not full step of a split reduction adds to the partial sums;
/// those that it has no element for stay as they are.
SmallVector<Value>
KernelBuilder::buildRestOfLanes(const State &state, const Tile &tile,
                                SmallVector<Value> accumulators) {
  int64_t size = nest.dims[*schedule.vectorDim].size;
  int64_t count = size % schedule.getPanel();
  if (count == 0)
    return accumulators;
  State last = advance(state, *schedule.vectorDim, size - count, tile);
  Tile rest = tile;
  rest.vectors = llvm::divideCeil(count, tile.lanes);
  rest.partial = count % tile.lanes;
  // [accumulator][row][vector], of the first vectors only.
  SmallVector<Value *> touched;
  SmallVector<Value> values;
  for (size_t i = 0; i < accumulators.size(); ++i)
    if (int64_t(i % tile.vectors) < rest.vectors)
      touched.push_back(&accumulators[i]);
  for (Value *value : touched)
    values.push_back(*value);
  values = buildReduction(*schedule.vectorDim + 1, last, rest, values);
  // The first lanes are new.
  SmallVector<int64_t> lanes;
  for (int64_t lane = 0; lane < tile.lanes; ++lane)
    lanes.push_back(lane < rest.partial ? lane : tile.lanes + lane);
  for (auto [i, old] : llvm::enumerate(touched)) {
    Value value = values[i];
    if (isPartial(rest, i % rest.vectors))
      value = b.create<vector::ShuffleOp>(loc, value, *old, lanes);
    *old = value;
  }
  return accumulators;
}

/// The partial sums of each row become one, by halves: of eight, 0 + 4, 1 + 5,
/// 2 + 6, 3 + 7, then of these 0 + 2, 1 + 3, then 0 + 1; vectors are halved
/// first, then their lanes. The tree does not depend on the lanes of a vector.
SmallVector<Value> KernelBuilder::mergeLanes(const Tile &tile,
                                             ArrayRef<Value> accumulators) {
  SmallVector<Value> results;
  for (size_t first = 0; first < accumulators.size(); first += tile.vectors) {
    SmallVector<Value> parts(accumulators.slice(first, tile.vectors));
    unsigned accumulator = first / (tile.rows * tile.vectors);
    auto merge = [&](Value a, Value c) {
      return buildJoin(b, loc, nest.layer, accumulator, a, c);
    };
    for (int64_t half = tile.vectors / 2; half > 0; half /= 2)
      for (int64_t i = 0; i < half; ++i)
        parts[i] = merge(parts[i], parts[i + half]);
    Value sum = parts.front();
    for (int64_t half = tile.lanes / 2; half > 0; half /= 2) {
      SmallVector<int64_t> lanes;
      for (int64_t lane = 0; lane < tile.lanes; ++lane)
        lanes.push_back((lane + half) % tile.lanes);
      sum = merge(sum, b.create<vector::ShuffleOp>(loc, sum, sum, lanes));
    }
    if (tile.lanes > 1)
      sum = b.create<vector::ExtractOp>(loc, sum, 0);
    results.push_back(sum);
  }
  return results;
}

SmallVector<Value> KernelBuilder::buildPoint(const State &state,
                                             const Tile &tile,
                                             SmallVector<Value> accumulators) {
  int64_t perValue = tile.rows * tile.vectors;
  // A layer without a reduction has values to store instead.
  bool reduces = nest.getNumParallel() != nest.dims.size() ||
                 nest.layer.getEpilogueOrNull();
  SmallVector<Value> results = accumulators;
  if (!reduces)
    results.resize(nest.outputs.size() * perValue);
  auto index = [&](unsigned dim) { return getIndex(state, dim); };
  for (int64_t row = 0; row < tile.rows; ++row)
    for (int64_t vector = 0; vector < tile.vectors; ++vector) {
      int64_t at = row * tile.vectors + vector;
      SmallVector<Value> inputs, current;
      for (unsigned i = 0; i < nest.inputs.size(); ++i)
        inputs.push_back(load(i, state, tile, row, vector));
      for (size_t k = at; k < accumulators.size(); k += perValue)
        current.push_back(accumulators[k]);
      for (auto [k, value] : llvm::enumerate(
               nest.layer.buildCombine(b, loc, inputs, current, index)))
        results[k * perValue + at] = value;
    }
  return results;
}

//===----------------------------------------------------------------------===//
// Accesses
//===----------------------------------------------------------------------===//

Value KernelBuilder::load(unsigned access, const State &state, const Tile &tile,
                          int64_t row, int64_t vector) {
  const NestAccess &a = *accesses[access];
  Index index = state.accesses[access];
  if (schedule.tileDim)
    index = addRows(index, row, getStride(access, *schedule.tileDim, tile));
  bool isPacked = llvm::is_contained(packed, a.operand);
  int64_t step = 0;
  if (schedule.vectorDim)
    step = isPacked ? getWeightPacking(nest, schedule, a).unit
                    : a.strides[*schedule.vectorDim];
  index.constant += vector * tile.lanes * step;
  bool isVector = tile.lanes > 1 && step != 0;
  bool isPart = isVector && isPartial(tile, vector) && !isPacked;

  // A window may read the rest of a row here and more from there elsewhere.
  Key key{access, index.dynamic.getAsOpaquePointer(), index.constant,
          isVector ? LoadedAs::Vector : LoadedAs::Element,
          isPart ? tile.partial : tile.lanes};
  Value &value = loaded[key];
  if (value)
    return value;
  Value buffer = buffers[a.operand];
  for (const NestAccess::Indirection &indirection : a.indirections) {
    unsigned ordinal =
        nest.inputs.size() + nest.extras.size() + indirection.index;
    Value at = load(ordinal, state, tile, row, vector);
    if (at.getType().isInteger(8))
      at = b.create<arith::IndexCastUIOp>(loc, b.getIndexType(), at);
    else if (!at.getType().isIndex())
      at = b.create<arith::IndexCastOp>(loc, b.getIndexType(), at);
    index = advance(index, at, indirection.stride);
  }
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  auto type = VectorType::get(tile.lanes, element);
  if (isPart)
    value = b.create<kernel::LoadOp>(loc, type, buffer, materialize(index),
                                     tile.partial);
  else if (isVector)
    value = b.create<vector::LoadOp>(loc, type, buffer, materialize(index));
  else if (a.subByte)
    value = loadShared(buffer, index, a.subByte);
  else
    value = b.create<memref::LoadOp>(loc, buffer, materialize(index));
  if (tile.lanes > 1 && !isVector)
    value = b.create<vector::BroadcastOp>(loc, type, value);
  return value;
}

void KernelBuilder::store(unsigned access, const State &state, const Tile &tile,
                          int64_t row, int64_t vector, Value value) {
  const NestAccess &a = *accesses[access];
  Index index = state.accesses[access];
  if (schedule.tileDim)
    index = addRows(index, row, a.strides[*schedule.tileDim]);
  if (schedule.vectorDim)
    index.constant += vector * tile.lanes * a.strides[*schedule.vectorDim];
  Value buffer = buffers[a.operand];
  auto type = VectorType::get(tile.lanes, a.elementType);
  if (tile.lanes > 1 && !isa<VectorType>(value.getType()))
    value = b.create<vector::BroadcastOp>(loc, type, value);
  if (tile.lanes == 1)
    b.create<memref::StoreOp>(loc, value, buffer, materialize(index));
  else if (isPartial(tile, vector))
    b.create<kernel::StoreOp>(loc, value, buffer, materialize(index),
                              tile.partial);
  else
    b.create<vector::StoreOp>(loc, value, buffer, materialize(index));
}
