// RUN: tenon-opt %s --convert-onnx-to-nn --canonicalize | FileCheck %s

// CHECK-LABEL: @weights_stay_integers
func.func @weights_stay_integers(%w: tensor<4x2xi8>, %scale: tensor<4xf32>) -> tensor<4x2xf32> {
  // CHECK: nn.map parallel [4, 2] ins(%arg0, %arg1 : tensor<4x2xi8>, tensor<4xf32>)
  // CHECK: nn.dequantize %{{.*}} scale %{{.*}} : i8, f32 -> f32
  %zero = arith.constant dense<0> : tensor<4xi8>
  %y = onnx.DequantizeLinear(%w, %scale, %zero) {axis = 0 : i64} : (tensor<4x2xi8>, tensor<4xf32>, tensor<4xi8>) -> (tensor<4x2xf32>)
  return %y : tensor<4x2xf32>
}

// CHECK-LABEL: @quantize_knows_the_range
func.func @quantize_knows_the_range(%x: tensor<4xf32>) -> tensor<4xui8> {
  // CHECK: nn.quantize %{{.*}} scale %{{.*}} zero %{{.*}} in [0, 255] : f32, f32 -> i8
  %scale = arith.constant dense<0.5> : tensor<f32>
  %zero = arith.constant dense<128> : tensor<ui8>
  %y = onnx.QuantizeLinear(%x, %scale, %zero) : (tensor<4xf32>, tensor<f32>, tensor<ui8>) -> (tensor<4xui8>)
  return %y : tensor<4xui8>
}

// The quantized form of an operator is the operator between its neighbours.
// CHECK-LABEL: @quantized_product
func.func @quantized_product(%a: tensor<2x4xui8>, %b: tensor<4x3xi8>) -> tensor<2x3xui8> {
  // CHECK: nn.dequantize unsigned
  // CHECK: nn.dequantize
  // CHECK: nn.contract
  // CHECK: nn.quantize
  %scale = arith.constant dense<0.5> : tensor<f32>
  %za = arith.constant dense<128> : tensor<ui8>
  %zb = arith.constant dense<0> : tensor<i8>
  %y = onnx.QLinearMatMul(%a, %scale, %za, %b, %scale, %zb, %scale, %za) : (tensor<2x4xui8>, tensor<f32>, tensor<ui8>, tensor<4x3xi8>, tensor<f32>, tensor<i8>, tensor<f32>, tensor<ui8>) -> (tensor<2x3xui8>)
  return %y : tensor<2x3xui8>
}

// A bias of zeros is an operand, so that the sum it is added to stays one of integers.
// CHECK-LABEL: @equal_elements
// CHECK: nn.map {{.*}} ins(%{{.*}} : tensor<4xi32>)
// CHECK: nn.dequantize %{{.*}} scale %{{.*}} : i32, f32 -> f32
func.func @equal_elements() -> tensor<4xf32> {
  %x = arith.constant dense<0> : tensor<4xi32>
  %s = arith.constant dense<0.5> : tensor<f32>
  %y = onnx.DequantizeLinear(%x, %s, _) {axis = 1 : i64} : (tensor<4xi32>, tensor<f32>) -> (tensor<4xf32>)
  return %y : tensor<4xf32>
}

// One zero point that is known is the product's; one that is not is subtracted before.
// CHECK-LABEL: @zero_points
// CHECK: %[[A:.*]] = nn.map {{.*}} ins(%arg0, %arg1 : tensor<2x4xui8>, tensor<ui8>) outs(%{{.*}} : tensor<2x4xi16>)
// CHECK: nn.contract {{.*}} ins(%[[A]], %arg2 : tensor<2x4xi16>, tensor<4x3xui8>)
// CHECK-SAME: zero_points = array<i64: 0, 128>
func.func @zero_points(%a: tensor<2x4xui8>, %za: tensor<ui8>, %b: tensor<4x3xui8>) -> tensor<2x3xi32> {
  %zb = arith.constant dense<128> : tensor<3xui8>
  %y = onnx.MatMulInteger(%a, %b, %za, %zb) : (tensor<2x4xui8>, tensor<4x3xui8>, tensor<ui8>, tensor<3xui8>) -> (tensor<2x3xi32>)
  return %y : tensor<2x3xi32>
}
