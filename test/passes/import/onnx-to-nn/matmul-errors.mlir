// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @number_times_vector(%x: tensor<f32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{MatMul has an operand without dimensions}}
  %r0 = onnx.MatMul(%x, %y) : (tensor<f32>, tensor<4xf32>) -> (tensor<4xf32>)
  return %r0 : tensor<4xf32>
}

func.func @gemm_of_a_batch(%x: tensor<1x2x4xf32>, %y: tensor<4x2xf32>) -> tensor<2x2xf32> {
  // expected-error @+1 {{Gemm expects matrices}}
  %r0 = onnx.Gemm(%x, %y) : (tensor<1x2x4xf32>, tensor<4x2xf32>) -> (tensor<2x2xf32>)
  return %r0 : tensor<2x2xf32>
}
