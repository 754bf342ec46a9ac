// RUN: tenon-opt %s --fuse-maps --split-input-file | FileCheck %s

#mk = affine_map<(i, j, k) -> (i, k)>
#nk = affine_map<(i, j, k) -> (j, k)>
#mn = affine_map<(i, j, k) -> (i, j)>

// CHECK-LABEL: @bias_and_residual_into_the_epilogue
// CHECK-SAME: %[[X:.*]]: tensor<4x6xf32>, %[[W:.*]]: tensor<8x6xf32>, %[[B:.*]]: tensor<8xf32>, %[[R:.*]]: tensor<4x8xf32>)
func.func @bias_and_residual_into_the_epilogue(%x: tensor<4x6xf32>, %w: tensor<8x6xf32>, %b: tensor<8xf32>, %r: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  // CHECK: nn.contract
  // CHECK-SAME: extras(%[[B]], %[[R]] : tensor<8xf32>, tensor<4x8xf32>)
  // CHECK: ^bb0(%[[ACC:.*]]: f32, %[[BIAS:.*]]: f32, %[[RES:.*]]: f32):
  // CHECK: %[[S:.*]] = arith.addf %[[ACC]], %[[BIAS]]
  // CHECK: arith.addf %[[RES]], %[[S]]
  %y = nn.contract parallel [4, 8] reduction [6] ins(%x, %w : tensor<4x6xf32>, tensor<8x6xf32>) outs(%e : tensor<4x8xf32>)
      maps [#mk, #nk, #mn] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4x8xf32>
  // CHECK-NOT: nn.map
  %z = nn.map parallel [4, 8] ins(%y, %b : tensor<4x8xf32>, tensor<8xf32>) outs(%e : tensor<4x8xf32>)
      maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%in: f32, %bias: f32):
    %s = arith.addf %in, %bias : f32
    nn.yield %s : f32
  } -> tensor<4x8xf32>
  %v = nn.map parallel [4, 8] ins(%r, %z : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%res: f32, %in: f32):
    %s = arith.addf %res, %in : f32
    nn.yield %s : f32
  } -> tensor<4x8xf32>
  return %v : tensor<4x8xf32>
}

// -----

// The sum is also returned: it must be stored before the square.
// CHECK-LABEL: @producer_with_two_users_stays
func.func @producer_with_two_users_stays(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %e = tensor.empty() : tensor<8xf32>
  // CHECK: nn.map
  %y = nn.map parallel [8] ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%in: f32):
    %s = arith.addf %in, %in : f32
    nn.yield %s : f32
  } -> tensor<8xf32>
  // CHECK: nn.map
  %z = nn.map parallel [8] ins(%y : tensor<8xf32>) outs(%e : tensor<8xf32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%in: f32):
    %s = arith.mulf %in, %in : f32
    nn.yield %s : f32
  } -> tensor<8xf32>
  return %y, %z : tensor<8xf32>, tensor<8xf32>
}

// -----

// A row that is broadcast would be computed eight times.
// CHECK-LABEL: @broadcast_is_not_fused
func.func @broadcast_is_not_fused(%x: tensor<4xf32>) -> tensor<8x4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  // CHECK: nn.map parallel [4]
  %y = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%in: f32):
    %s = math.exp %in : f32
    nn.yield %s : f32
  } -> tensor<4xf32>
  %f = tensor.empty() : tensor<8x4xf32>
  // CHECK: nn.map parallel [8, 4]
  %z = nn.map parallel [8, 4] ins(%y : tensor<4xf32>) outs(%f : tensor<8x4xf32>)
      maps [affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%in: f32):
    %s = arith.mulf %in, %in : f32
    nn.yield %s : f32
  } -> tensor<8x4xf32>
  return %z : tensor<8x4xf32>
}

// -----

