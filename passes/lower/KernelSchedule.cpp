//===- KernelSchedule.cpp - Tiles of a kernel -----------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chooses the register tile of a nest from its strides and the target's row.
// The vector dimension is one along which results are contiguous; the tile
// dimension is one along which an input is reused. Their sizes minimize the
// instructions of the whole layer, edges included, for the registers at hand:
// a step of the reduction takes tile * vectors multiply-adds, one load a
// vector of weights, one (broadcast) load a row of the tile, and the loop.
//
//===----------------------------------------------------------------------===//

#include "passes/lower/KernelSchedule.h"

#include "passes/lower/PartialSums.h"
#include "passes/lower/SubByte.h"

using namespace mlir;
using namespace tenon;

static bool is32Bit(Type type) {
  return type.isIntOrFloat() && type.getIntOrFloatBitWidth() == 32;
}

/// Results lie one by one along `dim`; vectors of several lanes also need that
/// of what is read, and elements of 32 bits, or of 8: these are widened and
/// narrowed in registers.
static bool canVectorize(const Nest &nest, unsigned dim, int64_t lanes,
                         ArrayRef<unsigned> packable) {
  for (const auto *list : {&nest.inputs, &nest.extras, &nest.outputs})
    for (const NestAccess &access : *list) {
      int64_t stride = access.strides[dim];
      bool packed = llvm::is_contained(packable, access.operand);
      bool fits =
          is32Bit(access.elementType) || access.elementType.isInteger(8);
      if (lanes > 1 && (!fits || (stride != 0 && stride != 1 && !packed)))
        return false;
    }
  return llvm::all_of(nest.outputs, [&](const NestAccess &access) {
    return access.strides[dim] == 1;
  });
}

static bool isScalarOnly(const Nest &nest) {
  if (!nest.indices.empty())
    return true;
  // The idle lanes of a partial vector are zero, by which nobody may divide,
  // and a register of as many wide numbers would be too long.
  auto isWide = [](Type type) {
    return type.isIntOrFloat() && type.getIntOrFloatBitWidth() > 32;
  };
  // Of bytes there are vectors only to widen and to narrow.
  auto computesBytes = [](Operation *op) {
    auto isByte = [](Type type) { return type.isInteger(8); };
    return (llvm::any_of(op->getOperandTypes(), isByte) ||
            llvm::any_of(op->getResultTypes(), isByte)) &&
           !isa<arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp, nn::YieldOp>(
               op);
  };
  nn::LayerOpInterface layer = nest.layer;
  WalkResult scalars = layer->walk([&](Operation *op) {
    bool isScalar =
        computesBytes(op) ||
        isa<arith::DivSIOp, arith::DivUIOp, arith::RemSIOp, arith::RemUIOp>(
            op) ||
        llvm::any_of(op->getOperandTypes(), isWide) ||
        llvm::any_of(op->getResultTypes(), isWide);
    return isScalar ? WalkResult::interrupt() : WalkResult::advance();
  });
  if (scalars.wasInterrupted())
    return true;
  return llvm::any_of(nest.dims, [](const NestDim &d) { return d.indexed; });
}

static bool isGuarded(const Nest &nest, unsigned dim) {
  return llvm::any_of(nest.guards, [&](const NestGuard &guard) {
    return guard.coefficients[dim] != 0;
  });
}

static std::optional<unsigned> chooseVectorDim(const Nest &nest, int64_t lanes,
                                               ArrayRef<unsigned> packable) {
  std::optional<unsigned> best;
  for (unsigned dim = 0; dim < nest.getNumParallel(); ++dim)
    if (canVectorize(nest, dim, lanes, packable) && !isGuarded(nest, dim))
      if (!best || nest.dims[dim].size > nest.dims[*best].size)
        best = dim;
  return best;
}

