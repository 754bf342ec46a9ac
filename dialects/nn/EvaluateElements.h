//===- EvaluateElements.h - Elements in buffers and in lanes ----*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The evaluator interprets a scalar region an operation at a time, for many
// points at once: a value of the region is a row of lanes. Integers of every
// width are int64_t there, sign-extended (true is -1); floats up to f32 are
// float, rounded to their format; f64 is double.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_NN_EVALUATEELEMENTS_H
#define TENON_DIALECTS_NN_EVALUATEELEMENTS_H

#include "mlir/IR/BuiltinTypes.h"
#include <optional>

namespace tenon::nn {

/// Points that are computed at once: enough to hide the interpretation, few
/// enough to keep the values of a region in the first cache.
inline constexpr unsigned kNumLanes = 256;

/// One value of a region at `kNumLanes` points.
union alignas(64) Lanes {
  int64_t integers[kNumLanes];
  float floats[kNumLanes];
  double doubles[kNumLanes];

  template <typename T> T *get() {
    if constexpr (std::is_same_v<T, float>)
      return floats;
    else if constexpr (std::is_same_v<T, double>)
      return doubles;
    else
      return integers;
  }
};

/// Where the elements of a row of lanes are in a buffer: at `base + values[i]`,
/// or where `values` is null at `base + i * stride`; counted in elements.
struct Places {
  const int64_t *values;
  int64_t base, stride;

  int64_t operator[](unsigned lane) const {
    return base + (values ? values[lane] : lane * stride);
  }
};

/// The element type of a buffer, or the type of a value of a region.
class ElementType {
public:
  enum Kind { Integer, Float, Double };

  /// None where the evaluator does not know the type.
  static std::optional<ElementType> get(mlir::Type type);
  /// Integers of this many bytes, to move elements of any type unchanged.
  static ElementType getBits(unsigned bytes);

  Kind getKind() const { return kind; }
  /// Of an integer, in bits; index has 64.
  unsigned getWidth() const { return width; }
  bool isNarrowFloat() const { return kind == Float && width < 32; }

  /// Rounds to the format of a narrow float, to nearest even.
  double round(double value) const;

  void load(Lanes &lanes, const char *data, Places places,
            unsigned count) const;
  void store(const Lanes &lanes, char *data, Places places,
             unsigned count) const;

private:
  Kind kind;
  unsigned width, bytes;
  const llvm::fltSemantics *format = nullptr;
  /// Of a narrow float whose rounding is arithmetic: bits of the significand,
  /// least exponent, greatest value.
  int precision = 0, minExponent = 0;
  double maximum = 0;
  /// The value of each bit pattern of a narrow float.
  const float *decoded = nullptr;
};

} // namespace tenon::nn

#endif // TENON_DIALECTS_NN_EVALUATEELEMENTS_H
