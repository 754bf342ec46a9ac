//===- Families.h - The files of lowerings ----------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_IMPORT_ONNXTONN_FAMILIES_H
#define TENON_PASSES_IMPORT_ONNXTONN_FAMILIES_H

#include "passes/import/onnx-to-nn/Lowering.h"

/// A file Name.cpp each, which defines populateName.
#define TENON_FAMILIES                                                         \
  TENON_FAMILY(Convolution)                                                    \
  TENON_FAMILY(Elementwise)                                                    \
  TENON_FAMILY(Gather)                                                         \
  TENON_FAMILY(Generate)                                                       \
  TENON_FAMILY(Matmul)                                                         \
  TENON_FAMILY(Ml)                                                             \
  TENON_FAMILY(Move)                                                           \
  TENON_FAMILY(Normalize)                                                      \
  TENON_FAMILY(Pad)                                                            \
  TENON_FAMILY(Pool)                                                           \
  TENON_FAMILY(Quantize)                                                       \
  TENON_FAMILY(Reduce)                                                         \
  TENON_FAMILY(Resize)

namespace tenon::lowering {
#define TENON_FAMILY(name) void populate##name(LoweringTable &table);
TENON_FAMILIES
#undef TENON_FAMILY

// What more than one family makes.

/// `x` as `to`; floats of 8 bits saturate if `saturate` says so.
Scalar castSaturating(Scalar x, mlir::Type to, bool saturate);

/// exp(x) over its sum along an axis.
mlir::Value buildSoftmax(LayerBuilder &b, mlir::RankedTensorType type,
                         mlir::Value x, int64_t axis);

/// numpy's matmul of two tensors with at least one dimension.
mlir::Value buildMatmul(LayerBuilder &b, mlir::RankedTensorType type,
                        mlir::Value lhs, mlir::Value rhs);
} // namespace tenon::lowering

#endif // TENON_PASSES_IMPORT_ONNXTONN_FAMILIES_H
