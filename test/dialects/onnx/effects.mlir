// RUN: tenon-opt %s -cse | FileCheck %s

// CHECK-LABEL: @equal_operations_are_one
func.func @equal_operations_are_one(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK-COUNT-1: onnx.Relu
  // CHECK-NOT: onnx.Relu
  %a = onnx.Relu(%x) : (tensor<4xf32>) -> (tensor<4xf32>)
  %b = onnx.Relu(%x) : (tensor<4xf32>) -> (tensor<4xf32>)
  return %a, %b : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: @random_numbers_stay_two
func.func @random_numbers_stay_two() -> (tensor<4xf32>, tensor<4xf32>) {
  // CHECK-COUNT-2: onnx.RandomNormal
  %a = onnx.RandomNormal() {shape = array<i64: 4>} : () -> (tensor<4xf32>)
  %b = onnx.RandomNormal() {shape = array<i64: 4>} : () -> (tensor<4xf32>)
  return %a, %b : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: @unused_subgraphs_are_dropped
func.func @unused_subgraphs_are_dropped(%c: tensor<i1>, %x: tensor<4xf32>) {
  // CHECK-NOT: onnx.If
  %r = onnx.If(%c) then_branch {
    onnx.Yield %x : tensor<4xf32>
  } else_branch {
    onnx.Yield %x : tensor<4xf32>
  } : (tensor<i1>) -> (tensor<4xf32>)
  return
}

// CHECK-LABEL: @subgraph_with_random_numbers_stays
func.func @subgraph_with_random_numbers_stays(%c: tensor<i1>, %x: tensor<4xf32>) {
  // CHECK: onnx.If
  %r = onnx.If(%c) then_branch {
    %a = onnx.RandomNormal() {shape = array<i64: 4>} : () -> (tensor<4xf32>)
    onnx.Yield %a : tensor<4xf32>
  } else_branch {
    onnx.Yield %x : tensor<4xf32>
  } : (tensor<i1>) -> (tensor<4xf32>)
  return
}
