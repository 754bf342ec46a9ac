//===- Window.cpp - The windows of convolutions and pools -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Window.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

FailureOr<Window> lowering::getWindow(LayerBuilder &b, ArrayRef<int64_t> kernel,
                                      OptionalInts strides,
                                      OptionalInts dilations, OptionalInts pads,
                                      StringRef autoPad,
                                      ArrayRef<int64_t> inputSizes,
                                      ArrayRef<int64_t> outputSizes) {
  size_t rank = kernel.size();
  Ints ones(rank, 1), zeros(2 * rank, 0);
  // An empty list stands for an absent one.
  auto orDefault = [](OptionalInts given, ArrayRef<int64_t> value) {
    return given && !given->empty() ? *given : value;
  };
  ArrayRef<int64_t> stride = orDefault(strides, ones);
  ArrayRef<int64_t> dilation = orDefault(dilations, ones);
  ArrayRef<int64_t> pad = orDefault(pads, zeros);
  if (inputSizes.size() != rank || outputSizes.size() != rank ||
      stride.size() != rank || dilation.size() != rank ||
      pad.size() != 2 * rank)
    return b.refuse("has lists for another number of spatial dimensions than " +
                    Twine(rank));
  constexpr int64_t kLimit = int64_t(1) << 31;
  auto isPositive = [](int64_t value) { return value >= 1 && value < kLimit; };
  if (!llvm::all_of(stride, isPositive) ||
      !llvm::all_of(dilation, isPositive) ||
      !llvm::all_of(kernel, isPositive) || llvm::any_of(pad, [](int64_t value) {
        return std::abs(value) >= kLimit;
      }))
    return b.refuse("has a stride, dilation, kernel or pad out of range");

  Window window{Ints(kernel), Ints(stride), Ints(dilation),
                Ints(pad.take_front(rank)), Ints(pad.drop_front(rank))};
  if (autoPad == "NOTSET" || autoPad.empty())
    return window;
  for (size_t dim = 0; dim < rank; ++dim) {
    int64_t total = 0;
    if (autoPad != "VALID")
      total = std::max<int64_t>(0, (outputSizes[dim] - 1) * stride[dim] +
                                       window.getExtent(dim) - inputSizes[dim]);
    // The odd one goes to the end, or to the beginning.
    window.before[dim] =
        autoPad == "SAME_LOWER" ? total - total / 2 : total / 2;
    window.after[dim] = total - window.before[dim];
  }
  return window;
}
