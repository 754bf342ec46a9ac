//===- Locations.h - Names of ONNX nodes on operations ----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_NN_LOCATIONS_H
#define TENON_DIALECTS_NN_LOCATIONS_H

#include "mlir/IR/Location.h"
#include <string>

namespace tenon::nn {

/// The names of the ONNX nodes that `loc` stands for, in order, without
/// repetition: one for a plain operation, several for a fused one.
llvm::SmallVector<llvm::StringRef> getNodeNames(mlir::Location loc);

/// A C identifier made from the first node's name ("layer" without one): other
/// characters than letters and digits become `_`; of a path its last two parts,
/// at most 40 characters.
std::string getSymbolName(mlir::Location loc);

} // namespace tenon::nn

#endif // TENON_DIALECTS_NN_LOCATIONS_H
