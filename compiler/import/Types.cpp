//===- Types.cpp - ONNX's types in MLIR -----------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Types.h"

#include "compiler/import/Limits.h"
#include "dialects/onnx/Onnx.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tenon::importer;
namespace onnxir = tenon::onnx; // ::onnx is the library
using ::onnx::TensorProto;
using ::onnx::TypeProto;

//===----------------------------------------------------------------------===//
// Element types
//===----------------------------------------------------------------------===//

namespace {
struct ElementType {
  int32_t dataType;
  Type (*get)(MLIRContext *);
};
} // namespace

template <unsigned width, IntegerType::SignednessSemantics sign>
static Type getInteger(MLIRContext *context) {
  return IntegerType::get(context, width, sign);
}
template <typename T> static Type get(MLIRContext *context) {
  return T::get(context);
}
template <typename T> static Type getComplex(MLIRContext *context) {
  return ComplexType::get(T::get(context));
}
static constexpr auto Signless = IntegerType::Signless;
static constexpr auto Unsigned = IntegerType::Unsigned;

/// ONNX's signed integers are MLIR's signless ones.
static constexpr ElementType elementTypes[] = {
    {TensorProto::BOOL, getInteger<1, Signless>},
    {TensorProto::INT2, getInteger<2, Signless>},
    {TensorProto::INT4, getInteger<4, Signless>},
    {TensorProto::INT8, getInteger<8, Signless>},
    {TensorProto::INT16, getInteger<16, Signless>},
    {TensorProto::INT32, getInteger<32, Signless>},
    {TensorProto::INT64, getInteger<64, Signless>},
    {TensorProto::UINT2, getInteger<2, Unsigned>},
    {TensorProto::UINT4, getInteger<4, Unsigned>},
    {TensorProto::UINT8, getInteger<8, Unsigned>},
    {TensorProto::UINT16, getInteger<16, Unsigned>},
    {TensorProto::UINT32, getInteger<32, Unsigned>},
    {TensorProto::UINT64, getInteger<64, Unsigned>},
    {TensorProto::FLOAT16, get<Float16Type>},
    {TensorProto::BFLOAT16, get<BFloat16Type>},
    {TensorProto::FLOAT, get<Float32Type>},
    {TensorProto::DOUBLE, get<Float64Type>},
    {TensorProto::FLOAT8E4M3FN, get<Float8E4M3FNType>},
    {TensorProto::FLOAT8E4M3FNUZ, get<Float8E4M3FNUZType>},
    {TensorProto::FLOAT8E5M2, get<Float8E5M2Type>},
    {TensorProto::FLOAT8E5M2FNUZ, get<Float8E5M2FNUZType>},
    {TensorProto::FLOAT8E8M0, get<onnxir::Float8E8M0Type>},
    {TensorProto::FLOAT6E2M3, get<onnxir::Float6E2M3Type>},
    {TensorProto::FLOAT6E3M2, get<onnxir::Float6E3M2Type>},
    {TensorProto::FLOAT4E2M1, get<onnxir::Float4E2M1Type>},
    {TensorProto::COMPLEX64, getComplex<Float32Type>},
    {TensorProto::COMPLEX128, getComplex<Float64Type>},
    {TensorProto::STRING, get<onnxir::StringType>},
};

Type tenon::importer::getElementType(int32_t dataType, MLIRContext *context) {
  for (const ElementType &row : elementTypes)
    if (row.dataType == dataType)
      return row.get(context);
  return {};
}

int32_t tenon::importer::getDataType(Type elementType) {
  for (const ElementType &row : elementTypes)
    if (row.get(elementType.getContext()) == elementType)
      return row.dataType;
  return TensorProto::UNDEFINED;
}

//===----------------------------------------------------------------------===//
// Types of values
//===----------------------------------------------------------------------===//

