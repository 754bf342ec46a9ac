//===- Borders.h - Borders that add nothing ---------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_NN_BORDERS_H
#define TENON_DIALECTS_NN_BORDERS_H

#include "dialects/nn/Nn.h"

namespace tenon::nn {

/// `layer`, a reduction, anew, with a window that leaves an input where it read
/// a border of the identity of its combiner: an nn.assemble of one part. Null
/// where it reads none.
LayerOpInterface absorbBorder(mlir::OpBuilder &builder, LayerOpInterface layer);

} // namespace tenon::nn

#endif // TENON_DIALECTS_NN_BORDERS_H
