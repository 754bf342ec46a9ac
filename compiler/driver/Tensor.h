//===- Tensor.h - Values that go into and come out of a model ---*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_DRIVER_TENSOR_H
#define TENON_COMPILER_DRIVER_TENSOR_H

#include "dialects/kernel/Interface.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <string>
#include <vector>

namespace tenon {

/// A tensor in this machine's memory, as the C interface wants it: row-major,
/// one byte or more an element.
struct Tensor {
  std::string name;
  /// ONNX's number of the element type.
  int dtype = 0;
  std::vector<int64_t> shape;
  std::vector<char> bytes;

  int64_t getCount() const;
};

/// `float32[1][4]`.
std::string getTypeText(const Tensor &tensor);

/// Zeros of the type of an input or output.
Tensor makeTensor(const kernel::Port &port);

/// Fills it with values that suit most models: floats in -1..1, small integers;
/// the same ones for the same seed.
void fillRandom(Tensor &tensor, uint64_t seed);

/// An element as a number.
double getNumber(const Tensor &tensor, int64_t index);

/// The file of a tensor, mapped.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
openTensorFile(llvm::StringRef path);

/// Reads a TensorProto, as in ONNX's test data.
llvm::Expected<Tensor> readTensorProto(llvm::StringRef path);

/// NumPy's .npy files. Types that NumPy lacks (bfloat16 ...) are their bits.
llvm::Expected<Tensor> readNumpy(llvm::StringRef path);
void writeNumpy(llvm::raw_ostream &os, const Tensor &tensor);

struct Tolerance {
  double relative = 1e-3, absolute = 1e-7;
};

/// Empty where `actual` equals `expected` up to the tolerance, as NumPy's
/// assert_allclose has it (NaN equals NaN); else what differs.
std::string compareTensors(const Tensor &actual, const Tensor &expected,
                           const Tolerance &tolerance);

} // namespace tenon

#endif // TENON_COMPILER_DRIVER_TENSOR_H
