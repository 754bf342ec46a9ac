//===- Stubs.cpp - The texts of runtime-stubs/helpers.h -------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/text/Text.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace tenon;

static constexpr StringLiteral kHelpers =
#include "codegen/text/Helpers.inc"
    ;

StringRef tenon::getHelperSection(StringRef name, bool isVector) {
  constexpr StringLiteral kMark = "\n//! ";
  StringRef rest = kHelpers;
  for (size_t at; (at = rest.find(kMark)) != StringRef::npos;) {
    auto [head, body] = rest.drop_front(at + kMark.size()).split('\n');
    auto [title, kind] = head.split(' ');
    if (title == name && (kind.empty() || (kind == "[vector]") == isVector))
      return body.take_front(body.find(kMark)).trim('\n');
    rest = body;
  }
  return "";
}

std::string tenon::substitute(StringRef text,
                              function_ref<std::string(StringRef)> get) {
  std::string result;
  while (!text.empty()) {
    auto [plain, rest] = text.split('$');
    result += plain;
    StringRef name = rest.take_while(llvm::isAlpha);
    text = rest.drop_front(name.size());
    bool repeats = name == "lanes" || name == "first";
    if (!repeats || !text.consume_front("(")) {
      result += name.empty() ? "" : get(name);
      continue;
    }
    // The text to repeat ends with a separator and the closing parenthesis.
    size_t end = 0;
    for (int depth = 1; end < text.size(); ++end)
      if ((depth += (text[end] == '(') - (text[end] == ')')) == 0)
        break;
    std::string part = substitute(text.take_front(end - 1), get);
    bool isList = text[end - 1] == ',';
    unsigned count = std::stoul(get(name));
    for (unsigned i = 0; i < count; ++i) {
      result += i == 0 ? "" : isList ? ", " : " ";
      for (char c : part)
        result += c == '#' ? std::to_string(i) : std::string(1, c);
      result += isList ? "" : ";";
    }
    text = text.drop_front(end + 1);
  }
  return result;
}

std::string tenon::getContextStruct(StringRef prefix) {
  return substitute(getHelperSection("context"),
                    [&](StringRef) { return prefix.str(); }) +
         "\n";
}
