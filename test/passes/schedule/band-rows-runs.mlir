// RUN: tenon-opt %s --split-input-file --band-rows=height=2 | FileCheck %s

// Which layers can be in bands together.

#window = affine_map<(h, c, k) -> (h + k - 1, c)>
#weights = affine_map<(h, c, k) -> (k, c)>
#out = affine_map<(h, c, k) -> (h, c)>
#id = affine_map<(h, c) -> (h, c)>

// CHECK-LABEL: @chain
// CHECK: nn.bands height 2
func.func @chain(%x: tensor<12x8xf32>, %w: tensor<3x8xf32>) -> tensor<12x8xf32> {
  %e = tensor.empty() : tensor<12x8xf32>
  %a = nn.map parallel [12, 8] ins(%x : tensor<12x8xf32>) outs(%e : tensor<12x8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<12x8xf32>
  %b = nn.contract parallel [12, 8] reduction [3] ins(%a, %w : tensor<12x8xf32>, tensor<3x8xf32>) outs(%e : tensor<12x8xf32>) maps [#window, #weights, #out] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<12x8xf32>
  return %b : tensor<12x8xf32>
}

// -----

#window = affine_map<(h, c, k) -> (h + k - 1, c)>
#weights = affine_map<(h, c, k) -> (k, c)>
#out = affine_map<(h, c, k) -> (h, c)>
#id = affine_map<(h, c) -> (h, c)>

// The function returns %a, too.
// CHECK-LABEL: @another_reader
// CHECK-NOT: nn.bands
func.func @another_reader(%x: tensor<12x8xf32>, %w: tensor<3x8xf32>) -> (tensor<12x8xf32>, tensor<12x8xf32>) {
  %e = tensor.empty() : tensor<12x8xf32>
  %a = nn.map parallel [12, 8] ins(%x : tensor<12x8xf32>) outs(%e : tensor<12x8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<12x8xf32>
  %b = nn.contract parallel [12, 8] reduction [3] ins(%a, %w : tensor<12x8xf32>, tensor<3x8xf32>) outs(%e : tensor<12x8xf32>) maps [#window, #weights, #out] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<12x8xf32>
  return %a, %b : tensor<12x8xf32>, tensor<12x8xf32>
}

// -----

#id = affine_map<(h, c) -> (h, c)>

// Rows in another order are no rows near each other.
// CHECK-LABEL: @upside_down
// CHECK-NOT: nn.bands
func.func @upside_down(%x: tensor<12x8xf32>) -> tensor<12x8xf32> {
  %e = tensor.empty() : tensor<12x8xf32>
  %a = nn.map parallel [12, 8] ins(%x : tensor<12x8xf32>) outs(%e : tensor<12x8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<12x8xf32>
  %b = nn.map parallel [12, 8] ins(%a : tensor<12x8xf32>) outs(%e : tensor<12x8xf32>) maps [affine_map<(h, c) -> (11 - h, c)>, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<12x8xf32>
  return %b : tensor<12x8xf32>
}

// -----

#id = affine_map<(h, c) -> (h, c)>

// The layer would count rows from another one on.
// CHECK-LABEL: @reads_its_row
// CHECK-NOT: nn.bands
func.func @reads_its_row(%x: tensor<12x8xi32>) -> tensor<12x8xi32> {
  %e = tensor.empty() : tensor<12x8xi32>
  %a = nn.map parallel [12, 8] ins(%x : tensor<12x8xi32>) outs(%e : tensor<12x8xi32>) maps [#id, #id] body {
  ^bb0(%v: i32):
    %n = arith.addi %v, %v : i32
    nn.yield %n : i32
  } -> tensor<12x8xi32>
  %b = nn.map parallel [12, 8] ins(%a : tensor<12x8xi32>) outs(%e : tensor<12x8xi32>) maps [#id, #id] body {
  ^bb0(%v: i32):
    %row = nn.index 0
    %number = arith.index_cast %row : index to i32
    %n = arith.addi %v, %number : i32
    nn.yield %n : i32
  } -> tensor<12x8xi32>
  return %b : tensor<12x8xi32>
}

// -----

#id = affine_map<(h, c) -> (h, c)>

// A padded sum starts at 0, and adds what a point makes of a row: which row would add nothing is not known.
// CHECK-LABEL: @unknown_padding
// CHECK-NOT: nn.bands
func.func @unknown_padding(%x: tensor<12x8xf32>) -> tensor<12x8xf32> {
  %e = tensor.empty() : tensor<12x8xf32>
  %a = nn.map parallel [12, 8] ins(%x : tensor<12x8xf32>) outs(%e : tensor<12x8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<12x8xf32>
  %b = nn.reduce parallel [12, 8] reduction [3] ins(%a : tensor<12x8xf32>) outs(%e : tensor<12x8xf32>) maps [affine_map<(h, c, k) -> (h + k - 1, c)>, affine_map<(h, c, k) -> (h, c)>] init [0.0 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %one = arith.constant 1.0 : f32
    %more = arith.addf %in, %one : f32
    %sum = arith.addf %acc, %more : f32
    nn.yield %sum : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<12x8xf32>
  return %b : tensor<12x8xf32>
}

// -----

#id = affine_map<(h, c) -> (h, c)>

// The sums over a row of these lie side by side, and so in vectors; over one row alone they would not.
// CHECK-LABEL: @rows_of_one_element
// CHECK-NOT: nn.bands
func.func @rows_of_one_element(%x: tensor<12x8xf32>) -> tensor<12xf32> {
  %e = tensor.empty() : tensor<12x8xf32>
  %s = tensor.empty() : tensor<12xf32>
  %a = nn.map parallel [12, 8] ins(%x : tensor<12x8xf32>) outs(%e : tensor<12x8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<12x8xf32>
  %b = nn.reduce parallel [12] reduction [8] ins(%a : tensor<12x8xf32>) outs(%s : tensor<12xf32>) maps [#id, affine_map<(h, c) -> (h)>] init [0.0 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %sum = arith.addf %acc, %in : f32
    nn.yield %sum : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<12xf32>
  return %b : tensor<12xf32>
}
