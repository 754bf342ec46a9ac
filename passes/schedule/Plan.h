//===- Plan.h - Memory for a network ----------------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_PLAN_H
#define TENON_PASSES_SCHEDULE_PLAN_H

#include "passes/schedule/Aliasing.h"

namespace llvm {
class raw_ostream;
}

namespace tenon::schedule {

struct PlanOptions {
  AliasOptions aliasing;
  /// Of the arena's base; blocks are aligned to it, small ones to less.
  int64_t alignment = 16;
  /// Plans that may be made in search of a better one.
  int maxPlans = 200;
  /// A view is taken where there may be one, even if a copy saves memory.
  bool avoidCopies = false;
};

/// The options that the target of the module around `op` wants.
PlanOptions getPlanOptions(mlir::Operation *op);

struct Plan {
  Network network;
  Aliasing aliasing;
  /// Of each storage in the arena; -1 where it has none.
  std::vector<int64_t> offsets;
  int64_t arenaBytes = 0;
  /// The most bytes in use at once, which no offsets can beat, and at which
  /// steps.
  int64_t boundBytes = 0;
  std::vector<int64_t> liveBytes;

  llvm::SmallVector<llvm::StringRef> getPeakLayers() const;
};

Plan planMemory(Network network, const PlanOptions &options);

/// Moves layers into the order that needs the least memory; the exact search
/// for it visits `maxStates` states.
mlir::LogicalResult orderLayers(mlir::func::FuncOp func,
                                const PlanOptions &options, int64_t maxStates);

/// A table for people: storages with their offsets and values, then steps with
/// the bytes in use.
void printPlan(llvm::raw_ostream &os, const Plan &plan);

/// Makes the function on memrefs that the plan describes, of the same name and
/// beside the old one: (inputs..., outputs..., arena).
mlir::FailureOr<mlir::func::FuncOp> emitPlan(const Plan &plan);

/// Replays the planned function over ranges of bytes beside the function on
/// tensors that it was made from, and reports the first read that finds other
/// contents than were meant.
mlir::LogicalResult verifyPlan(mlir::func::FuncOp reference,
                               mlir::func::FuncOp planned);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_PLAN_H
