//===- KernelBuilder.cpp - Loops and vectors of one layer -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One builder for all layers. From a nest and its schedule it makes
//
//     for panel of the vector dimension            (edges: their own copy)
//       for the other parallel dimensions
//         for tile of the tile dimension           (inside, rest, borders)
//           accumulators = initial values          (named values, iter_args)
//           for the reduction dimensions           (cut to the window)
//             load each distinct element once, combine into accumulators
//           epilogue, store
//
// A convolution of 12 pixels by 2 vectors of 16 lanes thus holds 24
// accumulators in registers; with one lane the same code is a scalar tile. The
// tile dimension of a padded window is cut into the part that never leaves the
// operand, which needs no check, and the border, whose reduction loops run
// from max(0, -start) to min(size, end - start).
//
//===----------------------------------------------------------------------===//

#include "passes/lower/KernelBuilder.h"

using namespace mlir;
using namespace tenon;

namespace {

/// An index: constant + dynamic part (null for none).
struct Index {
  Value dynamic;
  int64_t constant = 0;
};

/// The part of the iteration space that one copy of the tile covers.
struct Tile {
  int64_t rows = 1, vectors = 1;
  /// Valid lanes of the last vector; 0 for all.
  int64_t partial = 0;
  /// Width of the panel in packed data.
  int64_t panel = 1;
};

/// The indices of all accesses, guards and dimensions at a point of the loops.
struct State {
  SmallVector<Index> accesses, guards, dims;
};

class KernelBuilder {
public:
  KernelBuilder(OpBuilder &builder, Location loc, const Nest &nest,
          const KernelSchedule &schedule, ArrayRef<Value> buffers,
          ArrayRef<unsigned> packed)
      : b(builder), loc(loc), nest(nest), schedule(schedule), buffers(buffers),
        packed(packed) {
    this->nest.forEachAccess(
        [&](NestAccess &access) { accesses.push_back(&access); });
  }

  void build();

private:
  // Parallel loops.
  void buildParallel(unsigned level, State state, Tile tile);
  void buildVectorLoops(unsigned level, State state, Tile tile);
  void buildTileLoops(unsigned level, State state, Tile tile);
  void buildLoop(unsigned dim, int64_t low, int64_t high, int64_t step,
                 const State &state, function_ref<void(State)> body);
  // One tile.
  void buildTile(const State &state, const Tile &tile);
  SmallVector<Value> buildReduction(unsigned dim, const State &state,
                                    const Tile &tile,
                                    SmallVector<Value> accumulators);
  SmallVector<Value> buildPoint(const State &state, const Tile &tile,
                                SmallVector<Value> accumulators);
  std::pair<Index, Index> buildBounds(unsigned dim, const State &state);
  // Accesses.
  int64_t getStride(unsigned access, unsigned dim, const Tile &tile) const;
  Value load(unsigned access, const State &state, const Tile &tile, int64_t row,
             int64_t vector);
  void store(unsigned access, const State &state, const Tile &tile, int64_t row,
             int64_t vector, Value value);
  bool isPartial(const Tile &tile, int64_t vector) const {
    return tile.partial && vector == tile.vectors - 1;
  }
  // Index arithmetic.
  Value constant(int64_t value) {
    return b.create<arith::ConstantIndexOp>(loc, value);
  }
  Value materialize(Index index);
  Index addRows(Index index, int64_t row, int64_t stride);
  Index advance(Index index, Value iv, int64_t stride);
  State advance(const State &state, unsigned dim, Value iv, const Tile &tile);
  State advance(const State &state, unsigned dim, int64_t steps,
                const Tile &tile);

  OpBuilder &b;
  Location loc;
  Nest nest;
  const KernelSchedule &schedule;
  ArrayRef<Value> buffers;
  ArrayRef<unsigned> packed;
  SmallVector<NestAccess *> accesses;
  /// Elements already loaded in the current block: (access, dynamic index,
  /// constant index, vector or not).
  using Key = std::tuple<unsigned, void *, int64_t, bool>;
  std::map<Key, Value> loaded;
  /// By (index, stride): the index one row on, in the current block.
  std::map<std::pair<void *, int64_t>, Value> rows;

