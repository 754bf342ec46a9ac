// RUN: not tenon-opt %s --convert-onnx-to-nn 2>&1 | FileCheck %s

func.func @all_refusals_are_reported(%x: tensor<?x4xf32>, %y: tensor<4xf32>) -> (tensor<?x4xf32>, tensor<4xf32>) {
  // CHECK: node 'a': Relu has a tensor of unknown size: tensor<?x4xf32>
  %0 = onnx.Relu(%x) : (tensor<?x4xf32>) -> (tensor<?x4xf32>) loc("a")
  // CHECK: node 'b': Optional is not supported
  %1 = onnx.Optional(%y) : (tensor<4xf32>) -> (!onnx.optional<tensor<4xf32>>) loc("b")
  // CHECK: error: OptionalGetElement is not supported
  %2 = onnx.OptionalGetElement(%1) : (!onnx.optional<tensor<4xf32>>) -> (tensor<4xf32>)
  return %0, %2 : tensor<?x4xf32>, tensor<4xf32>
}
