// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @equal
// CHECK: dense<[false, true, false]> : tensor<3xi1>
func.func @equal() -> tensor<3xi1> {
  %x = arith.constant dense<[1, 2, 3]> : tensor<3xi32>
  %y = arith.constant dense<2> : tensor<3xi32>
  %r = onnx.Equal(%x, %y) : (tensor<3xi32>, tensor<3xi32>) -> (tensor<3xi1>)
  return %r : tensor<3xi1>
}

// CHECK-LABEL: @greater
// CHECK: dense<[false, false, true]> : tensor<3xi1>
func.func @greater() -> tensor<3xi1> {
  %x = arith.constant dense<[1, 2, 3]> : tensor<3xi32>
  %y = arith.constant dense<2> : tensor<3xi32>
  %r = onnx.Greater(%x, %y) : (tensor<3xi32>, tensor<3xi32>) -> (tensor<3xi1>)
  return %r : tensor<3xi1>
}

// CHECK-LABEL: @greater_or_equal
// CHECK: dense<[false, true, true]> : tensor<3xi1>
func.func @greater_or_equal() -> tensor<3xi1> {
  %x = arith.constant dense<[1, 2, 3]> : tensor<3xi32>
  %y = arith.constant dense<2> : tensor<3xi32>
  %r = onnx.GreaterOrEqual(%x, %y) : (tensor<3xi32>, tensor<3xi32>) -> (tensor<3xi1>)
  return %r : tensor<3xi1>
}

// CHECK-LABEL: @less
// CHECK: dense<[true, false, false]> : tensor<3xi1>
func.func @less() -> tensor<3xi1> {
  %x = arith.constant dense<[1, 2, 3]> : tensor<3xi32>
  %y = arith.constant dense<2> : tensor<3xi32>
  %r = onnx.Less(%x, %y) : (tensor<3xi32>, tensor<3xi32>) -> (tensor<3xi1>)
  return %r : tensor<3xi1>
}

// CHECK-LABEL: @less_or_equal
// CHECK: dense<[true, true, false]> : tensor<3xi1>
func.func @less_or_equal() -> tensor<3xi1> {
  %x = arith.constant dense<[1, 2, 3]> : tensor<3xi32>
  %y = arith.constant dense<2> : tensor<3xi32>
  %r = onnx.LessOrEqual(%x, %y) : (tensor<3xi32>, tensor<3xi32>) -> (tensor<3xi1>)
  return %r : tensor<3xi1>
}

// CHECK-LABEL: @and
// CHECK: dense<[false, false, false, true]> : tensor<4xi1>
func.func @and() -> tensor<4xi1> {
  %x = arith.constant dense<[false, false, true, true]> : tensor<4xi1>
  %y = arith.constant dense<[false, true, false, true]> : tensor<4xi1>
  %r = onnx.And(%x, %y) : (tensor<4xi1>, tensor<4xi1>) -> (tensor<4xi1>)
  return %r : tensor<4xi1>
}

// CHECK-LABEL: @or
// CHECK: dense<[false, true, true, true]> : tensor<4xi1>
func.func @or() -> tensor<4xi1> {
  %x = arith.constant dense<[false, false, true, true]> : tensor<4xi1>
  %y = arith.constant dense<[false, true, false, true]> : tensor<4xi1>
  %r = onnx.Or(%x, %y) : (tensor<4xi1>, tensor<4xi1>) -> (tensor<4xi1>)
  return %r : tensor<4xi1>
}

// CHECK-LABEL: @xor
// CHECK: dense<[false, true, true, false]> : tensor<4xi1>
func.func @xor() -> tensor<4xi1> {
  %x = arith.constant dense<[false, false, true, true]> : tensor<4xi1>
  %y = arith.constant dense<[false, true, false, true]> : tensor<4xi1>
  %r = onnx.Xor(%x, %y) : (tensor<4xi1>, tensor<4xi1>) -> (tensor<4xi1>)
  return %r : tensor<4xi1>
}

// CHECK-LABEL: @not
// CHECK: dense<[true, false]> : tensor<2xi1>
func.func @not() -> tensor<2xi1> {
  %x = arith.constant dense<[false, true]> : tensor<2xi1>
  %r = onnx.Not(%x) : (tensor<2xi1>) -> (tensor<2xi1>)
  return %r : tensor<2xi1>
}

// CHECK-LABEL: @bitwise_and
// CHECK: dense<[8, 15, 1]> : tensor<3xui8>
func.func @bitwise_and() -> tensor<3xui8> {
  %x = arith.constant dense<[12, 255, 3]> : tensor<3xui8>
  %y = arith.constant dense<[10, 15, 5]> : tensor<3xui8>
  %r = onnx.BitwiseAnd(%x, %y) : (tensor<3xui8>, tensor<3xui8>) -> (tensor<3xui8>)
  return %r : tensor<3xui8>
}

