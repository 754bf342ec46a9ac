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
// A call may be told to compute a range of one parallel dimension only: a part
// for one thread, a band of rows.
//
// A convolution of 12 pixels by 2 vectors of 16 lanes thus holds 24
// accumulators in registers; with one lane the same code is a scalar tile. The
// tile dimension of a padded window is cut into the part that never leaves the
// operand, which needs no check, and the border, whose reduction loops run
// from max(0, -start) to min(size, end - start).
//
//===----------------------------------------------------------------------===//

#include "passes/lower/KernelBuilder.h"
#include "passes/lower/PackWeights.h"

using namespace mlir;
using namespace tenon;

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

/// No bound of `lows` is below 0, so that a `low` of 0 holds with any of them.
std::pair<Value, Value> KernelBuilder::materialize(const LoopRange &range) {
  Value low, high;
  for (Value bound : range.lows)
    low = low ? b.create<arith::MaxSIOp>(loc, low, bound) : bound;
  if (!low)
    low = constant(range.low);
  else if (range.low > 0)
    low = b.create<arith::MaxSIOp>(loc, low, constant(range.low));
  for (Value bound : range.highs)
    high = high ? b.create<arith::MinSIOp>(loc, high, bound) : bound;
  if (!high)
    high = constant(range.high);
  else
    high = b.create<arith::MinSIOp>(loc, high, constant(range.high));
  return {low, high};
}

