// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @constant
// CHECK: dense<[1.500000e+00, 2.500000e+00]> : tensor<2xf32>
func.func @constant() -> tensor<2xf32> {
  %r = onnx.Constant() {value = dense<[1.5, 2.5]> : tensor<2xf32>} : () -> (tensor<2xf32>)
  return %r : tensor<2xf32>
}

// CHECK-LABEL: @constant_of_shape
// CHECK: dense<7> : tensor<2x3xi32>
func.func @constant_of_shape() -> tensor<2x3xi32> {
  %x = arith.constant dense<[2, 3]> : tensor<2xi64>
  %r = onnx.ConstantOfShape(%x) {value = dense<[7]> : tensor<1xi32>} : (tensor<2xi64>) -> (tensor<2x3xi32>)
  return %r : tensor<2x3xi32>
}

// CHECK-LABEL: @eye_like
// CHECK{LITERAL}: dense<[[0.000000e+00, 1.000000e+00, 0.000000e+00, 0.000000e+00], [0.000000e+00, 0.000000e+00, 1.000000e+00, 0.000000e+00]]> : tensor<2x4xf32>
func.func @eye_like() -> tensor<2x4xf32> {
  %x = arith.constant dense<0> : tensor<2x4xi32>
  %r = onnx.EyeLike(%x) {k = 1 : i64, dtype = 1 : i64} : (tensor<2x4xi32>) -> (tensor<2x4xf32>)
  return %r : tensor<2x4xf32>
}

// CHECK-LABEL: @one_hot
// CHECK{LITERAL}: dense<[[2.000000e+00, 2.000000e+00, 5.000000e+00], [5.000000e+00, 2.000000e+00, 2.000000e+00], [2.000000e+00, 5.000000e+00, 2.000000e+00]]> : tensor<3x3xf32>
func.func @one_hot() -> tensor<3x3xf32> {
  %x = arith.constant dense<[1, -1, 0]> : tensor<3xi64>
  %y = arith.constant dense<3> : tensor<i64>
  %z = arith.constant dense<[2.0, 5.0]> : tensor<2xf32>
  %r = onnx.OneHot(%x, %y, %z) {axis = 0 : i64} : (tensor<3xi64>, tensor<i64>, tensor<2xf32>) -> (tensor<3x3xf32>)
  return %r : tensor<3x3xf32>
}

// CHECK-LABEL: @range
// CHECK: dense<[1.000000e+00, 2.500000e-01, -5.000000e-01, -1.250000e+00]> : tensor<4xf32>
func.func @range() -> tensor<4xf32> {
  %x = arith.constant dense<1.0> : tensor<f32>
  %y = arith.constant dense<-2.0> : tensor<f32>
  %z = arith.constant dense<-0.75> : tensor<f32>
  %r = onnx.Range(%x, %y, %z) : (tensor<f32>, tensor<f32>, tensor<f32>) -> (tensor<4xf32>)
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @shape
// CHECK: dense<[3, 4]> : tensor<2xi64>
func.func @shape() -> tensor<2xi64> {
  %x = arith.constant dense<0.0> : tensor<2x3x4x5xf32>
  %r = onnx.Shape(%x) {start = 1 : i64, end = -1 : i64} : (tensor<2x3x4x5xf32>) -> (tensor<2xi64>)
  return %r : tensor<2xi64>
}

// CHECK-LABEL: @size
// CHECK: dense<24> : tensor<i64>
func.func @size() -> tensor<i64> {
  %x = arith.constant dense<0.0> : tensor<2x3x4xf32>
  %r = onnx.Size(%x) : (tensor<2x3x4xf32>) -> (tensor<i64>)
  return %r : tensor<i64>
}

// CHECK-LABEL: @trilu
// CHECK{LITERAL}: dense<[[0, 2, 3, 4], [0, 0, 7, 8], [0, 0, 0, 12]]> : tensor<3x4xi32>
func.func @trilu() -> tensor<3x4xi32> {
  %x = arith.constant dense<[[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]> : tensor<3x4xi32>
  %y = arith.constant dense<1> : tensor<i64>
  %r = onnx.Trilu(%x, %y) {upper = 1 : i64} : (tensor<3x4xi32>, tensor<i64>) -> (tensor<3x4xi32>)
  return %r : tensor<3x4xi32>
}

// CHECK-LABEL: @lower_triangle
// CHECK{LITERAL}: dense<[[0, 0, 0, 0], [5, 0, 0, 0], [9, 10, 0, 0]]> : tensor<3x4xi32>
func.func @lower_triangle() -> tensor<3x4xi32> {
  %x = arith.constant dense<[[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]> : tensor<3x4xi32>
  %y = arith.constant dense<-1> : tensor<i64>
  %r = onnx.Trilu(%x, %y) {upper = 0 : i64} : (tensor<3x4xi32>, tensor<i64>) -> (tensor<3x4xi32>)
  return %r : tensor<3x4xi32>
}

// CHECK-LABEL: @affine_grid
// CHECK{LITERAL}: dense<[[[[-5.000000e-01, -2.500000e+00], [5.000000e-01, -2.500000e+00], [1.500000e+00, -2.500000e+00]], [[-5.000000e-01, 1.500000e+00], [5.000000e-01, 1.500000e+00], [1.500000e+00, 1.500000e+00]]]]> : tensor<1x2x3x2xf32>
func.func @affine_grid() -> tensor<1x2x3x2xf32> {
  %x = arith.constant dense<[[[1.0, 0.0, 0.5], [0.0, 2.0, -0.5]]]> : tensor<1x2x3xf32>
  %y = arith.constant dense<[1, 1, 2, 3]> : tensor<4xi64>
  %r = onnx.AffineGrid(%x, %y) {align_corners = 1 : i64} : (tensor<1x2x3xf32>, tensor<4xi64>) -> (tensor<1x2x3x2xf32>)
  return %r : tensor<1x2x3x2xf32>
}
