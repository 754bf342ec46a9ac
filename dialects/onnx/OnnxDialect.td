//===- OnnxDialect.td - The onnx dialect -------------------*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef ONNX_DIALECT
#define ONNX_DIALECT

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpBase.td"

def Onnx_Dialect : Dialect {
  let name = "onnx";
  let cppNamespace = "::tenon::onnx";
  let summary = "A faithful import of ONNX operators";
  let description = [{
    Holds a model as its file states it, One operation per node, at the newest
    operator set. The operations are generated at build time from the schemas
    of the ONNX library, so that this dialect knows every operator, with its
    types, attributes and defaults, and is never written by hand.

    `onnx.Conv` is operator Conv of the default domain. In other domains the
    part after `ai.onnx.` comes before the operator: `onnx.ml.Scaler`,
    `onnx.preview.training.Adam`. Subgraphs are regions with the names of their
    attributes. An omitted optional operand or result is
    written `_`; trailing ones are left out:

    ```mlir
    %y = onnx.Clip(%x, _, %max) : (tensor<4xf32>, tensor<f32>) -> (tensor<4xf32>)
    %c = onnx.If(%p) then_branch {
      onnx.Yield %a : tensor<4xf32>
    } else_branch {
      onnx.Yield %b : tensor<4xf32>
    } : (tensor<i1>) -> (tensor<4xf32>)
    ```
  }];
  let useDefaultTypePrinterParser = 1;
  // Attributes live in the dictionary: the generated code is half as long, and
  // generic code (importer, shape inference) sees all operations alike.
  let usePropertiesForAttributes = 0;
}

#endif // ONNX_DIALECT
