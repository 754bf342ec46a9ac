//===- IntegerSums.h - Sums of two bytes without floats ---------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SIMPLIFY_INTEGERSUMS_H
#define TENON_PASSES_SIMPLIFY_INTEGERSUMS_H

#include "dialects/nn/Nn.h"

namespace tenon::nn {

/// What `op` gives, where it rounds a sum of one or two dequantized bytes and
/// integer arithmetic gives the same for all of them. Null otherwise.
mlir::Value buildIntegerSum(QuantizeOp op);

} // namespace tenon::nn

#endif // TENON_PASSES_SIMPLIFY_INTEGERSUMS_H
