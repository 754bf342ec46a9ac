//===- Quantization.h - What quantizing operations compute ------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one definition of `nn.dequantize`, `nn.quantize` and `nn.requantize`, in
// arithmetic. The evaluator runs it at compile time, and the pass
// expand-quantization puts it into programs.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_NN_QUANTIZATION_H
#define TENON_DIALECTS_NN_QUANTIZATION_H

#include "dialects/nn/Nn.h"

namespace tenon::nn {

/// `op` as operations of `arith` and `math` on `operands`, which stand for its
/// own; null if it is none of the three. What is rounded is `bounded` where its
/// magnitude is known to be below `kLeastUnbounded`: shorter, with the same
/// result.
mlir::Value expandQuantization(mlir::OpBuilder &builder, mlir::Operation *op,
                               mlir::ValueRange operands, bool bounded = false);

inline constexpr double kLeastUnbounded = 1 << 22;

} // namespace tenon::nn

#endif // TENON_DIALECTS_NN_QUANTIZATION_H
