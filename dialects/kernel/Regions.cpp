//===- Regions.cpp - The memories of a board ------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Regions.h"

using namespace mlir;
using namespace tenon::kernel;

void tenon::kernel::setRegions(ModuleOp module,
                               ArrayRef<MemoryRegion> regions) {
  Builder builder(module.getContext());
  SmallVector<Attribute> list;
  for (const MemoryRegion &region : regions) {
    NamedAttrList attrs;
    attrs.set("name", builder.getStringAttr(region.name));
    attrs.set("size", builder.getI64IntegerAttr(region.size));
    if (region.used != 0)
      attrs.set("used", builder.getI64IntegerAttr(region.used));
    if (!region.section.empty())
      attrs.set("section", builder.getStringAttr(region.section));
    if (region.isRam)
      attrs.set("ram", builder.getUnitAttr());
    if (region.hasArena)
      attrs.set("arena", builder.getUnitAttr());
    list.push_back(attrs.getDictionary(builder.getContext()));
  }
  module->setAttr(kRegionsAttrName, builder.getArrayAttr(list));
}

std::vector<MemoryRegion> tenon::kernel::getRegions(ModuleOp module) {
  std::vector<MemoryRegion> regions;
  auto list = module->getAttrOfType<ArrayAttr>(kRegionsAttrName);
  for (Attribute attr : list ? list.getValue() : ArrayRef<Attribute>()) {
    auto attrs = dyn_cast<DictionaryAttr>(attr);
    if (!attrs)
      continue;
    auto getText = [&](StringRef key) {
      auto text = attrs.getAs<StringAttr>(key);
      return text ? text.str() : std::string();
    };
    auto getInt = [&](StringRef key) {
      auto number = attrs.getAs<IntegerAttr>(key);
      return number ? number.getInt() : 0;
    };
    regions.push_back({getText("name"), getText("section"),
                       attrs.contains("ram"), getInt("size"), getInt("used"),
                       attrs.contains("arena")});
  }
  return regions;
}

std::vector<MemoryRegion>
tenon::kernel::getArenaRegions(ArrayRef<MemoryRegion> regions) {
  bool isNamed = llvm::any_of(
      regions, [](const MemoryRegion &region) { return region.hasArena; });
  std::vector<MemoryRegion> found;
  llvm::copy_if(regions, std::back_inserter(found),
                [&](const MemoryRegion &region) {
                  return region.isRam && (!isNamed || region.hasArena);
                });
  return found;
}

std::string tenon::kernel::getSizes(ArrayRef<MemoryRegion> regions) {
  std::string text;
  for (const MemoryRegion &region : regions)
    text += (text.empty() ? Twine(region.size) + " bytes"
                          : ", " + Twine(region.size))
                .str() +
            " in " + region.name;
  return text;
}

StringRef tenon::kernel::getSection(GlobalOp global) {
  auto section = global->getAttrOfType<StringAttr>(kSectionAttrName);
  return section ? section.getValue() : StringRef();
}
