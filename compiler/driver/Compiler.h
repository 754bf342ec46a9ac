//===- Compiler.h - From a model file to the low form -----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_DRIVER_COMPILER_H
#define TENON_COMPILER_DRIVER_COMPILER_H

#include "codegen/object/ObjectEmitter.h"
#include "compiler/import/Import.h"
#include "compiler/pipeline/Pipeline.h"
#include "compiler/targets/Targets.h"
#include "dialects/kernel/Regions.h"

namespace tenon {

/// What a command says about how to compile.
struct CompileOptions {
  std::string model;
  /// The model's name in symbols and files; empty: made from the file's.
  std::string name;
  const Target *target = nullptr;
  std::string cpu, features;
  llvm::StringMap<int64_t> dims;
  OptLevel optimize = OptLevel::Speed;
  /// Threads that share large layers, by the caller's hook.
  int threads = 1;
  /// Mark layers for the profile hook.
  bool profile = false;
  /// Inputs and outputs in the arena, instead of memory of the caller.
  bool ioInArena = false;
  /// The most bytes of the arena, and of constants; 0: no limit.
  int64_t maxRam = 0, maxFlash = 0;
  /// The board's memories, where a memory file says them.
  std::vector<kernel::MemoryRegion> regions;
  /// Integer sums are scaled by fixed-point numbers, not by floats.
  bool fixedPoint = false;
  /// Where constants are: in the program, in a file that the caller maps, or in
  /// one for which there is code that maps it.
  enum class Weights { Embedded, Mapped, External };
  Weights weights = Weights::Embedded;
  /// Stages or passes after which the module is printed, by their names.
  std::vector<std::string> printAfter;
  bool printTime = false, verbose = false;
  /// Filled in; sizes of inputs may stay open then (compiler/import/Import.h).
  Survey *survey = nullptr;
  /// Changes the module after it was read; null: nothing.
  std::function<void(mlir::ModuleOp)> editImported;
};

/// The target's machine with the processor and the features that were asked
/// for.
Machine getMachine(const CompileOptions &options);

/// The stages of docs/architecture.md. Their names, in this order, are those of
/// `--print-ir-after`; the last one changes the module for C++ only.
enum class Stage { Read, Import, Simplify, Schedule, Lower, Emit };
llvm::ArrayRef<llvm::StringRef> getStageNames();

/// Reads the model and runs the pipeline up to and with `last`. Errors go to the
/// context's diagnostics; every failure has at least one.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
compileModel(mlir::MLIRContext &context, const CompileOptions &options,
             Stage last = Stage::Lower);

/// The function of the model, up to `Stage::Simplify`; null where there is none.
mlir::func::FuncOp getModelFunction(mlir::ModuleOp module);

/// The stage `emit`, for C++: makes the low form printable.
mlir::LogicalResult legalizeForCpp(mlir::ModuleOp module,
                                   const CompileOptions &options);

} // namespace tenon

#endif // TENON_COMPILER_DRIVER_COMPILER_H
