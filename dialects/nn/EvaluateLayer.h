//===- EvaluateLayer.h - The loop nest of a layer ---------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_NN_EVALUATELAYER_H
#define TENON_DIALECTS_NN_EVALUATELAYER_H

#include "dialects/nn/Constants.h"
#include <string>

namespace tenon::nn {

/// A map or gather whose region only yields its arguments, in order.
bool isMove(LayerOpInterface layer);

/// Runs the loop nest of `layer` on tensors. `results` hold what the outputs
/// begin with, and get what it writes.
mlir::LogicalResult evaluateLayer(LayerOpInterface layer,
                                  llvm::ArrayRef<Buffer> operands,
                                  llvm::MutableArrayRef<Buffer> results,
                                  std::string &reason);

} // namespace tenon::nn

#endif // TENON_DIALECTS_NN_EVALUATELAYER_H
