// RUN: tenon-opt %s --convert-onnx-to-nn --split-input-file | FileCheck %s

// CHECK-DAG: #[[X:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, d2 * 2 + d5 - 1, d3 + d6 * 2 - 1)>
// CHECK-DAG: #[[W:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d4, d5, d6)>
// CHECK-DAG: #[[B:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1)>
// CHECK-DAG: #[[Y:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>
// CHECK-LABEL: @strides_dilations_and_pads_go_into_the_map
func.func @strides_dilations_and_pads_go_into_the_map(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>, %b: tensor<4xf32>) -> tensor<1x4x4x5xf32> {
  // CHECK: nn.contract parallel [1, 4, 4, 5] reduction [3, 3, 3]
  // CHECK-SAME: maps [#[[X]], #[[W]], #[[B]], #[[Y]]]
  // CHECK: arith.addf
  %y = onnx.Conv(%x, %w, %b) {strides = array<i64: 2, 1>, dilations = array<i64: 1, 2>, pads = array<i64: 1, 1, 0, 0>} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> (tensor<1x4x4x5xf32>)
  return %y : tensor<1x4x4x5xf32>
}

// -----

// Each group has one input and one output channel: one loop for both.
// CHECK-DAG: affine_map<(d0, d1, d2, d3) -> (d0, d1, d2 + d3 - 1)>
// CHECK-DAG: affine_map<(d0, d1, d2, d3) -> (d1, 0, d3)>
// CHECK-LABEL: @depthwise
func.func @depthwise(%x: tensor<1x4x8xf32>, %w: tensor<4x1x3xf32>) -> tensor<1x4x8xf32> {
  // CHECK: nn.contract parallel [1, 4, 8] reduction [3]
  %y = onnx.Conv(%x, %w) {group = 4 : i64, auto_pad = "SAME_UPPER"} : (tensor<1x4x8xf32>, tensor<4x1x3xf32>) -> (tensor<1x4x8xf32>)
  return %y : tensor<1x4x8xf32>
}

// -----

// CHECK-DAG: affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1 * 2 + d4, d3 + d5)>
// CHECK-DAG: affine_map<(d0, d1, d2, d3, d4, d5) -> (d1 * 3 + d2, d4, d5)>
// CHECK-DAG: affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1 * 3 + d2, d3)>
// CHECK-LABEL: @groups_are_a_loop
func.func @groups_are_a_loop(%x: tensor<1x4x8xf32>, %w: tensor<6x2x3xf32>) -> tensor<1x6x6xf32> {
  // CHECK: nn.contract parallel [1, 2, 3, 6] reduction [2, 3]
  %y = onnx.Conv(%x, %w) {group = 2 : i64} : (tensor<1x4x8xf32>, tensor<6x2x3xf32>) -> (tensor<1x6x6xf32>)
  return %y : tensor<1x6x6xf32>
}

// -----

// CHECK-DAG: #[[EVEN:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2 * 2)>
// CHECK-DAG: #[[ODD:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2 * 2 + 1)>
// CHECK-LABEL: @phases_of_a_transposed_convolution
func.func @phases_of_a_transposed_convolution(%x: tensor<1x3x4xf32>, %w: tensor<3x2x3xf32>) -> tensor<1x2x9xf32> {
  // CHECK: %[[FIRST:.*]] = nn.contract parallel [1, 2, 5] reduction [3, 2] {{.*}} maps [{{.*}}, #[[EVEN]]]
  // CHECK: nn.contract parallel [1, 2, 4] reduction [3, 1] {{.*}} outs(%[[FIRST]] : {{.*}} maps [{{.*}}, #[[ODD]]]
  %y = onnx.ConvTranspose(%x, %w) {strides = array<i64: 2>} : (tensor<1x3x4xf32>, tensor<3x2x3xf32>) -> (tensor<1x2x9xf32>)
  return %y : tensor<1x2x9xf32>
}
