//===- CppWeights.cpp - Constants in C++ ----------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppPrinter.h"

#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::cpp;

static ShapedType getGlobalType(kernel::GlobalOp global) {
  return cast<ShapedType>(global.getValue().getType());
}

static unsigned getSize(kernel::GlobalOp global) {
  return kernel::getElementBytes(getGlobalType(global).getElementType());
}

uint64_t cpp::getConstantAlignment(kernel::GlobalOp global) {
  if (auto alignment = global.getAlignment())
    return *alignment;
  kernel::TargetAttr target = kernel::getTarget(global);
  return target ? target.getAlignment() : 16;
}

std::vector<char> cpp::getConstantData(kernel::GlobalOp global) {
  return kernel::getData(global);
}

uint64_t tenon::getConstantBytes(ModuleOp module) {
  uint64_t offset = 0;
  for (auto global : module.getOps<kernel::GlobalOp>())
    offset = llvm::alignTo(offset, getConstantAlignment(global)) +
             getGlobalType(global).getNumElements() * getSize(global);
  return offset;
}

static APInt readElement(const char *data, unsigned bytes) {
  uint64_t value = 0;
  for (unsigned i = 0; i < bytes; ++i)
    value |= uint64_t(uint8_t(data[i])) << (8 * i);
  return APInt(bytes * 8, value);
}

static bool isPlainFloat(Type type) { return type.isF32() || type.isF64(); }

static APFloat readFloat(const char *data, Type type) {
  return APFloat(cast<FloatType>(type).getFloatSemantics(),
                 readElement(data, type.getIntOrFloatBitWidth() / 8));
}

/// Floats that a literal can say are floats; all else are integers of the size.
static bool isPrintedAsFloat(kernel::GlobalOp global) {
  Type type = getGlobalType(global).getElementType();
  if (!isPlainFloat(type))
    return false;
  ArrayRef<char> raw = global.getRawBytes();
  for (size_t i = 0; i + getSize(global) <= raw.size(); i += getSize(global))
    if (!readFloat(raw.data() + i, type).isFinite())
      return false;
  return true;
}

ArrayText cpp::getArray(kernel::GlobalOp global) {
  ShapedType type = getGlobalType(global);
  std::string text;
  if (isPrintedAsFloat(global))
    text = type.getElementType().isF32() ? "float" : "double";
  else
    text = "int" + std::to_string(8 * getSize(global)) + "_t";
  return {text, std::max<uint64_t>(type.getNumElements(), 1)};
}

void cpp::printArrayElements(kernel::GlobalOp global, llvm::raw_ostream &os) {
  constexpr size_t kWidth = 100;
  Type type = getGlobalType(global).getElementType();
  bool isFloat = isPrintedAsFloat(global);
  unsigned size = getSize(global);
  std::vector<char> data = getConstantData(global);
  std::string line;
  for (size_t i = 0; i < data.size(); i += size) {
    std::string text =
        isFloat ? *getFloatLiteral(readFloat(&data[i], type))
                : getIntegerLiteral(readElement(&data[i], size), false);
    if (line.size() + text.size() > kWidth) {
      os << " " << line << "\n";
      line.clear();
    }
    line += " " + text + ",";
  }
  if (line.empty() && data.empty())
    line = " 0";
  os << " " << line << "\n";
}

Expr CppPrinter::getConstant(kernel::ConstantOp op) {
  auto global = SymbolTable::lookupNearestSymbolFrom<kernel::GlobalOp>(
      op, op.getGlobalAttr());
  auto memref = cast<MemRefType>(op.getType());
  std::string pointer =
      "(const " + getMemoryType(memref.getElementType()) + " *)";
  if (constantsAre == Constants::Blob) {
    std::string blob = options.prefix + "_weights";
    constants.add(blob, "extern \"C\" __attribute__((visibility("
                        "\"hidden\"))) const int8_t " +
                            blob + "[];");
    return {pointer + "(" + blob + " + " +
                std::to_string(blobOffsets.lookup(global)) + ")",
            Prec::Unary};
  }
  ArrayText array = getArray(global);
  std::string name = global.getName().str();
  if (constantsAre == Constants::Extern)
    name = options.prefix + "_" + name;
  std::string declaration = "const " + array.type + " " + name + "[" +
                            std::to_string(array.count) + "]";
  if (!constants.names.contains(name)) {
    std::string text;
    llvm::raw_string_ostream os(text);
    if (constantsAre == Constants::Extern) {
      os << "extern \"C\" __attribute__((visibility(\"hidden\"))) "
         << declaration << ";";
    } else {
      os << "alignas(" << getConstantAlignment(global) << ") static "
         << declaration << " = {\n";
      printArrayElements(global, os);
      os << "};";
    }
    constants.add(name, text);
  }
  if (array.type == getType(memref.getElementType()))
    return {name};
  return {pointer + name, Prec::Unary};
}

std::string CppPrinter::getByteCount(Value count, unsigned elementBytes) {
  IntegerAttr constant;
  if (matchPattern(count, m_Constant(&constant)))
    return std::to_string(constant.getInt() * elementBytes);
  if (elementBytes == 1)
    return get(count);
  return "(size_t)" + get(count, Prec::Unary) + " * " +
         std::to_string(elementBytes);
}
