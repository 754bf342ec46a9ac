//===- LayerTable.h - What a compile says of its layers ---------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_DRIVER_LAYERTABLE_H
#define TENON_COMPILER_DRIVER_LAYERTABLE_H

#include "dialects/kernel/Interface.h"

namespace tenon {

/// A line for each layer: operation, cost, sizes and nodes.
void printLayerTable(llvm::raw_ostream &os, mlir::ModuleOp module);

/// "face: 12 layers, 123456 MACs, arena 4096 bytes, ..." and where it went.
void printSummary(llvm::raw_ostream &os, mlir::ModuleOp module,
                  const kernel::Interface &interface,
                  llvm::StringRef destination);

} // namespace tenon

#endif // TENON_COMPILER_DRIVER_LAYERTABLE_H
