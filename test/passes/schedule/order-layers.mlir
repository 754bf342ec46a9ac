// RUN: tenon-opt %s --split-input-file --order-layers | FileCheck %s

#wide = affine_map<(i, k) -> (k)>
#at = affine_map<(i, k) -> (i)>
#sum = affine_map<(i, j, k) -> (i)>
#id = affine_map<(i) -> (i)>

// Two branches that are wide in the middle: one after the other needs one wide
// value at a time. Constants and empty tensors follow the layers that use them.

// CHECK-LABEL: func.func @wide_branches_one_after_the_other
// CHECK: nn.map parallel [1000]
// CHECK: nn.reduce {{.*}} reduction [1000]
// CHECK: nn.map parallel [900]
// CHECK: nn.reduce {{.*}} reduction [900]
// CHECK: nn.map parallel [10]
func.func @wide_branches_one_after_the_other(%x: tensor<1xf32>) -> tensor<10xf32> {
  %e1000 = tensor.empty() : tensor<1000xf32>
  %e900 = tensor.empty() : tensor<900xf32>
  %e = tensor.empty() : tensor<10xf32>
  %wide = nn.map parallel [1000] ins(%x : tensor<1xf32>) outs(%e1000 : tensor<1000xf32>) maps [affine_map<(i) -> (0)>, #id] body {
  ^bb0(%v: f32):
    nn.yield %v : f32
  } -> tensor<1000xf32>
  %other = nn.map parallel [900] ins(%x : tensor<1xf32>) outs(%e900 : tensor<900xf32>) maps [affine_map<(i) -> (0)>, #id] body {
  ^bb0(%v: f32):
    nn.yield %v : f32
  } -> tensor<900xf32>
  %a = nn.reduce parallel [10] reduction [1000] ins(%wide : tensor<1000xf32>) outs(%e : tensor<10xf32>) maps [#wide, #at] init [0.0 : f32] combine {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<10xf32>
  %b = nn.reduce parallel [10] reduction [900] ins(%other : tensor<900xf32>) outs(%e : tensor<10xf32>) maps [#wide, #at] init [0.0 : f32] combine {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<10xf32>
  %y = nn.map parallel [10] ins(%a, %b : tensor<10xf32>, tensor<10xf32>) outs(%e : tensor<10xf32>) maps [#id, #id, #id] body {
  ^bb0(%v: f32, %w: f32):
    %s = arith.addf %v, %w : f32
    nn.yield %s : f32
  } -> tensor<10xf32>
  return %y : tensor<10xf32>
}

// -----

#id = affine_map<(i) -> (i)>

// The negative twin: nothing is gained, so the order stays as it was.
// CHECK-LABEL: func.func @order_that_is_good_stays
// CHECK: arith.negf
// CHECK: math.absf
// CHECK: math.sqrt
func.func @order_that_is_good_stays(%x: tensor<8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %a = nn.map parallel [8] ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  %b = nn.map parallel [8] ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = math.absf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  %y = nn.map parallel [8] ins(%b, %a : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id, #id] body {
  ^bb0(%v: f32, %w: f32):
    %s = arith.addf %v, %w : f32
    %n = math.sqrt %s : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}
