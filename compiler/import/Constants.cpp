//===- Constants.cpp - Tensors of the file as attributes and weights ------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Constants.h"

#include "compiler/import/Limits.h"
#include "compiler/import/Types.h"
#include "dialects/kernel/Kernel.h"
#include "dialects/nn/Constants.h"
#include "dialects/onnx/Onnx.h"

using namespace mlir;
using namespace tenon::importer;
namespace onnxir = tenon::onnx; // ::onnx is the library
namespace kernel = tenon::kernel;
namespace nn = tenon::nn;
using ::onnx::TensorProto;

static std::string toString(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

static llvm::Error makeError(const Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

/// Elements of fewer than eight bits, packed from the low bits up.
static DenseElementsAttr getPackedElements(RankedTensorType type,
                                           ArrayRef<char> bytes) {
  unsigned width = type.getElementTypeBitWidth();
  unsigned perByte = 8 / width;
  SmallVector<APInt> values;
  for (int64_t i = 0, e = type.getNumElements(); i < e; ++i) {
    auto byte = static_cast<uint8_t>(bytes[i / perByte]);
    values.push_back(APInt(8, byte >> (i % perByte * width)).trunc(width));
  }
  return DenseElementsAttr::get(type, values);
}

/// The attribute for raw data. MLIR has its own formats of bits and nibbles.
static llvm::Expected<ElementsAttr> getElementsAttr(RankedTensorType type,
                                                    ArrayRef<char> bytes) {
  Type element = type.getElementType();
  if (type.getNumElements() == 0)
    return DenseElementsAttr::get(type, ArrayRef<Attribute>());
  if (element.isInteger(1)) {
    auto values = llvm::map_to_vector(bytes, [](char c) { return c != 0; });
    return DenseElementsAttr::get(type, ArrayRef<bool>(values));
  }
  if (isa<onnxir::OnnxDialect>(element.getDialect()))
    return makeError("has element type " + toString(element) +
                     ", of which there are no constants");
  if (element.isIntOrFloat() && element.getIntOrFloatBitWidth() < 8)
    return getPackedElements(type, bytes);
  return DenseElementsAttr::getFromRawBuffer(type, bytes);
}

static llvm::Expected<RankedTensorType>
getConstantType(const TensorProto &tensor, MLIRContext *context) {
  ::onnx::TypeProto proto;
  proto.mutable_tensor_type()->set_elem_type(tensor.data_type());
  proto.mutable_tensor_type()->mutable_shape();
  for (int64_t dim : tensor.dims())
    proto.mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_value(dim);
  auto type = getType(proto, context);
  if (!type)
    return type.takeError();
  if (!*type)
    return makeError("has no element type");
  return cast<RankedTensorType>(*type);
}

llvm::Expected<ElementsAttr>
tenon::importer::getElementsAttr(const TensorProto &tensor,
                                 MLIRContext *context) {
  auto type = getConstantType(tensor, context);
  if (!type)
    return type.takeError();
  if (tensor.data_type() == TensorProto::STRING) {
    if (tensor.string_data_size() != type->getNumElements())
      return makeError("has " + Twine(tensor.string_data_size()) +
                       " strings, expected " + Twine(type->getNumElements()));
    SmallVector<StringRef> strings(tensor.string_data().begin(),
                                   tensor.string_data().end());
    return ElementsAttr(DenseStringElementsAttr::get(*type, strings));
  }
  auto data = getRawData(tensor);
  if (!data)
    return data.takeError();
  return ::getElementsAttr(*type, ArrayRef<char>(data->data(), data->size()));
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

llvm::Expected<Value> ConstantBuilder::create(OpBuilder &builder, Location loc,
                                              const TensorProto &tensor) {
  auto value = getElementsAttr(tensor, builder.getContext());
  if (!value)
    return value.takeError();
  ArrayRef<char> bytes = kernel::getRawBytes(*value);
  ShapedType type = value->getShapedType();
  bool isString = isa<DenseStringElementsAttr>(*value);
  // A large constant is a weight even if all its elements are equal.
  bool isSmall =
      isString ||
      type.getNumElements() * (getElementBits(tensor.data_type()) / 8.0) <=
          nn::kMaxDenseBytes;
  if (isSmall)
    return builder.create<arith::ConstantOp>(loc, cast<TypedAttr>(*value))
        .getResult();
  return nn::createWeight(builder, loc, symbols, type, bytes,
                          [&](StringRef) { return *value; });
}

llvm::Expected<Value> ConstantBuilder::create(OpBuilder &builder, Location loc,
                                              const Weight &weight) {
  MLIRContext *context = builder.getContext();
  auto type = getConstantType(weight.tensor, context);
  if (!type)
    return type.takeError();
  Type element = type->getElementType();
  bool isPacked = element.isIntOrFloat() && element.getIntOrFloatBitWidth() < 8;
  if (isPacked || isa<onnxir::OnnxDialect>(element.getDialect())) {
    // In MLIR's format these are other bytes, so there is nothing to share.
    auto value = ::getElementsAttr(*type, weight.data.bytes);
    if (!value)
      return value.takeError();
    return nn::createWeight(builder, loc, symbols, *type,
                            kernel::getRawBytes(*value),
                            [&](StringRef) { return *value; });
  }
  auto getValue = [&](StringRef name) -> ElementsAttr {
    // The blob keeps the mapped file. Protobuf does not align its fields.
    auto owner = weight.data.owner;
    AsmResourceBlob blob(
        weight.data.bytes, /*dataAlignment=*/1,
        [owner](void *, size_t, size_t) {}, /*dataIsMutable=*/false);
    return DenseResourceElementsAttr::get(*type, name, std::move(blob));
  };
  return nn::createWeight(builder, loc, symbols, *type, weight.data.bytes,
                          getValue);
}
