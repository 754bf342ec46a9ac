//===- TensorData.cpp - The bytes of a TensorProto ------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ONNX has several places for one tensor. The half 1.0 is
//
//     raw_data "00 3c"     int32_data 15360     two bytes of another file
//
// or the only value of a sparse tensor. All become what raw_data would hold.
// The size comes from shape and type, with bounds, and what is there must match
// it, so that nobody behind this file reads outside of the data. The path of
// another file is resolved first, links too, and must lead inside of the
// model's folder.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Limits.h"
#include "compiler/import/ModelFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"

using namespace tenon::importer;
using llvm::StringRef;
using ::onnx::TensorProto;

static llvm::Error makeError(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

unsigned tenon::importer::getElementBits(int32_t dataType) {
  switch (dataType) {
  case TensorProto::INT2:
  case TensorProto::UINT2:
    return 2;
  case TensorProto::INT4:
  case TensorProto::UINT4:
  case TensorProto::FLOAT4E2M1:
    return 4;
  case TensorProto::FLOAT6E2M3:
  case TensorProto::FLOAT6E3M2:
    return 6;
  case TensorProto::BOOL:
  case TensorProto::INT8:
  case TensorProto::UINT8:
  case TensorProto::FLOAT8E4M3FN:
  case TensorProto::FLOAT8E4M3FNUZ:
  case TensorProto::FLOAT8E5M2:
  case TensorProto::FLOAT8E5M2FNUZ:
  case TensorProto::FLOAT8E8M0:
    return 8;
  case TensorProto::INT16:
  case TensorProto::UINT16:
  case TensorProto::FLOAT16:
  case TensorProto::BFLOAT16:
    return 16;
  case TensorProto::INT32:
  case TensorProto::UINT32:
  case TensorProto::FLOAT:
    return 32;
  case TensorProto::INT64:
  case TensorProto::UINT64:
  case TensorProto::DOUBLE:
  case TensorProto::COMPLEX64:
    return 64;
  case TensorProto::COMPLEX128:
    return 128;
  default:
    return 0;
  }
}

llvm::Expected<uint64_t>
tenon::importer::getRawSize(const TensorProto &tensor) {
  unsigned bits = getElementBits(tensor.data_type());
  if (bits == 0)
    return makeError("has element type " + llvm::Twine(tensor.data_type()) +
                     ", which has no fixed size");
  if (tensor.dims_size() > kMaxRank)
    return makeError("has rank " + llvm::Twine(tensor.dims_size()) +
                     ", more than " + llvm::Twine(kMaxRank));
  uint64_t count = 1;
  bool isEmpty = false, isHuge = false;
  for (int64_t dim : tensor.dims()) {
    if (dim < 0)
      return makeError("has dimension " + llvm::Twine(dim));
    isEmpty |= dim == 0;
    bool overflow = false;
    count =
        llvm::SaturatingMultiply(count, std::max<uint64_t>(dim, 1), &overflow);
    isHuge |= overflow || count > kMaxTensorBytes;
  }
  if (isEmpty)
    return 0;
  if (isHuge || count * bits / 8 > kMaxTensorBytes)
    return makeError("has more than " + llvm::Twine(kMaxTensorBytes) +
                     " bytes");
  return llvm::divideCeil(count * bits, 8);
}

//===----------------------------------------------------------------------===//
// Typed fields
//===----------------------------------------------------------------------===//

/// Appends each value as the low bytes of a little-endian T.
template <typename T, typename Values>
static void appendAs(std::string &out, const Values &values) {
  for (auto value : values) {
    T item = static_cast<T>(value);
    out.append(reinterpret_cast<const char *>(&item), sizeof item);
  }
}

llvm::Expected<std::string>
tenon::importer::getRawData(const TensorProto &tensor) {
  auto size = getRawSize(tensor);
  if (!size)
    return size.takeError();
  std::string data;
  switch (tensor.data_type()) {
  case TensorProto::FLOAT:
  case TensorProto::COMPLEX64:
    appendAs<float>(data, tensor.float_data());
    break;
  case TensorProto::DOUBLE:
  case TensorProto::COMPLEX128:
    appendAs<double>(data, tensor.double_data());
    break;
  case TensorProto::INT64:
    appendAs<int64_t>(data, tensor.int64_data());
    break;
  case TensorProto::UINT64:
    appendAs<uint64_t>(data, tensor.uint64_data());
    break;
  case TensorProto::UINT32:
    appendAs<uint32_t>(data, tensor.uint64_data());
    break;
  case TensorProto::INT32:
    appendAs<int32_t>(data, tensor.int32_data());
    break;
  case TensorProto::INT16:
  case TensorProto::UINT16:
  case TensorProto::FLOAT16:
  case TensorProto::BFLOAT16:
    appendAs<uint16_t>(data, tensor.int32_data());
    break;
  default: // one byte each; types of fewer bits are packed there as in raw_data
    appendAs<uint8_t>(data, tensor.int32_data());
    break;
  }
  if (data.empty())
    data = tensor.raw_data();
  if (data.size() != *size)
    return makeError("has " + llvm::Twine(data.size()) +
                     " bytes of data, expected " + llvm::Twine(*size) +
                     " for its shape and type");
  return data;
}

//===----------------------------------------------------------------------===//
// Sparse tensors
//===----------------------------------------------------------------------===//

llvm::Expected<TensorProto>
tenon::importer::expandSparse(const ::onnx::SparseTensorProto &sparse) {
  TensorProto dense;
  dense.set_name(sparse.values().name());
  dense.set_data_type(sparse.values().data_type());
  *dense.mutable_dims() = sparse.dims();
  auto size = getRawSize(dense);
  if (!size)
    return size.takeError();
  // A sparse tensor is small whatever its shape says: bound what it becomes.
  if (*size > kMaxSparseBytes)
    return makeError("has more than " + llvm::Twine(kMaxSparseBytes) +
                     " bytes as a dense tensor");
  auto values = getRawData(sparse.values());
  if (!values)
    return values.takeError();
  auto indices = getRawData(sparse.indices());
  if (!indices)
    return indices.takeError();
  unsigned bits = getElementBits(dense.data_type());
  if (bits % 8 != 0 || sparse.indices().data_type() != TensorProto::INT64)
    return makeError("is sparse, with elements or indices of this type");
  size_t width = bits / 8, count = values->size() / width;
  const auto &dims = sparse.indices().dims();
  size_t rank = dims.size() == 2 ? dims[1] : 1;
  if (indices->size() != count * rank * sizeof(int64_t) || dims.empty() ||
      static_cast<uint64_t>(dims[0]) != count ||
      (dims.size() == 2 && dims[1] != sparse.dims_size()) || dims.size() > 2)
    return makeError("is sparse, with " + llvm::Twine(count) +
                     " values and indices that do not fit");
  std::string bytes(*size, '\0');
  for (size_t i = 0; i < count; ++i) {
    uint64_t linear = 0;
    for (size_t axis = 0; axis < rank; ++axis) {
      int64_t index;
      memcpy(&index, indices->data() + (i * rank + axis) * sizeof index,
             sizeof index);
      uint64_t bound = dims.size() == 2 ? sparse.dims(axis) : *size / width;
      if (index < 0 || static_cast<uint64_t>(index) >= bound)
        return makeError("is sparse, with index " + llvm::Twine(index) +
                         " out of bounds");
      linear = linear * bound + index;
    }
    memcpy(bytes.data() + linear * width, values->data() + i * width, width);
  }
  dense.set_raw_data(std::move(bytes));
  return dense;
}

//===----------------------------------------------------------------------===//
// External data
//===----------------------------------------------------------------------===//

/// The file `location` in `folder`: an error if it is not inside.
static llvm::Expected<std::string> resolveInside(StringRef folder,
                                                 StringRef location) {
  if (location.empty() || location.contains('\0'))
    return makeError("names no file for its external data");
  std::string quoted = quoteName(location);
  bool isOutside = llvm::sys::path::is_absolute(location);
  for (auto it = llvm::sys::path::begin(location),
            end = llvm::sys::path::end(location);
       it != end; ++it)
    isOutside |= *it == "..";
  if (isOutside)
    return makeError("has external data outside the model's folder: " + quoted);
  llvm::SmallString<256> path(folder), realFolder, realPath;
  llvm::sys::path::append(path, location);
  if (auto error = llvm::sys::fs::real_path(folder, realFolder))
    return makeError("cannot resolve the model's folder: " + error.message());
  if (auto error = llvm::sys::fs::real_path(path, realPath))
    return makeError("cannot open its external data " + quoted + ": " +
                     error.message());
  StringRef inside = realPath;
  if (!inside.consume_front(realFolder) ||
      !(inside.empty() || inside.starts_with("/") || realFolder.ends_with("/")))
    return makeError("has external data outside the model's folder: " + quoted);
  if (!llvm::sys::fs::is_regular_file(realPath))
    return makeError("has external data in something that is no file: " +
                     quoted);
  return std::string(realPath);
}

llvm::Expected<SharedBytes>
tenon::importer::readExternalData(const TensorProto &tensor, StringRef folder) {
  auto size = getRawSize(tensor);
  if (!size)
    return size.takeError();
  StringRef location;
  uint64_t offset = 0;
  std::optional<uint64_t> length;
  for (const auto &entry : tensor.external_data()) {
    uint64_t value = 0;
    bool isNumber = !StringRef(entry.value()).getAsInteger(10, value);
    if (entry.key() == "location")
      location = entry.value();
    if (entry.key() != "offset" && entry.key() != "length")
      continue;
    if (!isNumber)
      return makeError("has external data with " + entry.key() + " " +
                       quoteName(entry.value()));
    if (entry.key() == "offset")
      offset = value;
    else
      length = value;
  }
  if (length && *length != *size)
    return makeError("has " + llvm::Twine(*length) +
                     " bytes of external data, expected " + llvm::Twine(*size) +
                     " for its shape and type");
  auto path = resolveInside(folder, location);
  if (!path)
    return path.takeError();
  auto buffer = llvm::MemoryBuffer::getFile(*path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return makeError("cannot open its external data " + quoteName(location) +
                     ": " + buffer.getError().message());
  uint64_t available = (*buffer)->getBufferSize();
  if (offset > available || *size > available - offset)
    return makeError("wants bytes " + llvm::Twine(offset) + " to " +
                     llvm::Twine(offset + *size) + " of " +
                     quoteName(location) + ", which has " +
                     llvm::Twine(available));
  SharedBytes result;
  result.owner = std::move(*buffer);
  result.bytes = {result.owner->getBufferStart() + offset,
                  static_cast<size_t>(*size)};
  return result;
}
