//===- LayerCheck.h - The first layer that diverges -------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_DRIVER_LAYERCHECK_H
#define TENON_COMPILER_DRIVER_LAYERCHECK_H

#include "compiler/driver/TestCase.h"

namespace tenon {

/// A tensor of the model in compiled code and in the reference.
struct ComparedLayer {
  /// The ONNX node that makes it, and its type: "float32[1][16]".
  std::string node, type;
  /// The largest absolute error.
  double error = 0;
  /// What differs beyond the tolerance; empty where nothing does.
  std::string difference;
};

struct LayerComparison {
  /// In the order of the program.
  std::vector<ComparedLayer> layers;
  /// Of the model as it is compiled normally; `node` is the output's name.
  std::vector<ComparedLayer> outputs;

  bool agrees() const;
};

/// Runs the compiled model with the result of each of its layers kept, and once
/// as it is, and compares layers and outputs with the reference: the layers as
/// they were before any optimization, evaluated by Tenon's interpreter.
/// `options` names model, target and dimensions. An absolute error below a
/// hundred-thousandth of the largest value of its tensor is none. Fails with a
/// reason.
llvm::Expected<LayerComparison> compareLayers(mlir::MLIRContext &context,
                                              const VerifyOptions &options,
                                              llvm::ArrayRef<Tensor> inputs);

/// The first layer that differs, or the largest error, on one line, and how the
/// outputs contradict that; a line for each layer where `all`.
std::string getLayersText(const LayerComparison &comparison, bool all);

} // namespace tenon

#endif // TENON_COMPILER_DRIVER_LAYERCHECK_H
