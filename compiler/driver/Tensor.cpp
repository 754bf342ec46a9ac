//===- Tensor.cpp - Values that go into and come out of a model -----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Tensor.h"

#include "compiler/import/ModelFile.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cmath>

using namespace tenon;
using llvm::StringRef;
using ::onnx::TensorProto;

int64_t Tensor::getCount() const {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

std::string tenon::getTypeText(const Tensor &tensor) {
  const kernel::ElementInfo *info = kernel::getElementInfo(tensor.dtype);
  std::string text = info ? info->name : "type " + std::to_string(tensor.dtype);
  for (int64_t size : tensor.shape)
    text += "[" + std::to_string(size) + "]";
  return text;
}

Tensor tenon::makeTensor(const kernel::Port &port) {
  Tensor tensor;
  tensor.name = port.name;
  tensor.dtype = port.getElement().number;
  tensor.shape.assign(port.type.getShape().begin(), port.type.getShape().end());
  tensor.bytes.resize(port.getBytes());
  return tensor;
}

/// SplitMix64: the same numbers on every machine.
static uint64_t getNext(uint64_t &state) {
  uint64_t z = (state += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

static const llvm::fltSemantics *getSemantics(int dtype) {
  switch (dtype) {
  case TensorProto::FLOAT:
    return &llvm::APFloat::IEEEsingle();
  case TensorProto::DOUBLE:
    return &llvm::APFloat::IEEEdouble();
  case TensorProto::FLOAT16:
    return &llvm::APFloat::IEEEhalf();
  case TensorProto::BFLOAT16:
    return &llvm::APFloat::BFloat();
  case TensorProto::FLOAT8E4M3FN:
    return &llvm::APFloat::Float8E4M3FN();
  case TensorProto::FLOAT8E4M3FNUZ:
    return &llvm::APFloat::Float8E4M3FNUZ();
  case TensorProto::FLOAT8E5M2:
    return &llvm::APFloat::Float8E5M2();
  case TensorProto::FLOAT8E5M2FNUZ:
    return &llvm::APFloat::Float8E5M2FNUZ();
  case TensorProto::FLOAT4E2M1:
    return &llvm::APFloat::Float4E2M1FN();
  default:
    return nullptr;
  }
}

void tenon::fillRandom(Tensor &tensor, uint64_t seed) {
  const kernel::ElementInfo *info = kernel::getElementInfo(tensor.dtype);
  const llvm::fltSemantics *semantics = getSemantics(tensor.dtype);
  uint64_t state = seed;
  for (int64_t i = 0, e = tensor.getCount(); info && i < e; ++i) {
    uint64_t random = getNext(state);
    // Wide integers are mostly indices, which must not leave small tensors.
    bool isSmall = tensor.dtype == TensorProto::BOOL || info->bytes >= 4;
    uint64_t bits = random % (isSmall ? 2 : 8);
    if (semantics) {
      llvm::APFloat value(static_cast<double>(int64_t(random) >> 11) * 0x1p-52);
      bool lost;
      value.convert(*semantics, llvm::APFloat::rmNearestTiesToEven, &lost);
      bits = value.bitcastToAPInt().getZExtValue();
    }
    memcpy(&tensor.bytes[i * info->bytes], &bits, info->bytes);
  }
}

double tenon::getNumber(const Tensor &tensor, int64_t index) {
  const kernel::ElementInfo *info = kernel::getElementInfo(tensor.dtype);
  if (!info)
    return NAN;
  uint64_t bits = 0;
  memcpy(&bits, &tensor.bytes[index * info->bytes], info->bytes);
  if (const llvm::fltSemantics *semantics = getSemantics(tensor.dtype)) {
    unsigned width = llvm::APFloat::getSizeInBits(*semantics);
    llvm::APFloat value(*semantics, llvm::APInt(width, bits));
    bool lost;
    value.convert(llvm::APFloat::IEEEdouble(),
                  llvm::APFloat::rmNearestTiesToEven, &lost);
    return value.convertToDouble();
  }
  switch (tensor.dtype) {
  case TensorProto::BOOL:
  case TensorProto::UINT2:
  case TensorProto::UINT4:
  case TensorProto::UINT8:
  case TensorProto::UINT16:
  case TensorProto::UINT32:
  case TensorProto::UINT64:
    return static_cast<double>(bits);
  case TensorProto::FLOAT8E8M0:
    return bits == 255 ? NAN : std::ldexp(1.0, int(bits) - 127);
  default:
    return static_cast<double>(llvm::SignExtend64(bits, info->bytes * 8));
  }
}

//===----------------------------------------------------------------------===//
// TensorProto
//===----------------------------------------------------------------------===//

/// Types of less than a byte, several in one byte, the first in the low bits,
/// become one value a byte.
static std::vector<char> unpack(const std::string &data, unsigned bits,
                                int64_t count, bool isSigned) {
  std::vector<char> result(count);
  for (int64_t i = 0; i < count; ++i) {
    uint64_t bit = i * bits;
    unsigned value = (uint8_t(data[bit / 8]) >> (bit % 8)) & ((1u << bits) - 1);
    result[i] = isSigned ? llvm::SignExtend64(value, bits) : value;
  }
  return result;
}

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
tenon::openTensorFile(StringRef path) {
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                          /*RequiresNullTerminator=*/false);
  if (!file)
    return llvm::createStringError(
        file.getError(),
        path + " cannot be read: " + file.getError().message());
  return std::move(*file);
}

llvm::Expected<Tensor> tenon::readTensorProto(StringRef path) {
  auto fail = [&](const llvm::Twine &message) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   path + " " + message);
  };
  auto file = openTensorFile(path);
  if (!file)
    return file.takeError();
  TensorProto proto;
  if (!proto.ParseFromArray((*file)->getBufferStart(),
                            (*file)->getBufferSize()))
    return fail("is no TensorProto");
  Tensor tensor;
  tensor.name = proto.name();
  tensor.dtype = proto.data_type();
  tensor.shape.assign(proto.dims().begin(), proto.dims().end());
  const kernel::ElementInfo *info = kernel::getElementInfo(tensor.dtype);
  if (!info)
    return fail("has element type " + llvm::Twine(tensor.dtype) +
                ", which a compiled model cannot have at its interface");
  auto data = importer::getRawData(proto);
  if (!data)
    return fail(llvm::toString(data.takeError()));
  unsigned bits = importer::getElementBits(tensor.dtype);
  if (bits < 8)
    tensor.bytes = unpack(*data, bits, tensor.getCount(),
                          tensor.dtype == TensorProto::INT4 ||
                              tensor.dtype == TensorProto::INT2);
  else
    tensor.bytes.assign(data->begin(), data->end());
  return tensor;
}

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

