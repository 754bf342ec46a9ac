// RUN: tenon-opt %s --convert-onnx-to-nn --split-input-file -verify-diagnostics | FileCheck %s

// CHECK-DAG: #[[ROWS:.*]] = affine_map<(d0, d1)[s0] -> (s0, d1)>
// CHECK-LABEL: @negative_indices_count_from_the_end
func.func @negative_indices_count_from_the_end(%x: tensor<5x4xf32>, %i: tensor<3xi64>) -> tensor<3x4xf32> {
  // CHECK: %[[INDICES:.*]] = nn.map parallel [3] ins(%arg1
  // CHECK: arith.select
  // CHECK: nn.gather parallel [3, 4] {{.*}} indices(%[[INDICES]] : tensor<3xi64>) {{.*}} maps [#[[ROWS]]
  %y = onnx.Gather(%x, %i) : (tensor<5x4xf32>, tensor<3xi64>) -> (tensor<3x4xf32>)
  return %y : tensor<3x4xf32>
}

// -----

// CHECK-LABEL: @one_known_index_is_a_slice
func.func @one_known_index_is_a_slice(%x: tensor<5x4xf32>) -> tensor<4xf32> {
  // CHECK: %[[ROW:.*]] = nn.map parallel [1, 4]
  // CHECK: nn.reshape %[[ROW]] : tensor<1x4xf32> -> tensor<4xf32>
  %i = arith.constant dense<-2> : tensor<i64>
  %y = onnx.Gather(%x, %i) : (tensor<5x4xf32>, tensor<i64>) -> (tensor<4xf32>)
  return %y : tensor<4xf32>
}

// -----

// CHECK-LABEL: @scatter_reduces_the_updates_of_a_place
func.func @scatter_reduces_the_updates_of_a_place(%x: tensor<5xf32>, %i: tensor<3xi64>, %u: tensor<3xf32>) -> tensor<5xf32> {
  // CHECK: nn.reduce parallel [5] reduction [3] ins(%arg2, %arg1 {{.*}} extras(%arg0
  // CHECK: nn.index 0
  %y = onnx.ScatterElements(%x, %i, %u) : (tensor<5xf32>, tensor<3xi64>, tensor<3xf32>) -> (tensor<5xf32>)
  return %y : tensor<5xf32>
}

// -----

func.func @known_index_is_out_of_range(%x: tensor<5xf32>) -> tensor<f32> {
  %i = arith.constant dense<5> : tensor<i64>
  // expected-error @+1 {{Gather has an index out of range}}
  %y = onnx.Gather(%x, %i) : (tensor<5xf32>, tensor<i64>) -> (tensor<f32>)
  return %y : tensor<f32>
}
