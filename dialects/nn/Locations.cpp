//===- Locations.cpp - Names of ONNX nodes on operations ------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Locations.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

static constexpr size_t kMaxLength = 40;

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
  // "model/conv_1/Conv2D;model/bn_1/FusedBatchNorm" (a converter's fused node)
  // is conv_1_Conv2D.
  name = name.split(';').first;
  size_t last = name.rfind('/');
  if (last != StringRef::npos && last != 0)
    name = name.substr(name.rfind('/', last - 1) + 1);
  for (char c : name.take_back(kMaxLength)) {
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
