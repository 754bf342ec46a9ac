//===- Identifiers.cpp - Names that C++ accepts ---------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Identifiers.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace tenon;
using llvm::StringRef;

static const llvm::StringSet<> &getReservedWords() {
  static const llvm::StringSet<> words = {
      // C++20's keywords, and C's that a header may use.
      "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor",
      "bool", "break", "case", "catch", "char", "class", "co_await",
      "co_return", "co_yield", "compl", "concept", "const", "const_cast",
      "consteval", "constexpr", "constinit", "continue", "decltype", "default",
      "delete", "do", "double", "dynamic_cast", "else", "enum", "explicit",
      "export", "extern", "false", "float", "for", "friend", "goto", "if",
      "inline", "int", "long", "mutable", "namespace", "new", "noexcept", "not",
      "not_eq", "nullptr", "operator", "or", "or_eq", "private", "protected",
      "public", "register", "reinterpret_cast", "requires", "restrict",
      "return", "short", "signed", "sizeof", "static", "static_assert",
      "static_cast", "struct", "switch", "template", "this", "throw", "true",
      "try", "typedef", "typeid", "typename", "union", "unsigned", "using",
      "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq",
      // Macros and functions with a fixed meaning.
      "main", "linux", "unix", "arm", "i386", "mips", "sparc", "sun", "vax",
      "vector", "pixel", "offsetof", "null", "std", "typeof", "near", "far",
      "huge", "interrupt", "errno", "assert", "stdin", "stdout", "stderr",
      // What the printer defines itself.
      "mark_layer", "part_begin", "is_misaligned", "unnamed", "part", "parts",
      "range", "opaque"};
  return words;
}

/// Types of the printer and the ends of its helpers' names: `f32`, `i8x16`,
/// `index`, `mem`, `args`, `task`, `next`, `t`, `context`.
static bool isReservedEnd(StringRef end) {
  if (llvm::is_contained(
          {"index", "mem", "args", "task", "next", "t", "context", "weights"},
          end))
    return true;
  if (!end.consume_front("f") && !end.consume_front("i") &&
      !end.consume_front("u"))
    return false;
  unsigned bits, lanes;
  if (end.consumeInteger(10, bits))
    return false;
  return end.empty() ||
         (end.consume_front("x") && !end.getAsInteger(10, lanes));
}

bool tenon::isReservedInCpp(StringRef name) {
  return getReservedWords().contains(name) ||
         isReservedEnd(
             name.rsplit('_').second.empty() ? name : name.rsplit('_').second);
}

bool tenon::isCppIdentifier(StringRef name) {
  if (name.empty() || llvm::isDigit(name[0]) || name[0] == '_' ||
      name.contains("__"))
    return false;
  return llvm::all_of(name,
                      [](char c) { return llvm::isAlnum(c) || c == '_'; }) &&
         !isReservedInCpp(name);
}

std::string tenon::getCppIdentifier(StringRef text, StringRef fallback) {
  constexpr size_t kLongest = 40;
  std::string name;
  for (char c : text) {
    if (name.size() == kLongest)
      break;
    if (llvm::isAlnum(c))
      name += llvm::toLower(c);
    else if (!name.empty() && name.back() != '_')
      name += '_';
  }
  while (!name.empty() && name.back() == '_')
    name.pop_back();
  if (name.empty())
    name = fallback.str();
  if (llvm::isDigit(name[0]))
    name = fallback.str() + "_" + name;
  return isReservedInCpp(name) ? name + "_v" : name;
}

bool tenon::isModelName(StringRef name) {
  return isCppIdentifier(name) && !isStandardName(name);
}

std::string tenon::getModelIdentifier(StringRef text) {
  std::string name = getCppIdentifier(text, "model");
  return isStandardName(name) ? name + "_v" : name;
}
