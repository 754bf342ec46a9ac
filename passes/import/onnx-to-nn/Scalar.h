//===- Scalar.h - Expressions in the regions of layers ----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a layer computes at a point, written as C++ expressions:
//
//   Scalar relu(Scalar x) { return max(x, 0); }
//
// Each operator makes the arith or math operation that fits the operand's
// type: float, signed, unsigned or bool. Arithmetic on f16, bf16 and smaller
// floats happens at f32; a value is rounded where it is stored.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_IMPORT_ONNXTONN_SCALAR_H
#define TENON_PASSES_IMPORT_ONNXTONN_SCALAR_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tenon::lowering {

class Scalar {
public:
  Scalar() = default;
  /// `elementType` may be a signed, unsigned or signless integer, while the
  /// value itself is always signless.
  Scalar(mlir::ImplicitLocOpBuilder &builder, mlir::Value value,
         mlir::Type elementType)
      : builder(&builder), value(value), elementType(elementType) {}

  mlir::Value get() const { return value; }
  mlir::Type getType() const { return elementType; }
  mlir::ImplicitLocOpBuilder &getBuilder() const { return *builder; }
  bool isFloat() const { return mlir::isa<mlir::FloatType>(elementType); }
  /// bool counts as unsigned.
  bool isUnsigned() const {
    return elementType.isUnsignedInteger() || elementType.isInteger(1);
  }

  /// A constant: at the type of arithmetic, or the bits of an integer.
  Scalar like(double number) const;
  Scalar likeInt(int64_t number) const;
  /// -infinity or +infinity; for integers the smallest or largest value.
  Scalar lowest() const;
  Scalar highest() const;

  /// ONNX's Cast: float to integer truncates, and saturates at 32 bits and
  /// more; any to bool is != 0; integers keep their low bits.
  Scalar cast(mlir::Type elementType) const;
  /// The same bits as a type of the same width.
  Scalar bitcast(mlir::Type elementType) const;

private:
  mlir::ImplicitLocOpBuilder *builder = nullptr;
  mlir::Value value;
  mlir::Type elementType;
};

/// The lowest (highest) value of a type as an attribute of the signless type.
mlir::TypedAttr getLowest(mlir::Type elementType);
mlir::TypedAttr getHighest(mlir::Type elementType);
/// `number` as an attribute of the signless type of `elementType`.
mlir::TypedAttr getNumber(mlir::Type elementType, double number);

/// The type at which arithmetic on `elementType` happens.
mlir::Type getComputeType(mlir::Type elementType);

Scalar operator-(Scalar x);
/// Bitwise, and logical for bool.
Scalar operator~(Scalar x);
Scalar select(Scalar condition, Scalar x, Scalar y);

#define TENON_BINARY(name)                                                     \
  Scalar name(Scalar x, Scalar y);                                             \
  inline Scalar name(Scalar x, double y) { return name(x, x.like(y)); }        \
  inline Scalar name(double x, Scalar y) { return name(y.like(x), y); }
TENON_BINARY(operator+)
TENON_BINARY(operator-)
TENON_BINARY(operator*)
TENON_BINARY(operator/) // integers: towards zero
TENON_BINARY(operator%) // the sign of the dividend
TENON_BINARY(operator&)
TENON_BINARY(operator|)
TENON_BINARY(operator^)
TENON_BINARY(operator<)
TENON_BINARY(operator<=)
TENON_BINARY(operator>)
TENON_BINARY(operator>=)
TENON_BINARY(operator==)
TENON_BINARY(operator!=)
TENON_BINARY(min) // NaN if one is
TENON_BINARY(max)
TENON_BINARY(pow)
#undef TENON_BINARY
/// Shifts of the width or more leave 0, or -1 for a negative one to the right.
Scalar shiftLeft(Scalar x, Scalar bits);
Scalar shiftRight(Scalar x, Scalar bits);
inline Scalar select(Scalar condition, Scalar x, double y) {
  return select(condition, x, x.like(y));
}
inline Scalar select(Scalar condition, double x, Scalar y) {
  return select(condition, y.like(x), y);
}

#define TENON_UNARY(name) Scalar name(Scalar x);
TENON_UNARY(abs)
TENON_UNARY(ceil)
TENON_UNARY(floor)
TENON_UNARY(roundEven)
TENON_UNARY(trunc)
TENON_UNARY(sqrt)
TENON_UNARY(exp)
TENON_UNARY(log)
TENON_UNARY(log1p)
TENON_UNARY(erf)
TENON_UNARY(sin)
TENON_UNARY(cos)
TENON_UNARY(tan)
TENON_UNARY(asin)
TENON_UNARY(acos)
TENON_UNARY(atan)
TENON_UNARY(sinh)
TENON_UNARY(cosh)
TENON_UNARY(tanh)
TENON_UNARY(asinh)
TENON_UNARY(acosh)
TENON_UNARY(atanh)
TENON_UNARY(isNaN)
TENON_UNARY(sigmoid)
TENON_UNARY(softplus)
#undef TENON_UNARY

} // namespace tenon::lowering

#endif // TENON_PASSES_IMPORT_ONNXTONN_SCALAR_H
