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
