//===- ReplayRows.h - What happens to memory row by row ---------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parts of `verify-plan`: what goes over what it has read is replayed in the
// order in which it will happen, row by row.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_REPLAYROWS_H
#define TENON_PASSES_SCHEDULE_REPLAYROWS_H

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "passes/schedule/BandLayout.h"
#include "passes/schedule/Layout.h"

namespace tenon::schedule {

/// The chain reads input `index`, which lies at `from`, only by rows that
/// rounds before have not overwritten with rows of its result, which lies at
/// `to` in the same memory.
bool readsRowsInTime(nn::BandsOp bands, unsigned index, const Layout &from,
                     const Layout &to);

/// Calls `visit` for all copies of the loop in the order in which they happen:
/// the elements where they read and where they write, and how many. An error
/// where the loop does anything else.
mlir::LogicalResult
replayCopies(mlir::scf::ForOp loop,
             llvm::function_ref<mlir::LogicalResult(kernel::CopyOp, int64_t,
                                                    int64_t, int64_t)>
                 visit);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_REPLAYROWS_H
