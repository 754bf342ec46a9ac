// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @perm_is_no_permutation(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  // expected-error @+1 {{Transpose has a `perm` that is no permutation}}
  %y = onnx.Transpose(%x) {perm = array<i64: 1, 1>} : (tensor<4x4xf32>) -> (tensor<4x4xf32>)
  return %y : tensor<4x4xf32>
}
