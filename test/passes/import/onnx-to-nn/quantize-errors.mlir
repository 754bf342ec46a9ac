// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @scales_along_no_axis(%x: tensor<2x4xi8>, %y: tensor<4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{DequantizeLinear has an axis out of range}}
  %r0 = onnx.DequantizeLinear(%x, %y) {axis = 2 : i64} : (tensor<2x4xi8>, tensor<4xf32>) -> (tensor<2x4xf32>)
  return %r0 : tensor<2x4xf32>
}

func.func @matrix_of_scales_without_blocks(%x: tensor<2x4xf32>, %y: tensor<2x2xf32>) -> tensor<2x4xui8> {
  // expected-error @+1 {{QuantizeLinear has a scale of shape [2, 2], expected [4]}}
  %r0 = onnx.QuantizeLinear(%x, %y) {axis = 1 : i64} : (tensor<2x4xf32>, tensor<2x2xf32>) -> (tensor<2x4xui8>)
  return %r0 : tensor<2x4xui8>
}

func.func @vector_of_scales_with_blocks(%x: tensor<2x4xf32>, %y: tensor<4xf32>) -> tensor<2x4xui8> {
  // expected-error @+1 {{QuantizeLinear has a scale of shape [4], expected [2, 2]}}
  %r0 = onnx.QuantizeLinear(%x, %y) {axis = 1 : i64, block_size = 2 : i64} : (tensor<2x4xf32>, tensor<4xf32>) -> (tensor<2x4xui8>)
  return %r0 : tensor<2x4xui8>
}

func.func @zero_points_of_another_shape(%x: tensor<2x4xi8>, %y: tensor<4xf32>, %z: tensor<3xi8>) -> tensor<2x4xf32> {
  // expected-error @+1 {{DequantizeLinear has a scale of shape [4] and a zero point of shape [3]}}
  %r0 = onnx.DequantizeLinear(%x, %y, %z) {axis = 1 : i64} : (tensor<2x4xi8>, tensor<4xf32>, tensor<3xi8>) -> (tensor<2x4xf32>)
  return %r0 : tensor<2x4xf32>
}

func.func @blocks_of_negative_size(%x: tensor<2x4xi8>, %y: tensor<2x2xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{DequantizeLinear has a block_size of -2}}
  %r0 = onnx.DequantizeLinear(%x, %y) {axis = 1 : i64, block_size = -2 : i64} : (tensor<2x4xi8>, tensor<2x2xf32>) -> (tensor<2x4xf32>)
  return %r0 : tensor<2x4xf32>
}

func.func @zero_points_of_other_rows(%x: tensor<2x4xi8>, %y: tensor<4x3xi8>, %z: tensor<3xi8>) -> tensor<2x3xi32> {
  // expected-error @+1 {{MatMulInteger has an input 'a_zero_point' of 3 elements, expected one or 2}}
  %r0 = onnx.MatMulInteger(%x, %y, %z) : (tensor<2x4xi8>, tensor<4x3xi8>, tensor<3xi8>) -> (tensor<2x3xi32>)
  return %r0 : tensor<2x3xi32>
}
