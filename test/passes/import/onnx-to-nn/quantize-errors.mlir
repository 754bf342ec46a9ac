// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @scales_along_no_axis(%x: tensor<2x4xi8>, %y: tensor<4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{DequantizeLinear has an axis out of range}}
  %r0 = onnx.DequantizeLinear(%x, %y) {axis = 2 : i64} : (tensor<2x4xi8>, tensor<4xf32>) -> (tensor<2x4xf32>)
  return %r0 : tensor<2x4xf32>
}

func.func @matrix_of_scales_without_blocks(%x: tensor<2x4xf32>, %y: tensor<2x2xf32>) -> tensor<2x4xui8> {
  // expected-error @+1 {{QuantizeLinear has a block size that does not fit the scale}}
  %r0 = onnx.QuantizeLinear(%x, %y) {axis = 1 : i64} : (tensor<2x4xf32>, tensor<2x2xf32>) -> (tensor<2x4xui8>)
  return %r0 : tensor<2x4xui8>
}

func.func @vector_of_scales_with_blocks(%x: tensor<2x4xf32>, %y: tensor<4xf32>) -> tensor<2x4xui8> {
  // expected-error @+1 {{QuantizeLinear has a block size that does not fit the scale}}
  %r0 = onnx.QuantizeLinear(%x, %y) {axis = 1 : i64, block_size = 2 : i64} : (tensor<2x4xf32>, tensor<4xf32>) -> (tensor<2x4xui8>)
  return %r0 : tensor<2x4xui8>
}
