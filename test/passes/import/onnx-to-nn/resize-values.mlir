// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @resize
// CHECK{LITERAL}: dense<[[[1.000000e+00, 3.000000e+00]]]> : tensor<1x1x2xf32>
func.func @resize() -> tensor<1x1x2xf32> {
  %x = arith.constant dense<[[[1.0, 2.0, 3.0, 4.0]]]> : tensor<1x1x4xf32>
  %z = arith.constant dense<[1.0, 1.0, 0.5]> : tensor<3xf32>
  %r = onnx.Resize(%x, _, %z) {mode = "linear", coordinate_transformation_mode = "asymmetric"} : (tensor<1x1x4xf32>, tensor<3xf32>) -> (tensor<1x1x2xf32>)
  return %r : tensor<1x1x2xf32>
}

// CHECK-LABEL: @resize_to_sizes
// CHECK{LITERAL}: dense<[[[1.000000e+00, 1.500000e+00, 2.500000e+00, 3.000000e+00]]]> : tensor<1x1x4xf32>
func.func @resize_to_sizes() -> tensor<1x1x4xf32> {
  %x = arith.constant dense<[[[1.0, 3.0]]]> : tensor<1x1x2xf32>
  %a = arith.constant dense<[1, 1, 4]> : tensor<3xi64>
  %r = onnx.Resize(%x, _, _, %a) {mode = "linear"} : (tensor<1x1x2xf32>, tensor<3xi64>) -> (tensor<1x1x4xf32>)
  return %r : tensor<1x1x4xf32>
}

// CHECK-LABEL: @resize_nearest
// CHECK{LITERAL}: dense<[[[1.000000e+00, 2.000000e+00, 3.000000e+00, 3.000000e+00, 4.000000e+00, 4.000000e+00]]]> : tensor<1x1x6xf32>
func.func @resize_nearest() -> tensor<1x1x6xf32> {
  %x = arith.constant dense<[[[1.0, 2.0, 3.0, 4.0]]]> : tensor<1x1x4xf32>
  %a = arith.constant dense<[1, 1, 6]> : tensor<3xi64>
  %r = onnx.Resize(%x, _, _, %a) {mode = "nearest", coordinate_transformation_mode = "half_pixel", nearest_mode = "ceil"} : (tensor<1x1x4xf32>, tensor<3xi64>) -> (tensor<1x1x6xf32>)
  return %r : tensor<1x1x6xf32>
}
