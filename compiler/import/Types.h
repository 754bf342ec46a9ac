//===- Types.h - ONNX's types in MLIR ---------------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_IMPORT_TYPES_H
#define TENON_COMPILER_IMPORT_TYPES_H

#include "mlir/IR/BuiltinTypes.h"
#include "onnx/onnx_pb.h"
#include "llvm/Support/Error.h"

namespace tenon::importer {

/// The element type of a tensor; null where there is no such type.
mlir::Type getElementType(int32_t dataType, mlir::MLIRContext *context);

/// The type of a value. Unknown dimensions are dynamic, and so are
/// negative ones. Null for a type that is
/// not set; an error for one that is malformed or too large.
llvm::Expected<mlir::Type> getType(const ::onnx::TypeProto &type,
                                   mlir::MLIRContext *context);

/// The way back; false where the type is none of ONNX's.
bool getTypeProto(mlir::Type type, ::onnx::TypeProto &proto);

/// ONNX's number of an element type; 0 where it has none.
int32_t getDataType(mlir::Type elementType);

} // namespace tenon::importer

#endif // TENON_COMPILER_IMPORT_TYPES_H
