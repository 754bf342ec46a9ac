// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @empty_transform(%x: tensor<1x0x1xf32>) -> tensor<1x0x2xf32> {
  // expected-error @+1 {{DFT has a transform that is empty or too long}}
  %r0 = onnx.DFT(%x) : (tensor<1x0x1xf32>) -> (tensor<1x0x2xf32>)
  return %r0 : tensor<1x0x2xf32>
}

func.func @computed_length(%x: tensor<1x4x1xf32>, %y: tensor<i64>) -> tensor<1x4x2xf32> {
  // expected-error @+1 {{DFT has a length that is not constant}}
  %r0 = onnx.DFT(%x, %y) : (tensor<1x4x1xf32>, tensor<i64>) -> (tensor<1x4x2xf32>)
  return %r0 : tensor<1x4x2xf32>
}

func.func @axis_of_parts(%x: tensor<1x4x1xf32>) -> tensor<1x4x2xf32> {
  %c0 = arith.constant dense<2> : tensor<i64>
  // expected-error @+1 {{DFT has no axis that fits the result}}
  %r0 = onnx.DFT(%x, _, %c0) : (tensor<1x4x1xf32>, tensor<i64>) -> (tensor<1x4x2xf32>)
  return %r0 : tensor<1x4x2xf32>
}

func.func @computed_step(%x: tensor<1x8x1xf32>, %y: tensor<i64>) -> tensor<1x3x3x2xf32> {
  %c0 = arith.constant dense<4> : tensor<i64>
  // expected-error @+1 {{STFT has a step or a length of frames that is not constant}}
  %r0 = onnx.STFT(%x, %y, _, %c0) : (tensor<1x8x1xf32>, tensor<i64>, tensor<i64>) -> (tensor<1x3x3x2xf32>)
  return %r0 : tensor<1x3x3x2xf32>
}

func.func @transform_of_a_vector(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{DFT has an axis out of range}}
  %r0 = onnx.DFT(%x) : (tensor<4xf32>) -> (tensor<4xf32>)
  return %r0 : tensor<4xf32>
}
