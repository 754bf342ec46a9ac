// RUN: tenon-opt %s --split-input-file --plan-memory=io-in-arena | FileCheck %s

// Inputs and results lie in the arena, which is the only argument and says where; their memory holds other values when
// it is not theirs.

#id = affine_map<(i) -> (i)>
#in = affine_map<(i, k) -> (i * 4 + k)>
#out = affine_map<(i, k) -> (i)>

// The input dies with the first layer, and the result lies where it was.
// CHECK: kernel.arena_size = 40
// CHECK: func.func @result_over_dead_input
// CHECK-SAME: (%[[ARENA:.*]]: memref<40xi8> {kernel.noalias, nn.arena, nn.input_offsets = array<i64: 0>, nn.output_offsets = array<i64: 0>})
// CHECK: %[[X:.*]] = kernel.slice %[[ARENA]], 0 : memref<40xi8> to memref<8xf32>
// CHECK: %[[A:.*]] = kernel.slice %[[ARENA]], 32 : memref<40xi8> to memref<2xf32>
// CHECK: nn.reduce parallel [2] reduction [4] ins(%[[X]] {{.*}} outs(%[[A]]
// CHECK: %[[Y:.*]] = kernel.slice %[[ARENA]], 0 : memref<40xi8> to memref<2xf32>
// CHECK: nn.map parallel [2] ins(%[[A]] {{.*}} outs(%[[Y]]
func.func @result_over_dead_input(%x: tensor<8xf32>) -> tensor<2xf32> {
  %e = tensor.empty() : tensor<2xf32>
  %a = nn.reduce parallel [2] reduction [4] ins(%x : tensor<8xf32>) outs(%e : tensor<2xf32>) maps [#in, #out] init [0.0 : f32] combine {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<2xf32>
  %y = nn.map parallel [2] ins(%a : tensor<2xf32>) outs(%e : tensor<2xf32>) maps [affine_map<(i) -> (i)>, affine_map<(i) -> (1 - i)>] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

#id = affine_map<(i) -> (i)>

// An input may be overwritten by the layer that reads it last.
// CHECK: kernel.arena_size = 64
// CHECK: func.func @in_place_over_the_input
// CHECK-SAME: nn.input_offsets = array<i64: [[AT:[0-9]+]]>, nn.output_offsets = array<i64: [[END:[0-9]+]]>
// CHECK: %[[X:.*]] = kernel.slice %{{.*}}, [[AT]] : memref<64xi8> to memref<8xf32>
// CHECK: nn.map parallel [8] ins(%[[X]] {{.*}} outs(%[[X]]
// CHECK: %[[Y:.*]] = kernel.slice %{{.*}}, [[END]] : memref<64xi8> to memref<8xf32>
// CHECK: nn.map parallel [8] ins(%[[X]] {{.*}} outs(%[[Y]]
func.func @in_place_over_the_input(%x: tensor<8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %a = nn.map parallel [8] ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  %y = nn.map parallel [8] ins(%a : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, affine_map<(i) -> (7 - i)>] body {
  ^bb0(%v: f32):
    nn.yield %v : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

#id = affine_map<(i) -> (i)>

// An input that nobody reads has its place all the same: the caller writes it.
// CHECK: kernel.arena_size = 96
// CHECK: func.func @unread_input
// CHECK-SAME: nn.input_offsets = array<i64: {{.*}}, {{.*}}>
func.func @unread_input(%x: tensor<8xf32>, %unread: tensor<8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %y = nn.map parallel [8] ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, affine_map<(i) -> (7 - i)>] body {
  ^bb0(%v: f32):
    nn.yield %v : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}
