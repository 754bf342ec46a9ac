// RUN: tenon-opt %s --split-input-file --carry-integers | FileCheck %s

#mk = affine_map<(i, o, k) -> (i, k)>
#ok = affine_map<(i, o, k) -> (o, k)>
#out = affine_map<(i, o, k) -> (i, o)>

// CHECK-LABEL: @product_of_integers
func.func @product_of_integers(%q: tensor<4x2xi8>) -> tensor<4x3xf32> {
  %w = arith.constant dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xi8>
  %s = arith.constant dense<[0.5, 0.25, 2.0]> : tensor<3xf32>
  %e0 = tensor.empty() : tensor<4x2xf32>
  %e1 = tensor.empty() : tensor<3x2xf32>
  %e = tensor.empty() : tensor<4x3xf32>
  %x = nn.map parallel [4, 2] ins(%q : tensor<4x2xi8>) outs(%e0 : tensor<4x2xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i, k)>] body {
  ^bb0(%in: i8):
    %scale = arith.constant 0.5 : f32
    %zero = arith.constant 3 : i32
    %n = nn.dequantize %in scale %scale zero %zero : i8, f32 -> f32
    nn.yield %n : f32
  } -> tensor<4x2xf32>
  %f = nn.map parallel [3, 2] ins(%w, %s : tensor<3x2xi8>, tensor<3xf32>) outs(%e1 : tensor<3x2xf32>)
      maps [affine_map<(o, k) -> (o, k)>, affine_map<(o, k) -> (o)>, affine_map<(o, k) -> (o, k)>] body {
  ^bb0(%in: i8, %scale: f32):
    %n = nn.dequantize %in scale %scale : i8, f32 -> f32
    nn.yield %n : f32
  } -> tensor<3x2xf32>
  // The scales' product is at f64.
  // CHECK: %[[SCALES:.*]] = nn.map {{.*}} outs(%{{.*}} : tensor<3xf64>)
  // CHECK: nn.contract parallel [4, 3] reduction [2] ins(%arg0, %{{.*}} : tensor<4x2xi8>, tensor<3x2xi8>) extras(%[[SCALES]] : tensor<3xf64>)
  // CHECK-SAME: zero_points = array<i64: 3, 0>
  // CHECK: ^bb0(%[[ACC:.*]]: i32, %[[SCALE:.*]]: f64):
  // CHECK: nn.dequantize %[[ACC]] scale %[[SCALE]] : i32, f64 -> f32
  %y = nn.contract parallel [4, 3] reduction [2] ins(%x, %f : tensor<4x2xf32>, tensor<3x2xf32>)
      outs(%e : tensor<4x3xf32>) maps [#mk, #ok, #out] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

#mk = affine_map<(i, o, k) -> (i, k)>
#ok = affine_map<(i, o, k) -> (o, k)>
#out = affine_map<(i, o, k) -> (i, o)>

// A cast took the bytes of @w to the other sign.
// CHECK-LABEL: @other_sign
func.func @other_sign(%q: tensor<4x2xi8>) -> tensor<4x3xf32> {
  %w = arith.constant dense<[[1, 2], [3, 4], [5, 255]]> : tensor<3x2xui8>
  %e0 = tensor.empty() : tensor<4x2xf32>
  %e1 = tensor.empty() : tensor<3x2xf32>
  %e = tensor.empty() : tensor<4x3xf32>
  %x = nn.map parallel [4, 2] ins(%q : tensor<4x2xi8>) outs(%e0 : tensor<4x2xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i, k)>] body {
  ^bb0(%in: i8):
    %scale = arith.constant 0.5 : f32
    %n = nn.dequantize %in scale %scale : i8, f32 -> f32
    nn.yield %n : f32
  } -> tensor<4x2xf32>
  %f = nn.map parallel [3, 2] ins(%w : tensor<3x2xui8>) outs(%e1 : tensor<3x2xf32>)
      maps [affine_map<(o, k) -> (o, k)>, affine_map<(o, k) -> (o, k)>] body {
  ^bb0(%in: i8):
    %scale = arith.constant 0.25 : f32
    %n = nn.dequantize %in scale %scale : i8, f32 -> f32
    nn.yield %n : f32
  } -> tensor<3x2xf32>
  // CHECK: nn.contract parallel [4, 3] reduction [2] ins(%{{.*}} : tensor<4x2xf32>, tensor<3x2xf32>)
  %y = nn.contract parallel [4, 3] reduction [2] ins(%x, %f : tensor<4x2xf32>, tensor<3x2xf32>)
      outs(%e : tensor<4x3xf32>) maps [#mk, #ok, #out] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}

// -----

#mk = affine_map<(i, o, k) -> (i, k)>
#ok = affine_map<(i, o, k) -> (o, k)>
#out = affine_map<(i, o, k) -> (i, o)>

// 40,000 products of 255 * 255 do not fit into 32 bits.
// CHECK-LABEL: @sum_may_overflow
func.func @sum_may_overflow(%q: tensor<40000xui8>, %p: tensor<40000xui8>) -> tensor<f32> {
  %e0 = tensor.empty() : tensor<40000xf32>
  %e = tensor.empty() : tensor<f32>
  %x = nn.map parallel [40000] ins(%q : tensor<40000xui8>) outs(%e0 : tensor<40000xf32>)
      maps [affine_map<(k) -> (k)>, affine_map<(k) -> (k)>] body {
  ^bb0(%in: i8):
    %scale = arith.constant 0.5 : f32
    %n = nn.dequantize unsigned %in scale %scale : i8, f32 -> f32
    nn.yield %n : f32
  } -> tensor<40000xf32>
  %z = nn.map parallel [40000] ins(%p : tensor<40000xui8>) outs(%e0 : tensor<40000xf32>)
      maps [affine_map<(k) -> (k)>, affine_map<(k) -> (k)>] body {
  ^bb0(%in: i8):
    %scale = arith.constant 0.5 : f32
    %n = nn.dequantize unsigned %in scale %scale : i8, f32 -> f32
    nn.yield %n : f32
  } -> tensor<40000xf32>
  // CHECK: nn.contract {{.*}} ins(%{{.*}} : tensor<40000xf32>, tensor<40000xf32>)
  %y = nn.contract parallel [] reduction [40000] ins(%x, %z : tensor<40000xf32>, tensor<40000xf32>) outs(%e : tensor<f32>)
      maps [affine_map<(k) -> (k)>, affine_map<(k) -> (k)>, affine_map<(k) -> ()>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<f32>
  return %y : tensor<f32>
}

// -----

// A pool of integers: the largest integer stands for the largest number.
// CHECK-LABEL: @maximum_of_integers
func.func @maximum_of_integers(%q: tensor<8xi8>) -> tensor<4xf32> {
  %e0 = tensor.empty() : tensor<8xf32>
  %e = tensor.empty() : tensor<4xf32>
  %x = nn.map parallel [8] ins(%q : tensor<8xi8>) outs(%e0 : tensor<8xf32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%in: i8):
    %scale = arith.constant 0.5 : f32
    %n = nn.dequantize %in scale %scale : i8, f32 -> f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  // CHECK: nn.reduce parallel [4] reduction [2] ins(%arg0 : tensor<8xi8>) {{.*}} init [-128 : i32]
  // CHECK: arith.maxsi
  // CHECK: epilogue
  // CHECK: nn.dequantize
  %y = nn.reduce parallel [4] reduction [2] ins(%x : tensor<8xf32>) outs(%e : tensor<4xf32>)
      maps [affine_map<(i, k) -> (i * 2 + k)>, affine_map<(i, k) -> (i)>] init [0xFF800000 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %m = arith.maximumf %in, %acc : f32
    nn.yield %m : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// A maximum that starts at +inf is +inf, and no integer.
// CHECK-LABEL: @maximum_of_infinity
func.func @maximum_of_infinity(%q: tensor<8xi8>) -> tensor<4xf32> {
  %e0 = tensor.empty() : tensor<8xf32>
  %e = tensor.empty() : tensor<4xf32>
  %x = nn.map parallel [8] ins(%q : tensor<8xi8>) outs(%e0 : tensor<8xf32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%in: i8):
    %scale = arith.constant 0.5 : f32
    %n = nn.dequantize %in scale %scale : i8, f32 -> f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  // CHECK: nn.reduce {{.*}} init [0x7F800000 : f32]
  // CHECK: arith.maximumf
  %y = nn.reduce parallel [4] reduction [2] ins(%x : tensor<8xf32>) outs(%e : tensor<4xf32>)
      maps [affine_map<(i, k) -> (i * 2 + k)>, affine_map<(i, k) -> (i)>] init [0x7F800000 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %m = arith.maximumf %in, %acc : f32
    nn.yield %m : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}
