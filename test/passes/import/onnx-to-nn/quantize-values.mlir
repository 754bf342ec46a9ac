// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @quantize_linear
// CHECK: dense<[0, 128, 128, 130, 130, 255]> : tensor<6xui8>
func.func @quantize_linear() -> tensor<6xui8> {
  %x = arith.constant dense<[-300.0, -0.25, 0.25, 0.75, 1.0, 400.0]> : tensor<6xf32>
  %y = arith.constant dense<0.5> : tensor<f32>
  %z = arith.constant dense<128> : tensor<ui8>
  %r = onnx.QuantizeLinear(%x, %y, %z) : (tensor<6xf32>, tensor<f32>, tensor<ui8>) -> (tensor<6xui8>)
  return %r : tensor<6xui8>
}

// CHECK-LABEL: @quantize_rows
// CHECK{LITERAL}: dense<[[3, 5], [1, 1]]> : tensor<2x2xi8>
func.func @quantize_rows() -> tensor<2x2xi8> {
  %x = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %y = arith.constant dense<[0.5, 2.0]> : tensor<2xf32>
  %z = arith.constant dense<[1, -1]> : tensor<2xi8>
  %r = onnx.QuantizeLinear(%x, %y, %z) {axis = 0 : i64} : (tensor<2x2xf32>, tensor<2xf32>, tensor<2xi8>) -> (tensor<2x2xi8>)
  return %r : tensor<2x2xi8>
}

// CHECK-LABEL: @dequantize_linear
// CHECK{LITERAL}: dense<[[0.000000e+00, 5.000000e-01], [-4.000000e+00, 1.000000e+01]]> : tensor<2x2xf32>
func.func @dequantize_linear() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1, 2], [-3, 4]]> : tensor<2x2xi8>
  %y = arith.constant dense<[0.5, 2.0]> : tensor<2xf32>
  %z = arith.constant dense<[1, -1]> : tensor<2xi8>
  %r = onnx.DequantizeLinear(%x, %y, %z) {axis = 0 : i64} : (tensor<2x2xi8>, tensor<2xf32>, tensor<2xi8>) -> (tensor<2x2xf32>)
  return %r : tensor<2x2xf32>
}

// CHECK-LABEL: @dequantize_blocks
// CHECK{LITERAL}: dense<[[5.000000e-01, 1.000000e+00, 6.000000e+00, 8.000000e+00]]> : tensor<1x4xf32>
func.func @dequantize_blocks() -> tensor<1x4xf32> {
  %x = arith.constant dense<[[1, 2, 3, 4]]> : tensor<1x4xi8>
  %y = arith.constant dense<[[0.5, 2.0]]> : tensor<1x2xf32>
  %r = onnx.DequantizeLinear(%x, %y) {axis = 1 : i64, block_size = 2 : i64} : (tensor<1x4xi8>, tensor<1x2xf32>) -> (tensor<1x4xf32>)
  return %r : tensor<1x4xf32>
}

// CHECK-LABEL: @matmul_integer
// CHECK{LITERAL}: dense<[[-1518, 1772], [-18, 41]]> : tensor<2x2xi32>
func.func @matmul_integer() -> tensor<2x2xi32> {
  %x = arith.constant dense<[[1, 2, 255], [4, 5, 6]]> : tensor<2x3xui8>
  %y = arith.constant dense<[[1, -2], [3, 4], [-5, 6]]> : tensor<3x2xi8>
  %z = arith.constant dense<2> : tensor<ui8>
  %a = arith.constant dense<[1, -1]> : tensor<2xi8>
  %r = onnx.MatMulInteger(%x, %y, %z, %a) : (tensor<2x3xui8>, tensor<3x2xi8>, tensor<ui8>, tensor<2xi8>) -> (tensor<2x2xi32>)
  return %r : tensor<2x2xi32>
}

