// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @more_terms_than_inputs(%x: tensor<2x3xf32>, %y: tensor<3x4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{Einsum expects a term of the equation an input}}
  %r0 = onnx.Einsum(%x, %y) {equation = "ij,jk,kl->il"} : (tensor<2x3xf32>, tensor<3x4xf32>) -> (tensor<2x4xf32>)
  return %r0 : tensor<2x4xf32>
}

func.func @term_of_another_rank(%x: tensor<2x3xf32>, %y: tensor<3x4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{Einsum has a term that does not fit its input: ijk}}
  %r0 = onnx.Einsum(%x, %y) {equation = "ijk,jk->ik"} : (tensor<2x3xf32>, tensor<3x4xf32>) -> (tensor<2x4xf32>)
  return %r0 : tensor<2x4xf32>
}

func.func @result_of_another_rank(%x: tensor<2x3xf32>, %y: tensor<3x4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{Einsum has a result that does not fit the equation}}
  %r0 = onnx.Einsum(%x, %y) {equation = "ij,jk->i"} : (tensor<2x3xf32>, tensor<3x4xf32>) -> (tensor<2x4xf32>)
  return %r0 : tensor<2x4xf32>
}
