//===- Report.cpp - What the compiler did, as JSON ------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppEmitter.h"
#include "codegen/package/Package.h"

using namespace mlir;
using namespace tenon;
using kernel::Interface;
using kernel::Port;

/// Attributes of the module that passes leave for the report become JSON as
/// they are: integers, strings, lists and dictionaries.
static llvm::json::Value toJson(Attribute attr) {
  if (auto integer = dyn_cast_or_null<IntegerAttr>(attr))
    return integer.getInt();
  if (auto number = dyn_cast_or_null<FloatAttr>(attr))
    return number.getValueAsDouble();
  if (auto text = dyn_cast_or_null<StringAttr>(attr))
    return llvm::json::fixUTF8(text.getValue());
  if (auto list = dyn_cast_or_null<ArrayAttr>(attr)) {
    llvm::json::Array array;
    for (Attribute item : list)
      array.push_back(toJson(item));
    return array;
  }
  if (auto dictionary = dyn_cast_or_null<DictionaryAttr>(attr)) {
    llvm::json::Object object;
    for (NamedAttribute item : dictionary)
      object[item.getName().getValue()] = toJson(item.getValue());
    return object;
  }
  return nullptr;
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

void tenon::writeReport(llvm::raw_ostream &os, ModuleOp module,
                        const Interface &interface,
                        const PackageOptions &options) {
  auto get = [&](StringRef name) { return toJson(module->getAttr(name)); };
  llvm::json::Array layers;
  int64_t macs = 0;
  if (auto list = module->getAttrOfType<ArrayAttr>(kernel::kLayersAttrName))
    for (Attribute attr : list) {
      llvm::json::Value layer = toJson(attr);
      if (auto *object = layer.getAsObject()) {
        macs += object->getInteger("macs").value_or(0);
        (*object)["index"] = static_cast<int64_t>(layers.size());
      }
      layers.push_back(std::move(layer));
    }

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
      {"macs", macs},
      {"arena",
       llvm::json::Object{{"bytes", interface.arenaBytes},
                          {"bound", get(kernel::kArenaBoundAttrName)},
                          {"alignment", interface.arenaAlignment},
                          {"peak_layers", get(kernel::kPeakLayersAttrName)}}},
      {"flash",
       llvm::json::Object{
           {"constant_bytes", static_cast<int64_t>(getConstantBytes(module))},
           {"weights_file_bytes", interface.weightsBytes}}},
      {"layers", std::move(layers)},
  };
  os << llvm::formatv("{0:2}\n", llvm::json::Value(std::move(report)));
}
