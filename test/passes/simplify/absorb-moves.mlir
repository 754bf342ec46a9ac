// RUN: tenon-opt %s --absorb-moves --split-input-file | FileCheck %s

// CHECK-DAG: #[[TRANSPOSED:.*]] = affine_map<(d0, d1) -> (d1, d0)>
// CHECK-LABEL: @reduce_reads_through_a_transpose
// CHECK-SAME: (%[[X:.*]]: tensor<4x8xf32>)
func.func @reduce_reads_through_a_transpose(%x: tensor<4x8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8x4xf32>
  // CHECK-NOT: nn.map
  %t = nn.map parallel [8, 4] ins(%x : tensor<4x8xf32>) outs(%e : tensor<8x4xf32>)
      maps [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%in: f32):
    nn.yield %in : f32
  } -> tensor<8x4xf32>
  %f = tensor.empty() : tensor<8xf32>
  // CHECK: nn.reduce parallel [8] reduction [4] ins(%[[X]] : tensor<4x8xf32>)
  // CHECK-SAME: maps [#[[TRANSPOSED]],
  %y = nn.reduce parallel [8] reduction [4] ins(%t : tensor<8x4xf32>) outs(%f : tensor<8xf32>)
      maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>] init [0.0 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %s = arith.addf %in, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

// k < 24 becomes c < 4, h < 2, w < 3.
// CHECK-DAG: #[[X:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d2, d3, d4)>
// CHECK-DAG: #[[W:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d1, d2 * 6 + d3 * 3 + d4)>
// CHECK-LABEL: @matrix_product_reads_through_a_flattening
func.func @matrix_product_reads_through_a_flattening(%x: tensor<2x4x2x3xf32>, %w: tensor<5x24xf32>) -> tensor<2x5xf32> {
  // CHECK-NOT: nn.reshape
  %flat = nn.reshape %x : tensor<2x4x2x3xf32> -> tensor<2x24xf32>
  %e = tensor.empty() : tensor<2x5xf32>
  // CHECK: nn.contract parallel [2, 5] reduction [4, 2, 3]
  // CHECK-SAME: maps [#[[X]], #[[W]],
  %y = nn.contract parallel [2, 5] reduction [24] ins(%flat, %w : tensor<2x24xf32>, tensor<5x24xf32>)
      outs(%e : tensor<2x5xf32>)
      maps [affine_map<(n, o, k) -> (n, k)>, affine_map<(n, o, k) -> (o, k)>,
            affine_map<(n, o, k) -> (n, o)>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<2x5xf32>
  return %y : tensor<2x5xf32>
}

// -----

// A window that leaves a slice must not see what lies beside it.
// CHECK-LABEL: @padded_window_keeps_a_slice
func.func @padded_window_keeps_a_slice(%x: tensor<10xf32>, %w: tensor<3xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  // CHECK: nn.map
  %s = nn.map parallel [8] ins(%x : tensor<10xf32>) outs(%e : tensor<8xf32>)
      maps [affine_map<(i) -> (i + 1)>, affine_map<(i) -> (i)>] body {
  ^bb0(%in: f32):
    nn.yield %in : f32
  } -> tensor<8xf32>
  // CHECK: nn.contract
  %y = nn.contract parallel [8] reduction [3] ins(%s, %w : tensor<8xf32>, tensor<3xf32>) outs(%e : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i + k - 1)>, affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

// CHECK-DAG: #[[OUT:.*]] = affine_map<(d0, d1, d2) -> (d1, d0)>
// CHECK-LABEL: @transpose_sinks_into_its_producer
func.func @transpose_sinks_into_its_producer(%x: tensor<4x6xf32>, %w: tensor<8x6xf32>) -> tensor<8x4xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  // CHECK: nn.contract
  // CHECK-SAME: maps [{{.*}}, #[[OUT]]]
  %y = nn.contract parallel [4, 8] reduction [6] ins(%x, %w : tensor<4x6xf32>, tensor<8x6xf32>) outs(%e : tensor<4x8xf32>)
      maps [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (i, j)>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4x8xf32>
  %f = tensor.empty() : tensor<8x4xf32>
  // CHECK-NOT: nn.map
  %t = nn.map parallel [8, 4] ins(%y : tensor<4x8xf32>) outs(%f : tensor<8x4xf32>)
      maps [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%in: f32):
    nn.yield %in : f32
  } -> tensor<8x4xf32>
  return %t : tensor<8x4xf32>
}

// -----

// The product is also returned: nobody writes it untransposed otherwise.
// CHECK-LABEL: @transpose_of_a_value_with_two_users_stays
func.func @transpose_of_a_value_with_two_users_stays(%x: tensor<4x6xf32>, %w: tensor<8x6xf32>) -> (tensor<4x8xf32>, tensor<8x4xf32>) {
  %e = tensor.empty() : tensor<4x8xf32>
  // CHECK: nn.contract
  // CHECK: nn.map
  %y = nn.contract parallel [4, 8] reduction [6] ins(%x, %w : tensor<4x6xf32>, tensor<8x6xf32>) outs(%e : tensor<4x8xf32>)
      maps [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (i, j)>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4x8xf32>
  %f = tensor.empty() : tensor<8x4xf32>
  %t = nn.map parallel [8, 4] ins(%y : tensor<4x8xf32>) outs(%f : tensor<8x4xf32>)
      maps [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%in: f32):
    nn.yield %in : f32
  } -> tensor<8x4xf32>
  return %y, %t : tensor<4x8xf32>, tensor<8x4xf32>
}

// -----

// The layer writes only half of what it returns; the rest is in %old.
// CHECK-LABEL: @transpose_of_a_partial_result_stays
func.func @transpose_of_a_partial_result_stays(%x: tensor<4x8xf32>, %old: tensor<8x8xf32>) -> tensor<8x8xf32> {
  // CHECK: nn.map parallel [4, 8]
  // CHECK: nn.map parallel [8, 8]
  %y = nn.map parallel [4, 8] ins(%x : tensor<4x8xf32>) outs(%old : tensor<8x8xf32>)
      maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i * 2, j)>] body {
  ^bb0(%in: f32):
    %n = arith.negf %in : f32
    nn.yield %n : f32
  } -> tensor<8x8xf32>
  %f = tensor.empty() : tensor<8x8xf32>
  %t = nn.map parallel [8, 8] ins(%y : tensor<8x8xf32>) outs(%f : tensor<8x8xf32>)
      maps [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%in: f32):
    nn.yield %in : f32
  } -> tensor<8x8xf32>
  return %t : tensor<8x8xf32>
}

