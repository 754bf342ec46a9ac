//===- DotProducts.h - Sums of products of bytes ----------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_LOWER_DOTPRODUCTS_H
#define TENON_PASSES_LOWER_DOTPRODUCTS_H

#include "dialects/kernel/Dots.h"
#include "passes/lower/Nest.h"

namespace tenon {

using kernel::DotForm;
using kernel::kVectorBytes;
using kernel::kWordBytes;

struct DotSchedule {
  DotForm form = DotForm::None;
  /// The inputs, as numbers of the layer's: what is read as it lies, and the
  /// constant that is packed.
  unsigned data = 0, weights = 1;
  /// Of the data that are multiplied as bytes: that they have no sign; of the
  /// weights: that none is -128.
  bool isUnsigned = false, isNarrow = false;
  /// As many weights of less than a byte share one (SubByte.h).
  int64_t share = 1;
  /// They are no neighbours, but each of its own part of the reduction, which
  /// has its own loop.
  bool inParts = false;
  /// Steps of the innermost reduction, and those of the last group that count,
  /// 0 for all of them.
  int64_t length = 0, tail = 0;

  explicit operator bool() const { return form != DotForm::None; }
  bool isInSum() const {
    return form == DotForm::Bytes || form == DotForm::Shorts ||
           form == DotForm::Vectors;
  }
  /// Neighbours along the innermost reduction that are multiplied at once.
  int64_t getStep() const {
    if (form == DotForm::Vectors)
      return kVectorBytes;
    return isInSum() ? kWordBytes : 1;
  }
  /// Those whose weights are loaded at once.
  int64_t getGroup() const { return getStep() * share; }
  /// From those of one weight of a byte to those of the next one, where there
  /// are `groups`.
  int64_t getPart(int64_t groups) const {
    return inParts ? getStep() * groups : getStep();
  }
  /// The size of an element of packed weights: they are words where they are
  /// read as such.
  int64_t getPackedBytes() const {
    return form == DotForm::Vectors || form == DotForm::Halves ? 1 : kWordBytes;
  }
};

/// How the bytes of an input are changed so that they are the differences to
/// its zero point that an instruction on bytes multiplies: not at all, or by
/// their highest bit, which takes a signed byte to the unsigned one that is
/// larger by 128, and back. None where neither gives them. Weights of less than
/// a byte have been changed when they were packed.
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

/// Lets the innermost reduction count groups; strides of the inputs along it
/// become as many times as long.
void groupReduction(Nest &nest, DotSchedule &dot);

} // namespace tenon

#endif // TENON_PASSES_LOWER_DOTPRODUCTS_H
