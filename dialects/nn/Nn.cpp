//===- Nn.cpp - The nn dialect --------------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Nn.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

#include "dialects/nn/NnDialect.cpp.inc"
#include "dialects/nn/NnEnums.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/nn/NnOps.cpp.inc"

void NnDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/nn/NnOps.cpp.inc"
      >();
}

LogicalResult WeightOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto global = symbols.lookupNearestSymbolFrom<kernel::GlobalOp>(
      *this, getGlobalAttr());
  if (!global)
    return emitOpError() << "names no kernel.global: " << getGlobalAttr();
  if (global.getValue().getType() != getType())
    return emitOpError() << "expected type " << global.getValue().getType()
                         << " of the global, got " << getType();
  return success();
}
