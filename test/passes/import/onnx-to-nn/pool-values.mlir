// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @max_pool
// CHECK{LITERAL}: dense<[[[[-5.000000e+00, -3.000000e+00, -2.000000e+00], [3.000000e+00, 5.000000e+00, 6.000000e+00], [7.000000e+00, 9.000000e+00, 1.000000e+01]]]]> : tensor<1x1x3x3xf32>
func.func @max_pool() -> tensor<1x1x3x3xf32> {
  %x = arith.constant dense<[[[[-5.0, -4.0, -3.0, -2.0], [-1.0, 0.0, 1.0, 2.0], [3.0, 4.0, 5.0, 6.0], [7.0, 8.0, 9.0, 10.0]]]]> : tensor<1x1x4x4xf32>
  %r = onnx.MaxPool(%x) {kernel_shape = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 1, 1, 1, 1>} : (tensor<1x1x4x4xf32>) -> (tensor<1x1x3x3xf32>)
  return %r : tensor<1x1x3x3xf32>
}

// NaN is the maximum, and has the index, where only it and where other elements are in the window.
// CHECK-LABEL: @max_pool_nan
// CHECK{LITERAL}: dense<[[[0x7FC00000, 4.000000e+00, 0x7FC00000]]]> : tensor<1x1x3xf32>
// CHECK{LITERAL}: dense<[[[0x7FC00000, 4.000000e+00, 0x7FC00000]]]> : tensor<1x1x3xf32>
// CHECK{LITERAL}: dense<[[[0, 3, 5]]]> : tensor<1x1x3xi64>
func.func @max_pool_nan() -> (tensor<1x1x3xf32>, tensor<1x1x3xf32>, tensor<1x1x3xi64>) {
  %x = arith.constant dense<[[[0x7FC00000, 2.0, 3.0, 4.0, 0x7FC00000, 0x7FC00000]]]> : tensor<1x1x6xf32>
  %a = onnx.MaxPool(%x) {kernel_shape = array<i64: 2>, strides = array<i64: 2>} : (tensor<1x1x6xf32>) -> (tensor<1x1x3xf32>)
  %b:2 = onnx.MaxPool(%x) {kernel_shape = array<i64: 2>, strides = array<i64: 2>} : (tensor<1x1x6xf32>) -> (tensor<1x1x3xf32>, tensor<1x1x3xi64>)
  return %a, %b#0, %b#1 : tensor<1x1x3xf32>, tensor<1x1x3xf32>, tensor<1x1x3xi64>
}

// CHECK-LABEL: @average_pool
// CHECK{LITERAL}: dense<[[[[-1.250000e+00, -1.750000e+00, -5.000000e-01], [5.000000e-01, 2.500000e+00, 2.000000e+00], [1.750000e+00, 4.250000e+00, 2.500000e+00]]]]> : tensor<1x1x3x3xf32>
func.func @average_pool() -> tensor<1x1x3x3xf32> {
  %x = arith.constant dense<[[[[-5.0, -4.0, -3.0, -2.0], [-1.0, 0.0, 1.0, 2.0], [3.0, 4.0, 5.0, 6.0], [7.0, 8.0, 9.0, 10.0]]]]> : tensor<1x1x4x4xf32>
  %r = onnx.AveragePool(%x) {kernel_shape = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 1, 1, 1, 1>, count_include_pad = 1 : i64} : (tensor<1x1x4x4xf32>) -> (tensor<1x1x3x3xf32>)
  return %r : tensor<1x1x3x3xf32>
}

// CHECK-LABEL: @max_pool_indices
// CHECK{LITERAL}: dense<[[[[6.000000e+00, 4.000000e+00], [1.000000e+01, 8.000000e+00]]]]> : tensor<1x1x2x2xf32>
// CHECK{LITERAL}: dense<[[[[2, 10], [3, 11]]]]> : tensor<1x1x2x2xi64>
func.func @max_pool_indices() -> (tensor<1x1x2x2xf32>, tensor<1x1x2x2xi64>) {
  %x = arith.constant dense<[[[[-2.0, -3.0, -4.0, -5.0], [2.0, 1.0, 0.0, -1.0], [6.0, 5.0, 4.0, 3.0], [10.0, 9.0, 8.0, 7.0]]]]> : tensor<1x1x4x4xf32>
  %r:2 = onnx.MaxPool(%x) {kernel_shape = array<i64: 2, 2>, strides = array<i64: 3, 2>, dilations = array<i64: 2, 1>, ceil_mode = 1 : i64, storage_order = 1 : i64} : (tensor<1x1x4x4xf32>) -> (tensor<1x1x2x2xf32>, tensor<1x1x2x2xi64>)
  return %r#0, %r#1 : tensor<1x1x2x2xf32>, tensor<1x1x2x2xi64>
}

