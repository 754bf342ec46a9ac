//===- Scalar.cpp - Expressions in the regions of layers ------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `x + 1` by the type that x has in ONNX; values of regions are signless:
//
//     f16   %1 = arith.extf %x : f16 to f32        %2 = arith.addf %1, %one
//     u8    %1 = arith.addi %x, %one : i8
//     u8, x / y   arith.divui, where i8 has arith.divsi
//
// Minima and maxima are those that pass NaN on, comparisons with NaN are false
// but for !=, as in numpy, which ONNX's reference is written in.
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Scalar.h"

#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

//===----------------------------------------------------------------------===//
// Types and constants
//===----------------------------------------------------------------------===//

Type lowering::getComputeType(Type elementType) {
  if (isa<FloatType>(elementType) && elementType.getIntOrFloatBitWidth() < 32)
    return Float32Type::get(elementType.getContext());
  return elementType;
}

TypedAttr lowering::getNumber(Type elementType, double number) {
  Builder builder(elementType.getContext());
  if (isa<FloatType>(elementType))
    return builder.getFloatAttr(elementType, number);
  return cast<TypedAttr>(builder.getIntegerAttr(nn::getScalarType(elementType),
                                                static_cast<int64_t>(number)));
}

static TypedAttr getExtreme(Type elementType, bool lowest) {
  Builder builder(elementType.getContext());
  if (auto type = dyn_cast<FloatType>(elementType))
    return builder.getFloatAttr(
        type, APFloat::getInf(type.getFloatSemantics(), lowest));
  unsigned width = elementType.getIntOrFloatBitWidth();
  bool isUnsigned = elementType.isUnsignedInteger() || width == 1;
  APInt value = lowest       ? isUnsigned ? APInt::getMinValue(width)
                                          : APInt::getSignedMinValue(width)
                      : isUnsigned ? APInt::getMaxValue(width)
                             : APInt::getSignedMaxValue(width);
  return builder.getIntegerAttr(nn::getScalarType(elementType), value);
}

TypedAttr lowering::getLowest(Type type) { return getExtreme(type, true); }
TypedAttr lowering::getHighest(Type type) { return getExtreme(type, false); }

static Scalar getConstant(const Scalar &x, TypedAttr value) {
  ImplicitLocOpBuilder &builder = x.getBuilder();
  return {builder, builder.create<arith::ConstantOp>(value), x.getType()};
}

Scalar Scalar::like(double number) const {
  Type type = getComputeType(elementType);
  return {*builder, builder->create<arith::ConstantOp>(getNumber(type, number)),
          type};
}
Scalar Scalar::likeInt(int64_t number) const {
  return getConstant(*this, builder->getIntegerAttr(value.getType(), number));
}
Scalar Scalar::lowest() const {
  return getConstant(*this, getLowest(elementType));
}
Scalar Scalar::highest() const {
  return getConstant(*this, getHighest(elementType));
}

/// `x` at the type at which arithmetic happens.
static Scalar promote(const Scalar &x) {
  return x.cast(getComputeType(x.getType()));
}

//===----------------------------------------------------------------------===//
// Cast
//===----------------------------------------------------------------------===//

Scalar Scalar::cast(Type to) const {
  if (to == elementType)
    return *this;
  ImplicitLocOpBuilder &b = *builder;
  Type scalar = nn::getScalarType(to);
  unsigned width =
      isa<IndexType>(elementType) ? 64 : elementType.getIntOrFloatBitWidth();
  unsigned toWidth = isa<IndexType>(to) ? 64 : to.getIntOrFloatBitWidth();
  bool toUnsigned = to.isUnsignedInteger();
  auto make = [&](Value value) { return Scalar(b, value, to); };
  if (isa<IndexType>(elementType)) {
    // An index is an integer of the widest kind.
    Type i64 = b.getI64Type();
    return Scalar(b, b.create<arith::IndexCastOp>(i64, value), i64).cast(to);
  }
  if (to.isInteger(1))
    return *this != 0;
  if (isFloat() && isa<FloatType>(to)) {
    if (width < toWidth)
      return make(b.create<arith::ExtFOp>(scalar, value));
    if (width > toWidth)
      return make(b.create<arith::TruncFOp>(scalar, value));
    return this->cast(b.getF32Type()).cast(to); // f16 to bf16
  }
  // Small integers keep the low bits, too: -1.0 to u8 is 255, as in numpy.
  if (isFloat() && toWidth < 32)
    return this->cast(b.getI32Type()).cast(to);
  if (isFloat())
    return toUnsigned ? make(b.create<arith::FPToUIOp>(scalar, value))
                      : make(b.create<arith::FPToSIOp>(scalar, value));
  if (isa<FloatType>(to))
    return isUnsigned() ? make(b.create<arith::UIToFPOp>(scalar, value))
                        : make(b.create<arith::SIToFPOp>(scalar, value));
  if (isa<IndexType>(to))
    return make(
        b.create<arith::IndexCastOp>(scalar, this->cast(b.getI64Type()).get()));
  if (width > toWidth)
    return make(b.create<arith::TruncIOp>(scalar, value));
  if (width == toWidth)
    return make(value);
  return isUnsigned() ? make(b.create<arith::ExtUIOp>(scalar, value))
                      : make(b.create<arith::ExtSIOp>(scalar, value));
}

