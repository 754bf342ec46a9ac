// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @strides_of_another_rank(%x: tensor<1x3x8xf32>, %w: tensor<4x3x3xf32>) -> tensor<1x4x6xf32> {
  // expected-error @+1 {{Conv has lists for another number of spatial dimensions than 1}}
  %y = onnx.Conv(%x, %w) {strides = array<i64: 2, 1>} : (tensor<1x3x8xf32>, tensor<4x3x3xf32>) -> (tensor<1x4x6xf32>)
  return %y : tensor<1x4x6xf32>
}

func.func @groups_do_not_divide(%x: tensor<1x3x8xf32>, %w: tensor<4x3x3xf32>) -> tensor<1x4x6xf32> {
  // expected-error @+1 {{Conv has channels that 2 groups do not divide}}
  %y = onnx.Conv(%x, %w) {group = 2 : i64} : (tensor<1x3x8xf32>, tensor<4x3x3xf32>) -> (tensor<1x4x6xf32>)
  return %y : tensor<1x4x6xf32>
}

func.func @matrix(%x: tensor<1x4xf32>, %y: tensor<4x4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{Conv expects an input of 3 dimensions or more and weights of as many}}
  %r0 = onnx.Conv(%x, %y) : (tensor<1x4xf32>, tensor<4x4xf32>) -> (tensor<1x4xf32>)
  return %r0 : tensor<1x4xf32>
}

func.func @bias_of_another_size(%x: tensor<1x3x8xf32>, %y: tensor<4x3x3xf32>, %z: tensor<3xf32>) -> tensor<1x4x6xf32> {
  // expected-error @+1 {{Conv expects a bias of 4 elements}}
  %r0 = onnx.Conv(%x, %y, %z) : (tensor<1x3x8xf32>, tensor<4x3x3xf32>, tensor<3xf32>) -> (tensor<1x4x6xf32>)
  return %r0 : tensor<1x4x6xf32>
}

func.func @weights_for_other_channels(%x: tensor<1x3x8xf32>, %y: tensor<4x2x3xf32>) -> tensor<1x4x6xf32> {
  // expected-error @+1 {{Conv expects weights for 3 input channels, got 2}}
  %r0 = onnx.Conv(%x, %y) : (tensor<1x3x8xf32>, tensor<4x2x3xf32>) -> (tensor<1x4x6xf32>)
  return %r0 : tensor<1x4x6xf32>
}

func.func @dilation_zero(%x: tensor<1x3x8xf32>, %y: tensor<4x3x3xf32>) -> tensor<1x4x6xf32> {
  // expected-error @+1 {{Conv has a stride, dilation, kernel or pad out of range}}
  %r0 = onnx.Conv(%x, %y) {dilations = array<i64: 0>} : (tensor<1x3x8xf32>, tensor<4x3x3xf32>) -> (tensor<1x4x6xf32>)
  return %r0 : tensor<1x4x6xf32>
}

func.func @thousands_of_phases(%x: tensor<1x1x2xf32>, %w: tensor<1x1x2xf32>) -> tensor<1x1x5002xf32> {
  // expected-error @+1 {{ConvTranspose has strides that take more than 4096 phases}}
  %y = onnx.ConvTranspose(%x, %w) {strides = array<i64: 5000>} : (tensor<1x1x2xf32>, tensor<1x1x2xf32>) -> (tensor<1x1x5002xf32>)
  return %y : tensor<1x1x5002xf32>
}