KernelBuilder::Index KernelBuilder::advance(Index index, Value iv,
                                            int64_t stride) {
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
KernelBuilder::Index KernelBuilder::addRows(Index index, int64_t row,
                                            int64_t stride) {
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
  WeightPacking packing = getWeightPacking(nest, schedule, a);
  if (dim == schedule.vectorDim)
    return packing.depth * packing.unit;
  if (nest.dims[dim].reduction) {
    int64_t stride = tile.panel * packing.unit;
    for (unsigned d = dim + 1; d < nest.dims.size(); ++d)
      stride *= nest.dims[d].size;
    return stride;
  }
  int64_t stride = packing.depth * packing.width * packing.unit;
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

KernelBuilder::State KernelBuilder::advance(const State &state, unsigned dim,
                                            Value iv, const Tile &tile) {
  State next = state;
  for (unsigned a = 0; a < accesses.size(); ++a)
    next.accesses[a] = advance(state.accesses[a], iv, getStride(a, dim, tile));
  for (auto &[guard, index] : next.guards)
    index = advance(index, iv, guard->coefficients[dim]);
  next.dims[dim] = advance(state.dims[dim], iv, 1);
  return next;
}

KernelBuilder::State KernelBuilder::advance(const State &state, unsigned dim,
                                            int64_t steps, const Tile &tile) {
  State next = state;
  for (unsigned a = 0; a < accesses.size(); ++a)
    next.accesses[a].constant += steps * getStride(a, dim, tile);
  for (auto &[guard, index] : next.guards)
    index.constant += steps * guard->coefficients[dim];
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
    state.guards.push_back({&guard, {Value(), guard.constant}});
  state.dims.resize(nest.dims.size());
  Tile tile;
  tile.lanes = schedule.lanes;
  if (isSplitReduction())
    tile.vectors = schedule.vectors;
  buildParallel(0, state, tile);
}

/// for iv = low to high step `step`; a single step needs no loop.
void KernelBuilder::buildLoop(unsigned dim, int64_t low, int64_t high,
                              int64_t step, const State &state,
                              function_ref<void(State)> body) {
  if (low >= high)
    return;
  if (dim == schedule.rangeDim)
    return buildRangeLoop(dim, high, state, body);
  // Packed strides along the vector dimension do not depend on the tile.
  Tile any;
  if (low + step >= high) {
    body(advance(state, dim, low, any));
    return;
  }
  auto loop =
      b.create<scf::ForOp>(loc, constant(low), constant(high), constant(step));
  nameLoop(loop, dim);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  leaveBlock();
  body(advance(state, dim, loop.getInductionVar(), any));
  leaveBlock();
}

/// The whole units of a range: for iv = begin * step to min(end * step, high).
void KernelBuilder::buildRangeLoop(unsigned dim, int64_t high,
                                   const State &state,
                                   function_ref<void(State)> body) {
  int64_t step = schedule.getStep(dim);
  auto scale = [&](Value unit) -> Value {
    return step == 1 ? unit
                     : b.create<arith::MulIOp>(loc, unit, constant(step));
  };
  Value end = scale(range.end);
  if (high != nest.dims[dim].size)
    end = b.create<arith::MinSIOp>(loc, end, constant(high));
  auto loop =
      b.create<scf::ForOp>(loc, scale(range.begin), end, constant(step));
  nameLoop(loop, dim);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  leaveBlock();
  body(advance(state, dim, loop.getInductionVar(), Tile()));
  leaveBlock();
}

/// The unit of `dim` that is not whole: part of a range that ends after the
/// whole ones.
void KernelBuilder::buildRest(unsigned dim, function_ref<void()> body) {
  if (dim != schedule.rangeDim)
    return body();
  int64_t full = nest.dims[dim].size / schedule.getStep(dim);
  Value inside = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sgt,
                                         range.end, constant(full));
  auto branch = b.create<scf::IfOp>(loc, inside);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  leaveBlock();
  body();
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
  buildRest(dim, [&] {
    buildParallel(level + 1, advance(state, dim, full, tile), tile);
  });
}

void KernelBuilder::buildTileLoops(unsigned level, State state, Tile tile) {
  unsigned dim = *schedule.tileDim;
  int64_t low = 0, high = nest.dims[dim].size, size = high;
  auto isOfDim = [&](const OpenGuard &open) {
    return open.guard->coefficients[dim] != 0;
  };
  for (const OpenGuard &open : state.guards)
    if (isOfDim(open)) {
      auto [first, end] = getInterior(nest, *open.guard, dim);
      low = std::max(low, first);
      high = std::min(high, end);
    }
  auto next = [&](State s, int64_t rows) {
    tile.rows = rows;
    buildParallel(level + 1, std::move(s), tile);
  };
  if (low < high) {
    // Inside the operand the guards of this dimension hold.
    State inside = state;
    llvm::erase_if(inside.guards, isOfDim);
    int64_t full = low + (high - low) / schedule.tile * schedule.tile;
    buildLoop(dim, low, full, schedule.tile, inside,
              [&](State s) { next(s, schedule.tile); });
    if (full < high)
      buildRest(dim,
                [&] { next(advance(inside, dim, full, tile), high - full); });
  } else {
    low = high = size;
  }
  // The border, left and right of the inside, in one loop:
  // i -> i < low ? i : i + (high - low).
  int64_t border = size - (high - low);
  if (border == 0)
    return;
  auto loop =
      b.create<scf::ForOp>(loc, constant(0), constant(border), constant(1));
  nameLoop(loop, dim);
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

void tenon::buildKernel(OpBuilder &builder, Location loc, const Nest &nest,
                        const KernelSchedule &schedule, ArrayRef<Value> buffers,
                        ArrayRef<unsigned> packed, KernelRange range) {
  // Nothing to compute where a parallel dimension is empty.
  for (const NestDim &dim : nest.dims)
    if (!dim.reduction && dim.size == 0)
      return;
  KernelBuilder(builder, loc, nest, schedule, buffers, packed, range).build();
}

static bool isAlwaysInside(const Nest &nest,
                           const NestAccess::Indirection &indirection) {
  return nest.indices[indirection.index].elementType.isInteger(8) &&
         indirection.size == 256;
}

bool tenon::needsIndexCheck(const Nest &nest) {
  return llvm::any_of(nest.inputs, [&](const NestAccess &access) {
    return llvm::any_of(access.indirections, [&](const auto &indirection) {
      return !isAlwaysInside(nest, indirection);
    });
  });
}

Value tenon::buildIndexCheck(OpBuilder &builder, Location loc, const Nest &nest,
                             ArrayRef<Value> buffers) {
  auto constant = [&](int64_t value) -> Value {
    return builder.create<arith::ConstantIndexOp>(loc, value);
  };
  Value valid = builder.create<arith::ConstantIntOp>(loc, 1, 1);
  for (const NestAccess &access : nest.inputs)
    for (const NestAccess::Indirection &indirection : access.indirections) {
      if (isAlwaysInside(nest, indirection))
        continue;
      Value buffer = buffers[nest.indices[indirection.index].operand];
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
