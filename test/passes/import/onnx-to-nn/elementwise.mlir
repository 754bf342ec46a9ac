// RUN: tenon-opt %s --convert-onnx-to-nn --canonicalize | FileCheck %s

// CHECK-DAG: #[[ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[ROW:.*]] = affine_map<(d0, d1) -> (0, d1)>
// CHECK-DAG: #[[LAST:.*]] = affine_map<(d0, d1) -> (d1)>

// CHECK-LABEL: @row_and_vector_are_broadcast
func.func @row_and_vector_are_broadcast(%x: tensor<2x3xf32>, %row: tensor<1x3xf32>, %v: tensor<3xf32>) -> tensor<2x3xf32> {
  // CHECK: nn.map parallel [2, 3] {{.*}} maps [#[[ID]], #[[ROW]], #[[LAST]], #[[ID]]]
  // CHECK: %[[SUM:.*]] = arith.addf
  // CHECK: arith.addf %[[SUM]]
  %y = onnx.Sum(%x, %row, %v) : (tensor<2x3xf32>, tensor<1x3xf32>, tensor<3xf32>) -> (tensor<2x3xf32>)
  return %y : tensor<2x3xf32>
}

// CHECK-LABEL: @splat_operand_becomes_a_constant_of_the_body
func.func @splat_operand_becomes_a_constant_of_the_body(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: %[[TWO:.*]] = arith.constant 2.0
  // CHECK: nn.map parallel [4] ins(%{{.*}} : tensor<4xf32>)
  // CHECK: arith.mulf %{{.*}}, %[[TWO]]
  %two = arith.constant dense<2.0> : tensor<f32>
  %y = onnx.Mul(%x, %two) : (tensor<4xf32>, tensor<f32>) -> (tensor<4xf32>)
  return %y : tensor<4xf32>
}

// CHECK-LABEL: @signedness_is_that_of_the_tensor
func.func @signedness_is_that_of_the_tensor(%x: tensor<4xi8>, %u: tensor<4xui8>) -> (tensor<4xi8>, tensor<4xui8>) {
  // CHECK: arith.divsi
  // CHECK: arith.divui
  %y = onnx.Div(%x, %x) : (tensor<4xi8>, tensor<4xi8>) -> (tensor<4xi8>)
  %v = onnx.Div(%u, %u) : (tensor<4xui8>, tensor<4xui8>) -> (tensor<4xui8>)
  return %y, %v : tensor<4xi8>, tensor<4xui8>
}

// CHECK-LABEL: @half_floats_compute_at_f32
func.func @half_floats_compute_at_f32(%x: tensor<4xf16>) -> tensor<4xf16> {
  // CHECK: ^bb0(%[[X:.*]]: f16):
  // CHECK: %[[WIDE:.*]] = arith.extf %[[X]] : f16 to f32
  // CHECK: %[[EXP:.*]] = math.exp %[[WIDE]] : f32
  // CHECK: arith.truncf %[[EXP]] : f32 to f16
  %y = onnx.Exp(%x) : (tensor<4xf16>) -> (tensor<4xf16>)
  return %y : tensor<4xf16>
}

// CHECK-LABEL: @clip_without_minimum
func.func @clip_without_minimum(%x: tensor<4xf32>, %max: tensor<f32>) -> tensor<4xf32> {
  // CHECK-NOT: arith.maximumf
  // CHECK: arith.minimumf
  %y = onnx.Clip(%x, _, %max) : (tensor<4xf32>, tensor<f32>) -> (tensor<4xf32>)
  return %y : tensor<4xf32>
}

// CHECK-LABEL: @attribute_of_leaky_relu
func.func @attribute_of_leaky_relu(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: arith.constant 2.5
  %y = onnx.LeakyRelu(%x) {alpha = 0.25 : f32} : (tensor<4xf32>) -> (tensor<4xf32>)
  return %y : tensor<4xf32>
}
