// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @computed_pads_of_nothing(%x: tensor<0xf32>, %y: tensor<2xi64>) -> tensor<2xf32> {
  // expected-error @+1 {{Pad pads an empty tensor}}
  %r0 = onnx.Pad(%x, %y) : (tensor<0xf32>, tensor<2xi64>) -> (tensor<2xf32>)
  return %r0 : tensor<2xf32>
}

func.func @pads_of_another_length(%x: tensor<4xf32>) -> tensor<6xf32> {
  %c0 = arith.constant dense<1> : tensor<3xi64>
  // expected-error @+1 {{Pad has lists of different lengths}}
  %r0 = onnx.Pad(%x, %c0) : (tensor<4xf32>, tensor<3xi64>) -> (tensor<6xf32>)
  return %r0 : tensor<6xf32>
}

func.func @computed_pads_of_another_length(%x: tensor<4xf32>, %y: tensor<i64>) -> tensor<6xf32> {
  // expected-error @+1 {{Pad has lists of different lengths}}
  %r0 = onnx.Pad(%x, %y) : (tensor<4xf32>, tensor<i64>) -> (tensor<6xf32>)
  return %r0 : tensor<6xf32>
}

func.func @axis_out_of_range(%x: tensor<4xf32>) -> tensor<6xf32> {
  %c0 = arith.constant dense<1> : tensor<2xi64>
  %c1 = arith.constant dense<1> : tensor<1xi64>
  // expected-error @+1 {{Pad has an axis out of range}}
  %r0 = onnx.Pad(%x, %c0, _, %c1) : (tensor<4xf32>, tensor<2xi64>, tensor<1xi64>) -> (tensor<6xf32>)
  return %r0 : tensor<6xf32>
}

func.func @edge_of_nothing(%x: tensor<0xf32>) -> tensor<2xf32> {
  %c0 = arith.constant dense<1> : tensor<2xi64>
  // expected-error @+1 {{Pad pads an empty tensor}}
  %r0 = onnx.Pad(%x, %c0) {mode = "edge"} : (tensor<0xf32>, tensor<2xi64>) -> (tensor<2xf32>)
  return %r0 : tensor<2xf32>
}
