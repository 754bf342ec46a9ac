//===- Passes.h - Passes of the scheduling stage ----------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_PASSES_H
#define TENON_PASSES_SCHEDULE_PASSES_H

#include "mlir/Pass/Pass.h"

namespace tenon {
namespace schedule {
/// What an argument of a planned function is: the caller's memory to read, the
/// caller's memory to write, or the arena.
inline constexpr llvm::StringLiteral kInputAttrName = "nn.input";
inline constexpr llvm::StringLiteral kOutputAttrName = "nn.output";
inline constexpr llvm::StringLiteral kArenaAttrName = "nn.arena";

/// Of the arena, where inputs and outputs lie in it and are no arguments: their
/// offsets.
inline constexpr llvm::StringLiteral kInputOffsetsAttrName = "nn.input_offsets";
inline constexpr llvm::StringLiteral kOutputOffsetsAttrName =
    "nn.output_offsets";

/// Of a planned function: the function on tensors that it was made from.
inline constexpr llvm::StringLiteral kReferenceAttrName = "nn.reference";
} // namespace schedule

#define GEN_PASS_DECL
#include "passes/schedule/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "passes/schedule/Passes.h.inc"
} // namespace tenon

#endif // TENON_PASSES_SCHEDULE_PASSES_H
