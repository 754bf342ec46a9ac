//===- LayerRecord.cpp - What is known of each layer ----------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/LayerRecord.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tenon::kernel;

std::string LayerRecord::getNodesText() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::ListSeparator space(" ");
  for (const std::string &node : nodes) {
    os << space;
    llvm::printEscapedString(node, os);
  }
  return text;
}

static DictionaryAttr getAttr(Builder &builder, const LayerRecord &layer) {
  SmallVector<StringRef> nodes(layer.nodes.begin(), layer.nodes.end());
  NamedAttrList list;
  list.set("nodes", builder.getStrArrayAttr(nodes));
  list.set("operation", builder.getStringAttr(layer.operation));
  if (!layer.arithmetic.empty())
    list.set("arithmetic", builder.getStringAttr(layer.arithmetic));
  if (!layer.floatBecause.empty())
    list.set("float_because", builder.getStringAttr(layer.floatBecause));
  if (!layer.tile.empty())
    list.set("tile", builder.getStringAttr(layer.tile));
  list.set("macs", builder.getI64IntegerAttr(layer.macs));
  list.set("points", builder.getI64IntegerAttr(layer.points));
  list.set("weight_bytes", builder.getI64IntegerAttr(layer.weightBytes));
  list.set("output_bytes", builder.getI64IntegerAttr(layer.outputBytes));
  return list.getDictionary(builder.getContext());
}

void tenon::kernel::setLayers(ModuleOp module, ArrayRef<LayerRecord> layers) {
  Builder builder(module.getContext());
  SmallVector<Attribute> list;
  for (const LayerRecord &layer : layers)
    list.push_back(getAttr(builder, layer));
  module->setAttr(kLayersAttrName, builder.getArrayAttr(list));
}

static LayerRecord readLayer(DictionaryAttr attr) {
  LayerRecord layer;
  auto getInt = [&](StringRef key) {
    auto value = attr.getAs<IntegerAttr>(key);
    return value ? value.getInt() : 0;
  };
  layer.macs = getInt("macs");
  layer.points = getInt("points");
  layer.weightBytes = getInt("weight_bytes");
  layer.outputBytes = getInt("output_bytes");
  auto getText = [&](StringRef key) {
    auto value = attr.getAs<StringAttr>(key);
    return value ? value.str() : std::string();
  };
  layer.operation = getText("operation");
  layer.arithmetic = getText("arithmetic");
  layer.floatBecause = getText("float_because");
  layer.tile = getText("tile");
  if (auto nodes = attr.getAs<ArrayAttr>("nodes"))
    for (Attribute node : nodes)
      if (auto name = dyn_cast<StringAttr>(node))
        layer.nodes.push_back(name.str());
  return layer;
}

std::vector<LayerRecord> tenon::kernel::getLayers(ModuleOp module) {
  std::vector<LayerRecord> layers;
  if (auto list = module->getAttrOfType<ArrayAttr>(kLayersAttrName))
    for (Attribute attr : list) {
      // One that is malformed still has its place.
      auto dictionary = dyn_cast<DictionaryAttr>(attr);
      layers.push_back(dictionary ? readLayer(dictionary) : LayerRecord());
    }
  return layers;
}

int64_t tenon::kernel::getMacs(ArrayRef<LayerRecord> layers) {
  int64_t sum = 0;
  for (const LayerRecord &layer : layers)
    sum += layer.macs;
  return sum;
}
