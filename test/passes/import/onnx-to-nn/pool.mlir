// RUN: tenon-opt %s --convert-onnx-to-nn --canonicalize | FileCheck %s

// CHECK-LABEL: @max_pool_starts_at_the_lowest_value
func.func @max_pool_starts_at_the_lowest_value(%x: tensor<1x2x4xi8>) -> tensor<1x2x2xi8> {
  // CHECK: nn.reduce parallel [1, 2, 2] reduction [2] {{.*}} init [-128 : i8]
  // CHECK: arith.maxsi
  %y = onnx.MaxPool(%x) {kernel_shape = array<i64: 2>, strides = array<i64: 2>} : (tensor<1x2x4xi8>) -> (tensor<1x2x2xi8>)
  return %y : tensor<1x2x2xi8>
}

// CHECK-LABEL: @max_pool_with_indices
func.func @max_pool_with_indices(%x: tensor<1x2x4xf32>) -> (tensor<1x2x2xf32>, tensor<1x2x2xi64>) {
  // CHECK: nn.reduce {{.*}} init [0xFF800000 : f32, -1]
  // CHECK: nn.index 2
  %y, %i = onnx.MaxPool(%x) {kernel_shape = array<i64: 2>, strides = array<i64: 2>} : (tensor<1x2x4xf32>) -> (tensor<1x2x2xf32>, tensor<1x2x2xi64>)
  return %y, %i : tensor<1x2x2xf32>, tensor<1x2x2xi64>
}

// CHECK-LABEL: @average_of_equal_counts
func.func @average_of_equal_counts(%x: tensor<1x2x4xf32>) -> tensor<1x2x2xf32> {
  // CHECK: arith.constant 5.0
  // CHECK: arith.mulf
  %y = onnx.AveragePool(%x) {kernel_shape = array<i64: 2>, strides = array<i64: 2>} : (tensor<1x2x4xf32>) -> (tensor<1x2x2xf32>)
  return %y : tensor<1x2x2xf32>
}

// CHECK-LABEL: @average_without_pads_reads_a_table
func.func @average_without_pads_reads_a_table(%x: tensor<1x2x4xf32>) -> tensor<1x2x4xf32> {
  // CHECK: %[[TABLE:.*]] = arith.constant dense<[5.000000e-01, 0.333333343, 0.333333343, 5.000000e-01]>
  // CHECK: nn.reduce {{.*}} extras(%[[TABLE]] : tensor<4xf32>)
  %y = onnx.AveragePool(%x) {kernel_shape = array<i64: 3>, pads = array<i64: 1, 1>} : (tensor<1x2x4xf32>) -> (tensor<1x2x4xf32>)
  return %y : tensor<1x2x4xf32>
}
