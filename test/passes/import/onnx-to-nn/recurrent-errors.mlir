// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @input_of_two_dimensions(%x: tensor<2x3xf32>, %y: tensor<1x4x3xf32>, %z: tensor<1x4x4xf32>) -> tensor<2x1x1x4xf32> {
  // expected-error @+1 {{RNN expects an input of three dimensions}}
  %r0 = onnx.RNN(%x, %y, %z) {hidden_size = 4 : i64} : (tensor<2x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> (tensor<2x1x1x4xf32>)
  return %r0 : tensor<2x1x1x4xf32>
}

func.func @weights_for_other_gates(%x: tensor<2x1x3xf32>, %y: tensor<1x8x3xf32>, %z: tensor<1x8x4xf32>) -> tensor<2x1x1x4xf32> {
  // expected-error @+1 {{GRU has weights whose sizes do not fit}}
  %r0 = onnx.GRU(%x, %y, %z) {hidden_size = 4 : i64} : (tensor<2x1x3xf32>, tensor<1x8x3xf32>, tensor<1x8x4xf32>) -> (tensor<2x1x1x4xf32>)
  return %r0 : tensor<2x1x1x4xf32>
}

func.func @too_many_steps(%x: tensor<100000x1x3xf32>, %y: tensor<1x4x3xf32>, %z: tensor<1x4x4xf32>) -> tensor<100000x1x1x4xf32> {
  // expected-error @+1 {{RNN has 100000 steps; at most}}
  %r0 = onnx.RNN(%x, %y, %z) {hidden_size = 4 : i64} : (tensor<100000x1x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> (tensor<100000x1x1x4xf32>)
  return %r0 : tensor<100000x1x1x4xf32>
}

func.func @no_steps(%x: tensor<0x1x3xf32>, %y: tensor<1x4x3xf32>, %z: tensor<1x4x4xf32>) -> tensor<0x1x1x4xf32> {
  // expected-error @+1 {{RNN has no steps}}
  %r0 = onnx.RNN(%x, %y, %z) {hidden_size = 4 : i64} : (tensor<0x1x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> (tensor<0x1x1x4xf32>)
  return %r0 : tensor<0x1x1x4xf32>
}

func.func @coupled_gates(%x: tensor<2x1x3xf32>, %y: tensor<1x16x3xf32>, %z: tensor<1x16x4xf32>) -> tensor<2x1x1x4xf32> {
  // expected-error @+1 {{LSTM couples input and forget gates}}
  %r0 = onnx.LSTM(%x, %y, %z) {hidden_size = 4 : i64, input_forget = 1 : i64} : (tensor<2x1x3xf32>, tensor<1x16x3xf32>, tensor<1x16x4xf32>) -> (tensor<2x1x1x4xf32>)
  return %r0 : tensor<2x1x1x4xf32>
}

func.func @fewer_activations(%x: tensor<2x1x3xf32>, %y: tensor<1x12x3xf32>, %z: tensor<1x12x4xf32>) -> tensor<2x1x1x4xf32> {
  // expected-error @+1 {{GRU expects 2 activations}}
  %r0 = onnx.GRU(%x, %y, %z) {activations = ["Sigmoid"], hidden_size = 4 : i64} : (tensor<2x1x3xf32>, tensor<1x12x3xf32>, tensor<1x12x4xf32>) -> (tensor<2x1x1x4xf32>)
  return %r0 : tensor<2x1x1x4xf32>
}

func.func @unknown_activation(%x: tensor<2x1x3xf32>, %y: tensor<1x4x3xf32>, %z: tensor<1x4x4xf32>) -> tensor<2x1x1x4xf32> {
  // expected-error @+1 {{RNN has the activation step}}
  %r0 = onnx.RNN(%x, %y, %z) {activations = ["Step"], hidden_size = 4 : i64} : (tensor<2x1x3xf32>, tensor<1x4x3xf32>, tensor<1x4x4xf32>) -> (tensor<2x1x1x4xf32>)
  return %r0 : tensor<2x1x1x4xf32>
}