// CHECK-LABEL: @conv_integer
// CHECK{LITERAL}: dense<[[[[1, 4, 7, 10]]]]> : tensor<1x1x1x4xi32>
func.func @conv_integer() -> tensor<1x1x1x4xi32> {
  %x = arith.constant dense<[[[[2, 3, 4, 5]]]]> : tensor<1x1x1x4xui8>
  %y = arith.constant dense<[[[[3, 2]]]]> : tensor<1x1x1x2xui8>
  %z = arith.constant dense<1> : tensor<ui8>
  %a = arith.constant dense<[1]> : tensor<1xui8>
  %r = onnx.ConvInteger(%x, %y, %z, %a) {pads = array<i64: 0, 1, 0, 0>} : (tensor<1x1x1x4xui8>, tensor<1x1x1x2xui8>, tensor<ui8>, tensor<1xui8>) -> (tensor<1x1x1x4xi32>)
  return %r : tensor<1x1x1x4xi32>
}

// CHECK-LABEL: @q_linear_matmul
// CHECK{LITERAL}: dense<[[132, 148], [100, 101]]> : tensor<2x2xui8>
func.func @q_linear_matmul() -> tensor<2x2xui8> {
  %x = arith.constant dense<[[1, 2, 255], [4, 5, 6]]> : tensor<2x3xui8>
  %y = arith.constant dense<0.5> : tensor<f32>
  %z = arith.constant dense<2> : tensor<ui8>
  %a = arith.constant dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xui8>
  %b = arith.constant dense<0.25> : tensor<f32>
  %c = arith.constant dense<3> : tensor<ui8>
  %d = arith.constant dense<2.0> : tensor<f32>
  %e = arith.constant dense<100> : tensor<ui8>
  %r = onnx.QLinearMatMul(%x, %y, %z, %a, %b, %c, %d, %e) : (tensor<2x3xui8>, tensor<f32>, tensor<ui8>, tensor<3x2xui8>, tensor<f32>, tensor<ui8>, tensor<f32>, tensor<ui8>) -> (tensor<2x2xui8>)
  return %r : tensor<2x2xui8>
}

// CHECK-LABEL: @q_linear_conv
// CHECK{LITERAL}: dense<[[[[102, 102, 165]], [[99, 98, 98]]]]> : tensor<1x2x1x3xui8>
func.func @q_linear_conv() -> tensor<1x2x1x3xui8> {
  %x = arith.constant dense<[[[[2, 3, 4, 255]]]]> : tensor<1x1x1x4xui8>
  %y = arith.constant dense<0.5> : tensor<f32>
  %z = arith.constant dense<1> : tensor<ui8>
  %a = arith.constant dense<[[[[1, 2]]], [[[-3, 1]]]]> : tensor<2x1x1x2xi8>
  %b = arith.constant dense<[0.5, 0.25]> : tensor<2xf32>
  %c = arith.constant dense<[0, 1]> : tensor<2xi8>
  %d = arith.constant dense<2.0> : tensor<f32>
  %e = arith.constant dense<100> : tensor<ui8>
  %f = arith.constant dense<[8, -16]> : tensor<2xi32>
  %r = onnx.QLinearConv(%x, %y, %z, %a, %b, %c, %d, %e, %f) : (tensor<1x1x1x4xui8>, tensor<f32>, tensor<ui8>, tensor<2x1x1x2xi8>, tensor<2xf32>, tensor<2xi8>, tensor<f32>, tensor<ui8>, tensor<2xi32>) -> (tensor<1x2x1x3xui8>)
  return %r : tensor<1x2x1x3xui8>
}

// The last of two blocks has one element.
// CHECK-LABEL: @short_last_block
// CHECK{LITERAL}: dense<[5.000000e-01, 1.000000e+00, 9.000000e+00]> : tensor<3xf32>
func.func @short_last_block() -> tensor<3xf32> {
  %x = arith.constant dense<[2, 3, 4]> : tensor<3xi8>
  %y = arith.constant dense<[0.5, 3.0]> : tensor<2xf32>
  %z = arith.constant dense<1> : tensor<2xi8>
  %r = onnx.DequantizeLinear(%x, %y, %z) {axis = 0 : i64, block_size = 2 : i64} : (tensor<3xi8>, tensor<2xf32>, tensor<2xi8>) -> (tensor<3xf32>)
  return %r : tensor<3xf32>
}
