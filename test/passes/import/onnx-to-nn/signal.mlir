// RUN: tenon-opt %s --convert-onnx-to-nn | FileCheck %s

// CHECK-LABEL: @transform_is_a_product_with_a_table
func.func @transform_is_a_product_with_a_table(%x: tensor<1x4x1xf32>) -> tensor<1x3x2xf32> {
  // CHECK: %[[TABLE:.*]] = arith.constant dense<{{.*}}> : tensor<3x4x2x1xf32>
  // CHECK: nn.contract parallel [1, 3, 2] reduction [4, 1] ins(%arg0, %[[TABLE]]
  %y = onnx.DFT(%x) {onesided = 1 : i64} : (tensor<1x4x1xf32>) -> (tensor<1x3x2xf32>)
  return %y : tensor<1x3x2xf32>
}

// CHECK-LABEL: @computed_axis_chooses_a_transform
func.func @computed_axis_chooses_a_transform(%x: tensor<4x4x1xf32>, %axis: tensor<i64>) -> tensor<4x4x2xf32> {
  // CHECK: %[[FIRST:.*]] = nn.contract parallel [4, 4, 2] reduction [4, 1]
  // CHECK: %[[SECOND:.*]] = nn.contract parallel [4, 4, 2] reduction [4, 1]
  // CHECK: nn.map parallel [4, 4, 2] ins(%arg1, %[[SECOND]], %[[FIRST]]
  %y = onnx.DFT(%x, _, %axis) : (tensor<4x4x1xf32>, tensor<i64>) -> (tensor<4x4x2xf32>)
  return %y : tensor<4x4x2xf32>
}
