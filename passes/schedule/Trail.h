//===- Trail.h - Results over what has been read of operands ----*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A step that goes through its operand from the first row to the last one may
// write its result over rows that it has read for the last time. How many bytes
// the operand must begin behind the result, at least, is the lag:
//
//     round           reads rows  writes rows    of the result, with a lag of
//     0               0 to 1      0              one row: over nothing
//     1               0 to 2      1              over row 0
//     2               1 to 3      2              over row 1, read for the last
//                                                time by now
//
// Chains in bands do so, and copies that put a border around a tensor.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_TRAIL_H
#define TENON_PASSES_SCHEDULE_TRAIL_H

#include "passes/schedule/BandLayout.h"
#include "passes/schedule/Layout.h"

namespace tenon::schedule {

/// The lag, in bytes, of the tensor outside whose rows the chain has in this
/// buffer; both lie without gaps. None where the rows of one of them do not
/// follow each other in memory, or layers read the tensor otherwise, too.
std::optional<int64_t> getLag(llvm::ArrayRef<BandLayer> layers,
                              const BandLayout &layout, unsigned buffer);

/// The lag of what is copied into a border row by row; none where there is
/// more to copy, or rows are so short that nobody wants to copy them one by
/// one.
std::optional<int64_t> getLag(nn::AssembleOp assemble);

/// Copies the elements of `from` to `to`, from the first row to the last one,
/// where none goes over itself or a later one. Both are in flat memory.
void buildCopyOfRows(mlir::OpBuilder &builder, mlir::Location loc,
                     mlir::Value source, const Layout &from, mlir::Value target,
                     const Layout &to);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_TRAIL_H
