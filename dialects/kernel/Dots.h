//===- Dots.h - How targets sum products of bytes ---------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the instructions of a `kernel::DotKind` want of the layers that they
// compute, for those who prepare the layers (prepare-dots) and those who build
// kernels of them.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_KERNEL_DOTS_H
#define TENON_DIALECTS_KERNEL_DOTS_H

#include "dialects/kernel/Kernel.h"

namespace tenon::kernel {

/// Bytes of a word, and of a vector of MVE: what dot products take at once.
inline constexpr int64_t kWordBytes = 4, kVectorBytes = 16;

/// How a contraction of bytes is computed. In the first three forms, neighbours
/// along the innermost reduction are multiplied at once: it counts words of
/// them, and so do the packed weights, whose word is [steps of the reduction]
/// of one result. In the others, neighbours belong to as many results, the
/// channels of a depthwise convolution.
enum class DotForm {
  None,
  /// Words of four bytes: kernel.dot_bytes.
  Bytes,
  /// Words of four bytes, widened to two words of two shorts each, less their
  /// zero points: kernel.dot_shorts.
  Shorts,
  /// Vectors of sixteen bytes: kernel.dot_lanes.
  Vectors,
  /// The bytes of a word are widened in pairs, and multiplied one by one.
  Halves,
  /// The bytes of a vector become words of one short each, those of the weights
  /// at compile time, since products of shorts are faster than those of words:
  /// kernel.dot_shorts.
  Singles
};

/// "bytes", "shorts", ...
llvm::StringRef stringifyDotForm(DotForm form);

struct DotTraits {
  /// How neighbours of one sum are multiplied, and how those of as many sums.
  DotForm inSum = DotForm::None, across = DotForm::None;
  /// What a sum takes that does not fill its form; None where all do.
  DotForm rest = DotForm::None;
  /// Data that are multiplied as bytes have no sign.
  bool takesUnsigned = false;
  /// No byte of the weights may be -128.
  bool wantsNarrow = false;
};

/// All None for a kind without instructions.
DotTraits getTraits(DotKind kind);

/// The zero point that bytes must have to be multiplied as they are, as
/// unsigned ones or not: none is subtracted, but the highest bit may be
/// flipped, which makes a signed byte an unsigned one that is larger by 128,
/// and back.
int64_t getByteZeroPoint(bool isUnsigned, bool wantsUnsigned);

} // namespace tenon::kernel

#endif // TENON_DIALECTS_KERNEL_DOTS_H
