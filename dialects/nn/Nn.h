//===- Nn.h - The nn dialect ------------------------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_NN_NN_H
#define TENON_DIALECTS_NN_NN_H

#include "dialects/kernel/Kernel.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/nn/NnDialect.h.inc"
#include "dialects/nn/NnEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/nn/NnTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/nn/NnAttributes.h.inc"

#define GET_OP_CLASSES
#include "dialects/nn/NnOps.h.inc"

#endif // TENON_DIALECTS_NN_NN_H
