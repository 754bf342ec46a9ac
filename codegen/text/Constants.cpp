//===- Constants.cpp - Weights and tables as C arrays ---------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/text/Text.h"
#include "dialects/kernel/Regions.h"

#include "llvm/ADT/APFloat.h"

using namespace mlir;
using namespace tenon;

static ShapedType getGlobalType(kernel::GlobalOp global) {
  return cast<ShapedType>(global.getValue().getType());
}

static unsigned getSize(kernel::GlobalOp global) {
  return kernel::getElementBytes(getGlobalType(global).getElementType());
}

/// Lays the constants out one after the other up to `last`, if there is one,
/// and returns its place or else the end.
static uint64_t findOffset(ModuleOp module, kernel::GlobalOp last) {
  uint64_t offset = 0;
  for (auto global : module.getOps<kernel::GlobalOp>()) {
    if (kernel::getFileOffset(global))
      continue;
    offset = llvm::alignTo(offset, kernel::getConstantAlignment(global));
    if (global == last)
      return offset;
    offset += getGlobalType(global).getNumElements() * getSize(global);
  }
  return offset;
}

uint64_t tenon::getConstantOffset(kernel::GlobalOp global) {
  return findOffset(global->getParentOfType<ModuleOp>(), global);
}

uint64_t tenon::getConstantBytes(ModuleOp module) {
  return findOffset(module, {});
}

static APInt readInteger(const char *data, unsigned bytes) {
  uint64_t value = 0;
  for (unsigned i = 0; i < bytes; ++i)
    value |= uint64_t(uint8_t(data[i])) << (8 * i);
  return APInt(bytes * 8, value);
}

static std::optional<std::string> readFloat(const char *data, Type type) {
  return getFloatLiteral(
      APFloat(cast<FloatType>(type).getFloatSemantics(),
              readInteger(data, type.getIntOrFloatBitWidth() / 8)));
}

/// Floats that literals can say are floats; all else is integers of the size.
std::string tenon::getArrayType(kernel::GlobalOp global) {
  Type type = getGlobalType(global).getElementType();
  ArrayRef<char> raw = global.getRawBytes();
  bool isFloat = type.isF32() || type.isF64();
  for (size_t i = 0; isFloat && i < raw.size(); i += getSize(global))
    isFloat = readFloat(&raw[i], type).has_value();
  if (isFloat)
    return type.isF32() ? "float" : "double";
  return "int" + std::to_string(8 * getSize(global)) + "_t";
}

/// `const float w[432]`; an array has at least one element.
std::string tenon::getArray(kernel::GlobalOp global, StringRef name) {
  int64_t count = std::max<int64_t>(getGlobalType(global).getNumElements(), 1);
  return "const " + getArrayType(global) + " " + name.str() + "[" +
         std::to_string(count) + "]";
}

std::string tenon::getConstantAttributes(kernel::GlobalOp global) {
  StringRef section = kernel::getSection(global);
  return "__attribute__((aligned(" +
         std::to_string(kernel::getConstantAlignment(global)) + ")" +
         (section.empty() ? "" : ", section(\"" + section.str() + "\")") + "))";
}

std::string tenon::getElements(kernel::GlobalOp global) {
  constexpr size_t kWidth = 100;
  Type type = getGlobalType(global).getElementType();
  bool isFloat = !StringRef(getArrayType(global)).starts_with("int");
  std::vector<char> data = kernel::getData(global);
  data.resize(std::max<size_t>(data.size(), getSize(global)));
  std::string text, line = " ";
  for (size_t i = 0; i < data.size(); i += getSize(global)) {
    std::string element =
        isFloat
            ? *readFloat(&data[i], type)
            : getIntegerLiteral(readInteger(&data[i], getSize(global)), false);
    if (line.size() + element.size() > kWidth) {
      text += line + "\n";
      line = " ";
    }
    line += " " + element + ",";
  }
  return text + line + "\n";
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

void tenon::writeWeights(ModuleOp module, llvm::raw_ostream &os,
                         StringRef prefix, ArrayRef<std::string> banner) {
  printBanner(os, banner);
  os << "#include <stdint.h>\n";
  for (auto global : module.getOps<kernel::GlobalOp>()) {
    if (kernel::getFileOffset(global))
      continue;
    std::string array =
        getArray(global, (prefix + "_" + global.getName()).str());
    os << "\nextern __attribute__((visibility(\"hidden\"))) " << array << ";\n"
       << array << " " << getConstantAttributes(global) << " = {\n"
       << getElements(global) << "};\n";
  }
}

void tenon::writeBlob(ModuleOp module, llvm::raw_ostream &blob,
                      llvm::raw_ostream &source, StringRef blobFile,
                      StringRef prefix, ArrayRef<std::string> banner) {
  uint64_t end = 0, alignment = 16;
  for (auto global : module.getOps<kernel::GlobalOp>()) {
    if (kernel::getFileOffset(global))
      continue;
    uint64_t begin = llvm::alignTo(end, kernel::getConstantAlignment(global));
    alignment = std::max(alignment, kernel::getConstantAlignment(global));
    std::vector<char> data = kernel::getData(global);
    blob.write_zeros(begin - end).write(data.data(), data.size());
    end = begin + data.size();
  }
  printBanner(source, banner);
  source << substitute(getHelperSection("blob"), [&](StringRef key) {
    return key == "prefix" ? prefix.str()
           : key == "file" ? blobFile.str()
                           : std::to_string(alignment);
  }) << "\n";
}