// The last window starts in the input and leaves it; the pads that it covers count, what is behind them does not.
// CHECK-LABEL: @average_pool_ceil
// CHECK{LITERAL}: dense<[[[2.66666675, 4.33333349, 2.500000e+00]]]> : tensor<1x1x3xf32>
// CHECK{LITERAL}: dense<[[[4.000000e+00, 4.33333349, 5.000000e+00]]]> : tensor<1x1x3xf32>
func.func @average_pool_ceil() -> (tensor<1x1x3xf32>, tensor<1x1x3xf32>) {
  %x = arith.constant dense<[[[1.0, 7.0, 2.0, 4.0, 7.0, 5.0]]]> : tensor<1x1x6xf32>
  %a = onnx.AveragePool(%x) {kernel_shape = array<i64: 3>, strides = array<i64: 3>, pads = array<i64: 1, 1>, ceil_mode = 1 : i64, count_include_pad = 1 : i64} : (tensor<1x1x6xf32>) -> (tensor<1x1x3xf32>)
  %b = onnx.AveragePool(%x) {kernel_shape = array<i64: 3>, strides = array<i64: 3>, pads = array<i64: 1, 1>, ceil_mode = 1 : i64} : (tensor<1x1x6xf32>) -> (tensor<1x1x3xf32>)
  return %a, %b : tensor<1x1x3xf32>, tensor<1x1x3xf32>
}

// CHECK-LABEL: @lp_pool
// CHECK{LITERAL}: dense<[[[3.000000e+00, 5.000000e+00, 7.000000e+00]]]> : tensor<1x1x3xf32>
func.func @lp_pool() -> tensor<1x1x3xf32> {
  %x = arith.constant dense<[[[1.0, -2.0, 3.0, 4.0]]]> : tensor<1x1x4xf32>
  %r = onnx.LpPool(%x) {kernel_shape = array<i64: 2>, p = 1 : i64} : (tensor<1x1x4xf32>) -> (tensor<1x1x3xf32>)
  return %r : tensor<1x1x3xf32>
}

// CHECK-LABEL: @global_average_pool
// CHECK{LITERAL}: dense<[[[1.500000e+00], [3.500000e+00], [4.000000e+00]]]> : tensor<1x3x1xf32>
func.func @global_average_pool() -> tensor<1x3x1xf32> {
  %x = arith.constant dense<[[[1.0, 2.0], [3.0, 4.0], [8.0, 0.0]]]> : tensor<1x3x2xf32>
  %r = onnx.GlobalAveragePool(%x) : (tensor<1x3x2xf32>) -> (tensor<1x3x1xf32>)
  return %r : tensor<1x3x1xf32>
}

// CHECK-LABEL: @global_max_pool
// CHECK{LITERAL}: dense<[[[[2.000000e+00]], [[4.000000e+00]], [[8.000000e+00]]]]> : tensor<1x3x1x1xf32>
func.func @global_max_pool() -> tensor<1x3x1x1xf32> {
  %x = arith.constant dense<[[[[1.0, 2.0]], [[3.0, 4.0]], [[8.0, 0.0]]]]> : tensor<1x3x1x2xf32>
  %r = onnx.GlobalMaxPool(%x) : (tensor<1x3x1x2xf32>) -> (tensor<1x3x1x1xf32>)
  return %r : tensor<1x3x1x1xf32>
}

// CHECK-LABEL: @global_lp_pool
// CHECK{LITERAL}: dense<[[[5.000000e+00], [1.000000e+01]]]> : tensor<1x2x1xf32>
func.func @global_lp_pool() -> tensor<1x2x1xf32> {
  %x = arith.constant dense<[[[3.0, 4.0], [6.0, -8.0]]]> : tensor<1x2x2xf32>
  %r = onnx.GlobalLpPool(%x) {p = 2 : i64} : (tensor<1x2x2xf32>) -> (tensor<1x2x1xf32>)
  return %r : tensor<1x2x1xf32>
}
