//===- Families.h - The files of lowerings ----------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_IMPORT_ONNXTONN_FAMILIES_H
#define TENON_PASSES_IMPORT_ONNXTONN_FAMILIES_H

#include "passes/import/onnx-to-nn/Lowering.h"

/// A file Name.cpp each, which defines populateName.
#define TENON_FAMILIES                                                         \
  TENON_FAMILY(ControlFlow)                                                    \
  TENON_FAMILY(Convolution)                                                    \
  TENON_FAMILY(Einsum)                                                         \
  TENON_FAMILY(Elementwise)                                                    \
  TENON_FAMILY(Gather)                                                         \
  TENON_FAMILY(Generate)                                                       \
  TENON_FAMILY(GridSample)                                                     \
  TENON_FAMILY(Matmul)                                                         \
  TENON_FAMILY(Ml)                                                             \
  TENON_FAMILY(Move)                                                           \
  TENON_FAMILY(Normalize)                                                      \
  TENON_FAMILY(Pad)                                                            \
  TENON_FAMILY(Pool)                                                           \
  TENON_FAMILY(Quantize)                                                       \
  TENON_FAMILY(Recurrent)                                                      \
  TENON_FAMILY(Reduce)                                                         \
  TENON_FAMILY(Resize)                                                         \
  TENON_FAMILY(Signal)                                                         \
  TENON_FAMILY(Sort)                                                           \
  TENON_FAMILY(TreeEnsemble)

namespace tenon::lowering {
#define TENON_FAMILY(name) void populate##name(LoweringTable &table);
TENON_FAMILIES
#undef TENON_FAMILY

// What more than one family makes.

/// `x` as `to`; floats of 8 bits saturate if `saturate` says so.
Scalar castSaturating(Scalar x, mlir::Type to, bool saturate);

/// The attributes of Conv and its integer kin.
struct ConvAttributes {
  int64_t groups;
  OptionalInts strides, dilations, pads;
  llvm::StringRef autoPad;

  template <typename OpT>
  ConvAttributes(OpT op)
      : groups(op.getGroup()), strides(op.getStrides()),
        dilations(op.getDilations()), pads(op.getPads()),
        autoPad(op.getAutoPad()) {}
};
llvm::FailureOr<mlir::Value>
buildConv(LayerBuilder &b, mlir::RankedTensorType type, mlir::Value x,
          mlir::Value w, mlir::Value bias, const ConvAttributes &attributes);

/// A classifier's results: the label of the first of the largest scores, and
/// the scores after the transform of ai.onnx.ml.
Lowered buildClassifier(LayerBuilder &b, mlir::Value scores,
                        llvm::StringRef transform,
                        mlir::ArrayRef<int64_t> labels);

/// exp(x) over its sum along an axis.
mlir::Value buildSoftmax(LayerBuilder &b, mlir::RankedTensorType type,
                         mlir::Value x, int64_t axis);

/// How much a neighbour at this distance counts: a triangle, or Keys' cubic.
Scalar getTapWeight(bool cubic, double a, Scalar distance);

/// The element of `list` for dimension `axis`, as a tensor without dimensions,
/// where `axes` (null: 0, 1, ...) says which dimension each is for; `otherwise`
/// where none is. Refuses lists that do not fit.
mlir::FailureOr<mlir::Value> pickForAxis(LayerBuilder &b, mlir::Value list,
                                         mlir::Value axes, int64_t axis,
                                         int64_t rank, int64_t otherwise);

/// What `build` makes for the one number of `axis`. Where the program computes
/// it, a choice between the results for all axes; `build` returns null for one
/// that the type of the result rules out.
mlir::FailureOr<mlir::Value>
buildForAxis(LayerBuilder &b, mlir::Value axis, int64_t rank,
             llvm::function_ref<mlir::FailureOr<mlir::Value>(int64_t)> build);

/// numpy's matmul of two tensors with at least one dimension.
mlir::Value buildMatmul(LayerBuilder &b, mlir::RankedTensorType type,
                        mlir::Value lhs, mlir::Value rhs);
} // namespace tenon::lowering

#endif // TENON_PASSES_IMPORT_ONNXTONN_FAMILIES_H
