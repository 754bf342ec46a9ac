// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @einsum
// CHECK{LITERAL}: dense<[[3.000000e+00, 9.000000e+00], [4.000000e+00, 1.400000e+01], [5.000000e+00, 1.900000e+01]]> : tensor<3x2xf32>
func.func @einsum() -> tensor<3x2xf32> {
  %x = arith.constant dense<[[0.0, 1.0], [2.0, 3.0]]> : tensor<2x2xf32>
  %y = arith.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %r = onnx.Einsum(%x, %y) {equation = "ij,jk->ki"} : (tensor<2x2xf32>, tensor<2x3xf32>) -> (tensor<3x2xf32>)
  return %r : tensor<3x2xf32>
}

// CHECK-LABEL: @diagonal
// CHECK: dense<[0.000000e+00, 4.000000e+00, 8.000000e+00]> : tensor<3xf32>
func.func @diagonal() -> tensor<3xf32> {
  %x = arith.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]> : tensor<3x3xf32>
  %r = onnx.Einsum(%x) {equation = "ii->i"} : (tensor<3x3xf32>) -> (tensor<3xf32>)
  return %r : tensor<3xf32>
}
