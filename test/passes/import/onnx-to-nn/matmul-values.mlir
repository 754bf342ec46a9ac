// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @matmul
// CHECK{LITERAL}: dense<[[[1.000000e+00, 2.000000e+00]], [[1.000000e+00, 6.000000e+00]]]> : tensor<2x1x2xf32>
func.func @matmul() -> tensor<2x1x2xf32> {
  %x = arith.constant dense<[[[0.0, 1.0]], [[2.0, 3.0]]]> : tensor<2x1x2xf32>
  %y = arith.constant dense<[[-1.0, 0.0], [1.0, 2.0]]> : tensor<2x2xf32>
  %r = onnx.MatMul(%x, %y) : (tensor<2x1x2xf32>, tensor<2x2xf32>) -> (tensor<2x1x2xf32>)
  return %r : tensor<2x1x2xf32>
}

// CHECK-LABEL: @gemm
// CHECK{LITERAL}: dense<[[2.050000e+01, 4.250000e+01, 6.750000e+01], [2.100000e+01, 4.300000e+01, 7.100000e+01]]> : tensor<2x3xf32>
func.func @gemm() -> tensor<2x3xf32> {
  %x = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %y = arith.constant dense<[[1.0, 0.0], [-1.0, 2.0], [3.0, 4.0]]> : tensor<3x2xf32>
  %z = arith.constant dense<[10.0, 20.0, 30.0]> : tensor<3xf32>
  %r = onnx.Gemm(%x, %y, %z) {alpha = 0.5 : f32, beta = 2.0 : f32, transA = 1 : i64, transB = 1 : i64} : (tensor<2x2xf32>, tensor<3x2xf32>, tensor<3xf32>) -> (tensor<2x3xf32>)
  return %r : tensor<2x3xf32>
}