  void leaveBlock() {
    loaded.clear();
    rows.clear();
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// Index arithmetic
//===----------------------------------------------------------------------===//

Value KernelBuilder::materialize(Index index) {
  if (!index.dynamic)
    return constant(index.constant);
  if (index.constant == 0)
    return index.dynamic;
  return b.create<arith::AddIOp>(loc, index.dynamic, constant(index.constant));
}

Index KernelBuilder::advance(Index index, Value iv, int64_t stride) {
  if (stride == 0)
    return index;
  Value term = iv;
  if (stride != 1 || schedule.uniform)
    term = b.create<arith::MulIOp>(loc, iv, constant(stride));
  if (index.dynamic)
    term = b.create<arith::AddIOp>(loc, index.dynamic, term);
  return {term, index.constant};
}

/// `index` of the tile's row number `row`. A uniform kernel steps from row to
/// row, so that the stride occurs once.
Index KernelBuilder::addRows(Index index, int64_t row, int64_t stride) {
  if (!schedule.uniform || stride == 0)
    return {index.dynamic, index.constant + row * stride};
  for (int64_t i = 0; i < row; ++i) {
    Value &next = rows[{index.dynamic.getAsOpaquePointer(), stride}];
    if (!next)
      next = b.create<arith::AddIOp>(loc, index.dynamic, constant(stride));
    index.dynamic = next;
  }
  return index;
}

/// Strides of packed data along the vector dimension and the reductions depend
/// on the width of the panel.
int64_t KernelBuilder::getStride(unsigned access, unsigned dim,
                           const Tile &tile) const {
  const NestAccess &a = *accesses[access];
  if (!llvm::is_contained(packed, a.operand))
    return a.strides[dim];
  Packing packing = getPacking(nest, schedule, a);
  if (dim == schedule.vectorDim)
    return packing.depth;
  if (nest.dims[dim].reduction) {
    int64_t stride = tile.panel;
    for (unsigned d = dim + 1; d < nest.dims.size(); ++d)
      stride *= nest.dims[d].size;
    return stride;
  }
  int64_t stride = packing.depth * packing.width;
  bool found = false;
  for (unsigned outer : llvm::reverse(packing.outer)) {
    if (outer == dim) {
      found = true;
      break;
    }
    stride *= nest.dims[outer].size;
  }
  return found ? stride : 0;
}

State KernelBuilder::advance(const State &state, unsigned dim, Value iv,
                       const Tile &tile) {
  State next = state;
  for (unsigned a = 0; a < accesses.size(); ++a)
    next.accesses[a] = advance(state.accesses[a], iv, getStride(a, dim, tile));
  for (auto [guard, index] : llvm::zip_equal(nest.guards, next.guards))
    index = advance(index, iv, guard.coefficients[dim]);
  next.dims[dim] = advance(state.dims[dim], iv, 1);
  return next;
}

State KernelBuilder::advance(const State &state, unsigned dim, int64_t steps,
                       const Tile &tile) {
  State next = state;
  for (unsigned a = 0; a < accesses.size(); ++a)
    next.accesses[a].constant += steps * getStride(a, dim, tile);
  for (auto [guard, index] : llvm::zip_equal(nest.guards, next.guards))
    index.constant += steps * guard.coefficients[dim];
  next.dims[dim].constant += steps;
  return next;
}

//===----------------------------------------------------------------------===//
// Parallel loops
//===----------------------------------------------------------------------===//

void KernelBuilder::build() {
  State state;
  for (NestAccess *access : accesses) {
    bool isPacked = llvm::is_contained(packed, access->operand);
    state.accesses.push_back({Value(), isPacked ? 0 : access->offset});
    if (schedule.uniform)
      state.accesses.back() = {constant(state.accesses.back().constant), 0};
  }
  for (const NestGuard &guard : nest.guards)
    state.guards.push_back({Value(), guard.constant});
  state.dims.resize(nest.dims.size());
  buildParallel(0, state, Tile());
}

/// for iv = low to high step `step`; a single step needs no loop.
void KernelBuilder::buildLoop(unsigned dim, int64_t low, int64_t high, int64_t step,
                        const State &state, function_ref<void(State)> body) {
  if (low >= high)
    return;
  // Packed strides along the vector dimension do not depend on the tile.
  Tile any;
  if (low + step >= high) {
    body(advance(state, dim, low, any));
    return;
  }
  auto loop = b.create<scf::ForOp>(loc, constant(low), constant(high),
                                   constant(step));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  leaveBlock();
  body(advance(state, dim, loop.getInductionVar(), any));
  leaveBlock();
}

void KernelBuilder::buildParallel(unsigned level, State state, Tile tile) {
  if (level == schedule.order.size()) {
    buildTile(state, tile);
    return;
  }
  unsigned dim = schedule.order[level];
  if (dim == schedule.vectorDim)
    return buildVectorLoops(level, std::move(state), tile);
  if (dim == schedule.tileDim)
    return buildTileLoops(level, std::move(state), tile);
  buildLoop(dim, 0, nest.dims[dim].size, 1, state,
            [&](State next) { buildParallel(level + 1, next, tile); });
}

void KernelBuilder::buildVectorLoops(unsigned level, State state, Tile tile) {
  unsigned dim = *schedule.vectorDim;
  int64_t size = nest.dims[dim].size, panel = schedule.getPanel();
  int64_t full = size / panel * panel;
  tile.vectors = schedule.vectors;
  tile.panel = panel;
  buildLoop(dim, 0, full, panel, state,
            [&](State next) { buildParallel(level + 1, next, tile); });
  if (full == size)
    return;
  // The rest: fewer vectors, the last one perhaps partial.
  tile.vectors = llvm::divideCeil(size - full, schedule.lanes);
  tile.panel = tile.vectors * schedule.lanes;
  tile.partial = (size - full) % schedule.lanes;
  buildParallel(level + 1, advance(state, dim, full, tile), tile);
}

void KernelBuilder::buildTileLoops(unsigned level, State state, Tile tile) {
  unsigned dim = *schedule.tileDim;
  int64_t low = 0, high = nest.dims[dim].size, size = high;
  for (const NestGuard &guard : nest.guards)
    if (guard.coefficients[dim] != 0) {
      auto [first, end] = getInterior(nest, guard, dim);
      low = std::max(low, first);
      high = std::min(high, end);
    }
  auto next = [&](State s, int64_t rows) {
    tile.rows = rows;
    buildParallel(level + 1, std::move(s), tile);
  };
  // Inside the operand the guards of this dimension hold.
  SmallVector<NestGuard> guards = nest.guards;
  SmallVector<Index> guardIndices = state.guards;
  if (low < high) {
    State inside = state;
    for (unsigned g = nest.guards.size(); g-- > 0;)
      if (nest.guards[g].coefficients[dim] != 0) {
        nest.guards.erase(nest.guards.begin() + g);
        inside.guards.erase(inside.guards.begin() + g);
      }
    int64_t full = low + (high - low) / schedule.tile * schedule.tile;
    buildLoop(dim, low, full, schedule.tile, inside,
              [&](State s) { next(s, schedule.tile); });
    if (full < high)
      next(advance(inside, dim, full, tile), high - full);
    nest.guards = guards;
  } else {
    low = high = size;
  }
  // The border, left and right of the inside, in one loop:
  // i -> i < low ? i : i + (high - low).
  int64_t border = size - (high - low);
  if (border == 0)
    return;
  auto loop = b.create<scf::ForOp>(loc, constant(0), constant(border),
                                   constant(1));
  OpBuilder::InsertionGuard insertion(b);
  b.setInsertionPointToStart(loop.getBody());
  leaveBlock();
  Value iv = loop.getInductionVar();
  if (low < high && low == 0)
    iv = b.create<arith::AddIOp>(loc, iv, constant(high));
  else if (low < high && high < size) {
    Value left = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, iv,
                                         constant(low));
    Value right = b.create<arith::AddIOp>(loc, iv, constant(high - low));
    iv = b.create<arith::SelectOp>(loc, left, iv, right);
  }
  next(advance(state, dim, iv, tile), 1);
  leaveBlock();
}

//===----------------------------------------------------------------------===//
// One tile
//===----------------------------------------------------------------------===//

void KernelBuilder::buildTile(const State &state, const Tile &tile) {
  // Accumulators lie [accumulator][row][vector].
  SmallVector<Value> values;
  for (TypedAttr attr : nest.layer.getInitialValues()) {
    Value initial = b.create<arith::ConstantOp>(loc, attr);
    if (schedule.lanes > 1)
      initial = b.create<vector::BroadcastOp>(
          loc, VectorType::get(schedule.lanes, initial.getType()), initial);
    values.append(tile.rows * tile.vectors, initial);
  }
  values = buildReduction(nest.getNumParallel(), state, tile, values);

  // The epilogue of each vector, then the stores, so that an output may lie
  // over an operand that is read at the same indices.
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
        auto index = [&](unsigned dim) {
          return materialize(state.dims[dim]);
        };
        for (auto [k, value] : llvm::enumerate(
                 nn::cloneRegion(b, *epilogue, arguments, index)))
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
std::pair<Index, Index> KernelBuilder::buildBounds(unsigned dim, const State &state) {
  Index low, high{Value(), nest.dims[dim].size};
  auto ceilDivide = [&](Value value, int64_t divisor) -> Value {
    value = b.create<arith::MaxSIOp>(loc, value, constant(0));
    if (divisor == 1)
      return value;
    value = b.create<arith::AddIOp>(loc, value, constant(divisor - 1));
    return b.create<arith::DivUIOp>(loc, value, constant(divisor));
  };
  for (auto [guard, index] : llvm::zip_equal(nest.guards, state.guards)) {
    int64_t c = guard.coefficients[dim];
    if (c == 0)
      continue;
    // For c < 0: g - |c| i >= 0 bounds i above, g - |c| i < size below.
    int64_t lowConstant = c > 0 ? -index.constant
                                : index.constant - guard.size + 1;
    int64_t highConstant = c > 0 ? guard.size - index.constant
                                 : index.constant + 1;
    int64_t step = std::abs(c);
    if (!index.dynamic) {
      low.constant = std::max(
          low.constant, int64_t(llvm::divideCeil(
                            std::max<int64_t>(lowConstant, 0), step)));
      high.constant = std::min(
          high.constant, int64_t(llvm::divideCeil(
                             std::max<int64_t>(highConstant, 0), step)));
      continue;
    }
    auto offset = [&, g = index.dynamic](int64_t value, bool negate) -> Value {
      Value base = constant(value);
      if (negate)
        return b.create<arith::SubIOp>(loc, base, g);
      return b.create<arith::AddIOp>(loc, g, base);
    };
    Value first = ceilDivide(offset(lowConstant, c > 0), step);
    Value end = ceilDivide(offset(highConstant, c > 0), step);
    end = b.create<arith::MinSIOp>(loc, end, constant(nest.dims[dim].size));
    low.dynamic = low.dynamic ? Value(b.create<arith::MaxSIOp>(
                                    loc, low.dynamic, first))
                              : first;
    high.dynamic = high.dynamic ? Value(b.create<arith::MinSIOp>(
                                      loc, high.dynamic, end))
                                : end;
  }
  return {low, high};
}

SmallVector<Value> KernelBuilder::buildReduction(unsigned dim, const State &state,
                                           const Tile &tile,
                                           SmallVector<Value> accumulators) {
  if (dim == nest.dims.size())
    return buildPoint(state, tile, std::move(accumulators));
  std::pair<Index, Index> bounds = buildBounds(dim, state);
  Index low = bounds.first, high = bounds.second;
  bool isStatic = !low.dynamic && !high.dynamic;
  int64_t inner = 1;
  for (unsigned d = dim; d < nest.dims.size(); ++d)
    inner *= nest.dims[d].size;
  if (isStatic && (inner <= schedule.unroll ||
                   high.constant - low.constant <= 1)) {
    for (int64_t i = low.constant; i < high.constant; ++i)
      accumulators = buildReduction(dim + 1, advance(state, dim, i, tile), tile,
                                    std::move(accumulators));
    return accumulators;
  }
  auto bound = [&](Index index) {
    return index.dynamic ? index.dynamic : constant(index.constant);
  };
  leaveBlock();
  auto loop = b.create<scf::ForOp>(loc, bound(low), bound(high), constant(1),
                                   accumulators);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> inside(loop.getRegionIterArgs());
    inside = buildReduction(
        dim + 1, advance(state, dim, loop.getInductionVar(), tile), tile,
        std::move(inside));
    if (!accumulators.empty())
      b.create<scf::YieldOp>(loc, inside);
  }
  leaveBlock();
  return SmallVector<Value>(loop.getResults());
}

SmallVector<Value> KernelBuilder::buildPoint(const State &state, const Tile &tile,
                                       SmallVector<Value> accumulators) {
  int64_t perValue = tile.rows * tile.vectors;
  // A layer without a reduction has values to store instead.
  bool reduces = nest.getNumParallel() != nest.dims.size() ||
                 nest.layer.getEpilogueOrNull();
  SmallVector<Value> results = accumulators;
  if (!reduces)
    results.resize(nest.outputs.size() * perValue);
  auto index = [&](unsigned dim) { return materialize(state.dims[dim]); };
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
    step = isPacked ? 1 : a.strides[*schedule.vectorDim];
  index.constant += vector * schedule.lanes * step;
  bool isVector = schedule.lanes > 1 && step != 0;

  Key key{access, index.dynamic.getAsOpaquePointer(), index.constant, isVector};
  Value &value = loaded[key];
  if (value)
    return value;
  Value buffer = buffers[a.operand];
  for (const NestAccess::Indirection &indirection : a.indirections) {
    unsigned ordinal = nest.inputs.size() + nest.extras.size() +
                       indirection.index;
    Value at = load(ordinal, state, tile, row, vector);
    if (!at.getType().isIndex())
      at = b.create<arith::IndexCastOp>(loc, b.getIndexType(), at);
    index = advance(index, at, indirection.stride);
  }
  auto type = VectorType::get(schedule.lanes, a.elementType);
  if (isVector && isPartial(tile, vector) && !isPacked)
    value = b.create<kernel::LoadOp>(loc, type, buffer, materialize(index),
                                     tile.partial);
  else if (isVector)
    value = b.create<vector::LoadOp>(loc, type, buffer, materialize(index));
  else
    value = b.create<memref::LoadOp>(loc, buffer, materialize(index));
  if (schedule.lanes > 1 && !isVector)
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
    index.constant +=
        vector * schedule.lanes * a.strides[*schedule.vectorDim];
  Value buffer = buffers[a.operand];
  auto type = VectorType::get(schedule.lanes, a.elementType);
  if (schedule.lanes > 1 && !isa<VectorType>(value.getType()))
    value = b.create<vector::BroadcastOp>(loc, type, value);
  if (schedule.lanes == 1)
    b.create<memref::StoreOp>(loc, value, buffer, materialize(index));
  else if (isPartial(tile, vector))
    b.create<kernel::StoreOp>(loc, value, buffer, materialize(index),
                              tile.partial);
  else
    b.create<vector::StoreOp>(loc, value, buffer, materialize(index));
}

void tenon::buildKernel(OpBuilder &builder, Location loc, const Nest &nest,
                        const KernelSchedule &schedule, ArrayRef<Value> buffers,
                        ArrayRef<unsigned> packed) {
  // Nothing to compute where a parallel dimension is empty.
  for (const NestDim &dim : nest.dims)
    if (!dim.reduction && dim.size == 0)
      return;
  KernelBuilder(builder, loc, nest, schedule, buffers, packed).build();
}

Value tenon::buildIndexCheck(OpBuilder &builder, Location loc, const Nest &nest,
                             ArrayRef<Value> buffers) {
  auto constant = [&](int64_t value) -> Value {
    return builder.create<arith::ConstantIndexOp>(loc, value);
  };
  Value valid = builder.create<arith::ConstantIntOp>(loc, 1, 1);
  for (const NestAccess &access : nest.inputs)
    for (const NestAccess::Indirection &indirection : access.indirections) {
      Value buffer =
          buffers[nest.indices[indirection.index].operand];
      int64_t count = cast<MemRefType>(buffer.getType()).getNumElements();
      auto loop = builder.create<scf::ForOp>(
          loc, constant(0), constant(count), constant(1), valid,
          [&](OpBuilder &b, Location loc, Value iv, ValueRange args) {
            Value at = b.create<memref::LoadOp>(loc, buffer, iv);
            Value limit = b.create<arith::ConstantOp>(
                loc, b.getIntegerAttr(at.getType(), indirection.size));
            Value inside = b.create<arith::CmpIOp>(
                loc, arith::CmpIPredicate::ult, at, limit);
            Value all = b.create<arith::AndIOp>(loc, args[0], inside);
            b.create<scf::YieldOp>(loc, all);
          });
      valid = loop.getResult(0);
    }
  return valid;
}
