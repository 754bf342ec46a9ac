//===- Passes.td - Passes of the import stage --------------*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef IMPORT_PASSES
#define IMPORT_PASSES

include "mlir/Pass/PassBase.td"

def OnnxInferShapesPass : Pass<"infer-shapes", "mlir::func::FuncOp"> {
  let summary = "Infer types of onnx operations and fold what is known";
  let description = [{
    Walks the operations in order and asks ONNX's own inference for the types of
    their results (dialects/onnx/Inference.h). Integers that follow from static
    shapes, and small results of constants (evaluated by the operator's own
    lowering), become constants on the way, so that what depends on them becomes
    static, too:

    ```mlir
    %s = onnx.Shape(%x) : (tensor<2x8xf32>) -> (tensor<2xi64>)
    %y = onnx.Reshape(%z, %s) : (tensor<16xf32>, tensor<2xi64>) -> (tensor<*xf32>)
    // becomes
    %s = arith.constant dense<[2, 8]> : tensor<2xi64>
    %y = onnx.Reshape(%z, %s) : (tensor<16xf32>, tensor<2xi64>) -> (tensor<2x8xf32>)
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "nn::NnDialect",
                           "::mlir::tensor::TensorDialect",
                           "::tenon::onnx::OnnxDialect"];
  let statistics = [
    Statistic<"numFolded", "num-folded", "Number of operations folded">,
  ];
}

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
    given. With `open-sizes`, it always fails, and nothing is said of operations
    on tensors of unknown size or without a lowering: `tenon inspect` has told of
    the sizes and operators that are missing, and asks what else is refused.
  }];
  let options = [Option<
      "openSizes", "open-sizes", "bool", "false",
      "Do not report what follows from sizes that are not known yet">];
  let dependentDialects = ["nn::NnDialect", "::mlir::tensor::TensorDialect"];
}

def RecordQuantizationPass : Pass<"record-quantization", "::mlir::ModuleOp"> {
  let summary = "Write down what the integers of inputs and outputs mean";
  let description = [{
    Scale and zero point of a DequantizeLinear that reads an input, or of the
    QuantizeLinear that makes an output, become attributes of the argument or
    result. See RecordQuantization.cpp.
  }];
}

def RecordInterfacePass : Pass<"record-interface", "::mlir::ModuleOp"> {
  let summary = "Write down what callers will see of the model";
  let description = [{
    Names, identifiers and types of inputs and outputs become attributes of the
    module, and the function gets the model's name.
    See RecordInterface.cpp.
  }];
  let options = [
    Option<"name", "name", "std::string", /*default=*/"",
           "The model's name; empty: made from the function's">
  ];
  let dependentDialects = ["tenon::kernel::KernelDialect"];
}

#endif // IMPORT_PASSES