static llvm::Error makeError(const Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

template <typename TensorType>
static llvm::Expected<Type> getTensorType(const TensorType &type,
                                          MLIRContext *context) {
  Type element = tenon::importer::getElementType(type.elem_type(), context);
  if (type.elem_type() == TensorProto::UNDEFINED)
    return Type();
  if (!element)
    return makeError("has unknown element type " + Twine(type.elem_type()));
  if (!type.has_shape())
    return UnrankedTensorType::get(element);
  if (type.shape().dim_size() > kMaxRank)
    return makeError("has rank " + Twine(type.shape().dim_size()) +
                     ", more than " + Twine(kMaxRank));
  SmallVector<int64_t> dims;
  uint64_t bytes = 1; // no type is larger than 16 bytes an element
  bool isHuge = false, isEmpty = false;
  for (const auto &dim : type.shape().dim()) {
    // What a file says of a branch that is never taken may be nonsense, so that
    // a negative dimension is unknown, not an error.
    if (!dim.has_dim_value() || dim.dim_value() < 0) {
      dims.push_back(ShapedType::kDynamic);
      continue;
    }
    dims.push_back(dim.dim_value());
    isEmpty |= dim.dim_value() == 0;
    bytes = llvm::SaturatingMultiply<uint64_t>(
        bytes, std::max<uint64_t>(dim.dim_value(), 1));
    isHuge |= bytes > kMaxTensorBytes;
    // An empty tensor is small, but its other dimensions must make sense.
    if (static_cast<uint64_t>(dim.dim_value()) > kMaxTensorBytes)
      return makeError("has dimension " + Twine(dim.dim_value()));
  }
  if (isHuge && !isEmpty)
    return makeError("has more than " + Twine(kMaxTensorBytes) + " elements");
  return RankedTensorType::get(dims, element);
}

llvm::Expected<Type> tenon::importer::getType(const TypeProto &type,
                                              MLIRContext *context) {
  // Protobuf bounds how deep types are nested.
  auto wrap = [&](const TypeProto &inner, auto make) -> llvm::Expected<Type> {
    auto element = getType(inner, context);
    if (!element || !*element)
      return element;
    return Type(make(*element));
  };
  switch (type.value_case()) {
  case TypeProto::kTensorType:
    return getTensorType(type.tensor_type(), context);
  case TypeProto::kSparseTensorType: {
    auto tensor = getTensorType(type.sparse_tensor_type(), context);
    if (!tensor || !*tensor)
      return tensor;
    return Type(onnxir::SparseTensorType::get(context, *tensor));
  }
  case TypeProto::kSequenceType:
    return wrap(type.sequence_type().elem_type(), [&](Type element) {
      return onnxir::SequenceType::get(context, element);
    });
  case TypeProto::kOptionalType:
    return wrap(type.optional_type().elem_type(), [&](Type element) {
      return onnxir::OptionalType::get(context, element);
    });
  case TypeProto::kMapType: {
    Type key = getElementType(type.map_type().key_type(), context);
    if (!key)
      return makeError("has unknown key type " +
                       Twine(type.map_type().key_type()));
    return wrap(type.map_type().value_type(), [&](Type value) {
      return onnxir::MapType::get(context, key, value);
    });
  }
  case TypeProto::kOpaqueType:
    return makeError("has an opaque type");
  case TypeProto::VALUE_NOT_SET:
    return Type();
  }
  return Type();
}

bool tenon::importer::getTypeProto(Type type, TypeProto &proto) {
  if (auto tensor = dyn_cast<TensorType>(type)) {
    auto *out = proto.mutable_tensor_type();
    out->set_elem_type(getDataType(tensor.getElementType()));
    if (tensor.hasRank()) {
      out->mutable_shape();
      for (int64_t dim : tensor.getShape()) {
        auto *item = out->mutable_shape()->add_dim();
        if (!ShapedType::isDynamic(dim))
          item->set_dim_value(dim);
      }
    }
    return out->elem_type() != TensorProto::UNDEFINED;
  }
  if (auto sequence = dyn_cast<onnxir::SequenceType>(type))
    return getTypeProto(sequence.getElementType(),
                        *proto.mutable_sequence_type()->mutable_elem_type());
  if (auto optional = dyn_cast<onnxir::OptionalType>(type))
    return getTypeProto(optional.getElementType(),
                        *proto.mutable_optional_type()->mutable_elem_type());
  if (auto map = dyn_cast<onnxir::MapType>(type)) {
    proto.mutable_map_type()->set_key_type(getDataType(map.getKeyType()));
    return getTypeProto(map.getValueType(),
                        *proto.mutable_map_type()->mutable_value_type());
  }
  if (auto sparse = dyn_cast<onnxir::SparseTensorType>(type)) {
    TypeProto dense;
    if (!getTypeProto(sparse.getElementType(), dense))
      return false;
    auto *out = proto.mutable_sparse_tensor_type();
    out->set_elem_type(dense.tensor_type().elem_type());
    if (dense.tensor_type().has_shape())
      *out->mutable_shape() = dense.tensor_type().shape();
    return true;
  }
  return false;
}
