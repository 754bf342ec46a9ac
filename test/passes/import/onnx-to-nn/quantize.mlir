// RUN: tenon-opt %s --convert-onnx-to-nn --canonicalize | FileCheck %s

// CHECK-LABEL: @weights_stay_integers
func.func @weights_stay_integers(%w: tensor<4x2xi8>, %scale: tensor<4xf32>) -> tensor<4x2xf32> {
  // CHECK: nn.map parallel [4, 2] ins(%arg0, %arg1 : tensor<4x2xi8>, tensor<4xf32>)
  // CHECK: arith.sitofp
  // CHECK-NEXT: arith.mulf
  %zero = arith.constant dense<0> : tensor<4xi8>
  %y = onnx.DequantizeLinear(%w, %scale, %zero) {axis = 0 : i64} : (tensor<4x2xi8>, tensor<4xf32>, tensor<4xi8>) -> (tensor<4x2xf32>)
  return %y : tensor<4x2xf32>
}

// CHECK-LABEL: @quantize_rounds_to_even_and_saturates
func.func @quantize_rounds_to_even_and_saturates(%x: tensor<4xf32>) -> tensor<4xui8> {
  // CHECK: math.roundeven
  // CHECK: arith.addf
  // CHECK: arith.maximumf
  // CHECK: arith.minimumf
  %scale = arith.constant dense<0.5> : tensor<f32>
  %zero = arith.constant dense<128> : tensor<ui8>
  %y = onnx.QuantizeLinear(%x, %scale, %zero) : (tensor<4xf32>, tensor<f32>, tensor<ui8>) -> (tensor<4xui8>)
  return %y : tensor<4xui8>
}
