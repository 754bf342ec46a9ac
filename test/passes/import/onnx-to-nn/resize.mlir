// RUN: tenon-opt %s --convert-onnx-to-nn | FileCheck %s

// CHECK-DAG: #[[UP:.*]] = affine_map<(d0) -> (d0 floordiv 2)>
// CHECK-DAG: #[[DOWN:.*]] = affine_map<(d0) -> (d0 * 2 + 1)>

// CHECK-LABEL: @nearest_by_integer_factors_is_a_move
func.func @nearest_by_integer_factors_is_a_move(%x: tensor<4xf32>) -> (tensor<8xf32>, tensor<2xf32>) {
  // CHECK: nn.map parallel [8] {{.*}} maps [#[[UP]]
  // CHECK: nn.map parallel [2] {{.*}} maps [#[[DOWN]]
  %two = arith.constant dense<2.0> : tensor<1xf32>
  %half = arith.constant dense<0.5> : tensor<1xf32>
  %up = onnx.Resize(%x, _, %two) {mode = "nearest", coordinate_transformation_mode = "asymmetric", nearest_mode = "floor"} : (tensor<4xf32>, tensor<1xf32>) -> (tensor<8xf32>)
  %down = onnx.Resize(%x, _, %half) {mode = "nearest", nearest_mode = "ceil"} : (tensor<4xf32>, tensor<1xf32>) -> (tensor<2xf32>)
  return %up, %down : tensor<8xf32>, tensor<2xf32>
}

// CHECK-LABEL: @linear_reads_two_taps
func.func @linear_reads_two_taps(%x: tensor<2xf32>) -> tensor<4xf32> {
  // CHECK-DAG: %[[INDICES:.*]] = arith.constant dense<{{\[}}[0, 0, 0, 1], [0, 1, 1, 1]]> : tensor<2x4xi64>
  // CHECK-DAG: %[[WEIGHTS:.*]] = arith.constant dense<{{.*}}> : tensor<2x4xf32>
  // CHECK: nn.gather parallel [4] ins(%arg0, %arg0, %[[WEIGHTS]], %[[WEIGHTS]] {{.*}} indices(%[[INDICES]], %[[INDICES]]
  %two = arith.constant dense<2.0> : tensor<1xf32>
  %y = onnx.Resize(%x, _, %two) {mode = "linear"} : (tensor<2xf32>, tensor<1xf32>) -> (tensor<4xf32>)
  return %y : tensor<4xf32>
}

// CHECK-LABEL: @unknown_scales_give_computed_tables
func.func @unknown_scales_give_computed_tables(%x: tensor<2xf32>, %scales: tensor<1xf32>) -> tensor<4xf32> {
  // CHECK: %[[PLACES:.*]] = nn.map parallel [1, 4]
  // CHECK: %[[INDICES:.*]] = nn.map parallel [1, 4] ins(%[[PLACES]]
  // CHECK: nn.gather parallel [4] {{.*}} indices(%[[INDICES]]
  %y = onnx.Resize(%x, _, %scales) {mode = "nearest"} : (tensor<2xf32>, tensor<1xf32>) -> (tensor<4xf32>)
  return %y : tensor<4xf32>
}

// CHECK-LABEL: @unknown_region_of_interest
func.func @unknown_region_of_interest(%x: tensor<4xf32>, %roi: tensor<2xf64>) -> tensor<2xf32> {
  // CHECK: %[[PLACES:.*]] = nn.map parallel [1, 2] ins(%arg1, %arg1 :
  // CHECK: %[[INSIDE:.*]] = nn.map parallel [1, 2] ins(%[[PLACES]] {{.*}} tensor<1x2xi1>
  // CHECK: nn.gather parallel [2] ins(%arg0, %[[INSIDE]]
  %half = arith.constant dense<0.5> : tensor<1xf32>
  %y = onnx.Resize(%x, %roi, %half) {mode = "nearest", coordinate_transformation_mode = "tf_crop_and_resize"} : (tensor<4xf32>, tensor<2xf64>, tensor<1xf32>) -> (tensor<2xf32>)
  return %y : tensor<2xf32>
}