Scalar Scalar::bitcast(Type to) const {
  Type type = nn::getScalarType(to);
  if (value.getType() == type)
    return {*builder, value, to};
  return {*builder, builder->create<arith::BitcastOp>(type, value), to};
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

/// Makes the operation of the family that fits the type of the operands.
template <typename FloatOp, typename SignedOp, typename UnsignedOp>
static Scalar binary(Scalar x, Scalar y) {
  x = promote(x);
  y = promote(y);
  ImplicitLocOpBuilder &b = x.getBuilder();
  Value value;
  if (x.isFloat())
    value = b.create<FloatOp>(x.get(), y.get());
  else if (x.isUnsigned())
    value = b.create<UnsignedOp>(x.get(), y.get());
  else
    value = b.create<SignedOp>(x.get(), y.get());
  return {b, value, x.getType()};
}

template <typename IntOp>
static Scalar integer(const Scalar &x, const Scalar &y) {
  ImplicitLocOpBuilder &b = x.getBuilder();
  return {b, b.create<IntOp>(x.get(), y.get()), x.getType()};
}

static Scalar compare(Scalar x, Scalar y, arith::CmpFPredicate ofFloats,
                      arith::CmpIPredicate ofSigned,
                      arith::CmpIPredicate ofUnsigned) {
  x = promote(x);
  y = promote(y);
  ImplicitLocOpBuilder &b = x.getBuilder();
  Value value;
  if (x.isFloat())
    value = b.create<arith::CmpFOp>(ofFloats, x.get(), y.get());
  else
    value = b.create<arith::CmpIOp>(x.isUnsigned() ? ofUnsigned : ofSigned,
                                    x.get(), y.get());
  return {b, value, b.getI1Type()};
}

namespace tenon::lowering {
using namespace mlir::arith;

Scalar operator+(Scalar x, Scalar y) {
  return binary<AddFOp, AddIOp, AddIOp>(x, y);
}
Scalar operator-(Scalar x, Scalar y) {
  return binary<SubFOp, SubIOp, SubIOp>(x, y);
}
Scalar operator*(Scalar x, Scalar y) {
  return binary<MulFOp, MulIOp, MulIOp>(x, y);
}
Scalar operator/(Scalar x, Scalar y) {
  return binary<DivFOp, DivSIOp, DivUIOp>(x, y);
}
Scalar operator%(Scalar x, Scalar y) {
  return binary<RemFOp, RemSIOp, RemUIOp>(x, y);
}
Scalar min(Scalar x, Scalar y) {
  return binary<MinimumFOp, MinSIOp, MinUIOp>(x, y);
}
Scalar max(Scalar x, Scalar y) {
  return binary<MaximumFOp, MaxSIOp, MaxUIOp>(x, y);
}
Scalar operator&(Scalar x, Scalar y) { return integer<AndIOp>(x, y); }
Scalar operator|(Scalar x, Scalar y) { return integer<OrIOp>(x, y); }
Scalar operator^(Scalar x, Scalar y) { return integer<XOrIOp>(x, y); }
Scalar operator~(Scalar x) { return x ^ x.likeInt(-1); }

Scalar operator<(Scalar x, Scalar y) {
  return compare(x, y, CmpFPredicate::OLT, CmpIPredicate::slt,
                 CmpIPredicate::ult);
}
Scalar operator<=(Scalar x, Scalar y) {
  return compare(x, y, CmpFPredicate::OLE, CmpIPredicate::sle,
                 CmpIPredicate::ule);
}
Scalar operator>(Scalar x, Scalar y) {
  return compare(x, y, CmpFPredicate::OGT, CmpIPredicate::sgt,
                 CmpIPredicate::ugt);
}
Scalar operator>=(Scalar x, Scalar y) {
  return compare(x, y, CmpFPredicate::OGE, CmpIPredicate::sge,
                 CmpIPredicate::uge);
}
Scalar operator==(Scalar x, Scalar y) {
  return compare(x, y, CmpFPredicate::OEQ, CmpIPredicate::eq,
                 CmpIPredicate::eq);
}
Scalar operator!=(Scalar x, Scalar y) {
  return compare(x, y, CmpFPredicate::UNE, CmpIPredicate::ne,
                 CmpIPredicate::ne);
}

Scalar select(Scalar condition, Scalar x, Scalar y) {
  ImplicitLocOpBuilder &b = x.getBuilder();
  // The branches of an f16 computation may have been promoted.
  if (x.getType() != y.getType()) {
    x = promote(x);
    y = promote(y);
  }
  return {b, b.create<SelectOp>(condition.get(), x.get(), y.get()),
          x.getType()};
}

Scalar operator-(Scalar x) {
  x = promote(x);
  if (!x.isFloat())
    return x.likeInt(0) - x;
  ImplicitLocOpBuilder &b = x.getBuilder();
  return {b, b.create<NegFOp>(x.get()), x.getType()};
}

/// By the width or more: all bits leave; copies of the sign are left.
template <typename ShiftOp>
static Scalar shift(const Scalar &x, const Scalar &bits) {
  Scalar last = bits.likeInt(x.getType().getIntOrFloatBitWidth() - 1);
  Scalar bounded = integer<MinUIOp>(bits, last);
  Scalar fits = bounded == bits;
  Scalar shifted = integer<ShiftOp>(x, bounded);
  bool signs = std::is_same_v<ShiftOp, ShRSIOp>;
  return signs ? shifted : select(fits, shifted, x.likeInt(0));
}
Scalar shiftLeft(Scalar x, Scalar bits) { return shift<ShLIOp>(x, bits); }
Scalar shiftRight(Scalar x, Scalar bits) {
  return x.isUnsigned() ? shift<ShRUIOp>(x, bits) : shift<ShRSIOp>(x, bits);
}

Scalar pow(Scalar x, Scalar y) {
  ImplicitLocOpBuilder &b = x.getBuilder();
  x = promote(x);
  y = promote(y);
  if (x.isFloat())
    return {b, b.create<math::PowFOp>(x.get(), y.get()), x.getType()};
  return {b, b.create<math::IPowIOp>(x.get(), y.get()), x.getType()};
}

/// A function of floats; `x` of another type is an error of the lowering.
template <typename OpT> static Scalar unary(Scalar x) {
  x = promote(x);
  ImplicitLocOpBuilder &b = x.getBuilder();
  return {b, b.create<OpT>(x.get()), x.getType()};
}
Scalar abs(Scalar x) {
  if (x.isFloat())
    return unary<math::AbsFOp>(x);
  return x.isUnsigned() ? x : unary<math::AbsIOp>(x);
}
Scalar ceil(Scalar x) { return unary<math::CeilOp>(x); }
Scalar floor(Scalar x) { return unary<math::FloorOp>(x); }
Scalar roundEven(Scalar x) { return unary<math::RoundEvenOp>(x); }
Scalar trunc(Scalar x) { return unary<math::TruncOp>(x); }
Scalar sqrt(Scalar x) { return unary<math::SqrtOp>(x); }
Scalar exp(Scalar x) { return unary<math::ExpOp>(x); }
Scalar log(Scalar x) { return unary<math::LogOp>(x); }
Scalar log1p(Scalar x) { return unary<math::Log1pOp>(x); }
Scalar erf(Scalar x) { return unary<math::ErfOp>(x); }
Scalar sin(Scalar x) { return unary<math::SinOp>(x); }
Scalar cos(Scalar x) { return unary<math::CosOp>(x); }
Scalar tan(Scalar x) { return unary<math::TanOp>(x); }
Scalar asin(Scalar x) { return unary<math::AsinOp>(x); }
Scalar acos(Scalar x) { return unary<math::AcosOp>(x); }
Scalar atan(Scalar x) { return unary<math::AtanOp>(x); }
Scalar sinh(Scalar x) { return unary<math::SinhOp>(x); }
Scalar cosh(Scalar x) { return unary<math::CoshOp>(x); }
Scalar tanh(Scalar x) { return unary<math::TanhOp>(x); }
Scalar asinh(Scalar x) { return unary<math::AsinhOp>(x); }
Scalar acosh(Scalar x) { return unary<math::AcoshOp>(x); }
Scalar atanh(Scalar x) { return unary<math::AtanhOp>(x); }
Scalar isNaN(Scalar x) { return x != x; }
Scalar sigmoid(Scalar x) { return 1.0 / (1.0 + exp(-x)); }
/// log(1 + e^x), without overflow for large x.
Scalar softplus(Scalar x) { return max(x, 0.0) + log1p(exp(-abs(x))); }

} // namespace tenon::lowering