static std::string getIndexText(const Tensor &tensor, int64_t index) {
  std::string text;
  for (size_t i = tensor.shape.size(); i-- > 0;) {
    text = "[" + std::to_string(index % tensor.shape[i]) + "]" + text;
    index /= tensor.shape[i];
  }
  return text;
}

/// Two units in the last place of the type, where these are more than what is
/// asked for: whoever rounds to f16 or bf16 after each of several steps differs
/// by as much from whoever rounds in another order.
static double getRelativeTolerance(const Tensor &tensor, double asked) {
  switch (tensor.dtype) {
  case TensorProto::FLOAT16:
    return std::max(asked, 2 * 0x1p-10);
  case TensorProto::BFLOAT16:
    return std::max(asked, 2 * 0x1p-7);
  default:
    return asked;
  }
}

std::string tenon::compareTensors(const Tensor &actual, const Tensor &expected,
                                  const Tolerance &tolerance) {
  if (actual.dtype != expected.dtype || actual.shape != expected.shape)
    return "is " + getTypeText(actual) + ", expected " + getTypeText(expected);
  if (actual.bytes == expected.bytes)
    return "";
  double relative = getRelativeTolerance(expected, tolerance.relative);
  int64_t wrong = 0, first = 0;
  double largest = 0;
  for (int64_t i = 0, e = actual.getCount(); i < e; ++i) {
    double got = getNumber(actual, i), want = getNumber(expected, i);
    if (got == want || (std::isnan(got) && std::isnan(want)))
      continue;
    double difference = std::fabs(got - want);
    if (std::isfinite(got) && std::isfinite(want) &&
        difference <= tolerance.absolute + relative * std::fabs(want))
      continue;
    if (wrong++ == 0)
      first = i;
    largest = std::fmax(largest, difference);
  }
  if (wrong == 0)
    return "";
  return llvm::formatv("differs at {0} of {1} elements, first at {2}: got {3}, "
                       "expected {4}; largest difference {5}",
                       wrong, actual.getCount(), getIndexText(actual, first),
                       llvm::format("%.9g", getNumber(actual, first)),
                       llvm::format("%.9g", getNumber(expected, first)),
                       llvm::format("%.3g", largest));
}
