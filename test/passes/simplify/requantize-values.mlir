// RUN: tenon-opt %s --interpret | FileCheck %s

// Ties go to even; what is out of range, however far, goes to the end of it.
#id = affine_map<(i) -> (i)>

// CHECK-LABEL: @ties
// CHECK: dense<[-2, -2, 0, 0, 0, 2, 2]> : tensor<7xi8>
func.func @ties() -> tensor<7xi8> {
  %x = arith.constant dense<[-5, -3, -1, 0, 1, 3, 5]> : tensor<7xi32>
  %e = tensor.empty() : tensor<7xi8>
  %y = nn.map parallel [7] ins(%x : tensor<7xi32>) outs(%e : tensor<7xi8>) maps [#id, #id] body {
  ^bb0(%sum: i32):
    %factor = arith.constant 0.5 : f32
    %q = nn.requantize %sum by %factor in [-128, 127] -> i8
    nn.yield %q : i8
  } -> tensor<7xi8>
  return %y : tensor<7xi8>
}

// CHECK-LABEL: @ends
// CHECK: dense<[-100, -100, -100, 3, 100, 100, 100]> : tensor<7xi8>
func.func @ends() -> tensor<7xi8> {
  %x = arith.constant dense<[-2147483648, -100000000, -104, 0, 98, 100000000, 2147483647]> : tensor<7xi32>
  %e = tensor.empty() : tensor<7xi8>
  %y = nn.map parallel [7] ins(%x : tensor<7xi32>) outs(%e : tensor<7xi8>) maps [#id, #id] body {
  ^bb0(%sum: i32):
    %factor = arith.constant 1.0 : f32
    %zero = arith.constant 3 : i32
    %q = nn.requantize %sum by %factor zero %zero in [-100, 100] -> i8
    nn.yield %q : i8
  } -> tensor<7xi8>
  return %y : tensor<7xi8>
}

// CHECK-LABEL: @quantize_rounds_to_even
// CHECK: dense<[0, 126, 128, 128, 128, 130, 255]> : tensor<7xui8>
func.func @quantize_rounds_to_even() -> tensor<7xui8> {
  %x = arith.constant dense<[-1.0e9, -0.75, -0.25, 0.0, 0.25, 0.75, 1.0e9]> : tensor<7xf32>
  %e = tensor.empty() : tensor<7xui8>
  %y = nn.map parallel [7] ins(%x : tensor<7xf32>) outs(%e : tensor<7xui8>) maps [#id, #id] body {
  ^bb0(%n: f32):
    %scale = arith.constant 0.5 : f32
    %zero = arith.constant 128 : i32
    %q = nn.quantize %n scale %scale zero %zero in [0, 255] : f32, f32 -> i8
    nn.yield %q : i8
  } -> tensor<7xui8>
  return %y : tensor<7xui8>
}
