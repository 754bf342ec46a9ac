// RUN: tenon-opt %s --set-target=name=cortex-m0 --expand-quantization | FileCheck %s
// RUN: tenon-opt %s --set-target=name=riscv32imc --expand-quantization | FileCheck %s
// RUN: tenon-opt %s --set-target=name=cortex-m4 --expand-quantization | FileCheck %s --check-prefix=FLOATS

#id = affine_map<(i) -> (i)>
#c = affine_map<(i, o, k) -> (o)>

// 0.004 = 0x83126F * 2^-31: its shift is 7.
// CHECK-LABEL: @word
// FLOATS-LABEL: @word
// CHECK-DAG: %[[FACTOR:.*]] = arith.constant -2095943929 : i32
// CHECK: %[[N:.*]] = nn.round_product %{{.*}} by %[[FACTOR]]
// CHECK-NOT: arith.mulf
// CHECK: arith.addi %[[N]]
// CHECK: arith.maxsi
// CHECK: arith.minsi
// CHECK: arith.trunci
// FLOATS-NOT: nn.round_product
func.func @word(%x: tensor<4xi16>) -> tensor<4xi8> {
  %e = tensor.empty() : tensor<4xi8>
  %y = nn.map parallel [4] ins(%x : tensor<4xi16>) outs(%e : tensor<4xi8>) maps [#id, #id] body {
  ^bb0(%q: i16):
    %sum = arith.extsi %q : i16 to i32
    %factor = arith.constant 0.004 : f32
    %zero = arith.constant 3 : i32
    %n = nn.requantize %sum by %factor zero %zero in [3, 127] -> i8
    nn.yield %n : i8
  } -> tensor<4xi8>
  return %y : tensor<4xi8>
}

// Factors of channels become words, too.
// CHECK-LABEL: @words
// CHECK: %[[WORDS:.*]] = arith.constant dense<[-2147483641, -1073741816]> : tensor<2xi32>
// CHECK: nn.contract {{.*}} extras(%[[WORDS]] : tensor<2xi32>)
// CHECK: ^bb0(%[[SUM:.*]]: i32, %[[WORD:.*]]: i32):
// CHECK: nn.round_product %[[SUM]] by %[[WORD]]
func.func @words(%x: tensor<3x5xi8>, %w: tensor<2x5xi8>) -> tensor<3x2xi8> {
  %s = arith.constant dense<[0.00390625, 0.0029296875]> : tensor<2xf32>
  %e = tensor.empty() : tensor<3x2xi8>
  %y = nn.contract parallel [3, 2] reduction [5] ins(%x, %w : tensor<3x5xi8>, tensor<2x5xi8>) extras(%s : tensor<2xf32>)
      outs(%e : tensor<3x2xi8>)
      maps [affine_map<(i, o, k) -> (i, k)>, affine_map<(i, o, k) -> (o, k)>, #c, affine_map<(i, o, k) -> (i, o)>] epilogue {
  ^bb0(%sum: i32, %factor: f32):
    %n = nn.requantize %sum by %factor in [-128, 127] -> i8
    nn.yield %n : i8
  } -> tensor<3x2xi8>
  return %y : tensor<3x2xi8>
}

// What is 1/8 or more is halved until it is less, and the sum doubled.
// CHECK-LABEL: @large_factor
// CHECK: %[[SHIFT:.*]] = arith.constant 4 : i32
// CHECK: %[[SUM:.*]] = arith.shli %{{.*}}, %[[SHIFT]]
// CHECK: %[[FACTOR:.*]] = arith.constant -2147483645 : i32
// CHECK: nn.round_product %[[SUM]] by %[[FACTOR]]
func.func @large_factor(%x: tensor<4xi8>) -> tensor<4xi8> {
  %e = tensor.empty() : tensor<4xi8>
  %y = nn.map parallel [4] ins(%x : tensor<4xi8>) outs(%e : tensor<4xi8>) maps [#id, #id] body {
  ^bb0(%q: i8):
    %sum = arith.extsi %q : i8 to i32
    %factor = arith.constant 1.0 : f32
    %n = nn.requantize %sum by %factor in [-128, 127] -> i8
    nn.yield %n : i8
  } -> tensor<4xi8>
  return %y : tensor<4xi8>
}

// A sum of which nothing is known is cut to 2^24, where the result is 127.
// CHECK-LABEL: @any_sum
// CHECK: %[[LOW:.*]] = arith.constant -16777216 : i32
// CHECK: %[[HIGH:.*]] = arith.constant 16777216 : i32
// CHECK: %[[CUT:.*]] = arith.maxsi %{{.*}}, %[[LOW]]
// CHECK: arith.minsi %[[CUT]], %[[HIGH]]
// CHECK: nn.round_product
func.func @any_sum(%x: tensor<4xi32>) -> tensor<4xi8> {
  %e = tensor.empty() : tensor<4xi8>
  %y = nn.map parallel [4] ins(%x : tensor<4xi32>) outs(%e : tensor<4xi8>) maps [#id, #id] body {
  ^bb0(%sum: i32):
    %factor = arith.constant 0.004 : f32
    %n = nn.requantize %sum by %factor in [-128, 127] -> i8
    nn.yield %n : i8
  } -> tensor<4xi8>
  return %y : tensor<4xi8>
}

// 2^24 by this is 4: larger sums count, and have to be rounded before.
// CHECK-LABEL: @small_factor_of_any_sum
// CHECK: arith.sitofp
// CHECK-NOT: nn.round_product
func.func @small_factor_of_any_sum(%x: tensor<4xi32>) -> tensor<4xi8> {
  %e = tensor.empty() : tensor<4xi8>
  %y = nn.map parallel [4] ins(%x : tensor<4xi32>) outs(%e : tensor<4xi8>) maps [#id, #id] body {
  ^bb0(%sum: i32):
    %factor = arith.constant 2.5e-07 : f32
    %n = nn.requantize %sum by %factor in [-128, 127] -> i8
    nn.yield %n : i8
  } -> tensor<4xi8>
  return %y : tensor<4xi8>
}

// A factor that is known at run time only.
// CHECK-LABEL: @unknown_factor
// CHECK: arith.mulf
// CHECK-NOT: nn.round_product
func.func @unknown_factor(%x: tensor<4xi8>, %f: tensor<4xf32>) -> tensor<4xi8> {
  %e = tensor.empty() : tensor<4xi8>
  %y = nn.map parallel [4] ins(%x, %f : tensor<4xi8>, tensor<4xf32>) outs(%e : tensor<4xi8>) maps [#id, #id, #id] body {
  ^bb0(%q: i8, %factor: f32):
    %sum = arith.extsi %q : i8 to i32
    %n = nn.requantize %sum by %factor in [-128, 127] -> i8
    nn.yield %n : i8
  } -> tensor<4xi8>
  return %y : tensor<4xi8>
}
