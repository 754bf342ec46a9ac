//===- LineBuffers.h - Rows of tensors in scratch memory --------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_LINEBUFFERS_H
#define TENON_PASSES_SCHEDULE_LINEBUFFERS_H

#include "passes/schedule/BandLayout.h"

namespace tenon::schedule {

/// Builds what happens to the buffers of a chain between its layers.
class LineBuffers {
public:
  /// `scratch` is flat memory of `layout.scratchBytes` bytes.
  LineBuffers(mlir::OpBuilder &builder, mlir::Location loc,
              const BandLayout &layout, mlir::Value scratch);

  /// Some of the scratch memory, for what `loc` names.
  mlir::Value getScratch(int64_t offset, int64_t elements, mlir::Type element,
                         mlir::Location loc);
  /// `count` rows of a buffer, from `first` on, in the shape of their tensor,
  /// or of what its border makes of it.
  mlir::Value getView(unsigned buffer, int64_t first, int64_t count,
                      bool bordered);

  /// Rows above the first one, and borders, before any round.
  void fillBefore();
  /// All of it.
  void fill(unsigned buffer);
  /// Moves the rows that are read again to the front.
  void keepRows(unsigned buffer);
  /// Of `count` rows at `place`, the first of which is row `row` of the tensor,
  /// fills those that the tensor does not have.
  void fillRows(unsigned buffer, mlir::Value row, int64_t place, int64_t count);
  /// Some rows of a tensor, and of a buffer.
  struct RowRange {
    /// The first one in the tensor, and in the buffer; how many.
    mlir::Value row;
    int64_t place, count;
    /// What `row` is at least.
    int64_t lowest;
  };
  /// Copies those of the rows that the tensor has, which is `view` in memory.
  void loadRows(unsigned buffer, mlir::Value view, RowRange range) {
    copyRows(buffer, view, range, /*load=*/true);
  }
  /// Copies the whole buffer, from row `row` of the tensor on, which is there.
  void storeRows(unsigned buffer, mlir::Value view, mlir::Value row) {
    copyRows(buffer, view, {row, 0, layout.buffers[buffer].getRows(), 0},
             /*load=*/false);
  }

  mlir::Value getConstant(int64_t value);
  /// `value * factor + summand`.
  mlir::Value getLinear(mlir::Value value, int64_t factor, int64_t summand);

private:
  struct Rows {
    mlir::Value memory;
    /// Of the tensor with its border, with the rows of the buffer.
    llvm::SmallVector<int64_t> shape, strides;
    /// The first element inside of the border.
    int64_t inside;
    /// Only of rows from outside, which are not in memory by rows, there are
    /// several planes; elements of a row in a plane.
    int64_t planes, elements;
  };

  void copyRows(unsigned buffer, mlir::Value view, RowRange range, bool load);
  /// Enters a loop whose body the builder is in then.
  mlir::Value enterLoop(mlir::Value bound);
  mlir::Value clamp(mlir::Value value, int64_t low, int64_t high);

  mlir::OpBuilder &builder;
  mlir::Location loc;
  const BandLayout &layout;
  mlir::Value scratch;
  llvm::SmallVector<Rows> rows;
};

/// Flat memory as a dense view of `shape`.
mlir::Value getDenseView(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::Value memory, llvm::ArrayRef<int64_t> shape);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_LINEBUFFERS_H
