// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @top_k
// CHECK{LITERAL}: dense<[[1.000000e+00, 3.000000e+00], [1.000000e+00, 1.000000e+00]]> : tensor<2x2xf32>
// CHECK{LITERAL}: dense<[[1, 0], [0, 2]]> : tensor<2x2xi64>
func.func @top_k() -> (tensor<2x2xf32>, tensor<2x2xi64>) {
  %x = arith.constant dense<[[3.0, 1.0, 4.0], [1.0, 5.0, 1.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[2]> : tensor<1xi64>
  %r:2 = onnx.TopK(%x, %y) {axis = 1 : i64, largest = 0 : i64} : (tensor<2x3xf32>, tensor<1xi64>) -> (tensor<2x2xf32>, tensor<2x2xi64>)
  return %r#0, %r#1 : tensor<2x2xf32>, tensor<2x2xi64>
}
