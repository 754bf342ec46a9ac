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

// CHECK-LABEL: @resize_a_region
// CHECK: dense<[1.750000e+00, 3.500000e+00, 7.000000e+00, 9.000000e+00]> : tensor<4xf32>
func.func @resize_a_region() -> tensor<4xf32> {
  %x = arith.constant dense<[1.0, 2.0, 4.0, 8.0]> : tensor<4xf32>
  %roi = arith.constant dense<[0.25, 1.25]> : tensor<2xf32>
  %z = arith.constant dense<4> : tensor<1xi64>
  %r = onnx.Resize(%x, %roi, _, %z) {mode = "linear", coordinate_transformation_mode = "tf_crop_and_resize", extrapolation_value = 9.0 : f32} : (tensor<4xf32>, tensor<2xf32>, tensor<1xi64>) -> (tensor<4xf32>)
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @resize_cubic
// CHECK: dense<[1.10010{{.*}}, 2.718750e+00, 7.50372{{.*}}]> : tensor<3xf32>
func.func @resize_cubic() -> tensor<3xf32> {
  %x = arith.constant dense<[1.0, 2.0, 4.0, 8.0]> : tensor<4xf32>
  %z = arith.constant dense<0.75> : tensor<1xf32>
  %r = onnx.Resize(%x, _, %z) {mode = "cubic", exclude_outside = 1 : i64} : (tensor<4xf32>, tensor<1xf32>) -> (tensor<3xf32>)
  return %r : tensor<3xf32>
}

// CHECK-LABEL: @resize_against_aliasing
// CHECK: dense<[1.750000e+00, 5.750000e+00]> : tensor<2xf32>
func.func @resize_against_aliasing() -> tensor<2xf32> {
  %x = arith.constant dense<[1.0, 2.0, 4.0, 8.0]> : tensor<4xf32>
  %z = arith.constant dense<0.5> : tensor<1xf32>
  %r = onnx.Resize(%x, _, %z) {mode = "linear", antialias = 1 : i64} : (tensor<4xf32>, tensor<1xf32>) -> (tensor<2xf32>)
  return %r : tensor<2xf32>
}
