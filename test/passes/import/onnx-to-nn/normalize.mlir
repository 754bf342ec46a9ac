// RUN: tenon-opt %s --convert-onnx-to-nn --canonicalize | FileCheck %s

// CHECK-LABEL: @softmax_is_two_reductions_and_two_maps
func.func @softmax_is_two_reductions_and_two_maps(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // CHECK: %[[MAX:.*]] = nn.reduce parallel [2, 1] reduction [4]
  // CHECK: %[[EXP:.*]] = nn.map parallel [2, 4] ins(%arg0, %[[MAX]]
  // CHECK: %[[SUM:.*]] = nn.reduce parallel [2, 1] reduction [4] ins(%[[EXP]]
  // CHECK: nn.map parallel [2, 4] ins(%[[EXP]], %[[SUM]]
  // CHECK: arith.divf
  %y = onnx.Softmax(%x) : (tensor<2x4xf32>) -> (tensor<2x4xf32>)
  return %y : tensor<2x4xf32>
}

// Factor and shift depend on parameters only: they are vectors of channels.
// CHECK-LABEL: @batch_normalization_is_one_multiplication_and_one_addition
func.func @batch_normalization_is_one_multiplication_and_one_addition(%x: tensor<1x3x8xf32>, %p: tensor<3xf32>) -> tensor<1x3x8xf32> {
  // CHECK: nn.map parallel [3]
  // CHECK: nn.map parallel [3]
  // CHECK: nn.map parallel [1, 3, 8]
  // CHECK: arith.mulf
  // CHECK-NEXT: arith.addf
  // CHECK-NEXT: nn.yield
  %y = onnx.BatchNormalization(%x, %p, %p, %p, %p) : (tensor<1x3x8xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<1x3x8xf32>)
  return %y : tensor<1x3x8xf32>
}
