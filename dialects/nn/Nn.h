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
#include "mlir/IR/AffineMap.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/nn/NnDialect.h.inc"
#include "dialects/nn/NnEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/nn/NnTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/nn/NnAttributes.h.inc"

#include "dialects/nn/NnInterfaces.h.inc"

#define GET_OP_CLASSES
#include "dialects/nn/NnOps.h.inc"

namespace tenon::nn {

/// Of a layer on memory: how often it runs in one run of the model, where that
/// is not once.
inline constexpr llvm::StringLiteral kRunsAttrName = "nn.runs";

/// The type that a region sees for an element: integers lose their sign, which
/// the operations on them carry.
mlir::Type getScalarType(mlir::Type elementType);

/// `value`, a scalar or vector, converted to element type `scalarType`; an
/// integer counts as signed unless `isUnsigned`; float to integer saturates.
mlir::Value buildConversion(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::Value value, mlir::Type scalarType,
                            bool isUnsigned = false);

/// An integer constant.
mlir::Value buildNumber(mlir::OpBuilder &builder, mlir::Location loc,
                        int64_t value, unsigned width = 32);

/// `value`, an integer, no less than `low` and no more than `high`.
mlir::Value buildClamp(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::Value value, mlir::Value low, mlir::Value high);
mlir::Value buildClamp(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::Value value, int64_t low, int64_t high);

/// `value`, a scalar or vector as memory holds it, as one of `scalarType`.
mlir::Value fromMemory(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::Value value, mlir::Type scalarType);

/// Clones the one block of `region` on `arguments`, which are scalars or
/// vectors of one length, and returns what it yields. Operations are widened
/// where an operand is a vector. `index` gives the value of a dimension.
llvm::SmallVector<mlir::Value>
cloneRegion(mlir::OpBuilder &builder, mlir::Region &region,
            mlir::ValueRange arguments,
            llvm::function_ref<mlir::Value(unsigned)> index);

} // namespace tenon::nn

#endif // TENON_DIALECTS_NN_NN_H
