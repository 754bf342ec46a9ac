//===- Quantization.h - What quantizing operations compute ------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one definition of the operations of NnQuantizationOps.td, in arithmetic.
// The evaluator runs it at compile time, and the pass expand-quantization puts
// it into programs.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_NN_QUANTIZATION_H
#define TENON_DIALECTS_NN_QUANTIZATION_H

#include "dialects/nn/Affine.h"

namespace tenon::nn {

/// What an integer of up to 32 bits may be.
Interval getIntegerRange(unsigned width, bool isUnsigned);

/// `op` as operations of `arith` and `math` on `operands`, which stand for its
/// own; null if it is none of them. What is rounded is `bounded` where its
/// magnitude is known to be below `kLeastUnbounded`: shorter, with the same
/// result.
mlir::Value expandQuantization(mlir::OpBuilder &builder, mlir::Operation *op,
                               mlir::ValueRange operands, bool bounded = false);

inline constexpr double kLeastUnbounded = 1 << 22;

/// What `nn.round_product` takes for a factor; none where it has no word.
std::optional<uint32_t> getProductWord(double factor);

/// A factor as TensorFlow Lite has it: multiplier * 2^(shift - 31), where the
/// multiplier is 0 or at least 2^30, and the shift from -31 to 31. It must be
/// less than 2^31. (`QuantizeMultiplier`,
/// kernels/internal/quantization_util.cc)
struct FixedFactor {
  int32_t multiplier, shift;
};
FixedFactor getFixedFactor(double factor);

/// `input` times a fixed-point number, in two roundings:
///
///     x = (input * 2^max(shift, 0) * multiplier + 2^30) >> 31
///     x / 2^max(-shift, 0), rounded to the nearest, half away from zero
///
/// the first at 64 bits, and what it shifts left at 32. This is TensorFlow
/// Lite's `MultiplyByQuantizedMultiplier` (kernels/internal/common.cc):
/// `SaturatingRoundingDoublingHighMul`, then `RoundingDivideByPOT`, of gemmlowp
/// (fixedpoint/fixedpoint.h). CMSIS-NN computes the same, unless told to round
/// once. All are i32.
mlir::Value buildFixedProduct(mlir::OpBuilder &builder, mlir::Location loc,
                              mlir::Value input, mlir::Value multiplier,
                              mlir::Value shift);

} // namespace tenon::nn

#endif // TENON_DIALECTS_NN_QUANTIZATION_H
