//===- CppTypes.cpp - Types and literals in C++ ---------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppPrinter.h"

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

std::string CppPrinter::addVectorType(VectorType type, bool isUnsigned,
                                      bool isMemory) {
  Type element = type.getElementType();
  std::string name = getShortName(type, isUnsigned) + (isMemory ? "_mem" : "");
  unsigned size = kernel::getElementBytes(element);
  types.try_emplace(
      name,
      ("typedef " + getScalarType(element, isUnsigned) + " " + name +
       " __attribute__((vector_size(" + Twine(type.getNumElements() * size) +
       ")" +
       (isMemory ? ", aligned(" + Twine(size) + "), may_alias" : Twine()) +
       "));")
          .str());
  return name;
}

std::string CppPrinter::getType(Type type, bool isUnsigned) {
  if (auto vector = dyn_cast<VectorType>(type))
    return addVectorType(vector, isUnsigned, false);
  if (isa<kernel::ContextType>(type)) {
    usesContext = true;
    return "const " + options.prefix + "_context *";
  }
  if (isa<IndexType>(type) && target && target.getIndexBits() == 32)
    return isUnsigned ? "unsigned" : "int";
  return getScalarType(type, isUnsigned);
}

std::string CppPrinter::getMemoryType(Type type) {
  if (auto vector = dyn_cast<VectorType>(type))
    return addVectorType(vector, false, true);
  std::string name = getShortName(type);
  types.try_emplace(name, "typedef " + getScalarType(type, false) + " " + name +
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
  auto dense = cast<DenseElementsAttr>(attr);
  std::string type = getType(attr.getType()), text = type + "{";
  auto element = [&](Attribute value) {
    return getLiteral(cast<TypedAttr>(value));
  };
  Builder builder(attr.getContext());
  if (dense.isSplat() && dense.getSplatValue<Attribute>() ==
                             builder.getZeroAttr(dense.getElementType()))
    return type + "{}";
  if (dense.isSplat())
    return useHelper("splat", attr.getType()) + "(" +
           element(dense.getSplatValue<Attribute>()) + ")";
  for (auto [i, value] : llvm::enumerate(dense.getValues<Attribute>()))
    text += (i ? ", " : "") + element(value);
  return text + "}";
}
