//===- SubByte.cpp - Constants of less than a byte ------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/lower/SubByte.h"

#include "dialects/nn/Quantization.h"
#include "llvm/Support/CheckedArithmetic.h"

using namespace mlir;
using namespace tenon;

int64_t tenon::getShare(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  bool shares = integer && (integer.getWidth() == 2 || integer.getWidth() == 4);
  return shares ? 8 / integer.getWidth() : 1;
}

/// The number that a byte of memory holds.
static int64_t readNumber(char byte, Type type) {
  unsigned width = type.getIntOrFloatBitWidth();
  return type.isUnsignedInteger()
             ? uint64_t(byte) & llvm::maskTrailingOnes<uint64_t>(width)
             : llvm::SignExtend64(byte, width);
}

/// Half of the range of an unsigned type that becomes signed.
static int64_t getOffset(Type type) {
  bool moves = getShare(type) > 1 && type.isUnsignedInteger();
  return moves ? int64_t(1) << (type.getIntOrFloatBitWidth() - 1) : 0;
}

PackedForm tenon::getPackedForm(nn::ContractOp contract, unsigned input) {
  Type type = contract.getElementType(input);
  int64_t offset = getOffset(type);
  return {type.isUnsignedInteger() && offset == 0,
          contract.getZeroPoint(input) - offset};
}

int64_t tenon::getPackedNumber(nn::ContractOp contract, const DotSchedule &dot,
                               char byte) {
  Type type = contract.getElementType(dot.weights);
  // Where no dot products are, the contraction itself makes the difference.
  return readNumber(byte, type) - (dot ? getOffset(type) : 0);
}

void tenon::insertNumber(char &byte, int64_t part, int64_t share,
                         int64_t number) {
  int64_t width = 8 / share;
  byte |= char((number & llvm::maskTrailingOnes<uint64_t>(width))
               << (part * width));
}

std::vector<char> tenon::shareBytes(ArrayRef<char> bytes, int64_t share) {
  std::vector<char> shared(llvm::divideCeil(bytes.size(), share));
  for (auto [index, byte] : llvm::enumerate(bytes))
    insertNumber(shared[index / share], index % share, share, byte);
  return shared;
}

unsigned tenon::getSubByteShift(const DotSchedule &dot) {
  return dot && dot.share > 1 ? 8 - 8 / dot.share : 0;
}

/// The largest magnitude of an element less its zero point.
static int64_t getMaximum(nn::ContractOp contract, unsigned input) {
  Type type = contract.getElementType(input);
  nn::Interval range = nn::getIntegerRange(type.getIntOrFloatBitWidth(),
                                           type.isUnsignedInteger());
  int64_t zero = contract.getZeroPoint(input);
  return std::max(std::abs(range.low - zero), std::abs(range.high - zero));
}

bool tenon::hasNumber(const Nest &nest, unsigned input, int64_t number) {
  Type type = cast<nn::ContractOp>(*nest.layer).getElementType(input);
  Value base = getBase(nest.layer->getOperand(nest.inputs[input].operand));
  auto constant = base.getDefiningOp<kernel::ConstantOp>();
  auto global = SymbolTable::lookupNearestSymbolFrom<kernel::GlobalOp>(
      constant, constant.getGlobalAttr());
  return llvm::any_of(kernel::getData(global), [&](char byte) {
    return readNumber(byte, type) == number;
  });
}

/// Whether no weight is the lowest number of its type, which in the highest
/// bits of a byte is -128.
static bool isNarrow(const Nest &nest, nn::ContractOp contract,
                     unsigned weights) {
  Type type = contract.getElementType(weights);
  nn::Interval range = nn::getIntegerRange(type.getIntOrFloatBitWidth(),
                                           type.isUnsignedInteger());
  return !hasNumber(nest, weights, range.low);
}

/// Whether sums of products stay inside of 32 bits when they are too large by
/// `shift` bits.
static bool hasRoom(const Nest &nest, nn::ContractOp contract, unsigned shift) {
  std::optional<int64_t> bound = int64_t(1) << shift;
  for (unsigned input : {0, 1})
    bound = llvm::checkedMul(*bound, getMaximum(contract, input));
  for (const NestDim &dim : nest.dims)
    if (dim.reduction && bound)
      bound = llvm::checkedMul(*bound, dim.size);
  return bound && *bound <= std::numeric_limits<int32_t>::max();
}

DotSchedule tenon::shareBytes(const Nest &nest, DotSchedule dot,
                              ArrayRef<unsigned> packable,
                              std::optional<unsigned> vectorDim) {
  auto contract = dyn_cast<nn::ContractOp>(*nest.layer);
  bool fits = !dot || dot.isInSum();
  if (!contract || !fits || !vectorDim || nest.dims[*vectorDim].reduction)
    return dot;
  bool isGuarded = llvm::any_of(nest.guards, [](const NestGuard &guard) {
    return guard.coefficients.back() != 0;
  });
  for (unsigned weights : {1, 0}) {
    if (dot && dot.weights != weights)
      continue;
    const NestAccess &access = nest.inputs[weights];
    DotSchedule shared = dot;
    shared.data = 1 - weights;
    shared.weights = weights;
    shared.share = getShare(contract.getElementType(weights));
    bool saves = shared.share > 1 && nest.dims.back().size > shared.getStep();
    if (saves && !isGuarded && access.indirections.empty() &&
        llvm::is_contained(packable, access.operand) &&
        access.strides[*vectorDim] != 0 &&
        (!dot || hasRoom(nest, contract, getSubByteShift(shared))) &&
        (!dot.isNarrow || isNarrow(nest, contract, weights)))
      return shared;
  }
  return dot;
}
