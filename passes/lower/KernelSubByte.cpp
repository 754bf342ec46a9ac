//===- KernelSubByte.cpp - Integers of less than a byte in registers ------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How they lie in memory is said in SubByte.h.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "passes/lower/KernelBuilder.h"
#include "passes/lower/SubByte.h"

using namespace mlir;
using namespace tenon;

static Value createConstant(OpBuilder &b, Location loc, Type type,
                            uint64_t value) {
  unsigned width = getElementTypeOrSelf(type).getIntOrFloatBitWidth();
  return createScalarOrSplatConstant(b, loc, type, APInt(width, value));
}

/// `value` shifted left by `left` bits, then right, which keeps the sign.
static Value shift(OpBuilder &b, Location loc, Value value, unsigned left,
                   unsigned right) {
  if (left != 0)
    value = b.create<arith::ShLIOp>(
        loc, value, createConstant(b, loc, value.getType(), left));
  if (right != 0)
    value = b.create<arith::ShRSIOp>(
        loc, value, createConstant(b, loc, value.getType(), right));
  return value;
}

/// The weights number `part` of those that share the bytes of a word, or of a
/// vector of either: each in the highest bits of its byte.
Value KernelBuilder::takeBytes(Value shared, int64_t part) {
  int64_t share = schedule.dot.share;
  if (share == 1)
    return shared;
  unsigned width = 8 / share;
  uint64_t highest = 0xFF & ~0ULL << (8 - width);
  Value moved = shift(b, loc, shared, 8 - width * (part + 1), 0);
  return b.create<arith::AndIOp>(
      loc, moved,
      createConstant(b, loc, shared.getType(), highest * 0x01010101));
}

/// The same of a byte, or a vector of bytes, as a number of 32 bits.
Value KernelBuilder::takeNumber(Value shared, int64_t part) {
  unsigned width = 8 / schedule.dot.share;
  auto contract = cast<nn::ContractOp>(*nest.layer);
  bool isUnsigned =
      contract.getElementType(schedule.dot.weights).isUnsignedInteger();
  Value word = nn::buildConversion(b, loc, shared, b.getI32Type(),
                                   /*isUnsigned=*/true);
  if (!isUnsigned)
    return shift(b, loc, word, 32 - width * (part + 1), 32 - width);
  Value moved = shift(b, loc, word, 0, width * part);
  return b.create<arith::AndIOp>(
      loc, moved, createConstant(b, loc, word.getType(), (1 << width) - 1));
}

/// Steps of the innermost reduction whose weights are loaded at once; the first
/// `count` are there.
SmallVector<Value> KernelBuilder::buildGroup(const State &state,
                                             const Tile &tile, int64_t count,
                                             SmallVector<Value> accumulators) {
  const DotSchedule &dot = schedule.dot;
  for (int64_t part = 0; part < dot.share; ++part) {
    int64_t left = count - part * dot.getStep();
    if (left <= 0)
      break;
    accumulators =
        dot ? buildDots(state, tile, part, std::min(left, dot.getStep()),
                        std::move(accumulators))
            : buildProducts(state, tile, part, std::move(accumulators));
  }
  return accumulators;
}

/// The innermost reduction, a loop for each part of it. The data are bytes that
/// lie one after the other.
SmallVector<Value> KernelBuilder::buildParts(const State &state,
                                             const Tile &tile,
                                             SmallVector<Value> accumulators) {
  const DotSchedule &dot = schedule.dot;
  unsigned dim = nest.dims.size() - 1;
  int64_t distance = dot.getPart(nest.dims[dim].size);
  for (int64_t part = 0; part < dot.share; ++part) {
    int64_t length =
        std::clamp<int64_t>(dot.length - part * distance, 0, distance);
    int64_t steps = length / dot.getStep(), tail = length % dot.getStep();
    State first = state;
    first.accesses[dot.data].constant += part * distance;
    if (steps == 1) {
      accumulators =
          buildDots(first, tile, part, dot.getStep(), std::move(accumulators));
    } else if (steps > 1) {
      leaveBlock();
      auto loop = b.create<scf::ForOp>(loc, constant(0), constant(steps),
                                       constant(1), accumulators);
      nameLoop(loop, dim);
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      SmallVector<Value> inside(loop.getRegionIterArgs());
      inside = buildDots(advance(first, dim, loop.getInductionVar(), tile),
                         tile, part, dot.getStep(), std::move(inside));
      b.create<scf::YieldOp>(loc, inside);
      leaveBlock();
      accumulators = SmallVector<Value>(loop.getResults());
    }
    if (tail != 0)
      accumulators = buildDots(advance(first, dim, steps, tile), tile, part,
                               tail, std::move(accumulators));
  }
  return accumulators;
}

/// One step, without products of bytes.
SmallVector<Value>
KernelBuilder::buildProducts(const State &state, const Tile &tile, int64_t part,
                             SmallVector<Value> accumulators) {
  auto contract = cast<nn::ContractOp>(*nest.layer);
  const DotSchedule &dot = schedule.dot;
  State next = state;
  next.accesses[dot.data].constant +=
      part * nest.inputs[dot.data].strides.back() / dot.getGroup();
  SmallVector<Value> numbers;
  for (int64_t vector = 0; vector < tile.vectors; ++vector)
    numbers.push_back(
        takeNumber(load(dot.weights, state, tile, /*row=*/0, vector), part));
  for (int64_t row = 0; row < tile.rows; ++row)
    for (int64_t vector = 0; vector < tile.vectors; ++vector) {
      Value inputs[2];
      inputs[dot.data] = load(dot.data, next, tile, row, vector);
      inputs[dot.weights] = numbers[vector];
      Value &sum = accumulators[row * tile.vectors + vector];
      sum = contract.buildCombine(b, loc, inputs, sum, nullptr).front();
    }
  return accumulators;
}

/// Element `index` of a buffer whose elements share bytes, as the byte that it
/// is elsewhere.
Value KernelBuilder::loadShared(Value buffer, Index index, IntegerType type) {
  unsigned width = type.getWidth(), bits = llvm::Log2_32(8 / width);
  Type i8 = b.getI8Type(), i32 = b.getI32Type();
  Value at = b.create<arith::IndexCastOp>(loc, i32, materialize(index));
  Value byte =
      b.create<arith::ShRSIOp>(loc, at, createConstant(b, loc, i32, bits));
  Value shared = b.create<memref::LoadOp>(
      loc, buffer,
      ValueRange(b.create<arith::IndexCastOp>(loc, b.getIndexType(), byte)));
  // The number's place in the byte: what is above it goes first.
  Value place =
      b.create<arith::MulIOp>(loc, at, createConstant(b, loc, i32, width));
  place = b.create<arith::AndIOp>(loc, place,
                                  createConstant(b, loc, i32, 8 - width));
  Value word = b.create<arith::ExtUIOp>(loc, i32, shared);
  word = b.create<arith::ShRUIOp>(loc, word, place);
  if (type.isUnsigned())
    word = b.create<arith::AndIOp>(
        loc, word, createConstant(b, loc, i32, (1 << width) - 1));
  else
    word = shift(b, loc, word, 32 - width, 32 - width);
  return b.create<arith::TruncIOp>(loc, i8, word);
}
