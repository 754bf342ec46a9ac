//===- Kernel.cpp - The kernel dialect ------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Kernel.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tenon::kernel;

#include "dialects/kernel/KernelDialect.cpp.inc"
#include "dialects/kernel/KernelEnums.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/kernel/KernelTypes.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/kernel/KernelAttributes.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/kernel/KernelOps.cpp.inc"

void KernelDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/kernel/KernelAttributes.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/kernel/KernelTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/kernel/KernelOps.cpp.inc"
      >();
}

ArrayRef<char> tenon::kernel::getRawBytes(ElementsAttr value) {
  if (auto dense = dyn_cast<DenseElementsAttr>(value))
    return dense.getRawData();
  auto resource = dyn_cast<DenseResourceElementsAttr>(value);
  if (!resource)
    return {};
  AsmResourceBlob *blob = resource.getRawHandle().getBlob();
  return blob ? blob->getData() : ArrayRef<char>();
}

ArrayRef<char> GlobalOp::getRawBytes() {
  return tenon::kernel::getRawBytes(getValue());
}

bool GlobalOp::isSplat() {
  auto dense = dyn_cast<DenseElementsAttr>(getValue());
  return dense && dense.isSplat();
}

std::vector<char> tenon::kernel::getData(GlobalOp global) {
  auto type = cast<ShapedType>(global.getValue().getType());
  size_t size = getElementBytes(type.getElementType());
  size_t count = type.getNumElements();
  std::vector<char> data(size * count);
  ArrayRef<char> raw = global.getRawBytes();
  auto dense = dyn_cast<DenseElementsAttr>(global.getValue());
  if (dense && type.getElementType().isInteger(1)) { // packed bits
    for (auto [i, value] : llvm::enumerate(dense.getValues<bool>()))
      data[i] = value;
    return data;
  }
  for (size_t i = 0; i < data.size() && !raw.empty(); i += raw.size())
    memcpy(&data[i], raw.data(), std::min(raw.size(), data.size() - i));
  // Attributes hold integers of less than a byte without their sign.
  auto integer = dyn_cast<IntegerType>(type.getElementType());
  if (integer && integer.getWidth() > 1 && integer.getWidth() < 8 &&
      !integer.isUnsigned())
    for (char &byte : data)
      byte = llvm::SignExtend32(byte, integer.getWidth());
  return data;
}

std::optional<uint64_t> tenon::kernel::getFileOffset(GlobalOp global) {
  auto offset = global->getAttrOfType<IntegerAttr>(kFileOffsetAttrName);
  return offset ? std::optional<uint64_t>(offset.getInt()) : std::nullopt;
}

unsigned tenon::kernel::getMaskBits(Value mask) {
  while (Operation *op = mask.getDefiningOp()) {
    if (op->getNumOperands() == 0)
      return 0;
    // Comparisons have two operands of what they compare; of a selection the
    // last operand has the type of the result.
    Value last = op->getOperands().back();
    auto vector = dyn_cast<VectorType>(last.getType());
    if (!vector)
      return 0;
    if (!vector.getElementType().isInteger(1))
      return vector.getElementType().isIntOrFloat()
                 ? vector.getElementTypeBitWidth()
                 : 0;
    mask = last;
  }
  return 0;
}

std::string tenon::kernel::getConstantsHint(ModuleOp module) {
  int64_t ofFloats = 0, all = 0;
  for (auto global : module.getOps<GlobalOp>()) {
    auto type = cast<ShapedType>(global.getValue().getType());
    int64_t bytes =
        type.getNumElements() * getElementBytes(type.getElementType());
    all += bytes;
    if (isa<FloatType>(type.getElementType()))
      ofFloats += bytes;
  }
  StringRef smaller = ofFloats > all / 2 ? "a quantized model has smaller ones"
                                         : "weights of 4 bits are smaller ones";
  return ("hint: " + smaller + ", and --weights=mapped puts them into a file")
      .str();
}

uint64_t tenon::kernel::getConstantAlignment(GlobalOp global) {
  TargetAttr target = getTarget(global);
  return global.getAlignment().value_or(target ? target.getAlignment() : 16);
}

StringRef tenon::kernel::getNodeName(Location loc) {
  StringRef name;
  loc->walk([&](Location part) {
    if (auto named = dyn_cast<NameLoc>(part)) {
      name = named.getName();
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return name;
}

bool tenon::kernel::isKernel(FunctionOpInterface function) {
  return function.isPrivate() && !function.isExternal() &&
         llvm::any_of(function.getArgumentTypes(),
                      [](Type type) { return isa<MemRefType>(type); });
}

TargetAttr tenon::kernel::getTarget(Operation *op) {
  while (op && !isa<ModuleOp>(op))
    op = op->getParentOp();
  return op ? op->getAttrOfType<TargetAttr>(kTargetAttrName) : TargetAttr();
}
