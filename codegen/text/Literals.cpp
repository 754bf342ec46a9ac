//===- Literals.cpp - Numbers and comments in C and C++ -------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/text/Text.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace tenon;

std::optional<std::string> tenon::getFloatLiteral(const APFloat &value) {
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

std::string tenon::getIntegerLiteral(const APInt &value, bool isUnsigned) {
  bool isLong = value.getBitWidth() > 32;
  if (isUnsigned)
    return llvm::toString(value, 10, false) + (isLong ? "ull" : "u");
  if (value.getBitWidth() >= 32 && value.isMinSignedValue())
    return "(" + llvm::toString(value + 1, 10, true) + (isLong ? "ll" : "") +
           " - 1)";
  return llvm::toString(value, 10, true) + (value.isSignedIntN(32) ? "" : "ll");
}

std::string tenon::getIntegerBound(mlir::Type integer, bool isUnsigned,
                                   bool isHigh, mlir::Type asFloat) {
  unsigned bits = integer.getIntOrFloatBitWidth();
  if (!asFloat)
    return getIntegerLiteral(
        isUnsigned ? (isHigh ? APInt::getAllOnes(bits) : APInt::getZero(bits))
        : isHigh   ? APInt::getSignedMaxValue(bits)
                   : APInt::getSignedMinValue(bits),
        isUnsigned);
  const fltSemantics &semantics =
      mlir::cast<mlir::FloatType>(asFloat).getFloatSemantics();
  APFloat bound = scalbn(APFloat(semantics, 1), isUnsigned ? bits : bits - 1,
                         APFloat::rmTowardZero);
  if (!isHigh)
    bound = isUnsigned ? APFloat::getZero(semantics) : -bound;
  return *getFloatLiteral(bound);
}

/// Bytes that are not printable ASCII are written as %XX. A comment may hold
/// no end of a comment, no line break, no backslash (at the end of a line it
/// continues the comment) and no trigraph.
std::string tenon::escapeComment(StringRef text) {
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

void tenon::printBanner(llvm::raw_ostream &os, ArrayRef<std::string> lines) {
  for (const std::string &line : lines)
    os << (line.empty() ? "//" : "// ") << escapeComment(line) << "\n";
}
