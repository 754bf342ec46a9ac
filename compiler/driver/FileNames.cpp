//===- FileNames.cpp - Files that are called like tensors -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/FileNames.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace tenon;
using llvm::StringRef;

static constexpr size_t kLongest = 100;

/// Hidden files and options ("-x.npy") are no names either.
static std::string makeSafe(StringRef text) {
  std::string name;
  for (char c : text.take_front(kLongest))
    name += llvm::isAlnum(c) || c == '_' ||
                    (!name.empty() && (c == '-' || c == '.'))
                ? c
                : '_';
  return name.empty() ? "output" : name;
}

std::vector<std::string>
tenon::getFileNames(llvm::ArrayRef<kernel::Port> ports) {
  std::vector<std::string> names;
  llvm::StringSet<> used;
  for (const kernel::Port &port : ports) {
    std::string base = makeSafe(port.name), name = base;
    for (unsigned i = 2; !used.insert(StringRef(name).lower()).second; ++i)
      name = base + "_" + std::to_string(i);
    names.push_back(name);
  }
  return names;
}