/// Whether stepping along `dim` leaves some input where it is, or moves it
/// inside its own window: then a tile along `dim` saves loads.
static bool hasReuse(const Nest &nest, unsigned dim,
                     std::optional<unsigned> vectorDim) {
  if (nest.getNumParallel() == nest.dims.size())
    return false;
  return llvm::any_of(nest.inputs, [&](const NestAccess &access) {
    return access.strides[dim] == 0 ||
           (vectorDim && access.strides[*vectorDim] == 0);
  });
}

/// Panels are read along the vector dimension alone: a tile along another
/// dimension of the weights, the groups of a convolution, would need several.
static bool selectsPanel(const Nest &nest, unsigned dim,
                         std::optional<unsigned> vectorDim,
                         ArrayRef<unsigned> packable) {
  return vectorDim && llvm::any_of(nest.inputs, [&](const NestAccess &access) {
           return llvm::is_contained(packable, access.operand) &&
                  access.strides[*vectorDim] != 0 && access.strides[dim] != 0;
         });
}

static std::optional<unsigned> chooseTileDim(const Nest &nest,
                                             std::optional<unsigned> vectorDim,
                                             ArrayRef<unsigned> packable) {
  std::optional<unsigned> best;
  auto step = [&](unsigned dim) { return nest.outputs[0].strides[dim]; };
  for (unsigned dim = 0; dim < nest.getNumParallel(); ++dim) {
    if (dim == vectorDim || !hasReuse(nest, dim, vectorDim) ||
        selectsPanel(nest, dim, vectorDim, packable))
      continue;
    // The innermost one: its steps are the smallest.
    if (!best || step(dim) < step(*best))
      best = dim;
  }
  return best;
}

/// Along the vector dimension lie results of the same data: what dot products
/// need.
static bool usesSameData(const Nest &nest, const DotSchedule &dot,
                         std::optional<unsigned> vectorDim) {
  return vectorDim && nest.inputs[dot.data].strides[*vectorDim] == 0 &&
         nest.inputs[dot.weights].strides[*vectorDim] != 0;
}

/// Instructions of the layer a step of its reduction, for one choice of tile.
static int64_t getCost(const Nest &nest, const KernelSchedule &schedule,
                       int64_t tile, int64_t vectors) {
  auto split = [](int64_t size, int64_t part) {
    return std::make_pair(size / part, size % part);
  };
  int64_t rows = schedule.tileDim ? nest.dims[*schedule.tileDim].size : 1;
  int64_t columns =
      schedule.vectorDim ? nest.dims[*schedule.vectorDim].size : 1;
  columns = llvm::divideCeil(columns, schedule.lanes);
  const int64_t loop = 3;
  // Words of bytes become two of shorts, which take two products.
  bool widens = schedule.dot.form == DotForm::Shorts;
  auto getTileCost = [&](int64_t r, int64_t c) {
    if (!r || !c)
      return int64_t(0);
    return widens ? 2 * r * c + 3 * (r + c) + loop : r * c + r + c + loop;
  };
  auto [fullRows, restRows] = split(rows, tile);
  auto [fullColumns, restColumns] = split(columns, vectors);
  int64_t cost = fullRows * fullColumns * getTileCost(tile, vectors) +
                 fullColumns * getTileCost(restRows, vectors) +
                 fullRows * getTileCost(tile, restColumns) +
                 getTileCost(restRows, restColumns);
  // Each kind of edge is another copy of the code.
  int copies = (restRows != 0) + (restColumns != 0);
  return cost + cost * copies / 6;
}

/// The general registers of Armv7-M that are free for what a loop computes.
static constexpr int64_t kArmRegisters = 13;

/// Accumulators, a row of weights, and one element of the other side. With
/// products of shorts, the halves of both; in general registers, those of a
/// column of data and of one weight, and where both are read.
static int64_t getRegisters(const KernelSchedule &schedule, int64_t tile,
                            int64_t vectors) {
  if (schedule.dot.form == DotForm::Shorts)
    return tile * vectors +
           (schedule.lanes == 1 ? 2 * tile + 5 : 2 * vectors + 3);
  // Sums of MVE lie in every second register; data are in others.
  if (schedule.dot.form == DotForm::Vectors)
    return 2 * tile * vectors + 5;
  return tile * vectors + vectors + 1;
}

