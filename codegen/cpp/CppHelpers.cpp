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
  std::string getBound(bool isHigh, bool isFloat) const {
    return getIntegerBound(getElementTypeOrSelf(result), isUnsigned, isHigh,
                           isFloat ? element : Type());
  }
  std::string get(StringRef key) const;
};
} // namespace

std::string Placeholders::get(StringRef key) const {
  using Text = std::function<std::string()>;
  auto choose = [&](const char *ofSingle, const char *ofDouble) {
    return [=] { return width == 32 ? ofSingle : ofDouble; };
  };
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
          .Case("fma", choose("__builtin_fmaf", "__builtin_fma"))
          .Case("sqrt", [&] { return p.useHelper("sqrt", element); })
          .Case("p", choose("ps", "pd"))
          .Case("s", choose("ss", "sd"))
          .Case("w", choose("s", "d"))
          .Case("v", choose("v4sf", "v2df"))
          .Case("kmask", choose("unsigned short", "unsigned char"))
          .Case("bytes", [&] { return p.getType(getIntegers(8)); })
          .Case("shorts", [&] { return p.getType(getIntegers(16)); })
          .Case("ushorts", [&] { return p.getType(getIntegers(16), true); })
          .Case("wide", [&] { return p.getType(getIntegers(16), isUnsigned); })
          .Case("xtb", [&] { return isUnsigned ? "uxtb" : "sxtb"; })
          .Case("xtab", [&] { return isUnsigned ? "uxtab" : "sxtab"; })
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
  if (definitions.contains(name))
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
  definitions.try_emplace(name, StringRef(text).rtrim().str());
  return name;
}
