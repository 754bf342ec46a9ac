//===- SubByte.h - Constants of less than a byte ----------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Integers of four (two) bits take a byte each while they are computed with.
// As constants, two (four) of them share one, the first in the lowest bits.
//
// Weights of a contraction share bytes with those of the next steps of its
// innermost reduction, so that what is loaded at once gives as many whole
// vectors, in order and without a shuffle. Where bytes are multiplied, each is
// the number in its highest bits: sixteen times as large. For signed ones,
//
//     first  = (shared << 4) & 0xF0F0F0F0
//     second = shared & 0xF0F0F0F0
//
// (In general registers, the second is not that of the next steps, but of the
// second half of the reduction, which is another loop, so that no more has to
// be held than for bytes.) The sum is shifted back, which is exact where it
// does not leave 32 bits. Elsewhere a number is two shifts, or a mask:
//
//     first  = (shared << 28) >> 28             of a byte in 32 bits
//     second = (shared << 24) >> 28
//
// What is read element by element lies in order, and is found by half of its
// index.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_LOWER_SUBBYTE_H
#define TENON_PASSES_LOWER_SUBBYTE_H

#include "passes/lower/DotProducts.h"

namespace tenon {

/// How many integers of `type` share a byte; 1 for other types.
int64_t getShare(mlir::Type type);

/// What dot products are told about an input.
struct PackedForm {
  bool isUnsigned;
  int64_t zero;
};

/// Unsigned integers of less than a byte become signed when they are packed:
/// they and their zero points are less by half of their range.
PackedForm getPackedForm(nn::ContractOp contract, unsigned input);

/// A weight as it is packed, of the byte that it takes as an element.
int64_t getPackedNumber(nn::ContractOp contract, const DotSchedule &dot,
                        char byte);

/// Whether some element of a constant input is `number`.
bool hasNumber(const Nest &nest, unsigned input, int64_t number);

/// Lets `number` be one of `share` that are in `byte`, which has been 0.
void insertNumber(char &byte, int64_t part, int64_t share, int64_t number);

/// All of `bytes`, elements of one byte each, `share` to a byte.
std::vector<char> shareBytes(llvm::ArrayRef<char> bytes, int64_t share);

/// The bits by which sums of products are too large.
unsigned getSubByteShift(const DotSchedule &dot);

/// `dot` with weights that share bytes, where they can.
DotSchedule shareBytes(const Nest &nest, DotSchedule dot,
                       llvm::ArrayRef<unsigned> packable,
                       std::optional<unsigned> vectorDim);

} // namespace tenon

#endif // TENON_PASSES_LOWER_SUBBYTE_H
