// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @pad
// CHECK{LITERAL}: dense<[[9.000000e+00, 9.000000e+00, 9.000000e+00, 9.000000e+00], [1.000000e+00, 2.000000e+00, 9.000000e+00, 9.000000e+00]]> : tensor<2x4xf32>
func.func @pad() -> tensor<2x4xf32> {
  %x = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %y = arith.constant dense<[1, 0, -1, 2]> : tensor<4xi64>
  %z = arith.constant dense<9.0> : tensor<f32>
  %r = onnx.Pad(%x, %y, %z) : (tensor<2x2xf32>, tensor<4xi64>, tensor<f32>) -> (tensor<2x4xf32>)
  return %r : tensor<2x4xf32>
}

// CHECK-LABEL: @pad_by_reflection
// CHECK: dense<[3.000000e+00, 2.000000e+00, 1.000000e+00, 2.000000e+00, 3.000000e+00, 2.000000e+00, 1.000000e+00]> : tensor<7xf32>
func.func @pad_by_reflection() -> tensor<7xf32> {
  %x = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %y = arith.constant dense<2> : tensor<2xi64>
  %a = arith.constant dense<[0]> : tensor<1xi64>
  %r = onnx.Pad(%x, %y, _, %a) {mode = "reflect"} : (tensor<3xf32>, tensor<2xi64>, tensor<1xi64>) -> (tensor<7xf32>)
  return %r : tensor<7xf32>
}

// CHECK-LABEL: @center_crop_pad
// CHECK{LITERAL}: dense<[[0.000000e+00, 0.000000e+00, 0.000000e+00], [1.000000e+00, 2.000000e+00, 3.000000e+00], [6.000000e+00, 7.000000e+00, 8.000000e+00], [0.000000e+00, 0.000000e+00, 0.000000e+00]]> : tensor<4x3xf32>
func.func @center_crop_pad() -> tensor<4x3xf32> {
  %x = arith.constant dense<[[0.0, 1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0, 9.0]]> : tensor<2x5xf32>
  %y = arith.constant dense<[4, 3]> : tensor<2xi64>
  %r = onnx.CenterCropPad(%x, %y) : (tensor<2x5xf32>, tensor<2xi64>) -> (tensor<4x3xf32>)
  return %r : tensor<4x3xf32>
}
