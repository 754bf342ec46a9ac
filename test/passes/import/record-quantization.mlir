// RUN: tenon-opt %s --record-quantization | FileCheck %s

// Per tensor, constant: written down. Per channel: there is no one scale.

// CHECK: func.func @quantized(
// CHECK-SAME: %{{.*}}: tensor<4xui8> {onnx.scale = 5.000000e-01 : f64, onnx.zero_point = 200 : i64},
// CHECK-SAME: %{{.*}}: tensor<4x2xi8>,
// CHECK-SAME: %{{.*}}: tensor<f32>)
// CHECK-SAME: -> (tensor<4xi8> {onnx.scale = 2.500000e-01 : f64, onnx.zero_point = -128 : i64}, tensor<4xui8>)
func.func @quantized(%a: tensor<4xui8>, %b: tensor<4x2xi8>, %c: tensor<f32>) -> (tensor<4xi8>, tensor<4xui8>) {
  %half = arith.constant dense<0.5> : tensor<f32>
  %zero = arith.constant dense<200> : tensor<ui8>
  %scales = arith.constant dense<[0.5, 1.0]> : tensor<2xf32>
  %quarter = arith.constant dense<0.25> : tensor<f32>
  %low = arith.constant dense<-128> : tensor<i8>
  %x = onnx.DequantizeLinear(%a, %half, %zero) : (tensor<4xui8>, tensor<f32>, tensor<ui8>) -> (tensor<4xf32>)
  %unused = onnx.DequantizeLinear(%b, %scales) : (tensor<4x2xi8>, tensor<2xf32>) -> (tensor<4x2xf32>)
  %y = onnx.QuantizeLinear(%x, %quarter, %low) : (tensor<4xf32>, tensor<f32>, tensor<i8>) -> (tensor<4xi8>)
  %z = onnx.QuantizeLinear(%x, %c) : (tensor<4xf32>, tensor<f32>) -> (tensor<4xui8>)
  return %y, %z : tensor<4xi8>, tensor<4xui8>
}

// Moves between them do not matter.
// CHECK: func.func @moved(%{{.*}}: tensor<4x2xui8> {onnx.scale = 5.000000e-01 : f64
func.func @moved(%a: tensor<4x2xui8>) -> (tensor<2x4xf32>) {
  %half = arith.constant dense<0.5> : tensor<f32>
  %t = onnx.Transpose(%a) {perm = array<i64: 1, 0>} : (tensor<4x2xui8>) -> (tensor<2x4xui8>)
  %x = onnx.DequantizeLinear(%t, %half) : (tensor<2x4xui8>, tensor<f32>) -> (tensor<2x4xf32>)
  return %x : tensor<2x4xf32>
}
