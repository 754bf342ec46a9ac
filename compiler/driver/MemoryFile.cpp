//===- MemoryFile.cpp - What --memory=FILE says ---------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/MemoryFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace tenon;
using llvm::StringRef;
using llvm::Twine;

static llvm::Error makeError(const Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

std::optional<int64_t> tenon::parseBytes(StringRef digits) {
  int64_t unit = digits.consume_back("K")   ? 1 << 10
                 : digits.consume_back("M") ? 1 << 20
                                            : 1;
  int64_t number;
  if (digits.getAsInteger(10, number) || number <= 0 ||
      number > INT64_MAX / unit)
    return std::nullopt;
  return number * unit;
}

/// A number, or a text as `parseBytes` takes it.
static std::optional<int64_t> getSize(const llvm::json::Value *value) {
  if (!value)
    return std::nullopt;
  if (auto number = value->getAsInteger())
    return *number > 0 ? number : std::nullopt;
  auto text = value->getAsString();
  return text ? parseBytes(*text) : std::nullopt;
}

static bool isIdentifier(StringRef name) {
  return !name.empty() && !llvm::isDigit(name[0]) &&
         llvm::all_of(name,
                      [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

/// A linker's name of a section stands in a string of C.
static bool isSection(StringRef name) {
  return !name.empty() && llvm::all_of(name, [](char c) {
    return llvm::isAlnum(c) || StringRef("._-$").contains(c);
  });
}

static llvm::Error checkKeys(const llvm::json::Object &object, StringRef of,
                             llvm::ArrayRef<StringRef> keys) {
  for (const auto &member : object)
    if (!llvm::is_contained(keys, StringRef(member.first)))
      return makeError(of + " has no member '" + StringRef(member.first) +
                       "'; it has " + llvm::join(keys, ", "));
  return llvm::Error::success();
}

static llvm::Expected<kernel::MemoryRegion>
readRegion(const llvm::json::Value &value) {
  const llvm::json::Object *object = value.getAsObject();
  if (!object)
    return makeError("a region is no object");
  if (auto error =
          checkKeys(*object, "a region", {"name", "kind", "size", "section"}))
    return std::move(error);
  kernel::MemoryRegion region;
  region.name = object->getString("name").value_or("").str();
  if (!isIdentifier(region.name))
    return makeError("the name of a region must be one in C too, not '" +
                     region.name + "'");
  StringRef kind = object->getString("kind").value_or("");
  if (kind != "ram" && kind != "flash")
    return makeError("the kind of region '" + region.name +
                     "' must be ram or flash");
  region.isRam = kind == "ram";
  auto size = getSize(object->get("size"));
  if (!size)
    return makeError("the size of region '" + region.name +
                     "' must be a number of bytes, or like \"64K\" or \"1M\"");
  region.size = *size;
  if (const llvm::json::Value *section = object->get("section")) {
    region.section = section->getAsString().value_or("").str();
    if (!isSection(region.section))
      return makeError("the section of region '" + region.name +
                       "' must be the name of one");
  }
  return region;
}

static llvm::Expected<std::vector<kernel::MemoryRegion>>
readRegions(StringRef text) {
  auto parsed = llvm::json::parse(text);
  if (!parsed)
    return parsed.takeError();
  const llvm::json::Object *object = parsed->getAsObject();
  const llvm::json::Array *list =
      object ? object->getArray("regions") : nullptr;
  if (!list || list->empty())
    return makeError("expected an object with a list 'regions'");
  if (auto error = checkKeys(*object, "the file", {"regions", "arena"}))
    return std::move(error);
  std::vector<kernel::MemoryRegion> regions;
  for (const llvm::json::Value &value : *list) {
    auto region = readRegion(value);
    if (!region)
      return region.takeError();
    for (const kernel::MemoryRegion &other : regions)
      if (StringRef(other.name).equals_insensitive(region->name))
        return makeError("two regions are called '" + region->name + "'");
    regions.push_back(std::move(*region));
  }
  if (const llvm::json::Value *arena = object->get("arena")) {
    StringRef name = arena->getAsString().value_or("");
    auto found =
        llvm::find_if(regions, [&](const kernel::MemoryRegion &region) {
          return region.isRam && region.name == name;
        });
    if (found == regions.end())
      return makeError("the arena is in '" + name +
                       "', which is no region of RAM");
    found->hasArena = true;
  }
  return regions;
}

llvm::Expected<std::vector<kernel::MemoryRegion>>
tenon::readMemoryFile(StringRef path) {
  auto file = llvm::MemoryBuffer::getFile(path);
  if (!file)
    return makeError("cannot read " + path + ": " + file.getError().message());
  auto regions = readRegions((*file)->getBuffer());
  if (!regions)
    return makeError(path + ": " + llvm::toString(regions.takeError()));
  return regions;
}
