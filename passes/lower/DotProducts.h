//===- DotProducts.h - Sums of products of bytes ----------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_LOWER_DOTPRODUCTS_H
#define TENON_PASSES_LOWER_DOTPRODUCTS_H

#include "passes/lower/Nest.h"

namespace tenon {

/// Bytes of a word.
inline constexpr int64_t kWordBytes = 4;
/// Bytes of a vector of MVE.
inline constexpr int64_t kVectorBytes = 16;

/// How a contraction of bytes reads words. Where the four bytes belong to one
/// sum, the innermost reduction counts words, and so do the packed weights,
/// whose word is [4 steps of the reduction] of one result.
struct DotSchedule {
  kernel::DotKind kind = kernel::DotKind::None;
  /// The inputs, as numbers of the layer's: what is read as it lies, and the
  /// constant that is packed.
  unsigned data = 0, weights = 1;
  /// Bytes of the last word that count; 0 for all of them.
  int64_t tail = 0;
  /// Neighbours belong to as many results, not to one sum: the channels of a
  /// depthwise convolution. The bytes of a word are widened in pairs, and
  /// multiplied one by one. Those of a vector become words of one short, since
  /// products of shorts are faster than those of words; of the weights at
  /// compile time.
  bool across = false;

  explicit operator bool() const { return kind != kernel::DotKind::None; }
  bool isInSum() const { return *this && !across; }
  /// Neighbours along the innermost reduction that one step takes.
  int64_t getGroup() const {
    return kind == kernel::DotKind::Mve ? kVectorBytes : kWordBytes;
  }
  /// The size of an element of packed weights: they are words where they are
  /// read as such.
  int64_t getPackedBytes() const {
    bool isBytes = kind == kernel::DotKind::Mve ||
                   (across && kind != kernel::DotKind::Vnni);
    return isBytes ? 1 : kWordBytes;
  }
};

/// How the bytes of an input are changed so that they are the differences to
/// its zero point that an instruction on bytes multiplies: not at all, or by
/// their highest bit, which takes a signed byte to the unsigned one that is
/// larger by 128, and back. None where neither gives them.
std::optional<bool> flipsSign(nn::ContractOp contract, unsigned input,
                              bool wantsUnsigned);

/// The instruction of `target` for `nest`, if it can be used. The inputs whose
/// operand numbers are in `packable` are constants.
DotSchedule chooseDot(const Nest &nest, kernel::TargetAttr target,
                      llvm::ArrayRef<unsigned> packable);

/// The same for words that hold neighbours along `vectorDim`.
DotSchedule chooseDotAcross(const Nest &nest, kernel::TargetAttr target,
                            llvm::ArrayRef<unsigned> packable,
                            unsigned vectorDim);

/// Lets the innermost reduction count words; strides of the inputs along it
/// become four times as long.
void groupReduction(Nest &nest, DotSchedule &dot);

} // namespace tenon

#endif // TENON_PASSES_LOWER_DOTPRODUCTS_H
