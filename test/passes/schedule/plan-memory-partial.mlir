// RUN: tenon-opt %s --split-input-file --plan-memory | FileCheck %s

// A layer that writes some elements goes on with the memory of the others.

#in = affine_map<(i) -> (i)>
#even = affine_map<(i) -> (i * 2)>
#odd = affine_map<(i) -> (i * 2 + 1)>

// CHECK: func.func @two_phases_of_one_result
// CHECK-SAME: %[[X:.*]]: memref<4xf32> {{{.*}}}, %[[Y:.*]]: memref<8xf32>
// CHECK: nn.map parallel [4] ins(%[[X]] : memref<4xf32>) outs(%[[Y]]
// CHECK: nn.map parallel [4] ins(%[[X]] : memref<4xf32>) outs(%[[Y]]
// CHECK-NOT: nn.map
func.func @two_phases_of_one_result(%x: tensor<4xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %a = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%e : tensor<8xf32>) maps [#in, #even] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  %y = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%a : tensor<8xf32>) maps [#in, #odd] body {
  ^bb0(%v: f32):
    nn.yield %v : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

#in = affine_map<(i) -> (i)>
#even = affine_map<(i) -> (i * 2)>
#odd = affine_map<(i) -> (i * 2 + 1)>
#sum = affine_map<(i) -> (i)>

// The negative twin: %a is read when %b has been made of it. It is copied.
// CHECK: func.func @first_phase_is_used_later
// CHECK-SAME: %[[X:.*]]: memref<4xf32> {{{.*}}}, %[[Y:.*]]: memref<8xf32>
// CHECK: nn.map parallel [4] ins(%[[X]] : memref<4xf32>) outs(%[[A:.*]] : memref<8xf32>)
// CHECK: nn.map parallel [8] ins(%[[A]] : memref<8xf32>) outs(%[[B:.*]] : memref<8xf32>)
// CHECK: nn.map parallel [4] ins(%[[X]] : memref<4xf32>) outs(%[[B]] : memref<8xf32>)
// CHECK: nn.map parallel [8] ins(%[[A]], %[[B]] : memref<8xf32>, memref<8xf32>) outs(%[[Y]]
func.func @first_phase_is_used_later(%x: tensor<4xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %a = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%e : tensor<8xf32>) maps [#in, #even] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  %b = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%a : tensor<8xf32>) maps [#in, #odd] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  %y = nn.map parallel [8] ins(%a, %b : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#sum, #sum, #sum] body {
  ^bb0(%v: f32, %w: f32):
    %n = arith.addf %v, %w : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

#in = affine_map<(i) -> (i)>
#even = affine_map<(i) -> (i * 2)>

// What the layer leaves is a constant: the result is filled first.
// CHECK: func.func @over_a_constant
// CHECK: nn.map parallel [8] outs(%[[Y:.*]] : memref<8xf32>)
// CHECK: arith.constant 1.0
// CHECK: nn.map parallel [4] ins(%{{.*}} : memref<4xf32>) outs(%[[Y]]
func.func @over_a_constant(%x: tensor<4xf32>) -> tensor<8xf32> {
  %ones = arith.constant dense<1.0> : tensor<8xf32>
  %y = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%ones : tensor<8xf32>) maps [#in, #even] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}
