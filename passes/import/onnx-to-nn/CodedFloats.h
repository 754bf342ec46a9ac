//===- CodedFloats.h - Floats that MLIR's builtin types lack ----*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tensors of float4e2m1 and float8e8m0 are integers in memory. An operator that
// has one is lowered as if it had f32, between maps that decode and encode:
//
//   %y = onnx.Cast(%x) : tensor<4xf32> -> tensor<4x!onnx.f4E2M1FN>
// becomes
//   %0 = nn.map ins(%x) { codes of 4 bits } -> tensor<4xui4>
//   %y = builtin.unrealized_conversion_cast %0
//
// The casts meet those of readers; record-interface drops what is left.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_IMPORT_ONNXTONN_CODEDFLOATS_H
#define TENON_PASSES_IMPORT_ONNXTONN_CODEDFLOATS_H

#include "passes/import/onnx-to-nn/LayerBuilder.h"

namespace tenon::lowering {

/// The tensor of codes for a tensor of such floats; null for any other type.
mlir::RankedTensorType getCodeType(mlir::Type type);

/// The tensor of codes behind `value`, which is one of such floats.
mlir::Value getCodes(mlir::OpBuilder &builder, mlir::Value value);

/// `value` as a tensor of f32.
mlir::Value decode(LayerBuilder &b, mlir::Value value);

/// `value`, a tensor of f32, as one of `type`, rounded as Cast `op` says or to
/// the nearest.
mlir::Value encode(LayerBuilder &b, mlir::Value value, mlir::Type type,
                   mlir::Operation *op);

} // namespace tenon::lowering

#endif // TENON_PASSES_IMPORT_ONNXTONN_CODEDFLOATS_H
