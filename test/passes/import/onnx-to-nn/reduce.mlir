// RUN: tenon-opt %s --convert-onnx-to-nn --canonicalize | FileCheck %s

// CHECK-DAG: #[[KEPT:.*]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-LABEL: @mean_over_the_last_axis
func.func @mean_over_the_last_axis(%x: tensor<2x4xf32>) -> tensor<2x1xf32> {
  // CHECK: nn.reduce parallel [2, 1] reduction [4] {{.*}} maps [#[[KEPT]]
  // CHECK: arith.addf
  // CHECK: arith.mulf
  %axes = arith.constant dense<-1> : tensor<1xi64>
  %y = onnx.ReduceMean(%x, %axes) : (tensor<2x4xf32>, tensor<1xi64>) -> (tensor<2x1xf32>)
  return %y : tensor<2x1xf32>
}

// CHECK-LABEL: @axes_follow_from_the_shapes
func.func @axes_follow_from_the_shapes(%x: tensor<2x3x4xf32>, %axes: tensor<1xi64>) -> tensor<2x4xf32> {
  // CHECK: nn.reduce parallel [2, 4] reduction [3]
  %y = onnx.ReduceSum(%x, %axes) {keepdims = 0 : i64} : (tensor<2x3x4xf32>, tensor<1xi64>) -> (tensor<2x4xf32>)
  return %y : tensor<2x4xf32>
}

// CHECK-LABEL: @arg_max_keeps_value_and_index
func.func @arg_max_keeps_value_and_index(%x: tensor<2x4xf32>) -> tensor<2xi64> {
  // CHECK: nn.reduce parallel [2] reduction [4] {{.*}} init [0xFF800000 : f32, 0]
  // CHECK: nn.index 1
  %y = onnx.ArgMax(%x) {axis = 1 : i64, keepdims = 0 : i64} : (tensor<2x4xf32>) -> (tensor<2xi64>)
  return %y : tensor<2xi64>
}

// Of the three axes, the last two leave a shape like the result's.
// CHECK-LABEL: @computed_axis_chooses_a_result
func.func @computed_axis_chooses_a_result(%x: tensor<3x2x2xf32>, %axis: tensor<1xi64>) -> tensor<3x2xf32> {
  // CHECK: %[[MIDDLE:.*]] = nn.reduce parallel [3, 2] reduction [2]
  // CHECK: %[[LAST:.*]] = nn.reduce parallel [3, 2] reduction [2]
  // CHECK: %[[AXIS:.*]] = nn.reshape %arg1
  // CHECK: nn.map parallel [3, 2] ins(%[[AXIS]], %[[LAST]], %[[MIDDLE]]
  // CHECK-NOT: nn.map
  // CHECK: return
  %y = onnx.ReduceMax(%x, %axis) {keepdims = 0 : i64} : (tensor<3x2x2xf32>, tensor<1xi64>) -> (tensor<3x2xf32>)
  return %y : tensor<3x2xf32>
}
