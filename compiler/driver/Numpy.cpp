//===- Numpy.cpp - NumPy's .npy files -------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// "\x93NUMPY", version, length of the header, the header as a Python
// dictionary, then the elements:
//
//   {'descr': '<f4', 'fortran_order': False, 'shape': (1, 32, 32, 3), }
//
// numpy.org/doc/stable/reference/generated/numpy.lib.format.html
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Tensor.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace tenon;
using llvm::StringRef;

static constexpr StringRef kMagic("\x93NUMPY", 6);

namespace {
struct NumpyType {
  const char *descr;
  int dtype;
};
} // namespace

static constexpr NumpyType kTypes[] = {
    {"<f4", 1}, {"|u1", 2}, {"|i1", 3},  {"<u2", 4},  {"<i2", 5},  {"<i4", 6},
    {"<i8", 7}, {"|b1", 9}, {"<f2", 10}, {"<f8", 11}, {"<u4", 12}, {"<u8", 13},
};

/// The text of the value of `key` up to `end`.
static std::optional<StringRef> findValue(StringRef header, StringRef key,
                                          StringRef end) {
  size_t begin = header.find(("'" + key + "':").str());
  if (begin == StringRef::npos)
    return std::nullopt;
  StringRef value = header.drop_front(begin + key.size() + 3).ltrim();
  size_t length = value.find(end);
  if (length == StringRef::npos)
    return std::nullopt;
  return value.take_front(length);
}

llvm::Expected<Tensor> tenon::readNumpy(StringRef path) {
  auto fail = [&](const llvm::Twine &message) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   path + " " + message);
  };
  auto file = openTensorFile(path);
  if (!file)
    return file.takeError();
  StringRef data = (*file)->getBuffer();
  if (!data.consume_front(kMagic) || data.size() < 6)
    return fail("is no .npy file");
  bool isFirstVersion = data[0] == 1;
  size_t length = isFirstVersion
                      ? llvm::support::endian::read16le(data.data() + 2)
                      : llvm::support::endian::read32le(data.data() + 2);
  data = data.drop_front(isFirstVersion ? 4 : 6);
  if (length > data.size())
    return fail("is cut off");
  StringRef header = data.take_front(length);
  data = data.drop_front(length);

  Tensor tensor;
  auto descr = findValue(header, "descr", ",");
  auto order = findValue(header, "fortran_order", ",");
  auto shape = findValue(header, "shape", ")");
  if (!descr || !order || !shape || !shape->consume_front("("))
    return fail("has a header that is none of a .npy file");
  StringRef descrText = descr->trim(" '\"");
  std::string wanted = descrText.str();
  // One byte has no order.
  if (StringRef(wanted).ends_with("1") && !wanted.empty())
    wanted[0] = '|';
  for (const NumpyType &type : kTypes)
    if (wanted == type.descr)
      tensor.dtype = type.dtype;
  if (!tensor.dtype)
    return fail("has elements of type " + descrText +
                "; little-endian numbers and bool are known");
  if (order->trim() != "False")
    return fail("is in Fortran's order; save numpy.ascontiguousarray(x)");
  llvm::SmallVector<StringRef> sizes;
  shape->split(sizes, ',', -1, /*KeepEmpty=*/false);
  uint64_t count = 1;
  for (StringRef text : sizes) {
    text = text.trim();
    if (text.empty())
      continue;
    int64_t size;
    if (text.getAsInteger(10, size) || size < 0)
      return fail("has a shape that is none: (" + *shape + ")");
    tensor.shape.push_back(size);
    count = llvm::SaturatingMultiply<uint64_t>(count, size);
  }
  uint64_t bytes = llvm::SaturatingMultiply<uint64_t>(
      count, kernel::getElementInfo(tensor.dtype)->bytes);
  if (data.size() != bytes)
    return fail("has " + llvm::Twine(data.size()) +
                " bytes of data, expected " + llvm::Twine(bytes));
  tensor.bytes.assign(data.begin(), data.end());
  return tensor;
}

void tenon::writeNumpy(llvm::raw_ostream &os, const Tensor &tensor) {
  std::string descr =
      kernel::getElementInfo(tensor.dtype)->bytes == 1 ? "|u1" : "<u2";
  for (const NumpyType &type : kTypes)
    if (tensor.dtype == type.dtype)
      descr = type.descr;
  std::string header =
      "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (";
  for (int64_t size : tensor.shape)
    header += std::to_string(size) + ", ";
  if (tensor.shape.size() > 1)
    header.resize(header.size() - 2);
  else if (tensor.shape.size() == 1)
    header.pop_back();
  header += "), }";
  // Data begin at a multiple of 64.
  size_t used = kMagic.size() + 4 + header.size() + 1;
  header.append(llvm::alignTo(used, 64) - used, ' ');
  header += '\n';
  char length[2];
  llvm::support::endian::write16le(length, header.size());
  os << kMagic << StringRef("\x01\x00", 2) << StringRef(length, 2) << header;
  os.write(tensor.bytes.data(), tensor.bytes.size());
}
