//===- ChoiceParser.h - Options with a list of values -----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_TOOLS_CHOICEPARSER_H
#define TENON_COMPILER_TOOLS_CHOICEPARSER_H

#include "compiler/tools/Commands.h"
#include "llvm/ADT/StringExtras.h"

namespace tenon::tools {

/// LLVM's parser of a value out of a list, which says what the list is where
/// there is no such value.
template <typename T> struct ChoiceParser : llvm::cl::parser<T> {
  using llvm::cl::parser<T>::parser;

  bool parse(llvm::cl::Option &option, llvm::StringRef name,
             llvm::StringRef text, T &value) {
    llvm::SmallVector<llvm::StringRef> names;
    for (unsigned i = 0, e = this->getNumOptions(); i < e; ++i)
      names.push_back(this->getOption(i));
    if (llvm::is_contained(names, text))
      return llvm::cl::parser<T>::parse(option, name, text, value);
    return option.error(
        "there is no '" + text + "'\nhint: " +
        suggest(text, names, "the values are " + llvm::join(names, ", ")));
  }
};

/// `--emit=...`
template <typename T> using Choice = llvm::cl::opt<T, false, ChoiceParser<T>>;

} // namespace tenon::tools

#endif // TENON_COMPILER_TOOLS_CHOICEPARSER_H
