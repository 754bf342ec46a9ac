//===- Interface.cpp - The emitted C interface of a model -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Interface.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tenon::kernel;

ArrayRef<StatusText> tenon::kernel::getStatusTexts() {
  static const StatusText texts[] = {
      {Status::Ok, "OK", "no error"},
      {Status::Null, "ERROR_NULL", "a pointer is null"},
      {Status::Alignment, "ERROR_ALIGNMENT",
       "the arena, a tensor or the weights are not aligned as they must be"},
      {Status::Index, "ERROR_INDEX",
       "an index in the data is outside of what it indexes"},
      {Status::Weights, "ERROR_WEIGHTS",
       "the weights are those of another model, or not all of them"},
  };
  return texts;
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

namespace {
struct Row {
  bool (*matches)(Type);
  ElementInfo info;
};
} // namespace

static const char *const bits = "the bits of each value";
static const Row kRows[] = {
    {[](Type t) { return t.isF32(); }, {1, "float32", "float", 4, ""}},
    {[](Type t) { return t.isUnsignedInteger(8); },
     {2, "uint8", "uint8_t", 1, ""}},
    {[](Type t) { return t.isSignlessInteger(8); },
     {3, "int8", "int8_t", 1, ""}},
    {[](Type t) { return t.isUnsignedInteger(16); },
     {4, "uint16", "uint16_t", 2, ""}},
    {[](Type t) { return t.isSignlessInteger(16); },
     {5, "int16", "int16_t", 2, ""}},
    {[](Type t) { return t.isSignlessInteger(32); },
     {6, "int32", "int32_t", 4, ""}},
    {[](Type t) { return t.isSignlessInteger(64); },
     {7, "int64", "int64_t", 8, ""}},
    {[](Type t) { return t.isSignlessInteger(1); }, {9, "bool", "bool", 1, ""}},
    {[](Type t) { return t.isF16(); }, {10, "float16", "uint16_t", 2, bits}},
    {[](Type t) { return t.isF64(); }, {11, "float64", "double", 8, ""}},
    {[](Type t) { return t.isUnsignedInteger(32); },
     {12, "uint32", "uint32_t", 4, ""}},
    {[](Type t) { return t.isUnsignedInteger(64); },
     {13, "uint64", "uint64_t", 8, ""}},
    {[](Type t) { return t.isBF16(); }, {16, "bfloat16", "uint16_t", 2, bits}},
    {[](Type t) { return t.isFloat8E4M3FN(); },
     {17, "float8e4m3fn", "uint8_t", 1, bits}},
    {[](Type t) { return t.isFloat8E4M3FNUZ(); },
     {18, "float8e4m3fnuz", "uint8_t", 1, bits}},
    {[](Type t) { return t.isFloat8E5M2(); },
     {19, "float8e5m2", "uint8_t", 1, bits}},
    {[](Type t) { return t.isFloat8E5M2FNUZ(); },
     {20, "float8e5m2fnuz", "uint8_t", 1, bits}},
    {[](Type t) { return t.isUnsignedInteger(4); },
     {21, "uint4", "uint8_t", 1, "one value a byte"}},
    {[](Type t) { return t.isSignlessInteger(4); },
     {22, "int4", "int8_t", 1, "one value a byte"}},
    // The onnx dialect's own.
    {[](Type t) { return t.getAbstractType().getName() == "onnx.f4E2M1FN"; },
     {23, "float4e2m1", "uint8_t", 1, "the bits of one value a byte"}},
    {[](Type t) { return t.getAbstractType().getName() == "onnx.f8E8M0FNU"; },
     {24, "float8e8m0", "uint8_t", 1, bits}},
    {[](Type t) { return t.isUnsignedInteger(2); },
     {25, "uint2", "uint8_t", 1, "one value a byte"}},
    {[](Type t) { return t.isSignlessInteger(2); },
     {26, "int2", "int8_t", 1, "one value a byte"}},
};

const ElementInfo *tenon::kernel::getElementInfo(Type type) {
  for (const Row &row : kRows)
    if (row.matches(type))
      return &row.info;
  return nullptr;
}

const ElementInfo *tenon::kernel::getElementInfo(int number) {
  for (const Row &row : kRows)
    if (row.info.number == number)
      return &row.info;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

DictionaryAttr Port::getAttr() const {
  Builder builder(type.getContext());
  NamedAttrList list;
  list.set("name", builder.getStringAttr(name));
  list.set("ident", builder.getStringAttr(ident));
  list.set("type", TypeAttr::get(type));
  if (offset >= 0)
    list.set("offset", builder.getI64IntegerAttr(offset));
  if (scale != 0) {
    list.set("scale", builder.getF64FloatAttr(scale));
    list.set("zero_point", builder.getI64IntegerAttr(zeroPoint));
  }
  return list.getDictionary(type.getContext());
}

static FailureOr<Port> getPort(Attribute attr) {
  auto dictionary = dyn_cast<DictionaryAttr>(attr);
  if (!dictionary)
    return failure();
  auto name = dictionary.getAs<StringAttr>("name");
  auto ident = dictionary.getAs<StringAttr>("ident");
  auto type = dictionary.getAs<TypeAttr>("type");
  auto tensor = type ? dyn_cast<RankedTensorType>(type.getValue()) : nullptr;
  if (!name || !ident || !tensor || !tensor.hasStaticShape() ||
      !getElementInfo(tensor.getElementType()))
    return failure();
  Port port{name.str(), ident.str(), tensor};
  if (auto offset = dictionary.getAs<IntegerAttr>("offset"))
    port.offset = offset.getInt();
  if (auto scale = dictionary.getAs<FloatAttr>("scale"))
    port.scale = scale.getValueAsDouble();
  if (auto zeroPoint = dictionary.getAs<IntegerAttr>("zero_point"))
    port.zeroPoint = zeroPoint.getInt();
  return port;
}

FailureOr<Interface> tenon::kernel::getInterface(ModuleOp module) {
  auto name = module->getAttrOfType<StringAttr>(kModelNameAttrName);
  auto inputs = module->getAttrOfType<ArrayAttr>(kInputsAttrName);
  auto outputs = module->getAttrOfType<ArrayAttr>(kOutputsAttrName);
  if (!name || name.empty() || !inputs || !outputs)
    return module.emitError()
           << "has no recorded interface: expected " << kModelNameAttrName
           << ", " << kInputsAttrName << " and " << kOutputsAttrName;
  Interface interface;
  interface.name = name.str();
  auto addPorts = [&](ArrayAttr list, SmallVectorImpl<Port> &ports) {
    for (Attribute attr : list) {
      FailureOr<Port> port = getPort(attr);
      if (failed(port))
        return failure();
      ports.push_back(std::move(*port));
    }
    return success();
  };
  if (failed(addPorts(inputs, interface.inputs)) ||
      failed(addPorts(outputs, interface.outputs)))
    return module.emitError() << "has a malformed input or output in its "
                                 "recorded interface";
  if (auto hash = module->getAttrOfType<StringAttr>(kSourceHashAttrName))
    interface.sourceHash = hash.str();
  if (auto version = module->getAttrOfType<StringAttr>(kVersionAttrName))
    interface.version = version.str();
  if (auto bytes = module->getAttrOfType<IntegerAttr>(kArenaSizeAttrName))
    interface.arenaBytes = bytes.getInt();
  if (auto bytes = module->getAttrOfType<IntegerAttr>(kWeightsBytesAttrName))
    interface.weightsBytes = bytes.getInt();
  if (auto bytes =
          module->getAttrOfType<IntegerAttr>(kWeightsAlignmentAttrName))
    interface.weightsAlignment = bytes.getInt();
  interface.regions = getRegions(module);
  if (TargetAttr target = getTarget(module)) {
    interface.target = target.getName().str();
    interface.arenaAlignment = target.getAlignment();
  }
  return interface;
}

std::string Interface::getUpperName() const { return StringRef(name).upper(); }

bool Interface::hasPortsInArena() const {
  auto isInArena = [](const Port &port) { return port.offset >= 0; };
  return llvm::any_of(inputs, isInArena) || llvm::any_of(outputs, isInArena);
}
