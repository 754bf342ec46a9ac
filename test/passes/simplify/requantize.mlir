// RUN: tenon-opt %s --split-input-file --requantize | FileCheck %s

#id = affine_map<(i) -> (i)>

// Bias, ReLU and the next QuantizeLinear: one multiplication is left.
// CHECK-LABEL: @sum_to_result
func.func @sum_to_result(%x: tensor<4x8xi8>, %w: tensor<8x4xi8>) -> tensor<4x4xi8> {
  // CHECK: ^bb0(%[[ACC:.*]]: i32, %[[BIAS:.*]]: i32):
  // CHECK: %[[SUM:.*]] = arith.addi %[[ACC]], %[[BIAS]]
  // CHECK: %[[FACTOR:.*]] = arith.constant 2.500000e-01 : f32
  // CHECK: %[[Q:.*]] = nn.requantize %[[SUM]] by %[[FACTOR]] zero %{{.*}} in [3, 127] -> i8
  // CHECK-NEXT: nn.yield %[[Q]]
  %bias = arith.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
  %e = tensor.empty() : tensor<4x4xi8>
  %y = nn.contract parallel [4, 4] reduction [8] ins(%x, %w : tensor<4x8xi8>, tensor<8x4xi8>) extras(%bias : tensor<4xi32>)
      outs(%e : tensor<4x4xi8>)
      maps [affine_map<(i, o, k) -> (i, k)>, affine_map<(i, o, k) -> (k, o)>, affine_map<(i, o, k) -> (o)>,
            affine_map<(i, o, k) -> (i, o)>] epilogue {
  ^bb0(%a: i32, %b: i32):
    %s = arith.constant 0.125 : f64
    %sb = arith.constant 0.125 : f32
    %t = arith.constant 0.5 : f32
    %z = arith.constant 3 : i32
    %zero = arith.constant 0.0 : f32
    %0 = nn.dequantize %a scale %s : i32, f64 -> f32
    %1 = nn.dequantize %b scale %sb : i32, f32 -> f32
    %2 = arith.addf %0, %1 : f32
    %3 = arith.maximumf %2, %zero : f32
    %4 = nn.quantize %3 scale %t zero %z in [-128, 127] : f32, f32 -> i8
    nn.yield %4 : i8
  } -> tensor<4x4xi8>
  return %y : tensor<4x4xi8>
}

// -----

// The sum of eight products is 2^17 at most: with this bias, it may not fit 32 bits.
// CHECK-LABEL: @large_bias
func.func @large_bias(%x: tensor<4x8xi8>, %w: tensor<8x4xi8>) -> tensor<4x4xi8> {
  // CHECK-NOT: arith.addi
  // CHECK: arith.addf
  %bias = arith.constant dense<[1, 2, 3, 2147352577]> : tensor<4xi32>
  %e = tensor.empty() : tensor<4x4xi8>
  %y = nn.contract parallel [4, 4] reduction [8] ins(%x, %w : tensor<4x8xi8>, tensor<8x4xi8>) extras(%bias : tensor<4xi32>)
      outs(%e : tensor<4x4xi8>)
      maps [affine_map<(i, o, k) -> (i, k)>, affine_map<(i, o, k) -> (k, o)>, affine_map<(i, o, k) -> (o)>,
            affine_map<(i, o, k) -> (i, o)>] epilogue {
  ^bb0(%a: i32, %b: i32):
    %s = arith.constant 0.125 : f64
    %sb = arith.constant 0.125 : f32
    %t = arith.constant 0.5 : f32
    %z = arith.constant 3 : i32
    %zero = arith.constant 0.0 : f32
    %0 = nn.dequantize %a scale %s : i32, f64 -> f32
    %1 = nn.dequantize %b scale %sb : i32, f32 -> f32
    %2 = arith.addf %0, %1 : f32
    %3 = arith.maximumf %2, %zero : f32
    %4 = nn.quantize %3 scale %t zero %z in [-128, 127] : f32, f32 -> i8
    nn.yield %4 : i8
  } -> tensor<4x4xi8>
  return %y : tensor<4x4xi8>
}

// -----

#id = affine_map<(i) -> (i)>

// By a negative scale, the larger number is the smaller integer.
// CHECK-LABEL: @negative_scale
func.func @negative_scale(%acc: tensor<4xi8>) -> tensor<4xi8> {
  // CHECK: nn.dequantize
  // CHECK: arith.maximumf
  // CHECK: nn.quantize
  %e = tensor.empty() : tensor<4xi8>
  %y = nn.map parallel [4] ins(%acc : tensor<4xi8>) outs(%e : tensor<4xi8>) maps [#id, #id] body {
  ^bb0(%a: i8):
    %s = arith.constant 0.5 : f32
    %t = arith.constant -0.25 : f32
    %zero = arith.constant 0.0 : f32
    %0 = nn.dequantize %a scale %s : i8, f32 -> f32
    %1 = arith.maximumf %0, %zero : f32
    %2 = nn.quantize %1 scale %t in [-128, 127] : f32, f32 -> i8
    nn.yield %2 : i8
  } -> tensor<4xi8>
  return %y : tensor<4xi8>
}

// -----

#id = affine_map<(i) -> (i)>

