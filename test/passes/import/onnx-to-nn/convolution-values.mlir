// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @conv
// CHECK{LITERAL}: dense<[[[-5.000000e-01, 2.500000e+00, 1.150000e+01], [2.200000e+01, 3.000000e+01, 8.000000e+00]]]> : tensor<1x2x3xf32>
func.func @conv() -> tensor<1x2x3xf32> {
  %x = arith.constant dense<[[[0.0, 1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0, 9.0]]]> : tensor<1x2x5xf32>
  %y = arith.constant dense<[[[1.0, 2.0, -1.0]], [[0.0, 1.0, 3.0]]]> : tensor<2x1x3xf32>
  %z = arith.constant dense<[0.5, -1.0]> : tensor<2xf32>
  %r = onnx.Conv(%x, %y, %z) {group = 2 : i64, strides = array<i64: 2>, pads = array<i64: 1, 1>} : (tensor<1x2x5xf32>, tensor<2x1x3xf32>, tensor<2xf32>) -> (tensor<1x2x3xf32>)
  return %r : tensor<1x2x3xf32>
}

// CHECK-LABEL: @dilated_conv
// CHECK{LITERAL}: dense<[[[[2.000000e+01, 3.600000e+01, 4.300000e+01, 1.800000e+01], [3.800000e+01, 6.800000e+01, 7.800000e+01, 3.200000e+01], [6.200000e+01, 1.080000e+02, 1.180000e+02, 4.800000e+01], [1.800000e+01, 2.800000e+01, 3.100000e+01, 1.000000e+01]]]]> : tensor<1x1x4x4xf32>
func.func @dilated_conv() -> tensor<1x1x4x4xf32> {
  %x = arith.constant dense<[[[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0], [8.0, 9.0, 10.0, 11.0], [12.0, 13.0, 14.0, 15.0]]]]> : tensor<1x1x4x4xf32>
  %y = arith.constant dense<[[[[1.0, 2.0], [3.0, 4.0]]]]> : tensor<1x1x2x2xf32>
  %r = onnx.Conv(%x, %y) {dilations = array<i64: 2, 2>, auto_pad = "SAME_UPPER"} : (tensor<1x1x4x4xf32>, tensor<1x1x2x2xf32>) -> (tensor<1x1x4x4xf32>)
  return %r : tensor<1x1x4x4xf32>
}

// CHECK-LABEL: @conv_transpose
// CHECK{LITERAL}: dense<[[[2.500000e+00, 4.500000e+00, 4.500000e+00, 1.050000e+01, 5.000000e-01]]]> : tensor<1x1x5xf32>
func.func @conv_transpose() -> tensor<1x1x5xf32> {
  %x = arith.constant dense<[[[1.0, 2.0], [3.0, 4.0]]]> : tensor<1x2x2xf32>
  %y = arith.constant dense<[[[1.0, 2.0, 3.0]], [[-1.0, 0.0, 1.0]]]> : tensor<2x1x3xf32>
  %z = arith.constant dense<[0.5]> : tensor<1xf32>
  %r = onnx.ConvTranspose(%x, %y, %z) {strides = array<i64: 2>, pads = array<i64: 1, 0>, output_padding = array<i64: 1>} : (tensor<1x2x2xf32>, tensor<2x1x3xf32>, tensor<1xf32>) -> (tensor<1x1x5xf32>)
  return %r : tensor<1x1x5xf32>
}
