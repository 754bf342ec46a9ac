//===- CppHelpers.cpp - Small functions that emitted C++ carries ----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copies sections of runtime-stubs/helpers.h, for a type, where they are used;
// that file says what its placeholders stand for.
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppPrinter.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::cpp;

namespace {
/// What the placeholders of one helper stand for. Looked up on use: the names
/// of types are defined where they are used.
struct Placeholders {
  CppPrinter &p;
  std::string name;
  Type type, result;
  unsigned number;
  bool isUnsigned;
  Type element = type ? getElementTypeOrSelf(type) : Type();
  VectorType vector = dyn_cast_or_null<VectorType>(type);
  unsigned lanes = vector ? vector.getNumElements() : 1;
  unsigned width =
      element && element.isIntOrFloat() ? element.getIntOrFloatBitWidth() : 32;

  Type getIndex() const { return IndexType::get(p.module.getContext()); }
  /// Integers of a width in the room of the type; a comparison, of a scalar.
  Type getIntegers(unsigned bits) const {
    Type i = IntegerType::get(p.module.getContext(), vector ? bits : 1);
    return vector ? VectorType::get(lanes * width / bits, i) : i;
  }
  /// The unsigned integer or the float of the same size.
  std::string getOther() const {
    if (isa<FloatType>(element))
      return "uint" + std::to_string(width) + "_t";
    return width == 32 ? "float" : "double";
  }
  std::string get(StringRef key) const;
  std::string getBound(bool isHigh, bool isFloat) const;
};
} // namespace

/// The least and the greatest value of an integer type: as itself, and the
/// first floats below (signed) and above it that are out of its range or at it.
std::string Placeholders::getBound(bool isHigh, bool isFloat) const {
  unsigned bits = getElementTypeOrSelf(result).getIntOrFloatBitWidth();
  if (!isFloat)
    return getIntegerLiteral(
        isUnsigned ? (isHigh ? APInt::getAllOnes(bits) : APInt::getZero(bits))
        : isHigh   ? APInt::getSignedMaxValue(bits)
                   : APInt::getSignedMinValue(bits),
        isUnsigned);
  const llvm::fltSemantics &semantics =
      cast<FloatType>(element).getFloatSemantics();
  APFloat bound = scalbn(APFloat(semantics, 1), isUnsigned ? bits : bits - 1,
                         APFloat::rmTowardZero);
  if (!isHigh)
    bound = isUnsigned ? APFloat::getZero(semantics) : -bound;
  return *getFloatLiteral(bound);
}

std::string Placeholders::get(StringRef key) const {
  bool isSingle = width == 32;
  using Text = std::function<std::string()>;
  Text text =
      llvm::StringSwitch<Text>(key)
          .Case("name", [&] { return name; })
          .Case("inline",
                [] { return "__attribute__((always_inline)) static inline"; })
          .Case("prefix", [&] { return p.options.prefix; })
          .Case("I", [&] { return p.getType(getIndex()); })
          .Case("T", [&] { return p.getType(type); })
          .Case("U", [&] { return p.getType(type, /*isUnsigned=*/true); })
          .Case("E", [&] { return p.getType(element); })
          .Case("M", [&] { return p.getType(getIntegers(width)); })
          .Case("mem", [&] { return p.getMemoryType(element); })
          .Cases("k", "first", [&] { return std::to_string(number); })
          .Case("lanes", [&] { return std::to_string(lanes); })
          .Case("from", [&] { return getOther(); })
          .Case("R", [&] { return p.getType(result); })
          .Case("X", [&] { return p.getType(result, isUnsigned); })
          .Case("low", [&] { return getBound(false, true); })
          .Case("high", [&] { return getBound(true, true); })
          .Case("least", [&] { return getBound(false, false); })
          .Case("most", [&] { return getBound(true, false); })
          .Case("fma",
                [&] { return isSingle ? "__builtin_fmaf" : "__builtin_fma"; })
          .Case("sqrt", [&] { return p.useHelper("sqrt", element); })
          .Cases("p", "s", [&] { return (key + (isSingle ? "s" : "d")).str(); })
          .Case("w", [&] { return isSingle ? "s" : "d"; })
          .Case("v",
                [&] {
                  return "v" + std::to_string(lanes) + (isSingle ? "sf" : "df");
                })
          .Case("kmask",
                [&] { return isSingle ? "unsigned short" : "unsigned char"; })
          .Case("bytes", [&] { return p.getType(getIntegers(8)); })
          .Case("shorts", [&] { return p.getType(getIntegers(16)); })
          .Default([&] { return "$" + key.str(); });
  return text();
}

std::string CppPrinter::useHelper(StringRef section, Type type, unsigned number,
                                  Type result, bool isUnsigned) {
  std::string name =
      section.str() + (number == kNone ? "" : std::to_string(number));
  if (result)
    name += "_" + getShortName(result, isUnsigned);
  if (type)
    name += "_" + getShortName(type);
  if (definitions.names.contains(name))
    return name;
  Placeholders placeholders{*this, name, type, result, number, isUnsigned};
  std::string size =
      "@" + std::to_string(placeholders.lanes * placeholders.width);
  std::string text;
  bool isVector = isa_and_nonnull<VectorType>(type);
  for (StringRef line :
       llvm::split(getHelperSection(section, isVector), '\n')) {
    if (line.starts_with("@") && !line.consume_front(size))
      continue;
    text +=
        substitute(line, [&](StringRef key) { return placeholders.get(key); }) +
        "\n";
  }
  definitions.add(name, StringRef(text).rtrim().str());
  return name;
}
