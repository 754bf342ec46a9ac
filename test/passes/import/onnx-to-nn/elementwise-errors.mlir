// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @bitcast_to_another_width(%x: tensor<4xf32>) -> tensor<4xi16> {
  // expected-error @+1 {{BitCast changes the number of bits}}
  %r0 = onnx.BitCast(%x) {to = 4 : i64} : (tensor<4xf32>) -> (tensor<4xi16>)
  return %r0 : tensor<4xi16>
}

func.func @dropout_while_training(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c0 = arith.constant dense<0.5> : tensor<f32>
  %c1 = arith.constant dense<true> : tensor<i1>
  // expected-error @+1 {{Dropout training mode is not supported}}
  %r0 = onnx.Dropout(%x, %c0, %c1) : (tensor<4xf32>, tensor<f32>, tensor<i1>) -> (tensor<4xf32>)
  return %r0 : tensor<4xf32>
}

func.func @bits_of_codes(%x: tensor<4x!onnx.f8E8M0FNU>) -> tensor<4xui8> {
  // expected-error @+1 {{BitCast has a float that is stored as a code}}
  %y = onnx.BitCast(%x) {to = 2 : i64} : (tensor<4x!onnx.f8E8M0FNU>) -> (tensor<4xui8>)
  return %y : tensor<4xui8>
}
