//===- CodedFloats.cpp - Floats that MLIR's builtin types lack ------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/CodedFloats.h"

#include "dialects/onnx/Onnx.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

RankedTensorType lowering::getCodeType(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return {};
  auto make = [&](unsigned bits) {
    return tensor.clone(
        IntegerType::get(type.getContext(), bits, IntegerType::Unsigned));
  };
  if (isa<onnx::Float4E2M1Type>(tensor.getElementType()))
    return make(4);
  if (isa<onnx::Float8E8M0Type>(tensor.getElementType()))
    return make(8);
  return {};
}

Value lowering::getCodes(OpBuilder &builder, Value value) {
  RankedTensorType type = getCodeType(value.getType());
  if (auto cast = value.getDefiningOp<UnrealizedConversionCastOp>())
    if (cast.getInputs().size() == 1 && cast.getInputs()[0].getType() == type)
      return cast.getInputs()[0];
  return builder.create<UnrealizedConversionCastOp>(value.getLoc(), type, value)
      .getResult(0);
}

//===----------------------------------------------------------------------===//
// Codes to numbers
//===----------------------------------------------------------------------===//

/// Sign, two bits of exponent and one of mantissa: 0, 0.5, 1, 1.5, 2, 3, 4, 6.
static Scalar decodeF4(Scalar code, Type f32) {
  Scalar magnitude = code & code.likeInt(7);
  // Exponent and mantissa are where f32 has them, but for its bias less 1.
  Scalar normal = (shiftLeft(magnitude, magnitude.likeInt(22)) +
                   magnitude.likeInt(126 << 23))
                      .bitcast(f32);
  Scalar value = select(magnitude < magnitude.likeInt(2),
                        magnitude.cast(f32) * 0.5, normal);
  return select(code < code.likeInt(8), value, -value);
}

/// 2^(code - 127); 255 is NaN.
static Scalar decodeE8(Scalar code, Type f32) {
  Scalar bits = shiftLeft(code, code.likeInt(23));
  // f32 has the smallest one as a number without the leading bit.
  bits = select(code == code.likeInt(0), code.likeInt(1 << 22), bits);
  bits = select(code == code.likeInt(255), code.likeInt(0x7FC00000), bits);
  return bits.bitcast(f32);
}

Value lowering::decode(LayerBuilder &b, Value value) {
  bool isF4 = isa<onnx::Float4E2M1Type>(getElement(value));
  Value codes = getCodes(b, value);
  Type f32 = b.getF32Type(), i32 = b.getI32Type();
  auto type = cast<RankedTensorType>(codes.getType()).clone(f32);
  return b.map(b.over(type), b.all(codes), [&](Scalars x) {
    Scalar code = x[0].cast(i32);
    return isF4 ? decodeF4(code, f32) : decodeE8(code, f32);
  });
}

//===----------------------------------------------------------------------===//
// Numbers to codes
//===----------------------------------------------------------------------===//

/// The nearest, half to even; what is larger becomes the largest.
static Scalar encodeF4(Scalar x) {
  Type i32 = x.getBuilder().getI32Type();
  Scalar size = abs(x);
  // A tie goes to the even code: up from 0.75, 1.75 and 3.5, down from others.
  Scalar code = (size > 0.25).cast(i32) + (size >= 0.75).cast(i32) +
                (size > 1.25).cast(i32) + (size >= 1.75).cast(i32) +
                (size > 2.5).cast(i32) + (size >= 3.5).cast(i32) +
                (size > 5).cast(i32);
  return select(x.bitcast(i32) < code.likeInt(0), code + code.likeInt(8), code);
}

/// The exponent of f32, plus 1 where the mantissa is rounded up.
static Scalar encodeE8(Scalar x, StringRef mode, bool saturate) {
  ImplicitLocOpBuilder &b = x.getBuilder();
  Scalar bits = x.bitcast(b.getI32Type());
  auto test = [&](int64_t mask) {
    return (bits & bits.likeInt(mask)) != bits.likeInt(0);
  };
  Scalar exponent = shiftRight(bits, bits.likeInt(23)) & bits.likeInt(255);
  if (mode == "down")
    return exponent;
  Scalar isUp =
      mode == "up"
          ? test(0x7FFFFF)
          : test(0x400000) & (test(0x3FFFFF) | exponent > exponent.likeInt(0));
  Scalar isLimited = exponent < exponent.likeInt(saturate ? 254 : 255);
  return exponent + (isUp & isLimited).cast(b.getI32Type());
}

Value lowering::encode(LayerBuilder &b, Value value, Type type, Operation *op) {
  auto cast = dyn_cast<onnx::CastOp>(op);
  StringRef mode = cast ? cast.getRoundMode() : "nearest";
  bool saturate = !cast || cast.getSaturate();
  bool isF4 = isa<onnx::Float4E2M1Type>(
      mlir::cast<RankedTensorType>(type).getElementType());
  RankedTensorType codeType = getCodeType(type);
  Value codes = b.map(b.over(codeType), b.all(value), [&](Scalars x) {
    Scalar code = isF4 ? encodeF4(x[0]) : encodeE8(x[0], mode, saturate);
    return code.cast(codeType.getElementType());
  });
  return b.create<UnrealizedConversionCastOp>(type, codes).getResult(0);
}
