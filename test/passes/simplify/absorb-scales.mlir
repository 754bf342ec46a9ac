// RUN: tenon-opt %s --absorb-scales --split-input-file | FileCheck %s

#mk = affine_map<(i, o, k) -> (i, k)>
#ok = affine_map<(i, o, k) -> (o, k)>
#o = affine_map<(i, o, k) -> (o)>
#out = affine_map<(i, o, k) -> (i, o)>

// CHECK-LABEL: @batch_norm_scale_into_the_weights
func.func @batch_norm_scale_into_the_weights(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %s = arith.constant dense<[10.0, 100.0]> : tensor<2xf32>
  %e = tensor.empty() : tensor<4x2xf32>
  // CHECK: %[[W:.*]] = nn.map parallel [2, 2]
  // CHECK: arith.mulf
  // CHECK: nn.contract {{.*}} ins(%{{.*}}, %[[W]]
  // CHECK: ^bb0(%[[ACC:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: nn.yield %[[ACC]]
  %y = nn.contract parallel [4, 2] reduction [2] ins(%x, %w : tensor<4x2xf32>, tensor<2x2xf32>)
      extras(%s : tensor<2xf32>) outs(%e : tensor<4x2xf32>) maps [#mk, #ok, #o, #out] epilogue {
  ^bb0(%acc: f32, %scale: f32):
    %p = arith.mulf %acc, %scale : f32
    nn.yield %p : f32
  } -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// -----

#mk = affine_map<(i, o, k) -> (i, k)>
#ok = affine_map<(i, o, k) -> (o, k)>
#i = affine_map<(i, o, k) -> (i)>
#out = affine_map<(i, o, k) -> (i, o)>

// A factor of the row is not a factor of the weights.
// CHECK-LABEL: @factor_of_a_row_stays
func.func @factor_of_a_row_stays(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %s = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %e = tensor.empty() : tensor<4x2xf32>
  // CHECK-NOT: nn.map
  // CHECK: nn.contract
  // CHECK: arith.mulf
  %y = nn.contract parallel [4, 2] reduction [2] ins(%x, %w : tensor<4x2xf32>, tensor<2x2xf32>)
      extras(%s : tensor<4xf32>) outs(%e : tensor<4x2xf32>) maps [#mk, #ok, #i, #out] epilogue {
  ^bb0(%acc: f32, %scale: f32):
    %p = arith.mulf %acc, %scale : f32
    nn.yield %p : f32
  } -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// -----

#mk = affine_map<(i, o, k) -> (i, k)>
#ok = affine_map<(i, o, k) -> (o, k)>
#out = affine_map<(i, o, k) -> (i, o)>

// CHECK-LABEL: @integer_weights_stay_integers
func.func @integer_weights_stay_integers(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  // CHECK-DAG: %[[W:.*]] = arith.constant dense<{{.*}}> : tensor<2x2xi8>
  // CHECK-DAG: %[[S:.*]] = arith.constant dense<{{.*}}> : tensor<2xf32>
  %w = arith.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi8>
  %s = arith.constant dense<[0.5, 0.25]> : tensor<2xf32>
  %we = tensor.empty() : tensor<2x2xf32>
  %f = nn.map parallel [2, 2] ins(%w, %s : tensor<2x2xi8>, tensor<2xf32>) outs(%we : tensor<2x2xf32>)
      maps [affine_map<(o, k) -> (o, k)>, affine_map<(o, k) -> (o)>, affine_map<(o, k) -> (o, k)>] body {
  ^bb0(%q: i8, %scale: f32):
    %p = nn.dequantize %q scale %scale : i8, f32 -> f32
    nn.yield %p : f32
  } -> tensor<2x2xf32>
  %e = tensor.empty() : tensor<4x2xf32>
  // CHECK: nn.contract {{.*}} ins(%{{.*}}, %[[W]] : tensor<4x2xf32>, tensor<2x2xi8>) extras(%[[S]]
  // CHECK: ^bb0(%[[ACC:.*]]: f32, %[[SCALE:.*]]: f32):
  // CHECK: arith.mulf %[[ACC]], %[[SCALE]]
  %y = nn.contract parallel [4, 2] reduction [2] ins(%x, %f : tensor<4x2xf32>, tensor<2x2xf32>)
      outs(%e : tensor<4x2xf32>) maps [#mk, #ok, #out] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// -----

#mk = affine_map<(i, o, k) -> (i, k)>
#ok = affine_map<(i, o, k) -> (o, k)>
#out = affine_map<(i, o, k) -> (i, o)>

// A scale a reduction step does not leave the sum.
// CHECK-LABEL: @scale_of_an_input_channel_stays
func.func @scale_of_an_input_channel_stays(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  %w = arith.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi8>
  %s = arith.constant dense<[0.5, 0.25]> : tensor<2xf32>
  %we = tensor.empty() : tensor<2x2xf32>
  // CHECK: nn.map
  %f = nn.map parallel [2, 2] ins(%w, %s : tensor<2x2xi8>, tensor<2xf32>) outs(%we : tensor<2x2xf32>)
      maps [affine_map<(o, k) -> (o, k)>, affine_map<(o, k) -> (k)>, affine_map<(o, k) -> (o, k)>] body {
  ^bb0(%q: i8, %scale: f32):
    %p = nn.dequantize %q scale %scale : i8, f32 -> f32
    nn.yield %p : f32
  } -> tensor<2x2xf32>
  %e = tensor.empty() : tensor<4x2xf32>
  %y = nn.contract parallel [4, 2] reduction [2] ins(%x, %f : tensor<4x2xf32>, tensor<2x2xf32>)
      outs(%e : tensor<4x2xf32>) maps [#mk, #ok, #out] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// -----

#mk = affine_map<(i, o, k) -> (i, k)>
#ok = affine_map<(i, o, k) -> (o, k)>
#out = affine_map<(i, o, k) -> (i, o)>

// What the map reads as signed, the contraction would not.
// CHECK-LABEL: @weights_read_with_another_sign_stay
func.func @weights_read_with_another_sign_stay(%x: tensor<4x2xf32>) -> tensor<4x2xf32> {
  %w = arith.constant dense<[[1, 2], [3, 200]]> : tensor<2x2xui8>
  %s = arith.constant dense<[0.5, 0.25]> : tensor<2xf32>
  %we = tensor.empty() : tensor<2x2xf32>
  // CHECK: nn.map
  %f = nn.map parallel [2, 2] ins(%w, %s : tensor<2x2xui8>, tensor<2xf32>) outs(%we : tensor<2x2xf32>)
      maps [affine_map<(o, k) -> (o, k)>, affine_map<(o, k) -> (o)>, affine_map<(o, k) -> (o, k)>] body {
  ^bb0(%q: i8, %scale: f32):
    %p = nn.dequantize %q scale %scale : i8, f32 -> f32
    nn.yield %p : f32
  } -> tensor<2x2xf32>
  %e = tensor.empty() : tensor<4x2xf32>
  %y = nn.contract parallel [4, 2] reduction [2] ins(%x, %f : tensor<4x2xf32>, tensor<2x2xf32>)
      outs(%e : tensor<4x2xf32>) maps [#mk, #ok, #out] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// -----

#mk = affine_map<(i, o, k) -> (i, k)>
#ok = affine_map<(i, o, k) -> (o, k)>
#out = affine_map<(i, o, k) -> (i, o)>

// k is 4 * b + j.
// CHECK-LABEL: @blocks_have_sums_of_their_own
func.func @blocks_have_sums_of_their_own(%x: tensor<2x8xf32>) -> tensor<2x3xf32> {
  %w = arith.constant dense<5> : tensor<3x8xui4>
  %s = arith.constant dense<0.5> : tensor<3x2xf32>
  %z = arith.constant dense<7> : tensor<3x2xui4>
  %we = tensor.empty() : tensor<3x8xf32>
  // CHECK-NOT: nn.map
  // CHECK: %[[XS:.*]] = nn.reduce parallel [2, 2] reduction [4] ins(%{{.*}} : tensor<2x8xf32>)
  // CHECK: %[[SUMS:.*]] = nn.contract parallel [2, 3, 2] reduction [4] ins(%{{.*}} : tensor<2x8xf32>, tensor<3x8xui4>)
  // CHECK-SAME: extras(%{{.*}}, %{{.*}}, %[[XS]] : tensor<3x2xf32>, tensor<3x2xui4>, tensor<2x2xf32>)
  // CHECK: ^bb0(%[[ACC:.*]]: f32, %[[S:.*]]: f32, %[[Z:.*]]: i4, %[[X:.*]]: f32):
  // CHECK: %[[ZERO:.*]] = arith.sitofp
  // CHECK: %[[EXCESS:.*]] = arith.mulf %[[X]], %[[ZERO]]
  // CHECK: %[[LESS:.*]] = arith.subf %[[ACC]], %[[EXCESS]]
  // CHECK: arith.mulf %[[LESS]], %[[S]]
  // CHECK: nn.reduce parallel [2, 3] reduction [2] ins(%[[SUMS]] : tensor<2x3x2xf32>)
  // CHECK: math.absf
  %f = nn.map parallel [3, 8] ins(%w, %s, %z : tensor<3x8xui4>, tensor<3x2xf32>, tensor<3x2xui4>) outs(%we : tensor<3x8xf32>)
      maps [affine_map<(o, k) -> (o, k)>, affine_map<(o, k) -> (o, k floordiv 4)>, affine_map<(o, k) -> (o, k floordiv 4)>, affine_map<(o, k) -> (o, k)>] body {
  ^bb0(%q: i4, %scale: f32, %zero: i4):
    %n = arith.extui %zero : i4 to i32
    %p = nn.dequantize unsigned %q scale %scale zero %n : i4, f32 -> f32
    nn.yield %p : f32
  } -> tensor<3x8xf32>
  %e = tensor.empty() : tensor<2x3xf32>
  %y = nn.contract parallel [2, 3] reduction [8] ins(%x, %f : tensor<2x8xf32>, tensor<3x8xf32>)
      outs(%e : tensor<2x3xf32>) maps [#mk, #ok, #out] epilogue {
  ^bb0(%acc: f32):
    %c = math.absf %acc : f32
    nn.yield %c : f32
  } -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

#mk = affine_map<(i, o, k) -> (i, k)>
#ok = affine_map<(i, o, k) -> (o, k)>
#out = affine_map<(i, o, k) -> (i, o)>

// 5 * 3 * 2 sums, 3 * 8 weights.
// CHECK-LABEL: @sums_that_are_more_than_weights_stay_one
func.func @sums_that_are_more_than_weights_stay_one(%x: tensor<5x8xf32>) -> tensor<5x3xf32> {
  %w = arith.constant dense<5> : tensor<3x8xui4>
  %s = arith.constant dense<0.5> : tensor<3x2xf32>
  %z = arith.constant dense<7> : tensor<3x2xui4>
  %we = tensor.empty() : tensor<3x8xf32>
  // CHECK: nn.map
  // CHECK: nn.contract parallel [5, 3] reduction [8]
  %f = nn.map parallel [3, 8] ins(%w, %s : tensor<3x8xui4>, tensor<3x2xf32>) outs(%we : tensor<3x8xf32>)
      maps [affine_map<(o, k) -> (o, k)>, affine_map<(o, k) -> (o, k floordiv 4)>, affine_map<(o, k) -> (o, k)>] body {
  ^bb0(%q: i4, %scale: f32):
    %p = nn.dequantize unsigned %q scale %scale : i4, f32 -> f32
    nn.yield %p : f32
  } -> tensor<3x8xf32>
  %e = tensor.empty() : tensor<5x3xf32>
  %y = nn.contract parallel [5, 3] reduction [8] ins(%x, %f : tensor<5x8xf32>, tensor<3x8xf32>)
      outs(%e : tensor<5x3xf32>) maps [#mk, #ok, #out] epilogue {
  ^bb0(%acc: f32):
    %c = math.absf %acc : f32
    nn.yield %c : f32
  } -> tensor<5x3xf32>
  return %y : tensor<5x3xf32>
}
