//===- RowWindow.h - Which rows a layer reads for a row ---------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rows are the steps of a tensor's outermost dimension that has more than one:
// each is contiguous, and so are neighbours. For row r of its result, a layer
// reads of one operand
//
//     rows  r * stride - pad  to  r * stride - pad + extent - 1
//
// A 3x3 convolution of stride 2, padded by 1: stride 2, pad 1, extent 3; an
// elementwise layer: 1, 0, 1.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_ROWWINDOW_H
#define TENON_PASSES_SCHEDULE_ROWWINDOW_H

#include "dialects/nn/Nn.h"

namespace tenon::schedule {

/// The rows that a layer reads of one operand.
struct RowWindow {
  unsigned operand;
  /// The dimension of the operand whose steps are rows, and how many there are.
  /// It may be an inner one: rows are in several pieces then.
  unsigned inputDim;
  int64_t inputRows;
  int64_t stride = 1, pad = 0, extent = 1;
  /// What a row outside of the operand reads as, in memory; null where none is
  /// read.
  mlir::TypedAttr padding = nullptr;

  /// Rows that it reads for so many rows of the result.
  int64_t getExtent(int64_t height) const {
    return stride * (height - 1) + extent;
  }
};

struct RowAccess {
  /// All other operands are read whole for each row.
  llvm::SmallVector<RowWindow, 2> windows;
  /// The dimension of the iteration space that is the row.
  unsigned dim = 0;
  /// The dimension of the result, and its rows. Where one result is made of all
  /// rows of the input, in their order (a global pool), rows are the input's.
  unsigned resultDim = 0;
  int64_t rows = 0;
  bool reducesRows = false;
};

/// The dimension whose steps are rows; none where a tensor has no rows, or rows
/// of one element.
std::optional<unsigned> getRowDim(mlir::ShapedType type);

/// None where the layer makes no rows of rows, or where computing some alone
/// would change bits.
std::optional<RowAccess> getRowAccess(nn::LayerOpInterface layer);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_ROWWINDOW_H
