// RUN: tenon-opt %s --split-input-file --mlir-print-local-scope --pass-pipeline="builtin.module(func.func(prepare-dots))" | FileCheck %s

// Words run along rows of three channels: the border at the sides is in memory, that above and below is still skipped.
#dsp = #kernel.target<name = "dsp", lanes = 1, dot = dsp, indexBits = 32>
// CHECK-LABEL: func.func @first_layer
// CHECK: %[[PAD:.*]] = nn.assemble (%{{.*}} at [0, 1, 0]) fill -5 : i8 : (tensor<8x8x3xi8>) -> tensor<8x10x3xi8>
// CHECK: nn.contract {{.*}} ins(%[[PAD]]
// CHECK-SAME: affine_map<(d0, d1, d2, d3, d4, d5) -> (d0 + d3 - 1, d1 + d4, d5)>
// CHECK-SAME: zero_points = array<i64: -5, 0>
module attributes {kernel.target = #dsp} {
  func.func @first_layer(%x: tensor<8x8x3xi8>, %init: tensor<8x8x4xi32>) -> tensor<8x8x4xi32> {
    %w = arith.constant dense<1> : tensor<4x3x3x3xi8>
    %y = nn.contract parallel [8, 8, 4] reduction [3, 3, 3] ins(%x, %w : tensor<8x8x3xi8>, tensor<4x3x3x3xi8>)
        outs(%init : tensor<8x8x4xi32>)
        maps [affine_map<(h, w, o, kh, kw, c) -> (h + kh - 1, w + kw - 1, c)>,
              affine_map<(h, w, o, kh, kw, c) -> (o, kh, kw, c)>, affine_map<(h, w, o, kh, kw, c) -> (h, w, o)>]
        {zero_points = array<i64: -5, 0>} epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } -> tensor<8x8x4xi32>
    return %y : tensor<8x8x4xi32>
  }

  // Sixteen channels are whole words: nothing changes. Neither do those of a depthwise convolution.
  // CHECK-LABEL: func.func @whole_words
  // CHECK-NOT: nn.assemble
  func.func @whole_words(%x: tensor<8x8x16xi8>, %init: tensor<8x8x4xi32>, %init2: tensor<8x8x16xi32>)
      -> (tensor<8x8x4xi32>, tensor<8x8x16xi32>) {
    %w = arith.constant dense<1> : tensor<4x3x3x16xi8>
    %y = nn.contract parallel [8, 8, 4] reduction [3, 3, 16] ins(%x, %w : tensor<8x8x16xi8>, tensor<4x3x3x16xi8>)
        outs(%init : tensor<8x8x4xi32>)
        maps [affine_map<(h, w, o, kh, kw, c) -> (h + kh - 1, w + kw - 1, c)>,
              affine_map<(h, w, o, kh, kw, c) -> (o, kh, kw, c)>, affine_map<(h, w, o, kh, kw, c) -> (h, w, o)>]
        {zero_points = array<i64: -5, 0>} epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } -> tensor<8x8x4xi32>
    %d = arith.constant dense<1> : tensor<3x3x16xi8>
    %z = nn.contract parallel [8, 8, 16] reduction [3, 3] ins(%x, %d : tensor<8x8x16xi8>, tensor<3x3x16xi8>)
        outs(%init2 : tensor<8x8x16xi32>)
        maps [affine_map<(h, w, c, kh, kw) -> (h + kh - 1, w + kw - 1, c)>,
              affine_map<(h, w, c, kh, kw) -> (kh, kw, c)>, affine_map<(h, w, c, kh, kw) -> (h, w, c)>]
        {zero_points = array<i64: -5, 0>} epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } -> tensor<8x8x16xi32>
    return %y, %z : tensor<8x8x4xi32>, tensor<8x8x16xi32>
  }
}

// -----

