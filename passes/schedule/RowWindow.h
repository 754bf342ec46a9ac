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

struct RowWindow {
  /// The input whose rows are read, and the dimensions of it and of the result
  /// whose steps are rows.
  unsigned operand, inputDim, resultDim = 0;
  /// The dimension of the iteration space that is the row of the result; of
  /// the input, where all its rows are reduced.
  unsigned dim = 0;
  int64_t inputRows, resultRows = 0;
  int64_t stride = 1, pad = 0, extent = 1;
  /// One result is made of all rows, in their order: a global pool.
  bool reducesRows = false;
  /// What a row outside of the input reads as, in memory; null where none is
  /// read.
  mlir::TypedAttr padding;
};

/// The dimension whose steps are rows; none where a tensor has no rows, or rows
/// of one element.
std::optional<unsigned> getRowDim(mlir::ShapedType type);

/// How the layer reads rows of its input `operand`; none where it does not do
/// so, reads rows of another operand, too, or where computing some rows alone
/// would change bits. The rows of the input may be steps of an inner dimension:
/// parts of them are contiguous then.
std::optional<RowWindow> getRowWindow(nn::LayerOpInterface layer,
                                      unsigned operand);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_ROWWINDOW_H
