//===- KernelBuilder.h - Loops and vectors of one layer ---------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// KernelBuilder.cpp has the loops, KernelTile.cpp what they run on a tile,
// KernelDot.cpp a step of it on words of bytes, and KernelSubByte.cpp one whose
// weights take less than a byte.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_LOWER_KERNELBUILDER_H
#define TENON_PASSES_LOWER_KERNELBUILDER_H

#include "passes/lower/KernelSchedule.h"
#include <map>

namespace tenon {

/// The part of the schedule's range that a call computes, in its units.
struct KernelRange {
  mlir::Value begin, end;
};

/// Builds the loops of `nest` at the insertion point. `buffers` holds the flat
/// memref of each operand of the layer; operands in `packed` hold panels.
/// Computes `range` where the schedule has a range dimension.
void buildKernel(mlir::OpBuilder &builder, mlir::Location loc, const Nest &nest,
                 const KernelSchedule &schedule,
                 llvm::ArrayRef<mlir::Value> buffers,
                 llvm::ArrayRef<unsigned> packed, KernelRange range = {});

/// Some index of a gather may be outside of its operand; none of 8 bits is
/// outside of 256 elements.
bool needsIndexCheck(const Nest &nest);

/// Builds `true` when every index of a gather is inside its operand.
mlir::Value buildIndexCheck(mlir::OpBuilder &builder, mlir::Location loc,
                            const Nest &nest,
                            llvm::ArrayRef<mlir::Value> buffers);

/// The builder behind `buildKernel`.
class KernelBuilder {
  /// An index: constant + dynamic part (null for none).
  struct Index {
    mlir::Value dynamic;
    int64_t constant = 0;
  };

  /// The part of the iteration space that one copy of the tile covers.
  struct Tile {
    int64_t rows = 1, vectors = 1, lanes = 1;
    /// Valid lanes of the last vector; 0 for all.
    int64_t partial = 0;
    /// Width of the panel in packed data.
    int64_t panel = 1;
  };

  /// A guard that may fail, and what it bounds.
  struct OpenGuard {
    const NestGuard *guard;
    Index index;
  };

  /// A point of the loops: the indices of all accesses and dimensions, and of
  /// the guards that the loops so far do not imply.
  struct State {
    llvm::SmallVector<Index> accesses, dims;
    llvm::SmallVector<OpenGuard> guards;
  };

  /// The range of a loop: from `low`, but not before any of `lows`, to `high`,
  /// but not beyond any of `highs`.
  struct LoopRange {
    int64_t low = 0, high;
    llvm::SmallVector<mlir::Value, 2> lows, highs;