static void chooseTile(const Nest &nest, kernel::TargetAttr target,
                       bool forSize, KernelSchedule &schedule) {
  // Four sums, and the halves of two words, fill the registers.
  if (schedule.dot.form == DotForm::Halves) {
    schedule.vectors = kWordBytes;
    return;
  }
  // Sums of one lane lie in general registers.
  int64_t registers = schedule.dot && schedule.lanes == 1
                          ? kArmRegisters
                          : target.getRegisters();
  int64_t rows = schedule.tileDim ? nest.dims[*schedule.tileDim].size : 1;
  int64_t columns =
      schedule.vectorDim ? nest.dims[*schedule.vectorDim].size : 1;
  columns = llvm::divideCeil(columns, schedule.lanes);
  std::optional<int64_t> best;
  for (int64_t tile = 1; tile <= std::min<int64_t>(rows, 16); ++tile)
    for (int64_t vectors = 1; vectors <= std::min<int64_t>(columns, 16);
         ++vectors) {
      if (getRegisters(schedule, tile, vectors) > registers &&
          tile * vectors > 1)
        continue;
      // Short code has one copy of each loop, and layers that look alike.
      if (forSize && (rows % tile || columns % vectors || vectors > 4))
        continue;
      int64_t cost = getCost(nest, schedule, tile, vectors);
      if (best && cost >= *best)
        continue;
      best = cost;
      schedule.tile = tile;
      schedule.vectors = vectors;
    }
}

/// Whether to spread the innermost reduction over `lanes` partial sums: no
/// results lie side by side, and rows are long. Does not ask for the target's
/// registers, so that targets of as many partial sums give the same bits.
static bool canSplitReduction(const Nest &nest, int64_t lanes,
                              ArrayRef<unsigned> packable) {
  unsigned inner = nest.dims.size() - 1;
  constexpr int64_t kLeastSteps = 4;
  if (lanes < 2 || nest.dims[inner].size < kLeastSteps * lanes ||
      isScalarOnly(nest) || isGuarded(nest, inner) ||
      chooseVectorDim(nest, lanes, packable) || !hasPartialSums(nest.layer))
    return false;
  bool moves = false;
  for (const NestAccess &access : nest.inputs) {
    int64_t stride = access.strides[inner];
    if (!is32Bit(access.elementType) || (stride != 0 && stride != 1))
      return false;
    moves |= stride == 1;
  }
  nn::LayerOpInterface layer = nest.layer;
  Region *epilogue = layer.getEpilogueOrNull();
  return moves && epilogue &&
         llvm::all_of(epilogue->getArgumentTypes(), is32Bit);
}

/// Rows side by side hide the latency of each one's sum.
static void splitReduction(const Nest &nest, kernel::TargetAttr target,
                           bool forSize, KernelSchedule &schedule) {
  int64_t sums = target.getReductionLanes();
  schedule.vectorDim = nest.dims.size() - 1;
  schedule.lanes = std::min<int64_t>(target.getLanes(), sums);
  schedule.vectors = sums / schedule.lanes;
  for (unsigned dim = 0; dim < nest.getNumParallel(); ++dim)
    if (!isGuarded(nest, dim))
      schedule.tileDim = dim;
  if (schedule.tileDim && !forSize && schedule.lanes > 1)
    schedule.tile = std::min<int64_t>(nest.dims[*schedule.tileDim].size, 4);
}

