//===- Constants.cpp - Constant tensors, read and made --------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Constants.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/xxhash.h"
#include <cstdlib>

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

std::optional<int64_t> tenon::nn::getByteSize(ShapedType type) {
  if (!type.hasStaticShape() || !type.getElementType().isIntOrIndexOrFloat())
    return std::nullopt;
  int64_t size = kernel::getElementBytes(type.getElementType());
  for (int64_t dim : type.getShape())
    if (llvm::MulOverflow(size, dim, size))
      return std::nullopt;
  return size;
}

FailureOr<Buffer> Buffer::allocate(RankedTensorType type) {
  constexpr int64_t kMaxBytes = int64_t(1) << 32;
  std::optional<int64_t> size = getByteSize(type);
  if (!size || *size > kMaxBytes)
    return failure();
  // Pages that calloc has from the system are zero already.
  auto *data = static_cast<char *>(std::calloc(std::max<int64_t>(*size, 1), 1));
  if (!data)
    return failure();
  return Buffer{
      type, {data, size_t(*size)}, std::shared_ptr<char>(data, std::free)};
}

bool tenon::nn::isSplat(const Buffer &buffer) {
  size_t element = kernel::getElementBytes(buffer.type.getElementType());
  ArrayRef<char> bytes = buffer.bytes;
  return !bytes.empty() &&
         bytes.drop_back(element) == bytes.drop_front(element);
}

static std::optional<Buffer> expandSplat(RankedTensorType type,
                                         ArrayRef<char> element) {
  FailureOr<Buffer> buffer = Buffer::allocate(type);
  if (failed(buffer))
    return std::nullopt;
  char *data = buffer->getData();
  for (size_t i = 0; i < buffer->bytes.size(); i += element.size())
    std::memcpy(data + i, element.data(), element.size());
  return *buffer;
}

std::optional<Buffer> tenon::nn::getBuffer(ElementsAttr value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  std::optional<int64_t> size = type ? getByteSize(type) : std::nullopt;
  if (!size)
    return std::nullopt;
  auto dense = dyn_cast<DenseIntOrFPElementsAttr>(value);
  if (dense && type.getElementType().isInteger(1)) {
    // Bits in the attribute, bytes in a buffer.
    FailureOr<Buffer> buffer = Buffer::allocate(type);
    if (failed(buffer))
      return std::nullopt;
    llvm::copy(dense.getValues<bool>(), buffer->getData());
    return *buffer;
  }
  ArrayRef<char> bytes = kernel::getRawBytes(value);
  if (dense && dense.isSplat() && *size != 0)
    return expandSplat(type, bytes);
  if (int64_t(bytes.size()) != *size)
    return std::nullopt;
  return Buffer{type, bytes, nullptr};
}

std::optional<Buffer> tenon::nn::getConstant(Value value,
                                             SymbolTable *symbols) {
  Operation *op = value.getDefiningOp();
  if (auto constant = dyn_cast_or_null<arith::ConstantOp>(op)) {
    auto elements = dyn_cast<ElementsAttr>(constant.getValue());
    return elements ? getBuffer(elements) : std::nullopt;
  }
  auto weight = dyn_cast_or_null<WeightOp>(op);
  if (!weight)
    return std::nullopt;
  Operation *symbol =
      symbols
          ? symbols->lookup(weight.getGlobal())
          : SymbolTable::lookupNearestSymbolFrom(op, weight.getGlobalAttr());
  auto global = dyn_cast_or_null<kernel::GlobalOp>(symbol);
  std::optional<Buffer> buffer;
  if (global)
    buffer = getBuffer(global.getValue());
  // A weight may see its global under another shape.
  auto type = cast<RankedTensorType>(weight.getType());
  if (!buffer || getByteSize(type) != int64_t(buffer->bytes.size()))
    return std::nullopt;
  buffer->type = type;
  return buffer;
}

bool tenon::nn::isConstant(Value value) {
  return isa_and_nonnull<WeightOp, arith::ConstantOp>(value.getDefiningOp());
}

