//===- Locations.cpp - Names of ONNX nodes on operations ------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Locations.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

SmallVector<StringRef> tenon::nn::getNodeNames(Location loc) {
  SmallVector<StringRef> names;
  loc->walk([&](Location part) {
    if (auto name = dyn_cast<NameLoc>(part))
      if (!llvm::is_contained(names, name.getName().getValue()))
        names.push_back(name.getName().getValue());
    return WalkResult::advance();
  });
  return names;
}

std::string tenon::nn::getSymbolName(Location loc) {
  SmallVector<StringRef> names = getNodeNames(loc);
  std::string symbol;
  StringRef name = names.empty() ? StringRef("layer") : names.front();
  for (char c : name.take_back(40)) {
    bool keep = llvm::isAlnum(c);
    if (keep || (!symbol.empty() && symbol.back() != '_'))
      symbol += keep ? c : '_';
  }
  while (!symbol.empty() && symbol.back() == '_')
    symbol.pop_back();
  if (symbol.empty() || llvm::isDigit(symbol.front()))
    symbol = "layer_" + symbol;
  return symbol;
}
