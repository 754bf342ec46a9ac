//===- DotProducts.cpp - Sums of products of bytes ------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Processors multiply small integers several at a time, where those of one sum
// lie side by side in a word. So a contraction
//
//     acc[o] += (x[k] - zero) * w[o][k]          k in 0..64
//
// whose data are contiguous along the innermost reduction, and whose weights
// are constant, runs over 16 words of four bytes instead: of the data as they
// lie, and of weights packed [k / 4][o][4]. Kernels get the accumulator of each
// `o` from two `kernel.dot_shorts` or one `kernel.dot_bytes` a word.
//
// MVE takes vectors of sixteen bytes the same way.
//
// In a depthwise convolution the bytes of a word are different channels. There
// it still takes fewer instructions to widen two of them at once.
//
//===----------------------------------------------------------------------===//

#include "passes/lower/DotProducts.h"
#include "passes/lower/SubByte.h"

using namespace mlir;
using namespace tenon;

std::optional<bool> tenon::flipsSign(nn::ContractOp contract, unsigned input,
                                     bool wantsUnsigned) {
  auto [isUnsigned, zero] = getPackedForm(contract, input);
  if (zero != kernel::getByteZeroPoint(isUnsigned, wantsUnsigned))
    return std::nullopt;
  return isUnsigned != wantsUnsigned;
}

/// The data are bytes as they lie. (Smaller integers, which take a byte in
/// memory, become bytes when they are packed.)
static bool isByte(const Nest &nest, unsigned input) {
  return cast<nn::ContractOp>(*nest.layer).getElementType(input).isInteger(8);
}

/// Bytes along the innermost reduction, never skipped.
static bool isContiguous(const Nest &nest, unsigned input) {
  unsigned inner = nest.dims.size() - 1;
  const NestAccess &access = nest.inputs[input];
  return isByte(nest, input) && access.strides[inner] == 1 &&
         access.indirections.empty() &&
         llvm::none_of(nest.guards, [&](const NestGuard &guard) {
           return guard.coefficients[inner] != 0;
         });
}

/// A contraction of bytes into 32 bits, for a target that has more than
/// multiplications for it.
static nn::ContractOp getContraction(const Nest &nest,
                                     kernel::TargetAttr target) {
  auto contract = dyn_cast<nn::ContractOp>(*nest.layer);
  bool isOfBytes = llvm::all_of(nest.inputs, [](const NestAccess &access) {
    return access.elementType.isInteger(8);
  });
  bool fits = target.getDot() != kernel::DotKind::None && contract &&
              contract.getAccumulatorType().isInteger(32) && isOfBytes &&
              nest.getNumParallel() != nest.dims.size();
  return fits ? contract : nn::ContractOp();
}

DotSchedule tenon::chooseDot(const Nest &nest, kernel::TargetAttr target,
                             ArrayRef<unsigned> packable) {
  nn::ContractOp contract = getContraction(nest, target);
  constexpr int64_t kLeastSteps = 3;
  if (!contract || nest.dims.back().size < kLeastSteps)
    return {};
  kernel::DotTraits traits = kernel::getTraits(target.getDot());
  for (unsigned weights : {1, 0}) {
    DotSchedule dot{traits.inSum, 1 - weights, weights, traits.takesUnsigned};
    if (!llvm::is_contained(packable, nest.inputs[weights].operand) ||
        !isContiguous(nest, dot.data))
      continue;
    std::optional<bool> flips =
        flipsSign(contract, weights, /*wantsUnsigned=*/false);
    // As a signed byte, -128.
    dot.isNarrow = traits.wantsNarrow && flips &&
                   !hasNumber(nest, weights, *flips ? 0 : -128);
    bool areBytes = flips && flipsSign(contract, dot.data, dot.isUnsigned) &&
                    dot.isNarrow == traits.wantsNarrow;
    // What does not fill vectors is left to words.
    if (dot.form == DotForm::Vectors &&
        (!areBytes || nest.dims.back().size % kVectorBytes != 0))
      dot.form = traits.rest;
    if (dot.form == DotForm::Shorts || areBytes)
      return dot;
  }
  return {};
}

DotSchedule tenon::chooseDotAcross(const Nest &nest, kernel::TargetAttr target,
                                   ArrayRef<unsigned> packable,
                                   unsigned vectorDim) {
  DotForm form = kernel::getTraits(target.getDot()).across;
  bool fits =
      form == DotForm::Singles || nest.dims[vectorDim].size % kWordBytes == 0;
  if (form == DotForm::None || !fits || !getContraction(nest, target))
    return {};
  for (unsigned weights : {1, 0})
    if (llvm::is_contained(packable, nest.inputs[weights].operand) &&
        nest.inputs[weights].strides[vectorDim] != 0 &&
        nest.inputs[1 - weights].strides[vectorDim] == 1 &&
        isByte(nest, 1 - weights))
      return {form, 1 - weights, weights};
  return {};
}

void tenon::groupReduction(Nest &nest, DotSchedule &dot) {
  unsigned inner = nest.dims.size() - 1;
  int64_t &size = nest.dims[inner].size;
  dot.length = size;
  dot.tail = size % dot.getGroup();
  size = llvm::divideCeil(size, dot.getGroup());
  for (NestAccess &access : nest.inputs)
    access.strides[inner] *= dot.inParts ? dot.getStep() : dot.getGroup();
}
