// RUN: tenon-opt %s --expand-quantization | FileCheck %s

#id = affine_map<(i) -> (i)>

// CHECK-LABEL: @dequantize
// CHECK: %[[WIDE:.*]] = arith.extui %{{.*}} : i8 to i32
// CHECK: %[[STEPS:.*]] = arith.subi %[[WIDE]]
// CHECK: %[[NUMBER:.*]] = arith.sitofp %[[STEPS]] : i32 to f32
// CHECK: arith.mulf %[[NUMBER]]
func.func @dequantize(%x: tensor<4xui8>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %y = nn.map parallel [4] ins(%x : tensor<4xui8>) outs(%e : tensor<4xf32>) maps [#id, #id] body {
  ^bb0(%q: i8):
    %scale = arith.constant 0.5 : f32
    %zero = arith.constant 128 : i32
    %n = nn.dequantize unsigned %q scale %scale zero %zero : i8, f32 -> f32
    nn.yield %n : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// CHECK-LABEL: @quantize
// CHECK: %[[STEPS:.*]] = arith.divf
// CHECK: %[[ROUND:.*]] = arith.addf %[[STEPS]]
// CHECK: %[[BITS:.*]] = arith.bitcast %[[ROUND]]
// CHECK: %[[ORDERED:.*]] = arith.cmpf ord, %[[STEPS]], %[[STEPS]]
// CHECK: %[[NUMBER:.*]] = arith.select %[[ORDERED]], %[[BITS]], %c0_i32
// CHECK: arith.maxsi %[[NUMBER]]
// CHECK: arith.minsi
// CHECK: arith.subi
func.func @quantize(%x: tensor<4xf32>) -> tensor<4xi8> {
  %e = tensor.empty() : tensor<4xi8>
  %y = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%e : tensor<4xi8>) maps [#id, #id] body {
  ^bb0(%n: f32):
    %scale = arith.constant 0.5 : f32
    %q = nn.quantize %n scale %scale in [-128, 127] : f32, f32 -> i8
    nn.yield %q : i8
  } -> tensor<4xi8>
  return %y : tensor<4xi8>
}

// One multiplication, and no rounding function.
// CHECK-LABEL: @requantize
// CHECK: arith.sitofp
// CHECK: arith.mulf
// CHECK: arith.addf
// CHECK: arith.bitcast
// CHECK: arith.maxsi
// CHECK: arith.minsi
// CHECK: arith.subi
// CHECK: arith.trunci
func.func @requantize(%x: tensor<4xi32>) -> tensor<4xi8> {
  %e = tensor.empty() : tensor<4xi8>
  %y = nn.map parallel [4] ins(%x : tensor<4xi32>) outs(%e : tensor<4xi8>) maps [#id, #id] body {
  ^bb0(%sum: i32):
    %factor = arith.constant 0.01 : f32
    %zero = arith.constant 3 : i32
    %q = nn.requantize %sum by %factor zero %zero in [3, 127] -> i8
    nn.yield %q : i8
  } -> tensor<4xi8>
  return %y : tensor<4xi8>
}

// The sum of two bytes, in steps of 0.5, is small, and its bounds are those of a byte.
// CHECK-LABEL: @bounded
// CHECK: %[[BITS:.*]] = arith.bitcast
// CHECK: %[[ALL:.*]] = arith.subi %[[BITS]]
// CHECK: %[[LOW:.*]] = arith.maxsi %[[ALL]], %c-128_i32
// CHECK: arith.minsi %[[LOW]], %c127_i32
func.func @bounded(%x: tensor<4xi8>, %y: tensor<4xi8>) -> tensor<4xi8> {
  %e = tensor.empty() : tensor<4xi8>
  %z = nn.map parallel [4] ins(%x, %y : tensor<4xi8>, tensor<4xi8>) outs(%e : tensor<4xi8>) maps [#id, #id, #id] body {
  ^bb0(%p: i8, %q: i8):
    %scale = arith.constant 0.5 : f32
    %a = nn.dequantize %p scale %scale : i8, f32 -> f32
    %b = nn.dequantize %q scale %scale : i8, f32 -> f32
    %sum = arith.addf %a, %b : f32
    %r = nn.quantize %sum scale %scale in [-128, 127] : f32, f32 -> i8
    nn.yield %r : i8
  } -> tensor<4xi8>
  return %z : tensor<4xi8>
}

// Less its zero point, the byte is no more than 255: in steps of the result, 3,060,000 of 2^22.
// CHECK-LABEL: @bounded_by_zero_point
// CHECK: %[[BITS:.*]] = arith.bitcast
// CHECK: arith.subi %[[BITS]]
func.func @bounded_by_zero_point(%x: tensor<4xi8>) -> tensor<4xi8> {
  %e = tensor.empty() : tensor<4xi8>
  %y = nn.map parallel [4] ins(%x : tensor<4xi8>) outs(%e : tensor<4xi8>) maps [#id, #id] body {
  ^bb0(%p: i8):
    %from = arith.constant 12.0 : f32
    %zero = arith.constant -128 : i32
    %to = arith.constant 0.001 : f32
    %a = nn.dequantize %p scale %from zero %zero : i8, f32 -> f32
    %q = nn.quantize %a scale %to in [-128, 127] : f32, f32 -> i8
    nn.yield %q : i8
  } -> tensor<4xi8>
  return %y : tensor<4xi8>
}

// A negative scale makes a number no smaller.
// CHECK-LABEL: @negative_scale
// CHECK: %[[BITS:.*]] = arith.bitcast
// CHECK: %[[NUMBER:.*]] = arith.select %{{.*}}, %[[BITS]]
// CHECK: arith.maxsi %[[NUMBER]]
func.func @negative_scale(%x: tensor<4xi8>) -> tensor<4xi8> {
  %e = tensor.empty() : tensor<4xi8>
  %y = nn.map parallel [4] ins(%x : tensor<4xi8>) outs(%e : tensor<4xi8>) maps [#id, #id] body {
  ^bb0(%p: i8):
    %from = arith.constant 12.0 : f32
    %to = arith.constant -0.0001 : f32
    %a = nn.dequantize %p scale %from : i8, f32 -> f32
    %q = nn.quantize %a scale %to in [-128, 127] : f32, f32 -> i8
    nn.yield %q : i8
  } -> tensor<4xi8>
  return %y : tensor<4xi8>
}