// Whose zero point is the instruction's own sums no weights: what is skipped needs no border.
#vnni = #kernel.target<name = "vnni", lanes = 16, dot = vnni, indexBits = 64>
// CHECK-LABEL: func.func @own_zero_point
// CHECK-NOT: nn.assemble
// CHECK-NOT: nn.reduce
// CHECK: nn.contract
module attributes {kernel.target = #vnni} {
  func.func @own_zero_point(%x: tensor<8x8x16xi8>, %init: tensor<8x8x4xi32>) -> tensor<8x8x4xi32> {
    %w = arith.constant dense<1> : tensor<4x3x3x16xi8>
    %y = nn.contract parallel [8, 8, 4] reduction [3, 3, 16] ins(%x, %w : tensor<8x8x16xi8>, tensor<4x3x3x16xi8>)
        outs(%init : tensor<8x8x4xi32>)
        maps [affine_map<(h, w, o, kh, kw, c) -> (h + kh - 1, w + kw - 1, c)>,
              affine_map<(h, w, o, kh, kw, c) -> (o, kh, kw, c)>, affine_map<(h, w, o, kh, kw, c) -> (h, w, o)>]
        {zero_points = array<i64: -128, 0>} epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } -> tensor<8x8x4xi32>
    return %y : tensor<8x8x4xi32>
  }
}

// -----

// Unsigned bytes times signed ones: (x + 128) w, and (-128 + 5) times the sum of the weights for each result.
#vnni = #kernel.target<name = "vnni", lanes = 16, dot = vnni, indexBits = 64>
// CHECK-LABEL: func.func @zero_points
// CHECK: %[[SUM:.*]] = nn.reduce parallel [4] reduction [12] ins(%[[W:.*]] : tensor<4x12xi8>)
// CHECK: arith.constant -123 : i32
// CHECK: nn.contract {{.*}} ins(%{{.*}}, %[[W]] : {{.*}}) extras(%[[SUM]] : tensor<4xi32>)
// CHECK-SAME: zero_points = array<i64: -128, 0>
// CHECK: ^bb0(%[[ACC:.*]]: i32, %[[EXTRA:.*]]: i32):
// CHECK: %[[ALL:.*]] = arith.addi %[[ACC]], %[[EXTRA]]
// CHECK: nn.yield %[[ALL]]
module attributes {kernel.target = #vnni} {
  func.func @zero_points(%x: tensor<2x12xi8>, %init: tensor<2x4xi32>) -> tensor<2x4xi32> {
    %w = arith.constant dense<1> : tensor<4x12xi8>
    %y = nn.contract parallel [2, 4] reduction [12] ins(%x, %w : tensor<2x12xi8>, tensor<4x12xi8>)
        outs(%init : tensor<2x4xi32>)
        maps [affine_map<(i, o, k) -> (i, k)>, affine_map<(i, o, k) -> (o, k)>, affine_map<(i, o, k) -> (i, o)>]
        {zero_points = array<i64: -5, 0>} epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } -> tensor<2x4xi32>
    return %y : tensor<2x4xi32>
  }
}

// -----

// Weights of one result alone: their sum is a number.
#vnni = #kernel.target<name = "vnni", lanes = 16, dot = vnni, indexBits = 64>
// CHECK-LABEL: func.func @one_column
// CHECK: %[[SUM:.*]] = nn.reduce parallel [] reduction [8]
// CHECK: nn.contract {{.*}} extras(%[[SUM]] : tensor<i32>)
module attributes {kernel.target = #vnni} {
  func.func @one_column(%x: tensor<2x8xi8>, %init: tensor<2xi32>) -> tensor<2xi32> {
    %w = arith.constant dense<1> : tensor<8xi8>
    %y = nn.contract parallel [2] reduction [8] ins(%x, %w : tensor<2x8xi8>, tensor<8xi8>)
        outs(%init : tensor<2xi32>)
        maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>]
        {zero_points = array<i64: -5, 0>} epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } -> tensor<2xi32>
    return %y : tensor<2xi32>
  }
}