// CHECK-LABEL: @square_into_the_sum
func.func @square_into_the_sum(%x: tensor<4x8xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  // CHECK-NOT: nn.map
  %y = nn.map parallel [4, 8] ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%in: f32):
    %s = arith.mulf %in, %in : f32
    nn.yield %s : f32
  } -> tensor<4x8xf32>
  %f = tensor.empty() : tensor<4xf32>
  // CHECK: nn.reduce
  // CHECK: ^bb0(%[[IN:.*]]: f32, %[[ACC:.*]]: f32):
  // CHECK: %[[SQUARE:.*]] = arith.mulf %[[IN]], %[[IN]]
  // CHECK: arith.addf %[[SQUARE]], %[[ACC]]
  %z = nn.reduce parallel [4] reduction [8] ins(%y : tensor<4x8xf32>) outs(%f : tensor<4xf32>)
      maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>] init [0.0 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %s = arith.addf %in, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4xf32>
  return %z : tensor<4xf32>
}

// -----

// Groups and the outputs of a group are one dimension to the map.
// CHECK-LABEL: @groups
// CHECK: nn.contract parallel [4, 34, 9] reduction [8]
// CHECK-SAME: maps [#{{.*}}, #{{.*}}, #[[BIAS:.*]], #[[OUT:.*]]]
// CHECK: arith.addf
// CHECK-NOT: nn.map
func.func @groups(%x: tensor<32x9xf32>, %w: tensor<136x8xf32>, %b: tensor<136xf32>) -> tensor<9x136xf32> {
  %e = tensor.empty() : tensor<136x9xf32>
  %y = nn.contract parallel [4, 34, 9] reduction [8] ins(%x, %w : tensor<32x9xf32>, tensor<136x8xf32>) outs(%e : tensor<136x9xf32>)
      maps [affine_map<(g, o, i, k) -> (g * 8 + k, i)>, affine_map<(g, o, i, k) -> (g * 34 + o, k)>, affine_map<(g, o, i, k) -> (g * 34 + o, i)>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<136x9xf32>
  %f = tensor.empty() : tensor<9x136xf32>
  %z = nn.map parallel [9, 136] ins(%y, %b : tensor<136x9xf32>, tensor<136xf32>) outs(%f : tensor<9x136xf32>)
      maps [affine_map<(i, c) -> (c, i)>, affine_map<(i, c) -> (c)>, affine_map<(i, c) -> (i, c)>] body {
  ^bb0(%in: f32, %bias: f32):
    %s = arith.addf %in, %bias : f32
    nn.yield %s : f32
  } -> tensor<9x136xf32>
  return %z : tensor<9x136xf32>
}

// -----

// The map reads the groups in another order than the contraction has them, as
// two dimensions: their points are not those of one.
// CHECK-LABEL: @shuffled_groups
// CHECK: nn.contract
// CHECK: nn.map
func.func @shuffled_groups(%x: tensor<32x9xf32>, %w: tensor<136x8xf32>) -> tensor<34x4x9xf32> {
  %e = tensor.empty() : tensor<136x9xf32>
  %y = nn.contract parallel [4, 34, 9] reduction [8] ins(%x, %w : tensor<32x9xf32>, tensor<136x8xf32>) outs(%e : tensor<136x9xf32>)
      maps [affine_map<(g, o, i, k) -> (g * 8 + k, i)>, affine_map<(g, o, i, k) -> (g * 34 + o, k)>, affine_map<(g, o, i, k) -> (g * 34 + o, i)>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<136x9xf32>
  %f = tensor.empty() : tensor<34x4x9xf32>
  %z = nn.map parallel [34, 4, 9] ins(%y : tensor<136x9xf32>) outs(%f : tensor<34x4x9xf32>)
      maps [affine_map<(o, g, i) -> (o + g * 34, i)>, affine_map<(o, g, i) -> (o, g, i)>] body {
  ^bb0(%in: f32):
    %s = arith.addf %in, %in : f32
    nn.yield %s : f32
  } -> tensor<34x4x9xf32>
  return %z : tensor<34x4x9xf32>
}

// -----

// A producer takes the map before the reduction that reads it does.
// CHECK-LABEL: @producer_first
// CHECK: nn.contract
// CHECK: arith.maximumf
// CHECK: nn.reduce
// CHECK: ^bb0(%[[IN:.*]]: f32, %[[ACC:.*]]: f32):
// CHECK-NEXT: arith.addf %[[IN]], %[[ACC]]
func.func @producer_first(%x: tensor<4x6xf32>, %w: tensor<8x6xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %y = nn.contract parallel [4, 8] reduction [6] ins(%x, %w : tensor<4x6xf32>, tensor<8x6xf32>) outs(%e : tensor<4x8xf32>)
      maps [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (i, j)>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4x8xf32>
  %z = nn.map parallel [4, 8] ins(%y : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>)
      maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%in: f32):
    %zero = arith.constant 0.0 : f32
    %s = arith.maximumf %in, %zero : f32
    nn.yield %s : f32
  } -> tensor<4x8xf32>
  %f = tensor.empty() : tensor<4xf32>
  %v = nn.reduce parallel [4] reduction [8] ins(%z : tensor<4x8xf32>) outs(%f : tensor<4xf32>)
      maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>] init [0.0 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %s = arith.addf %in, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4xf32>
  return %v : tensor<4xf32>
}

// -----

// Windows overlap: each square would be computed three times.
// CHECK-LABEL: @square_into_overlapping_windows_is_not_fused
// CHECK: nn.map
// CHECK: nn.reduce
func.func @square_into_overlapping_windows_is_not_fused(%x: tensor<8xf32>) -> tensor<6xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %m = nn.map parallel [8] ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%in: f32):
    %s = arith.mulf %in, %in : f32
    nn.yield %s : f32
  } -> tensor<8xf32>
  %f = tensor.empty() : tensor<6xf32>
  %y = nn.reduce parallel [6] reduction [3] ins(%m : tensor<8xf32>) outs(%f : tensor<6xf32>)
      maps [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (i)>] init [0.0 : f32] combine {
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

// Two layers write every other element: each of them takes the map, with the bias of its elements.
// CHECK-LABEL: @parts
// CHECK: %[[E:.*]] = tensor.empty() : tensor<8xi32>
// CHECK: %[[EVEN:.*]] = nn.map parallel [4] ins(%arg0, %arg2 : tensor<4xf32>, tensor<8xf32>) outs(%[[E]] : tensor<8xi32>)
// CHECK-SAME: maps [#[[ID:.*]], #[[DOUBLE:.*]], #[[DOUBLE]]]
// CHECK: arith.negf
// CHECK: arith.addf
// CHECK: arith.fptosi
// CHECK: %[[ALL:.*]] = nn.map parallel [4] ins(%arg1, %arg2 : tensor<4xf32>, tensor<8xf32>) outs(%[[EVEN]] : tensor<8xi32>)
// CHECK: arith.addf
// CHECK: arith.fptosi
// CHECK: return %[[ALL]]
func.func @parts(%x: tensor<4xf32>, %y: tensor<4xf32>, %bias: tensor<8xf32>) -> tensor<8xi32> {
  %e = tensor.empty() : tensor<8xf32>
  %even = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%e : tensor<8xf32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i * 2)>] body {
  ^bb0(%in: f32):
    %s = arith.negf %in : f32
    nn.yield %s : f32
  } -> tensor<8xf32>
  %all = nn.map parallel [4] ins(%y : tensor<4xf32>) outs(%even : tensor<8xf32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i * 2 + 1)>] body {
  ^bb0(%in: f32):
    nn.yield %in : f32
  } -> tensor<8xf32>
  %f = tensor.empty() : tensor<8xi32>
  %z = nn.map parallel [8] ins(%all, %bias : tensor<8xf32>, tensor<8xf32>) outs(%f : tensor<8xi32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%in: f32, %b: f32):
    %s = arith.addf %in, %b : f32
    %n = arith.fptosi %s : f32 to i32
    nn.yield %n : i32
  } -> tensor<8xi32>
  return %z : tensor<8xi32>
}