DenseElementsAttr tenon::nn::getDenseAttr(const Buffer &buffer) {
  Type elementType = buffer.type.getElementType();
  ArrayRef<char> bytes = buffer.bytes;
  if (bytes.empty())
    return DenseElementsAttr::get(buffer.type, ArrayRef<Attribute>());
  if (isSplat(buffer))
    bytes = bytes.take_front(kernel::getElementBytes(elementType));
  if (!elementType.isInteger(1))
    return DenseElementsAttr::getFromRawBuffer(buffer.type, bytes);
  auto values = llvm::map_to_vector(bytes, [](char byte) { return byte != 0; });
  return DenseElementsAttr::get(buffer.type, ArrayRef<bool>(values));
}

//===----------------------------------------------------------------------===//
// Globals
//===----------------------------------------------------------------------===//

/// Small data is printed; large data stays where it is, and its owner lives as
/// long as the blob. An i1 is a byte in memory, a bit in a dense attribute.
static ElementsAttr getGlobalValue(StringRef name, const Buffer &buffer) {
  if (int64_t(buffer.bytes.size()) <= kMaxDenseBytes &&
      !buffer.type.getElementType().isInteger(1))
    return getDenseAttr(buffer);
  AsmResourceBlob blob(
      buffer.bytes, kernel::getElementBytes(buffer.type.getElementType()),
      [storage = buffer.storage](void *, size_t, size_t) {},
      /*dataIsMutable=*/false);
  return DenseResourceElementsAttr::get(buffer.type, name, std::move(blob));
}

static bool holds(kernel::GlobalOp global, ShapedType type,
                  ArrayRef<char> bytes) {
  auto own = cast<ShapedType>(global.getValue().getType());
  if (own.getElementType() != type.getElementType() ||
      own.getNumElements() != type.getNumElements())
    return false;
  if (global.getRawBytes() == bytes)
    return true;
  std::optional<Buffer> buffer = getBuffer(global.getValue());
  return buffer && buffer->bytes == bytes;
}

/// The same for data in any form, which `getValue` makes where it is new.
static kernel::GlobalOp
getOrCreateGlobal(Location loc, SymbolTable &symbols, ShapedType type,
                  ArrayRef<char> bytes,
                  function_ref<ElementsAttr(StringRef name)> getValue) {
  uint64_t hash = llvm::xxh3_64bits(StringRef(bytes.data(), bytes.size()));
  std::string base =
      "w_" + llvm::utohexstr(hash, /*LowerCase=*/true, /*Width=*/16);
  // Equal names of other data get a number: the hash is no proof.
  std::string name = base;
  for (unsigned suffix = 1;; ++suffix) {
    Operation *symbol = symbols.lookup(name);
    if (!symbol)
      break;
    auto global = dyn_cast<kernel::GlobalOp>(symbol);
    if (global && holds(global, type, bytes))
      return global;
    name = base + "_" + std::to_string(suffix);
  }
  OpBuilder builder(symbols.getOp()->getContext());
  auto global = builder.create<kernel::GlobalOp>(loc, name, getValue(name),
                                                 /*alignment=*/IntegerAttr());
  symbols.insert(global);
  return global;
}

kernel::GlobalOp tenon::nn::getOrCreateGlobal(Location loc,
                                              SymbolTable &symbols,
                                              const Buffer &buffer) {
  return ::getOrCreateGlobal(
      loc, symbols, buffer.type, buffer.bytes,
      [&](StringRef name) { return getGlobalValue(name, buffer); });
}

Value tenon::nn::createWeight(
    OpBuilder &builder, Location loc, SymbolTable &symbols, ShapedType type,
    ArrayRef<char> bytes, function_ref<ElementsAttr(StringRef name)> getValue) {
  kernel::GlobalOp global =
      ::getOrCreateGlobal(loc, symbols, type, bytes, getValue);
  return builder.create<WeightOp>(
      loc, type, FlatSymbolRefAttr::get(global.getSymNameAttr()));
}

Value tenon::nn::createConstant(OpBuilder &builder, Location loc,
                                SymbolTable &symbols, const Buffer &buffer) {
  if (int64_t(buffer.bytes.size()) <= kMaxDenseBytes || isSplat(buffer))
    return builder.create<arith::ConstantOp>(loc, getDenseAttr(buffer));
  return createWeight(
      builder, loc, symbols, buffer.type, buffer.bytes,
      [&](StringRef name) { return getGlobalValue(name, buffer); });
}