// -----

// CHECK-LABEL: @move_that_changes_nothing
// CHECK-SAME: (%[[X:.*]]: tensor<4x4xf32>)
// CHECK-NOT: nn.map
// CHECK: return %[[X]]
func.func @move_that_changes_nothing(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %e = tensor.empty() : tensor<4x4xf32>
  %y = nn.map parallel [4, 4] ins(%x : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>)
      maps [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (j, i)>] body {
  ^bb0(%in: f32):
    nn.yield %in : f32
  } -> tensor<4x4xf32>
  return %y : tensor<4x4xf32>
}

// -----

// The types are equal, the places are not.
// CHECK-LABEL: @transpose_of_a_square_stays
// CHECK: nn.map
func.func @transpose_of_a_square_stays(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %e = tensor.empty() : tensor<4x4xf32>
  %y = nn.map parallel [4, 4] ins(%x : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>)
      maps [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%in: f32):
    nn.yield %in : f32
  } -> tensor<4x4xf32>
  return %y : tensor<4x4xf32>
}

// -----

// Rows of 4 from rows of 6: no splitting of dimensions makes that linear.
// CHECK-LABEL: @reshape_that_is_not_linear_stays
// CHECK: nn.reshape
func.func @reshape_that_is_not_linear_stays(%x: tensor<4x6xf32>) -> tensor<6xf32> {
  %r = nn.reshape %x : tensor<4x6xf32> -> tensor<6x4xf32>
  %e = tensor.empty() : tensor<6xf32>
  %y = nn.reduce parallel [6] reduction [4] ins(%r : tensor<6x4xf32>) outs(%e : tensor<6xf32>)
      maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>] init [0.0 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %s = arith.addf %in, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<6xf32>
  return %y : tensor<6xf32>
}

// -----

// A contraction takes the sign of its elements from their type.
// CHECK-LABEL: @change_of_sign_stays
// CHECK: nn.map
// CHECK: nn.contract {{.*}} ins({{.*}} : tensor<4x2xi8>, tensor<2x2xi8>)
func.func @change_of_sign_stays(%x: tensor<4x2xi8>, %w: tensor<2x2xui8>) -> tensor<4x2xi32> {
  %we = tensor.empty() : tensor<2x2xi8>
  %s = nn.map parallel [2, 2] ins(%w : tensor<2x2xui8>) outs(%we : tensor<2x2xi8>)
      maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%in: i8):
    nn.yield %in : i8
  } -> tensor<2x2xi8>
  %e = tensor.empty() : tensor<4x2xi32>
  %y = nn.contract parallel [4, 2] reduction [2] ins(%x, %s : tensor<4x2xi8>, tensor<2x2xi8>) outs(%e : tensor<4x2xi32>)
      maps [affine_map<(i, o, k) -> (i, k)>, affine_map<(i, o, k) -> (o, k)>, affine_map<(i, o, k) -> (i, o)>] epilogue {
  ^bb0(%acc: i32):
    nn.yield %acc : i32
  } -> tensor<4x2xi32>
  return %y : tensor<4x2xi32>
}
