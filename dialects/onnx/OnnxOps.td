//===- OnnxOps.td - Operations of the onnx dialect ---------*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef ONNX_OPS
#define ONNX_OPS

include "dialects/onnx/OnnxTypes.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

/// The base of all generated operations: they are printed and parsed by one
/// function, and built by one builder.
class Onnx_Op<string mnemonic, list<Trait> traits = []>
    : Op<Onnx_Dialect, mnemonic, traits> {
  let hasCustomAssemblyFormat = 1;
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins
      "::llvm::ArrayRef<::mlir::Type>":$results,
      "::llvm::ArrayRef<::mlir::Value>":$operands,
      CArg<"::llvm::ArrayRef<::mlir::NamedAttribute>", "{}">:$attributes), [{
    ::tenon::onnx::buildOnnxOp($_state, results, operands, attributes);
  }]>];
  let extraClassDefinition = [{
    ::mlir::ParseResult $cppClass::parse(::mlir::OpAsmParser &parser,
                                         ::mlir::OperationState &result) {
      return ::tenon::onnx::parseOnnxOp(parser, result);
    }
    void $cppClass::print(::mlir::OpAsmPrinter &printer) {
      ::tenon::onnx::printOnnxOp(getOperation(), printer);
    }
  }];
}

def Onnx_YieldOp : Op<Onnx_Dialect, "Yield", [Pure, ReturnLike, Terminator]> {
  let summary = "Ends a subgraph with its outputs";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
  let builders = [OpBuilder<(ins), [{ /* no outputs */ }]>];
}

// The file that dialects/onnx/generate writes: one operation a schema.
include "dialects/onnx/OnnxSchemas.td"

#endif // ONNX_OPS
