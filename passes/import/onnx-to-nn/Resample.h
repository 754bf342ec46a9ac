//===- Resample.h - Weights of neighbours -----------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Formulas for T = double, where places are known, and for T = Scalar, where
// the program computes them.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_IMPORT_ONNXTONN_RESAMPLE_H
#define TENON_PASSES_IMPORT_ONNXTONN_RESAMPLE_H

#include "passes/import/onnx-to-nn/Scalar.h"

#include <algorithm>
#include <cmath>

namespace tenon::lowering {

inline double select(bool condition, double x, double y) {
  return condition ? x : y;
}
inline double min(double x, double y) { return std::min(x, y); }
inline double max(double x, double y) { return std::max(x, y); }
using std::ceil;
using std::floor;

/// The weight of a neighbour at distance `x`: a triangle, or Keys' cubic.
template <typename T> T getWeight(bool cubic, double a, T x) {
  x = max(x, 0.0 - x);
  if (!cubic)
    return max(1.0 - x, 0.0);
  T near = ((a + 2) * x - (a + 3)) * x * x + 1.0;
  T far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return select(x <= 1.0, near, select(x < 2.0, far, x * 0.0));
}

} // namespace tenon::lowering

#endif // TENON_PASSES_IMPORT_ONNXTONN_RESAMPLE_H
