//===- Weights.cpp - The weights file and what maps it --------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// passes/lower/MapWeights.cpp says where in the file everything lies.
//
//===----------------------------------------------------------------------===//

#include "codegen/package/Package.h"
#include "codegen/text/Text.h"

using namespace mlir;
using namespace tenon;

void tenon::writeWeightsFile(llvm::raw_ostream &os, ModuleOp module) {
  uint64_t written = 0;
  auto write = [&](uint64_t offset, kernel::GlobalOp global) {
    std::vector<char> data = kernel::getData(global);
    os.write_zeros(offset - written).write(data.data(), data.size());
    written = offset + data.size();
  };
  if (auto header =
          module.lookupSymbol<kernel::GlobalOp>(kernel::kWeightsHeaderName))
    write(0, header);
  SmallVector<std::pair<uint64_t, kernel::GlobalOp>> globals;
  for (auto global : module.getOps<kernel::GlobalOp>())
    if (std::optional<uint64_t> offset = kernel::getFileOffset(global))
      globals.emplace_back(*offset, global);
  llvm::sort(globals, llvm::less_first());
  for (auto [offset, global] : globals)
    write(offset, global);
  // A model without constants has a header all the same.
  if (written < kernel::kWeightsHeaderBytes)
    os.write_zeros(kernel::kWeightsHeaderBytes - written);
}

void tenon::writeWeightsLoader(llvm::raw_ostream &os,
                               const kernel::Interface &interface) {
  std::string upper = interface.getUpperName();
  os << "/*\n";
  for (const std::string &line :
       getBanner(interface, interface.name + ": reads the weights file, for "
                                             "programs that have files."))
    os << (line.empty() ? " *" : " * ") << line << "\n";
  os << " */\n#ifndef " << upper << "_WEIGHTS_H\n#define " << upper
     << "_WEIGHTS_H\n\n#include \"" << interface.name << ".h\"\n"
     << substitute(getHelperSection("weights_loader"),
                   [&](StringRef key) {
                     return key == "PREFIX" ? upper : interface.name;
                   })
     << "\n#endif /* " << upper << "_WEIGHTS_H */\n";
}
