//===- Window.h - The windows of convolutions and pools ---------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_IMPORT_ONNXTONN_WINDOW_H
#define TENON_PASSES_IMPORT_ONNXTONN_WINDOW_H

#include "passes/import/onnx-to-nn/LayerBuilder.h"

namespace tenon::lowering {

/// A window over the spatial dimensions: at output o, kernel point k reads
/// input o * stride + k * dilation - before.
struct Window {
  Ints kernel, strides, dilations, before, after;

  unsigned getRank() const { return kernel.size(); }
  /// Input elements from the first to the last point of a window.
  int64_t getExtent(unsigned dim) const {
    return kernel[dim] == 0 ? 0 : (kernel[dim] - 1) * dilations[dim] + 1;
  }
  /// Index of the input's dimension `dim`; `output` and `point` are the
  /// loops' dimensions.
  mlir::AffineExpr getIndex(unsigned dim, mlir::AffineExpr output,
                            mlir::AffineExpr point) const {
    return output * strides[dim] + point * dilations[dim] - before[dim];
  }
};

/// The window that attributes state. `autoPad` other than NOTSET finds pads
/// from the sizes of input and output.
llvm::FailureOr<Window> getWindow(LayerBuilder &b,
                                  mlir::ArrayRef<int64_t> kernel,
                                  OptionalInts strides, OptionalInts dilations,
                                  OptionalInts pads, llvm::StringRef autoPad,
                                  mlir::ArrayRef<int64_t> inputSizes,
                                  mlir::ArrayRef<int64_t> outputSizes);

} // namespace tenon::lowering

#endif // TENON_PASSES_IMPORT_ONNXTONN_WINDOW_H