void tenon::chooseRange(const Nest &nest, KernelSchedule &schedule) {
  // Where starting threads takes longer than the work.
  constexpr int64_t kLeastVectors = 1 << 14;
  int64_t points = 1;
  for (const NestDim &dim : nest.dims)
    points *= dim.size;
  if (points / schedule.lanes < kLeastVectors)
    return;
  // The outermost dimension with enough units for many threads; a padded tile
  // dimension is not walked in order.
  constexpr int64_t kManyUnits = 32;
  int64_t most = 1;
  for (unsigned dim : schedule.order) {
    if (dim == schedule.tileDim && isGuarded(nest, dim))
      continue;
    int64_t units =
        llvm::divideCeil(nest.dims[dim].size, schedule.getStep(dim));
    if (units <= most)
      continue;
    most = units;
    schedule.rangeDim = dim;
    if (units >= kManyUnits)
      return;
  }
}

std::string KernelSchedule::getText() const {
  std::string text = llvm::formatv("{0}x{1}x{2}", tile, vectors, lanes);
  if (dot)
    text += " " + kernel::stringifyDotForm(dot.form).str();
  return text;
}

KernelSchedule tenon::chooseSchedule(const Nest &nest,
                                     kernel::TargetAttr target,
                                     ArrayRef<unsigned> packable,
                                     bool forSize) {
  KernelSchedule schedule;
  schedule.uniform = forSize;
  unsigned numParallel = nest.getNumParallel();
  bool reduces = numParallel != nest.dims.size();
  bool splits =
      reduces && canSplitReduction(nest, target.getReductionLanes(), packable);
  if (splits) {
    splitReduction(nest, target, forSize, schedule);
    schedule.unroll = forSize ? 1 : 4;
  } else if (!isScalarOnly(nest)) {
    schedule.lanes = target.getLanes();
    schedule.vectorDim = chooseVectorDim(nest, schedule.lanes, packable);
    if (!schedule.vectorDim && schedule.lanes > 1) {
      schedule.lanes = 1;
      schedule.vectorDim = chooseVectorDim(nest, 1, packable);
    }
    if (reduces)
      schedule.tileDim = chooseTileDim(nest, schedule.vectorDim, packable);
    // A tile along a padded dimension would need its own code at the border.
    if (forSize && schedule.tileDim && isGuarded(nest, *schedule.tileDim))
      schedule.tileDim.reset();
    if (reduces) {
      DotSchedule dot = chooseDot(nest, target, packable);
      if (dot && usesSameData(nest, dot, schedule.vectorDim))
        schedule.dot = dot;
      else if (schedule.vectorDim)
        schedule.dot =
            chooseDotAcross(nest, target, packable, *schedule.vectorDim);
      schedule.dot =
          shareBytes(nest, schedule.dot, packable, schedule.vectorDim);
      // General registers do not hold what several steps share.
      schedule.dot.inParts = schedule.dot.share > 1 && schedule.lanes == 1 &&
                             schedule.dot.form == DotForm::Shorts;
      chooseTile(nest, target, forSize, schedule);
    } else if (schedule.vectorDim)
      schedule.vectors = std::clamp<int64_t>(
          nest.dims[*schedule.vectorDim].size / schedule.lanes, 1,
          forSize ? 1 : 4);
    // The halves of several words need more registers than there are.
    bool isShorts = schedule.dot.form == DotForm::Shorts;
    schedule.unroll = forSize || isShorts ? 1 : 4;
  }
  // A packed panel stays in the cache while the rest of the nest runs over it;
  // without a reduction the contiguous dimension goes innermost.
  if (reduces && schedule.vectorDim && !splits)
    schedule.order.push_back(*schedule.vectorDim);
  for (unsigned dim = 0; dim < numParallel; ++dim)
    if (dim != schedule.vectorDim && dim != schedule.tileDim)
      schedule.order.push_back(dim);
  if (schedule.tileDim)
    schedule.order.push_back(*schedule.tileDim);
  if (!reduces && schedule.vectorDim)
    schedule.order.push_back(*schedule.vectorDim);
  return schedule;
}
