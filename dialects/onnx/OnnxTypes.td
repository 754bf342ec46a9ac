//===- OnnxTypes.td - Types of the onnx dialect ------------*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef ONNX_TYPES
#define ONNX_TYPES

include "dialects/onnx/OnnxDialect.td"

class Onnx_Type<string name, string typeMnemonic> : TypeDef<Onnx_Dialect, name> {
  let mnemonic = typeMnemonic;
}

//===----------------------------------------------------------------------===//
// Element types that the builtin dialect lacks
//===----------------------------------------------------------------------===//

def Onnx_String : Onnx_Type<"String", "string"> {
  let summary = "A string of bytes, as the element of a tensor";
}
def Onnx_F4E2M1 : Onnx_Type<"Float4E2M1", "f4E2M1FN"> {
  let summary = "4-bit float: ONNX's float4e2m1";
}
def Onnx_F6E2M3 : Onnx_Type<"Float6E2M3", "f6E2M3FN"> {
  let summary = "6-bit float: ONNX's float6e2m3";
}
def Onnx_F6E3M2 : Onnx_Type<"Float6E3M2", "f6E3M2FN"> {
  let summary = "6-bit float: ONNX's float6e3m2";
}
def Onnx_F8E8M0 : Onnx_Type<"Float8E8M0", "f8E8M0FNU"> {
  let summary = "8-bit power of two: ONNX's float8e8m0";
}

//===----------------------------------------------------------------------===//
// Values that are no tensors
//===----------------------------------------------------------------------===//

class Onnx_Container<string name, string typeMnemonic>
    : Onnx_Type<name, typeMnemonic> {
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
}

def Onnx_Sequence : Onnx_Container<"Sequence", "seq"> {
  let summary = "A list of values of one type";
}
def Onnx_Optional : Onnx_Container<"Optional", "optional"> {
  let summary = "A value or nothing";
}
def Onnx_SparseTensor : Onnx_Container<"SparseTensor", "sparse"> {
  let summary = "A sparse tensor; the element type is the dense tensor's type";
}
def Onnx_Map : Onnx_Type<"Map", "map"> {
  let summary = "A dictionary from integers or strings to values";
  let parameters = (ins "::mlir::Type":$keyType, "::mlir::Type":$valueType);
  let assemblyFormat = "`<` $keyType `,` $valueType `>`";
}

#endif // ONNX_TYPES
