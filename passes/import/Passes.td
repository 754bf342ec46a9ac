//===- Passes.td - Passes of the import stage --------------*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef IMPORT_PASSES
#define IMPORT_PASSES

include "mlir/Pass/PassBase.td"

def ConvertOnnxToNnPass : Pass<"convert-onnx-to-nn", "::mlir::ModuleOp"> {
  let summary = "Replace the operators of the model by layers";
  let description = [{
    Lowers each operation of the onnx dialect by its row of the table in
    `passes/import/onnx-to-nn/`, in the order of the program: what an operation
    computes from constants alone becomes a constant before its users are
    lowered, so that shapes, axes and pads that the model computes are known.

    ```mlir
    %y = onnx.Relu(%x) : (tensor<4xf32>) -> tensor<4xf32>
    // becomes
    %init = tensor.empty() : tensor<4xf32>
    %y = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%init : tensor<4xf32>)
        maps [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>] body {
    ^bb0(%in: f32):
      %zero = arith.constant 0.0 : f32
      %max = arith.maximumf %in, %zero : f32
      nn.yield %max : f32
    } -> tensor<4xf32>
    ```

    Fails if an operation could not be lowered; the reasons for all of them are
    given.
  }];
  let dependentDialects = ["nn::NnDialect", "::mlir::tensor::TensorDialect"];
}

#endif // IMPORT_PASSES
