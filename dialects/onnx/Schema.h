//===- Schema.h - What ONNX's schemas say, at run time ----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Facts about the operators of the onnx dialect for code that treats all of
// them alike: importer, shape inference, printer. The table is generated from
// ONNX's schemas; to use it, nobody needs the ONNX library.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_ONNX_SCHEMA_H
#define TENON_DIALECTS_ONNX_SCHEMA_H

#include "mlir/IR/Operation.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace mlir {
class OpAsmParser;
class OpAsmPrinter;
} // namespace mlir

namespace tenon::onnx {

/// Of an argument or result of the model's function: its name in the model.
inline constexpr llvm::StringLiteral kNameAttrName = "onnx.name";

/// The newest version of ONNX's default operator set, at which the operations
/// of the default domain are.
extern const int kNewestOpset;

/// A formal input or output.
struct SchemaParameter {
  enum Kind { Single, Optional, Variadic };
  llvm::StringRef name;
  Kind kind;
  unsigned minArity; // of a variadic one
};

/// A formal attribute. A subgraph becomes a region, in the order of the table.
struct SchemaAttribute {
  enum Kind {
    Float = 1, // the values of ONNX's AttributeProto.AttributeType
    Int = 2,
    String = 3,
    Tensor = 4,
    Graph = 5,
    Floats = 6,
    Ints = 7,
    Strings = 8,
    SparseTensor = 11,
    Type = 13,
  };
  llvm::StringRef name;
  Kind kind;
  bool required;
};

struct Schema {
  llvm::StringRef name;   // "onnx.ml.Scaler"
  llvm::StringRef domain; // "ai.onnx.ml"; empty for the default domain
  llvm::StringRef opType; // "Scaler"
  int sinceVersion;
  llvm::ArrayRef<SchemaParameter> inputs;
  llvm::ArrayRef<SchemaParameter> outputs;
  llvm::ArrayRef<SchemaAttribute> attributes; // sorted by name

  /// Null where the schema has no attribute of this name.
  const SchemaAttribute *getAttribute(llvm::StringRef name) const;
};

/// All operators, sorted by name.
llvm::ArrayRef<Schema> getSchemas();

/// The schema of an operation of the onnx dialect; null for any other.
const Schema *getSchema(mlir::OperationName name);
const Schema *getSchema(mlir::Operation *op);

/// The schema of an operator; null where there is none.
const Schema *getSchema(llvm::StringRef domain, llvm::StringRef opType);

/// How many operands (results) belong to each formal input (output).
llvm::SmallVector<int32_t> getOperandSegments(mlir::Operation *op);
llvm::SmallVector<int32_t> getResultSegments(mlir::Operation *op);

/// The operand for the formal input `index`: null where it is omitted. Inputs
/// beyond the variadic one's index are its further operands.
mlir::Value getInput(mlir::Operation *op, unsigned index);
mlir::Value getOutput(mlir::Operation *op, unsigned index);

/// Adds operands and results to `state` as a node lists them: null where one is
/// omitted. The error says which number does not fit the schema.
llvm::Error addOperandsAndResults(mlir::OperationState &state,
                                  llvm::ArrayRef<mlir::Value> operands,
                                  llvm::ArrayRef<mlir::Type> results);

/// The one builder of all operations, with the same lists.
void buildOnnxOp(mlir::OperationState &state,
                 llvm::ArrayRef<mlir::Type> results,
                 llvm::ArrayRef<mlir::Value> operands,
                 llvm::ArrayRef<mlir::NamedAttribute> attributes);

mlir::ParseResult parseOnnxOp(mlir::OpAsmParser &parser,
                              mlir::OperationState &result);
void printOnnxOp(mlir::Operation *op, mlir::OpAsmPrinter &printer);

} // namespace tenon::onnx

#endif // TENON_DIALECTS_ONNX_SCHEMA_H
