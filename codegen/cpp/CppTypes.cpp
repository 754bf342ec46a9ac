//===- CppTypes.cpp - Types and literals in C++ ---------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppPrinter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::cpp;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

static std::string getScalarType(Type type, bool isUnsigned) {
  if (type.isF32())
    return "float";
  if (type.isF64())
    return "double";
  if (type.isInteger(1))
    return "bool";
  if (isa<IndexType>(type))
    return isUnsigned ? "size_t" : "ptrdiff_t";
  return (isUnsigned ? "uint" : "int") +
         std::to_string(type.getIntOrFloatBitWidth()) + "_t";
}

std::string CppPrinter::getShortName(Type type, bool isUnsigned) {
  if (isa<IndexType>(type))
    return "index";
  if (auto vector = dyn_cast<VectorType>(type))
    return getShortName(vector.getElementType(), isUnsigned) + "x" +
           std::to_string(vector.getNumElements());
  return (isa<FloatType>(type) ? "f"
          : isUnsigned         ? "u"
                               : "i") +
         std::to_string(type.getIntOrFloatBitWidth());
}

std::string CppPrinter::getVectorType(VectorType type, char kind) {
  Type element = type.getElementType();
  bool isUnsigned = kind == 'u', isMemory = kind == 'm';
  std::string name = getShortName(type, isUnsigned) + (isMemory ? "_mem" : "");
  std::string size = std::to_string(kernel::getElementBytes(element));
  std::string text =
      "typedef " + getScalarType(element, isUnsigned) + " " + name +
      " __attribute__((vector_size(" +
      std::to_string(type.getNumElements() * kernel::getElementBytes(element)) +
      ")" + (isMemory ? ", aligned(" + size + "), may_alias" : "") + "));";
  types.add(name, text);
  return name;
}

std::string CppPrinter::getType(Type type) {
  if (auto vector = dyn_cast<VectorType>(type))
    return getVectorType(vector, 's');
  if (isa<kernel::ContextType>(type))
    return getContextType();
  if (isa<IndexType>(type) && target && target.getIndexBits() == 32)
    return "int";
  return getScalarType(type, false);
}

std::string CppPrinter::getUnsignedType(Type type) {
  if (auto vector = dyn_cast<VectorType>(type))
    return getVectorType(vector, 'u');
  if (isa<IndexType>(type) && target && target.getIndexBits() == 32)
    return "unsigned";
  return getScalarType(type, true);
}

std::string CppPrinter::getMemoryType(Type type) {
  if (auto vector = dyn_cast<VectorType>(type))
    return getVectorType(vector, 'm');
  std::string name = getShortName(type);
  types.add(name, "typedef " + getScalarType(type, false) + " " + name +
                      " __attribute__((may_alias));");
  return name;
}

VectorType CppPrinter::getMaskType(Value value) {
  auto type = cast<VectorType>(value.getType());
  unsigned bits = std::max(kernel::getMaskBits(value), 8u);
  return VectorType::get(type.getShape(),
                         IntegerType::get(type.getContext(), bits));
}

std::string CppPrinter::getValueType(Value value) {
  auto vector = dyn_cast<VectorType>(value.getType());
  if (vector && vector.getElementType().isInteger(1))
    return getType(getMaskType(value));
  return getType(value.getType());
}

//===----------------------------------------------------------------------===//
// Literals
//===----------------------------------------------------------------------===//

std::optional<std::string> cpp::getFloatLiteral(const APFloat &value) {
  if (!value.isFinite())
    return std::nullopt;
  bool isSingle = &value.getSemantics() == &APFloat::IEEEsingle();
  double exact = isSingle ? value.convertToFloat() : value.convertToDouble();
  // The fewest digits that give the value back; 9 and 17 always do.
  char buffer[40];
  for (int digits = isSingle ? 6 : 15;; ++digits) {
    snprintf(buffer, sizeof buffer, "%.*g", digits, exact);
    double back = isSingle ? strtof(buffer, nullptr) : strtod(buffer, nullptr);
    if (back == exact)
      break;
  }
  std::string text = buffer;
  if (StringRef(text).find_first_of(".e") == StringRef::npos)
    text += ".0";
  return isSingle ? text + "f" : text;
}

std::string cpp::getIntegerLiteral(const APInt &value, bool isUnsigned) {
  bool isLong = value.getBitWidth() > 32;
  if (isUnsigned)
    return llvm::toString(value, 10, false) + (isLong ? "ull" : "u");
  if (value.getBitWidth() >= 32 && value.isMinSignedValue())
    return "(" + llvm::toString(value + 1, 10, true) + (isLong ? "ll" : "") +
           " - 1)";
  return llvm::toString(value, 10, true) + (value.isSignedIntN(32) ? "" : "ll");
}

std::string CppPrinter::getLiteral(TypedAttr attr) {
  if (auto integer = dyn_cast<IntegerAttr>(attr)) {
    if (integer.getType().isInteger(1))
      return integer.getValue().isZero() ? "false" : "true";
    return getIntegerLiteral(integer.getValue(), false);
  }
  if (auto number = dyn_cast<FloatAttr>(attr)) {
    if (auto literal = getFloatLiteral(number.getValue()))
      return *literal;
    return useHelper("bits", number.getType()) + "(" +
           getIntegerLiteral(number.getValue().bitcastToAPInt(), true) + ")";
  }
  auto dense = dyn_cast<DenseElementsAttr>(attr);
  auto vector = dyn_cast<VectorType>(attr.getType());
  if (!dense || !vector)
    return "unprintable";
  auto getElement = [&](auto element) {
    return getLiteral(cast<TypedAttr>(element));
  };
  std::string type = getType(vector);
  if (dense.isSplat()) {
    auto element = dense.getSplatValue<Attribute>();
    if (element ==
        Builder(attr.getContext()).getZeroAttr(vector.getElementType()))
      return type + "{}";
    return useHelper("splat", vector) + "(" + getElement(element) + ")";
  }
  std::string text = type + "{";
  for (auto [i, element] : llvm::enumerate(dense.getValues<Attribute>()))
    text += (i ? ", " : "") + getElement(element);
  return text + "}";
}

/// Bytes that are not printable ASCII are written as %XX. A comment may hold
/// no end of a comment, no line break, no backslash (at the end of a line it
/// continues the comment) and no trigraph.
std::string cpp::escapeComment(StringRef text) {
  constexpr size_t kLongest = 120;
  std::string escaped;
  for (char c : text.take_front(kLongest)) {
    bool isSafe = c >= 0x20 && c < 0x7f && c != '\\';
    char last = escaped.empty() ? ' ' : escaped.back();
    bool joins = (last == '*' && c == '/') || (last == '/' && c == '*') ||
                 (last == '?' && c == '?');
    if (isSafe && !joins)
      escaped += c;
    else
      escaped += "%" + llvm::toHex(StringRef(&c, 1));
  }
  return text.size() > kLongest ? escaped + "..." : escaped;
}
