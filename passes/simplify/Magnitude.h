//===- Magnitude.h - Bounds of numbers in regions ---------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SIMPLIFY_MAGNITUDE_H
#define TENON_PASSES_SIMPLIFY_MAGNITUDE_H

#include "dialects/nn/Nn.h"

namespace tenon::nn {

/// All numbers from `low` to `high`.
struct Bounds {
  double low, high;

  double getMagnitude() const { return std::max(-low, high); }
};

/// What `value`, in a region of a layer, never leaves; none where nothing is
/// known. Looks at types, constants and the length of sums, and knows the
/// arithmetic of quantized models. An integer counts as signed unless
/// `isUnsigned`.
std::optional<Bounds> getBounds(mlir::Value value, bool isUnsigned = false);

/// What the absolute value of the same, signed, never exceeds.
std::optional<double> getMagnitude(mlir::Value value);

} // namespace tenon::nn

#endif // TENON_PASSES_SIMPLIFY_MAGNITUDE_H
