//===- MemoryTypes.h - Elements in memory and in regions --------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Memory holds bytes: an i1 is stored as an i8 that is 0 or 1, an i4 as an i8
// from -8 to 7, an f16 as an i16. The regions of layers compute with the types
// they had; conversions stand where a region reads and where it yields.
// (Of constants, several i4 share a byte once kernels are built: SubByte.h.)
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_MEMORYTYPES_H
#define TENON_PASSES_SCHEDULE_MEMORYTYPES_H

#include "dialects/nn/Nn.h"

namespace tenon::schedule {

/// What an element of this type is in memory.
mlir::Type getMemoryType(mlir::Type elementType);

mlir::MemRefType getMemRefType(mlir::RankedTensorType type);

/// `value` as it is stored in a tensor of `elementType`.
mlir::TypedAttr getMemoryValue(mlir::TypedAttr value, mlir::Type elementType);

/// The layer, which is on tensors, on `operands`, which are memrefs: its
/// regions take and yield elements as they are in memory, a contract is told
/// what it multiplies.
nn::LayerOpInterface createPlannedLayer(mlir::OpBuilder &builder,
                                        nn::LayerOpInterface layer,
                                        mlir::ValueRange operands);

/// Clones the constants that `region` uses from outside into it: there
/// canonicalization has put them.
void sinkConstants(mlir::Region &region);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_MEMORYTYPES_H
