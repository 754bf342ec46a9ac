//===- Dequantization.h - Maps that only dequantize -------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SIMPLIFY_DEQUANTIZATION_H
#define TENON_PASSES_SIMPLIFY_DEQUANTIZATION_H

#include "dialects/nn/LayerSpec.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

namespace tenon::nn {

/// What a map computes that does nothing but dequantize, by the index of an
/// element of its result.
struct Dequantization {
  DequantizeOp op;
  MappedOperand integers;
  /// Of each element; absent where `constantScale` is the scale of all.
  std::optional<MappedOperand> scale;
  mlir::FloatAttr constantScale;
  int64_t zero = 0;
  /// Of each element, where they are no constant of all.
  std::optional<MappedOperand> zeros = {};

  mlir::Type getElementType() const {
    return mlir::getElementTypeOrSelf(integers.value.getType());
  }
  /// The largest magnitude of integer less zero point.
  int64_t getMaximum() const;
};

/// None where `value` is not the f32 result of such a map. Its zero point is
/// constant, or, `withZeros`, as much an operand as the integers are.
std::optional<Dequantization> getDequantization(mlir::Value value,
                                                bool withZeros = false);

} // namespace tenon::nn

#endif // TENON_PASSES_SIMPLIFY_DEQUANTIZATION_H
