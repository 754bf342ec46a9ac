//===- Pipeline.h - From an imported model to the low form ------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_PIPELINE_PIPELINE_H
#define TENON_COMPILER_PIPELINE_PIPELINE_H

#include "codegen/object/OptLevel.h"
#include "dialects/kernel/Kernel.h"
#include "mlir/Pass/PassManager.h"

namespace tenon {

struct PipelineOptions {
  OptLevel optimize = OptLevel::Speed;
  /// The model's name in C; empty: made from the function's.
  std::string name;
  /// Let the caller's threads share the work of large layers.
  bool parallel = false;
  /// Mark layers for the caller's profile hook.
  bool profile = false;
  /// Weights in a file that the caller maps, instead of in the program.
  bool mapWeights = false;
  /// Inputs and outputs in the arena, instead of memory of the caller.
  bool ioInArena = false;
  /// The most bytes of the arena; 0: no limit.
  int64_t maxRam = 0;
  /// Integer sums are scaled by fixed-point numbers, not by floats.
  bool fixedPoint = false;
  /// Sizes of inputs may be open: nothing can be compiled, but much refused.
  bool openSizes = false;
};

/// The stages of the compiler in order; each leaves a form that the next one
/// expects (docs/architecture.md walks through them).
void buildImportPipeline(mlir::OpPassManager &pm,
                         const PipelineOptions &options);
void buildSimplifyPipeline(mlir::OpPassManager &pm,
                           const PipelineOptions &options);
void buildSchedulePipeline(mlir::OpPassManager &pm,
                           const PipelineOptions &options);
void buildLowerPipeline(mlir::OpPassManager &pm,
                        const PipelineOptions &options);

/// From the low form to what the C++ printer reads.
void buildCppPipeline(mlir::OpPassManager &pm);

/// Registers `tenon-import`, `tenon-simplify`, `tenon-schedule`, `tenon-lower`
/// and `tenon-emit` with tenon-opt.
void registerPipelines();

} // namespace tenon

#endif // TENON_COMPILER_PIPELINE_PIPELINE_H
