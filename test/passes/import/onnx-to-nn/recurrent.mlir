// RUN: tenon-opt %s --convert-onnx-to-nn --split-input-file -verify-diagnostics | FileCheck %s

// CHECK-DAG: #[[INPUT:.*]] = affine_map<(d0, d1, d2) -> (0, d0, d1)>
// CHECK-DAG: #[[SECOND:.*]] = affine_map<(d0, d1, d2) -> (1, d0, d1)>
// CHECK-LABEL: @a_step_is_a_product_with_the_activation_behind_it
func.func @a_step_is_a_product_with_the_activation_behind_it(%x: tensor<2x1x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<1x1x4xf32> {
  // CHECK: %[[GATES:.*]] = nn.contract parallel [2, 1, 4] reduction [3]
  // CHECK: %[[H1:.*]] = nn.contract parallel [1, 4] reduction [4] {{.*}} extras(%[[GATES]] {{.*}} #[[INPUT]]
  // CHECK: math.tanh
  // CHECK: %[[H2:.*]] = nn.contract parallel [1, 4] reduction [4] ins(%[[H1]], {{.*}} extras(%[[GATES]] {{.*}} #[[SECOND]]
  // CHECK: math.tanh
  %h = onnx.RNN(%x, %w, %r) {hidden_size = 4 : i64} : (tensor<2x1x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> (_, tensor<1x1x4xf32>)
  return %h : tensor<1x1x4xf32>
}

// -----

func.func @unknown_activation(%x: tensor<2x1x3xf32>, %w: tensor<1x4x3xf32>, %r: tensor<1x4x4xf32>) -> tensor<1x1x4xf32> {
  // expected-error @+1 {{RNN has the activation swish}}
  %h = onnx.RNN(%x, %w, %r) {hidden_size = 4 : i64, activations = ["Swish"]} : (tensor<2x1x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> (_, tensor<1x1x4xf32>)
  return %h : tensor<1x1x4xf32>
}
