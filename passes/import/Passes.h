//===- Passes.h - Passes of the import stage --------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM
// Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_IMPORT_PASSES_H
#define TENON_PASSES_IMPORT_PASSES_H

#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/Pass.h"

namespace tenon {
#define GEN_PASS_DECL
#include "passes/import/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "passes/import/Passes.h.inc"
} // namespace tenon

#endif // TENON_PASSES_IMPORT_PASSES_H