    bool isKnown() const { return lows.empty() && highs.empty(); }
  };

public:
  KernelBuilder(mlir::OpBuilder &builder, mlir::Location loc, const Nest &nest,
                const KernelSchedule &schedule,
                llvm::ArrayRef<mlir::Value> buffers,
                llvm::ArrayRef<unsigned> packed, KernelRange range)
      : b(builder), loc(loc), nest(nest), schedule(schedule), buffers(buffers),
        packed(packed), range(range) {
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
                 const State &state, llvm::function_ref<void(State)> body);
  void buildRangeLoop(unsigned dim, int64_t high, const State &state,
                      llvm::function_ref<void(State)> body);
  void buildRest(unsigned dim, llvm::function_ref<void()> body);
  void nameLoop(mlir::scf::ForOp loop, unsigned dim) {
    if (!nest.dims[dim].name.empty())
      loop->setAttr(kernel::kNameAttrName,
                    b.getStringAttr(nest.dims[dim].name));
  }
  // One tile.
  mlir::Value getIndex(const State &state, unsigned dim);
  bool isSplitReduction() const {
    return schedule.vectorDim && nest.dims[*schedule.vectorDim].reduction;
  }
  void buildTile(const State &state, const Tile &tile);
  llvm::SmallVector<mlir::Value>
  buildReduction(unsigned dim, const State &state, const Tile &tile,
                 llvm::SmallVector<mlir::Value> accumulators);
  llvm::SmallVector<mlir::Value>
  buildRestOfLanes(const State &state, const Tile &tile,
                   llvm::SmallVector<mlir::Value> accumulators);
  llvm::SmallVector<mlir::Value>
  mergeLanes(const Tile &tile, llvm::ArrayRef<mlir::Value> accumulators);
  llvm::SmallVector<mlir::Value>
  buildPoint(const State &state, const Tile &tile,
             llvm::SmallVector<mlir::Value> accumulators);
  llvm::SmallVector<mlir::Value>
  buildGroup(const State &state, const Tile &tile, int64_t count,
             llvm::SmallVector<mlir::Value> accumulators);
  llvm::SmallVector<mlir::Value>
  buildParts(const State &state, const Tile &tile,
             llvm::SmallVector<mlir::Value> accumulators);
  llvm::SmallVector<mlir::Value>
  buildDots(const State &state, const Tile &tile, int64_t part, int64_t count,
            llvm::SmallVector<mlir::Value> accumulators);
  llvm::SmallVector<mlir::Value>
  buildDotsOfVectors(const State &state, const Tile &tile, int64_t part,
                     llvm::SmallVector<mlir::Value> accumulators);
  llvm::SmallVector<mlir::Value>
  buildProducts(const State &state, const Tile &tile, int64_t part,
                llvm::SmallVector<mlir::Value> accumulators);
  llvm::SmallVector<mlir::Value>
  buildSingles(const State &state, const Tile &tile,
               llvm::SmallVector<mlir::Value> accumulators);
  llvm::SmallVector<mlir::Value>
  buildHalves(const State &state, const Tile &tile,
              llvm::SmallVector<mlir::Value> accumulators);
  void buildStores(const State &state, const Tile &tile,
                   llvm::SmallVector<mlir::Value> values);
  LoopRange buildLoopRange(unsigned dim, const State &state);
  // Accesses.
  int64_t getStride(unsigned access, unsigned dim, const Tile &tile) const;
  mlir::Value load(unsigned access, const State &state, const Tile &tile,
                   int64_t row, int64_t vector);
  mlir::Value loadWord(unsigned input, const State &state, const Tile &tile,
                       int64_t row, int64_t offset, int64_t count);
  llvm::SmallVector<mlir::Value, 2>
  prepareWord(const Tile &tile, unsigned input, mlir::Value word);
  mlir::Value splatWord(const Tile &tile, mlir::Value word);
  // Integers of less than a byte.
  mlir::Value takeBytes(mlir::Value shared, int64_t part);
  mlir::Value takeNumber(mlir::Value shared, int64_t part);
  mlir::Value loadShared(mlir::Value buffer, Index index,
                         mlir::IntegerType type);
  void store(unsigned access, const State &state, const Tile &tile, int64_t row,
             int64_t vector, mlir::Value value);
  bool isPartial(const Tile &tile, int64_t vector) const {
    return tile.partial && vector == tile.vectors - 1;
  }
  // Index arithmetic.
  mlir::Value constant(int64_t value) {
    return b.create<mlir::arith::ConstantIndexOp>(loc, value);
  }
  mlir::Value materialize(Index index);
  std::pair<mlir::Value, mlir::Value> materialize(const LoopRange &range);
  Index addRows(Index index, int64_t row, int64_t stride);
  Index advance(Index index, mlir::Value iv, int64_t stride);
  State advance(const State &state, unsigned dim, mlir::Value iv,
                const Tile &tile);
  State advance(const State &state, unsigned dim, int64_t steps,
                const Tile &tile);

  mlir::OpBuilder &b;
  mlir::Location loc;
  Nest nest;
  const KernelSchedule &schedule;
  llvm::ArrayRef<mlir::Value> buffers;
  llvm::ArrayRef<unsigned> packed;
  KernelRange range;
  llvm::SmallVector<NestAccess *> accesses;
  /// What is already loaded in the current block: (access, dynamic index,
  /// constant index, as what, lanes of the vector or bytes of the word).
  enum class LoadedAs { Element, Vector, Word };
  using Key = std::tuple<unsigned, void *, int64_t, LoadedAs, int64_t>;
  std::map<Key, mlir::Value> loaded;
  /// By (index, stride): the index one row on, in the current block.
  std::map<std::pair<void *, int64_t>, mlir::Value> rows;

  void leaveBlock() {
    loaded.clear();
    rows.clear();
  }
};

} // namespace tenon

#endif // TENON_PASSES_LOWER_KERNELBUILDER_H