// Scales a channel become factors a channel, which fold-weights computes.
// CHECK-LABEL: @scale_of_a_channel
func.func @scale_of_a_channel(%acc: tensor<2xi32>) -> tensor<2xi8> {
  // CHECK: %[[FACTORS:.*]] = nn.map {{.*}} outs(%{{.*}} : tensor<2xf32>)
  // CHECK: arith.divf
  // CHECK: nn.map parallel [2] ins(%arg0, %[[FACTORS]] : tensor<2xi32>, tensor<2xf32>)
  // CHECK: nn.requantize
  %s = arith.constant dense<[0.125, 0.25]> : tensor<2xf64>
  %e = tensor.empty() : tensor<2xi8>
  %y = nn.map parallel [2] ins(%acc, %s : tensor<2xi32>, tensor<2xf64>) outs(%e : tensor<2xi8>) maps [#id, #id, #id] body {
  ^bb0(%a: i32, %scale: f64):
    %t = arith.constant 0.5 : f32
    %0 = nn.dequantize %a scale %scale : i32, f64 -> f32
    %1 = nn.quantize %0 scale %t in [-128, 127] : f32, f32 -> i8
    nn.yield %1 : i8
  } -> tensor<2xi8>
  return %y : tensor<2xi8>
}

// -----

#id = affine_map<(i) -> (i)>

// What is no bound and no factor stays between the two.
// CHECK-LABEL: @sigmoid_stays
func.func @sigmoid_stays(%acc: tensor<4xi8>) -> tensor<4xi8> {
  // CHECK: nn.dequantize
  // CHECK: math.exp
  // CHECK: nn.quantize
  %e = tensor.empty() : tensor<4xi8>
  %y = nn.map parallel [4] ins(%acc : tensor<4xi8>) outs(%e : tensor<4xi8>) maps [#id, #id] body {
  ^bb0(%a: i8):
    %s = arith.constant 0.5 : f32
    %0 = nn.dequantize %a scale %s : i8, f32 -> f32
    %1 = math.exp %0 : f32
    %2 = nn.quantize %1 scale %s in [-128, 127] : f32, f32 -> i8
    nn.yield %2 : i8
  } -> tensor<4xi8>
  return %y : tensor<4xi8>
}

// -----

#id = affine_map<(i) -> (i)>

// The same integer stands for the same number.
// CHECK-LABEL: @scales_cancel
func.func @scales_cancel(%x: tensor<4xi8>) -> (tensor<4xi8>, tensor<4xi8>) {
  // CHECK: nn.map
  // CHECK-NEXT: ^bb0(%[[IN:.*]]: i8):
  // CHECK-NEXT: nn.yield %[[IN]]
  %e = tensor.empty() : tensor<4xi8>
  %y = nn.map parallel [4] ins(%x : tensor<4xi8>) outs(%e : tensor<4xi8>) maps [#id, #id] body {
  ^bb0(%a: i8):
    %s = arith.constant 0.3 : f32
    %z = arith.constant 3 : i32
    %0 = nn.dequantize %a scale %s zero %z : i8, f32 -> f32
    %1 = nn.quantize %0 scale %s zero %z in [-128, 127] : f32, f32 -> i8
    nn.yield %1 : i8
  } -> tensor<4xi8>
  // A larger one can be too large, not too small.
  // CHECK: nn.map
  // CHECK: %[[WIDE:.*]] = arith.extsi
  // CHECK: %[[TWO:.*]] = arith.constant 2 : i32
  // CHECK: arith.addi %[[WIDE]], %[[TWO]]
  // CHECK-NOT: arith.maxsi
  // CHECK: arith.minsi
  // CHECK-NEXT: arith.trunci
  // CHECK-NEXT: nn.yield
  %u = nn.map parallel [4] ins(%x : tensor<4xi8>) outs(%e : tensor<4xi8>) maps [#id, #id] body {
  ^bb0(%a: i8):
    %s = arith.constant 0.3 : f32
    %z = arith.constant 3 : i32
    %five = arith.constant 5 : i32
    %0 = nn.dequantize %a scale %s zero %z : i8, f32 -> f32
    %1 = nn.quantize %0 scale %s zero %five in [-128, 127] : f32, f32 -> i8
    nn.yield %1 : i8
  } -> tensor<4xi8>
  return %y, %u : tensor<4xi8>, tensor<4xi8>
}

// -----

#id = affine_map<(i) -> (i)>

// The quotient of the scales is more than f32 holds.
// CHECK-LABEL: @large_quotient
func.func @large_quotient(%x: tensor<4xi8>) -> tensor<4xi8> {
  // CHECK: nn.dequantize
  // CHECK: nn.quantize
  %e = tensor.empty() : tensor<4xi8>
  %y = nn.map parallel [4] ins(%x : tensor<4xi8>) outs(%e : tensor<4xi8>) maps [#id, #id] body {
  ^bb0(%a: i8):
    %s = arith.constant 3.0e38 : f32
    %t = arith.constant 0.05 : f32
    %0 = nn.dequantize %a scale %s : i8, f32 -> f32
    %1 = nn.quantize %0 scale %t in [-128, 127] : f32, f32 -> i8
    nn.yield %1 : i8
  } -> tensor<4xi8>
  return %y : tensor<4xi8>
}