// CHECK-LABEL: @bitwise_or
// CHECK: dense<[14, 255, 7]> : tensor<3xui8>
func.func @bitwise_or() -> tensor<3xui8> {
  %x = arith.constant dense<[12, 255, 3]> : tensor<3xui8>
  %y = arith.constant dense<[10, 15, 5]> : tensor<3xui8>
  %r = onnx.BitwiseOr(%x, %y) : (tensor<3xui8>, tensor<3xui8>) -> (tensor<3xui8>)
  return %r : tensor<3xui8>
}

// CHECK-LABEL: @bitwise_xor
// CHECK: dense<[6, 240, 6]> : tensor<3xui8>
func.func @bitwise_xor() -> tensor<3xui8> {
  %x = arith.constant dense<[12, 255, 3]> : tensor<3xui8>
  %y = arith.constant dense<[10, 15, 5]> : tensor<3xui8>
  %r = onnx.BitwiseXor(%x, %y) : (tensor<3xui8>, tensor<3xui8>) -> (tensor<3xui8>)
  return %r : tensor<3xui8>
}

// CHECK-LABEL: @bitwise_not
// CHECK: dense<[243, 0, 252]> : tensor<3xui8>
func.func @bitwise_not() -> tensor<3xui8> {
  %x = arith.constant dense<[12, 255, 3]> : tensor<3xui8>
  %r = onnx.BitwiseNot(%x) : (tensor<3xui8>) -> (tensor<3xui8>)
  return %r : tensor<3xui8>
}

// CHECK-LABEL: @bit_shift
// CHECK: dense<[24, 252, 3]> : tensor<3xui8>
func.func @bit_shift() -> tensor<3xui8> {
  %x = arith.constant dense<[12, 255, 3]> : tensor<3xui8>
  %y = arith.constant dense<[1, 2, 0]> : tensor<3xui8>
  %r = onnx.BitShift(%x, %y) {direction = "LEFT"} : (tensor<3xui8>, tensor<3xui8>) -> (tensor<3xui8>)
  return %r : tensor<3xui8>
}

// CHECK-LABEL: @bit_shift_right
// CHECK: dense<[6, 63, 3]> : tensor<3xui8>
func.func @bit_shift_right() -> tensor<3xui8> {
  %x = arith.constant dense<[12, 255, 3]> : tensor<3xui8>
  %y = arith.constant dense<[1, 2, 0]> : tensor<3xui8>
  %r = onnx.BitShift(%x, %y) {direction = "RIGHT"} : (tensor<3xui8>, tensor<3xui8>) -> (tensor<3xui8>)
  return %r : tensor<3xui8>
}

// CHECK-LABEL: @is_inf
// CHECK: dense<[false, true, false, false]> : tensor<4xi1>
func.func @is_inf() -> tensor<4xi1> {
  %x = arith.constant dense<[1.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<4xf32>
  %r = onnx.IsInf(%x) {detect_negative = 0 : i64} : (tensor<4xf32>) -> (tensor<4xi1>)
  return %r : tensor<4xi1>
}

// CHECK-LABEL: @is_nan
// CHECK: dense<[false, false, false, true]> : tensor<4xi1>
func.func @is_nan() -> tensor<4xi1> {
  %x = arith.constant dense<[1.0, 0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<4xf32>
  %r = onnx.IsNaN(%x) : (tensor<4xf32>) -> (tensor<4xi1>)
  return %r : tensor<4xi1>
}

// CHECK-LABEL: @cast
// CHECK: dense<[-1, 0, 2]> : tensor<3xi32>
func.func @cast() -> tensor<3xi32> {
  %x = arith.constant dense<[-1.75, 0.5, 2.75]> : tensor<3xf32>
  %r = onnx.Cast(%x) {to = 6 : i64} : (tensor<3xf32>) -> (tensor<3xi32>)
  return %r : tensor<3xi32>
}

// CHECK-LABEL: @cast_to_bool
// CHECK: dense<[true, false, true]> : tensor<3xi1>
func.func @cast_to_bool() -> tensor<3xi1> {
  %x = arith.constant dense<[-2, 0, 3]> : tensor<3xi32>
  %r = onnx.Cast(%x) {to = 9 : i64} : (tensor<3xi32>) -> (tensor<3xi1>)
  return %r : tensor<3xi1>
}

// CHECK-LABEL: @bit_cast
// CHECK: dense<[1065353216, -1073741824]> : tensor<2xi32>
func.func @bit_cast() -> tensor<2xi32> {
  %x = arith.constant dense<[1.0, -2.0]> : tensor<2xf32>
  %r = onnx.BitCast(%x) {to = 6 : i64} : (tensor<2xf32>) -> (tensor<2xi32>)
  return %r : tensor<2xi32>
}
