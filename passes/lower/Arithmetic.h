//===- Arithmetic.h - Whether layers compute in integers --------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_LOWER_ARITHMETIC_H
#define TENON_PASSES_LOWER_ARITHMETIC_H

#include "dialects/nn/Nn.h"
#include <string>

namespace tenon {

/// `value` is a constant, seen through views of it.
bool isConstantData(mlir::Value value);

/// The layer sums, reads or writes floats, other than factors that are
/// constant.
bool hasFloats(nn::LayerOpInterface layer);

/// What it computes in: "int8" where it multiplies integers, or has nothing
/// else; "float".
std::string getArithmetic(nn::LayerOpInterface layer);

/// Why a layer that has floats does, by the first of a list of constraints that
/// holds of it as it is.
std::string getFloatReason(nn::LayerOpInterface layer);

} // namespace tenon

#endif // TENON_PASSES_LOWER_ARITHMETIC_H
