//===- Report.cpp - What the compiler did, as JSON ------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppEmitter.h"
#include "codegen/package/Package.h"
#include "dialects/kernel/LayerRecord.h"

using namespace mlir;
using namespace tenon;
using kernel::Interface;
using kernel::Port;

static llvm::json::Array toJson(ArrayRef<std::string> names) {
  llvm::json::Array list;
  for (const std::string &name : names)
    list.push_back(llvm::json::fixUTF8(name));
  return list;
}

static llvm::json::Array describe(ArrayRef<kernel::LayerRecord> layers) {
  llvm::json::Array list;
  for (auto [index, layer] : llvm::enumerate(layers)) {
    llvm::json::Object object{{"index", static_cast<int64_t>(index)},
                              {"nodes", toJson(layer.nodes)},
                              {"operation", layer.operation},
                              {"arithmetic", layer.arithmetic},
                              {"tile", layer.tile},
                              {"macs", layer.macs},
                              {"points", layer.points},
                              {"weight_bytes", layer.weightBytes},
                              {"output_bytes", layer.outputBytes}};
    if (!layer.floatBecause.empty())
      object["float_because"] = layer.floatBecause;
    list.push_back(std::move(object));
  }
  return list;
}

/// What `plan-memory` reached, could not go below, and at which layers.
static llvm::json::Object describeArena(ModuleOp module,
                                        const Interface &interface) {
  llvm::json::Value bound = nullptr, peak = nullptr;
  if (auto attr =
          module->getAttrOfType<IntegerAttr>(kernel::kArenaBoundAttrName))
    bound = attr.getInt();
  if (auto names =
          module->getAttrOfType<ArrayAttr>(kernel::kPeakLayersAttrName)) {
    std::vector<std::string> layers;
    for (Attribute name : names)
      if (auto text = dyn_cast<StringAttr>(name))
        layers.push_back(text.str());
    peak = toJson(layers);
  }
  return llvm::json::Object{{"bytes", interface.arenaBytes},
                            {"bound", std::move(bound)},
                            {"alignment", interface.arenaAlignment},
                            {"peak_layers", std::move(peak)}};
}

static llvm::json::Array describe(ArrayRef<Port> ports) {
  llvm::json::Array list;
  for (const Port &port : ports) {
    llvm::json::Object object{
        {"name", llvm::json::fixUTF8(port.name)},
        {"ident", port.ident},
        {"dtype", port.getElement().name},
        {"shape", llvm::json::Array(port.type.getShape())},
        {"bytes", port.getBytes()},
    };
    if (port.offset >= 0)
      object["offset"] = port.offset;
    if (port.scale != 0) {
      object["scale"] = port.scale;
      object["zero_point"] = port.zeroPoint;
    }
    list.push_back(std::move(object));
  }
  return list;
}

static llvm::json::Array describe(ArrayRef<kernel::MemoryRegion> regions) {
  llvm::json::Array list;
  for (const kernel::MemoryRegion &region : regions) {
    llvm::json::Object object{{"name", region.name},
                              {"kind", region.isRam ? "ram" : "flash"},
                              {"size", region.size},
                              {"used", region.used}};
    if (!region.section.empty())
      object["section"] = region.section;
    if (region.isRam)
      object["arena"] = region.hasArena;
    list.push_back(std::move(object));
  }
  return list;
}

void tenon::writeReport(llvm::raw_ostream &os, ModuleOp module,
                        const Interface &interface,
                        const PackageOptions &options) {
  std::vector<kernel::LayerRecord> layers = kernel::getLayers(module);
  llvm::json::Object target{{"name", interface.target}};
  if (kernel::TargetAttr attr = kernel::getTarget(module)) {
    target["triple"] = attr.getTriple();
    target["cpu"] = attr.getCpu();
    target["features"] = attr.getFeatures();
  }
  llvm::json::Object report{
      {"model", interface.name},
      {"source_sha256", interface.sourceHash},
      {"compiler", "tenon " + interface.version},
      {"options", llvm::json::Object(options.compilerOptions)},
      {"target", std::move(target)},
      {"inputs", describe(interface.inputs)},
      {"outputs", describe(interface.outputs)},
      {"macs", kernel::getMacs(layers)},
      {"arena", describeArena(module, interface)},
      {"flash",
       llvm::json::Object{
           {"constant_bytes", static_cast<int64_t>(getConstantBytes(module))},
           {"weights_file_bytes", interface.weightsBytes}}},
      {"layers", describe(layers)},
  };
  if (!interface.regions.empty())
    report["memory"] = describe(interface.regions);
  os << llvm::formatv("{0:2}\n", llvm::json::Value(std::move(report)));
}
