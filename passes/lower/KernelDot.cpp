//===- KernelDot.cpp - One step of a tile by dot products -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A step of the reduction takes a word of data for each row of the tile and a
// word of weights for each result. With products of bytes,
//
//     %x = kernel.load_word %data[...]          broadcast to the lanes
//     %w = vector.load %weights[...]
//     %acc = kernel.dot_bytes %x, %w, %acc
//
// and with products of shorts, the zero points subtracted on the way,
//
//     %xe = kernel.widen even %x, %minus_zero   %we = kernel.widen even %w, ...
//     %xo = kernel.widen odd %x, %minus_zero    %wo = kernel.widen odd %w, ...
//     %half = kernel.dot_shorts %xe, %we, %acc
//     %acc = kernel.dot_shorts %xo, %wo, %half
//
// Where the bytes of a word belong to four sums, its halves are taken apart:
//
//     %x0 = arith.extsi (arith.trunci %xe)      %x2 = arith.shrsi %xe, 16
//     %acc0 = arith.addi %acc0, (arith.muli %x0, %w0)       SMLABB
//     %acc2 = arith.addi %acc2, (arith.muli %x2, %w2)       SMLATT
//
//===----------------------------------------------------------------------===//

#include "passes/lower/DotProducts.h"
#include "passes/lower/KernelBuilder.h"
#include "passes/lower/SubByte.h"

using namespace mlir;
using namespace tenon;

Value KernelBuilder::splatWord(const Tile &tile, Value word) {
  if (tile.lanes == 1)
    return word;
  auto type = VectorType::get(tile.lanes, word.getType());
  return b.create<vector::BroadcastOp>(loc, type, word);
}

/// A word of an input, `offset` bytes on from where row `row` of the tile
/// reads, in each lane.
Value KernelBuilder::loadWord(unsigned input, const State &state,
                              const Tile &tile, int64_t row, int64_t offset,
                              int64_t count) {
  Index index = state.accesses[input];
  if (schedule.tileDim)
    index = addRows(index, row, getStride(input, *schedule.tileDim, tile));
  index.constant += offset;
  Value &word = loaded[{input, index.dynamic.getAsOpaquePointer(),
                        index.constant, LoadedAs::Word, count}];
  if (!word)
    word = splatWord(
        tile, b.create<kernel::LoadWordOp>(loc, b.getI32Type(),
                                           buffers[accesses[input]->operand],
                                           materialize(index), count));
  return word;
}

/// What dot products take of a word of input `input`: the bytes, or the even
/// and the odd shorts.
SmallVector<Value, 2> KernelBuilder::prepareWord(const Tile &tile,
                                                 unsigned input, Value word) {
  auto contract = cast<nn::ContractOp>(*nest.layer);
  auto constant = [&](int32_t value) {
    return splatWord(tile, b.create<arith::ConstantIntOp>(loc, value, 32));
  };
  if (schedule.dot.form == DotForm::Bytes) {
    bool isUnsigned = input == schedule.dot.data && schedule.dot.isUnsigned;
    if (*flipsSign(contract, input, isUnsigned))
      word = b.create<arith::XOrIOp>(loc, word, constant(0x80808080));
    return {word};
  }
  auto [isUnsigned, number] = getPackedForm(contract, input);
  bool isShared = input == schedule.dot.weights && schedule.dot.share > 1;
  int64_t factor = isShared ? 1 << getSubByteShift(schedule.dot) : 1;
  uint32_t zero = (-number * factor) & 0xFFFF;
  Value addend = constant(zero | zero << 16);
  SmallVector<Value, 2> halves;
  for (bool odd : {false, true})
    halves.push_back(b.create<kernel::WidenOp>(loc, word.getType(), odd,
                                               isUnsigned, word, addend));
  return halves;
}

/// One step of the innermost reduction, number `part` of those whose weights
/// share bytes; `count` bytes of the word are there.
SmallVector<Value> KernelBuilder::buildDots(const State &state,
                                            const Tile &tile, int64_t part,
                                            int64_t count,
                                            SmallVector<Value> accumulators) {
  const DotSchedule &dot = schedule.dot;
  if (dot.form == DotForm::Vectors)
    return buildDotsOfVectors(state, tile, part, std::move(accumulators));
  auto getData = [&](int64_t row) {
    int64_t offset = dot.inParts ? 0 : part * dot.getStep();
    Value word = loadWord(dot.data, state, tile, row, offset, count);
    return prepareWord(tile, dot.data, word);
  };
  auto getWeights = [&](int64_t vector) {
    Value word = load(dot.weights, state, tile, /*row=*/0, vector);
    return prepareWord(tile, dot.weights, takeBytes(word, part));
  };
  auto multiply = [&](int64_t row, int64_t vector, ArrayRef<Value> data,
                      ArrayRef<Value> weights) {
    Value &sum = accumulators[row * tile.vectors + vector];
    if (dot.form == DotForm::Bytes) {
      sum =
          b.create<kernel::DotBytesOp>(loc, sum.getType(), dot.isUnsigned,
                                       dot.isNarrow, data[0], weights[0], sum);
      return;
    }
    for (auto [x, w] : llvm::zip_equal(data, weights))
      sum = b.create<kernel::DotShortsOp>(loc, sum.getType(), x, w, sum);
  };
  // What there are fewer of stays in registers: vectors of weights, but rows
  // where a vector is one word.
  SmallVector<SmallVector<Value, 2>> kept;
  bool keepsWeights = tile.lanes > 1;
  for (int64_t i = 0, e = keepsWeights ? tile.vectors : tile.rows; i < e; ++i)
    kept.push_back(keepsWeights ? getWeights(i) : getData(i));
  for (int64_t i = 0, e = keepsWeights ? tile.rows : tile.vectors; i < e; ++i) {
    SmallVector<Value, 2> next = keepsWeights ? getData(i) : getWeights(i);
    for (auto [k, value] : llvm::enumerate(kept)) {
      if (keepsWeights)
        multiply(i, k, next, value);
      else
        multiply(k, i, value, next);
    }
  }
  return accumulators;
}

