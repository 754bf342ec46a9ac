// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @grid_sample
// CHECK{LITERAL}: dense<[[[[1.000000e+00, 2.750000e+00, 3.000000e+00]]]]> : tensor<1x1x1x3xf32>
func.func @grid_sample() -> tensor<1x1x1x3xf32> {
  %x = arith.constant dense<[[[[0.0, 1.0], [2.0, 3.0]]]]> : tensor<1x1x2x2xf32>
  %y = arith.constant dense<[[[[-1.0, 0.0], [0.5, 1.0], [2.0, 2.0]]]]> : tensor<1x1x3x2xf32>
  %r = onnx.GridSample(%x, %y) {align_corners = 1 : i64, padding_mode = "border"} : (tensor<1x1x2x2xf32>, tensor<1x1x3x2xf32>) -> (tensor<1x1x1x3xf32>)
  return %r : tensor<1x1x1x3xf32>
}

// CHECK-LABEL: @nearest_sample
// CHECK{LITERAL}: dense<[[[[0.000000e+00, 4.000000e+00, 5.000000e+00]]]]> : tensor<1x1x1x3xf32>
func.func @nearest_sample() -> tensor<1x1x1x3xf32> {
  %x = arith.constant dense<[[[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]]]> : tensor<1x1x3x3xf32>
  %y = arith.constant dense<[[[[-1.0, -0.5], [0.0, 0.25], [1.5, 0.0]]]]> : tensor<1x1x3x2xf32>
  %r = onnx.GridSample(%x, %y) {mode = "nearest", align_corners = 1 : i64} : (tensor<1x1x3x3xf32>, tensor<1x1x3x2xf32>) -> (tensor<1x1x1x3xf32>)
  return %r : tensor<1x1x1x3xf32>
}
