// RUN: tenon-opt %s --convert-onnx-to-nn | FileCheck %s

// Four neighbours of two dimensions, each with an index and a weight.
// CHECK-LABEL: @bilinear
func.func @bilinear(%x: tensor<1x2x4x4xf32>, %grid: tensor<1x3x3x2xf32>) -> tensor<1x2x3x3xf32> {
  // CHECK: %[[ROWS:.*]] = nn.map parallel [2, 1, 3, 3]
  // CHECK: nn.gather parallel [1, 2, 3, 3] ins(%arg0, %arg0, %arg0, %arg0, {{.*}} indices(%[[ROWS]], %[[ROWS]], %[[COLUMNS:.*]], %[[COLUMNS]] :
  %y = onnx.GridSample(%x, %grid) : (tensor<1x2x4x4xf32>, tensor<1x3x3x2xf32>) -> (tensor<1x2x3x3xf32>)
  return %y : tensor<1x2x3x3xf32>
}
