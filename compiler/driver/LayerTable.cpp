//===- LayerTable.cpp - What a compile says of its layers -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/LayerTable.h"

#include "codegen/cpp/CppEmitter.h"
#include "compiler/import/Diagnostics.h"
#include "dialects/kernel/LayerRecord.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tenon;

/// What stayed float in a model of integers.
static void printFloatLayers(llvm::raw_ostream &os,
                             ArrayRef<kernel::LayerRecord> layers) {
  size_t count = llvm::count_if(layers, [](const kernel::LayerRecord &layer) {
    return !layer.floatBecause.empty();
  });
  if (count == 0)
    return;
  os << count << " of " << importer::getCountText(layers.size(), "layer")
     << " have floats:\n";
  for (auto [index, layer] : llvm::enumerate(layers))
    if (!layer.floatBecause.empty())
      os << llvm::formatv("{0,5}  {1}: {2}\n", index, layer.getNodesText(),
                          layer.floatBecause);
}

void tenon::printLayerTable(llvm::raw_ostream &os, ModuleOp module) {
  std::vector<kernel::LayerRecord> layers = kernel::getLayers(module);
  if (layers.empty())
    return;
  os << "layer  operation arithmetic  tile                  MACs    weights    "
        " "
        "output  nodes\n";
  for (auto [index, layer] : llvm::enumerate(layers))
    os << llvm::formatv("{0,5}  {1,-9} {2,-10}  {3,-14} {4,11} {5,10} {6,10}  "
                        "{7}\n",
                        index, layer.operation, layer.arithmetic, layer.tile,
                        layer.macs, layer.weightBytes, layer.outputBytes,
                        layer.getNodesText());
  printFloatLayers(os, layers);
}

void tenon::printSummary(llvm::raw_ostream &os, ModuleOp module,
                         const kernel::Interface &interface,
                         StringRef destination) {
  std::vector<kernel::LayerRecord> layers = kernel::getLayers(module);
  os << llvm::formatv(
      "{0}: {1}, {2} MACs, arena {3} bytes, constants {4} "
      "bytes, ",
      interface.name, importer::getCountText(layers.size(), "layer"),
      kernel::getMacs(layers), interface.arenaBytes, getConstantBytes(module));
  if (interface.hasMappedWeights())
    os << "weights file " << interface.weightsBytes << " bytes, ";
  os << "for " << interface.target << " -> " << destination << "\n";
}