/// The same, of whole vectors of bytes.
SmallVector<Value>
KernelBuilder::buildDotsOfVectors(const State &state, const Tile &tile,
                                  int64_t part,
                                  SmallVector<Value> accumulators) {
  auto type = VectorType::get(kVectorBytes, b.getI8Type());
  auto contract = cast<nn::ContractOp>(*nest.layer);
  auto loadBytes = [&](unsigned input, Index index) -> Value {
    Value bytes = b.create<vector::LoadOp>(
        loc, type, buffers[accesses[input]->operand], materialize(index));
    if (input == schedule.dot.weights)
      bytes = takeBytes(bytes, part);
    if (!*flipsSign(contract, input, /*wantsUnsigned=*/false))
      return bytes;
    Value bit = b.create<arith::ConstantOp>(
        loc, DenseElementsAttr::get(type, b.getI8IntegerAttr(-128)));
    return b.create<arith::XOrIOp>(loc, bytes, bit);
  };
  SmallVector<Value> rows;
  unsigned data = schedule.dot.data, weights = schedule.dot.weights;
  for (int64_t row = 0; row < tile.rows; ++row) {
    Index index = state.accesses[data];
    if (schedule.tileDim)
      index = addRows(index, row, getStride(data, *schedule.tileDim, tile));
    index.constant += part * kVectorBytes;
    rows.push_back(loadBytes(data, index));
  }
  for (int64_t vector = 0; vector < tile.vectors; ++vector) {
    Index index = state.accesses[weights];
    index.constant += vector * kVectorBytes;
    Value w = loadBytes(weights, index);
    for (int64_t row = 0; row < tile.rows; ++row) {
      Value &sum = accumulators[row * tile.vectors + vector];
      sum = b.create<kernel::DotLanesOp>(loc, sum.getType(), rows[row], w, sum);
    }
  }
  return accumulators;
}

/// One point of a reduction, lane by lane: a word of one short times another.
SmallVector<Value>
KernelBuilder::buildSingles(const State &state, const Tile &tile,
                            SmallVector<Value> accumulators) {
  auto contract = cast<nn::ContractOp>(*nest.layer);
  const DotSchedule &dot = schedule.dot;
  Value zero;
  if (int64_t value = contract.getZeroPoint(dot.data))
    zero = splatWord(tile, b.create<arith::ConstantIntOp>(loc, value, 32));
  bool isUnsigned = contract.getElementType(dot.data).isUnsignedInteger();
  for (int64_t row = 0; row < tile.rows; ++row)
    for (int64_t vector = 0; vector < tile.vectors; ++vector) {
      Value &sum = accumulators[row * tile.vectors + vector];
      Value x = load(dot.data, state, tile, row, vector);
      if (isUnsigned)
        x = b.create<arith::ExtUIOp>(loc, sum.getType(), x);
      else
        x = b.create<arith::ExtSIOp>(loc, sum.getType(), x);
      if (zero)
        x = b.create<arith::SubIOp>(loc, x, zero);
      Value w = load(dot.weights, state, tile, row, vector);
      sum = b.create<kernel::DotShortsOp>(loc, sum.getType(), x, w, sum);
    }
  return accumulators;
}

/// One point of a reduction of which the words hold the bytes of four sums.
SmallVector<Value> KernelBuilder::buildHalves(const State &state,
                                              const Tile &tile,
                                              SmallVector<Value> accumulators) {
  Type i16 = b.getI16Type(), i32 = b.getI32Type();
  Value sixteen = b.create<arith::ConstantIntOp>(loc, 16, 32);
  // Lane 0 is in the lower half of the even shorts, 1 in that of the odd ones.
  auto getLane = [&](ArrayRef<Value> halves, int64_t lane) -> Value {
    Value pair = halves[lane % 2];
    if (lane >= 2)
      return b.create<arith::ShRSIOp>(loc, pair, sixteen);
    Value low = b.create<arith::TruncIOp>(loc, i16, pair);
    return b.create<arith::ExtSIOp>(loc, i32, low);
  };
  for (int64_t row = 0; row < tile.rows; ++row)
    for (int64_t first = 0; first < tile.vectors; first += kWordBytes) {
      SmallVector<Value, 2> halves[2];
      for (unsigned input : {0, 1})
        halves[input] = prepareWord(
            tile, input, loadWord(input, state, tile, row, first, kWordBytes));
      for (int64_t lane = 0; lane < kWordBytes; ++lane) {
        Value product = b.create<arith::MulIOp>(loc, getLane(halves[0], lane),
                                                getLane(halves[1], lane));
        Value &sum = accumulators[row * tile.vectors + first + lane];
        sum = b.create<arith::AddIOp>(loc, sum, product);
      }
    }
  return accumulators;
}
