// RUN: tenon-opt %s --split-input-file --plan-memory | FileCheck %s

// A layer writes over an operand that dies, if it reads it just where it
// writes. The values of the tests pass through a reduction before they are
// returned, since what is returned lies in the caller's memory.

#id = affine_map<(i) -> (i)>
#in = affine_map<(i, k) -> (i * 2 + k)>
#out = affine_map<(i, k) -> (i)>

// CHECK: kernel.arena_size = 32
// CHECK: func.func @map_over_its_operand
// CHECK: %[[A:.*]] = kernel.slice %{{.*}}, 0 : memref<32xi8> to memref<8xf32>
// CHECK: nn.map parallel [8] ins(%{{.*}}) outs(%[[A]]
// CHECK: nn.map parallel [8] ins(%[[A]] : memref<8xf32>) outs(%[[A]] : memref<8xf32>)
// CHECK: nn.reduce parallel [4] reduction [2] ins(%[[A]]
func.func @map_over_its_operand(%x: tensor<8xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %e4 = tensor.empty() : tensor<4xf32>
  %a = nn.map parallel [8] ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  %b = nn.map parallel [8] ins(%a : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  %y = nn.reduce parallel [4] reduction [2] ins(%b : tensor<8xf32>) outs(%e4 : tensor<4xf32>) maps [#in, #out] init [0.0 : f32] combine {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

#id = affine_map<(i) -> (i)>
#in = affine_map<(i, k) -> (i * 2 + k)>
#out = affine_map<(i, k) -> (i)>

// The negative twin: the last layer reads %a again.
// CHECK: kernel.arena_size = 64
// CHECK: func.func @operand_is_used_later
// CHECK: %[[A:.*]] = kernel.slice
// CHECK: %[[B:.*]] = kernel.slice
// CHECK: nn.map parallel [8] ins(%[[A]] : memref<8xf32>) outs(%[[B]] : memref<8xf32>)
// CHECK: nn.reduce parallel [4] reduction [2] ins(%[[A]], %[[B]]
func.func @operand_is_used_later(%x: tensor<8xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %e4 = tensor.empty() : tensor<4xf32>
  %a = nn.map parallel [8] ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  %b = nn.map parallel [8] ins(%a : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  %y = nn.reduce parallel [4] reduction [2] ins(%a, %b : tensor<8xf32>, tensor<8xf32>) outs(%e4 : tensor<4xf32>) maps [#in, #in, #out] init [0.0 : f32] combine {
  ^bb0(%v: f32, %w: f32, %acc: f32):
    %p = arith.mulf %v, %w : f32
    %s = arith.addf %p, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

#id = affine_map<(i) -> (i)>
#back = affine_map<(i) -> (7 - i)>
#in = affine_map<(i, k) -> (i * 2 + k)>
#out = affine_map<(i, k) -> (i)>

// The negative twin: the operand is read from the other end.
// CHECK: kernel.arena_size = 64
// CHECK: func.func @maps_differ
func.func @maps_differ(%x: tensor<8xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %e4 = tensor.empty() : tensor<4xf32>
  %a = nn.map parallel [8] ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  %b = nn.map parallel [8] ins(%a : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#back, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  %y = nn.reduce parallel [4] reduction [2] ins(%b : tensor<8xf32>) outs(%e4 : tensor<4xf32>) maps [#in, #out] init [0.0 : f32] combine {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

#id = affine_map<(i) -> (i)>
#back = affine_map<(i) -> (7 - i)>
#in = affine_map<(i, k) -> (i * 2 + k)>
#out = affine_map<(i, k) -> (i)>

// The negative twin: one operand of two is read where the layer has written.
// CHECK: kernel.arena_size = 64
// CHECK: func.func @operand_is_read_twice
func.func @operand_is_read_twice(%x: tensor<8xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %e4 = tensor.empty() : tensor<4xf32>
  %a = nn.map parallel [8] ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  %b = nn.map parallel [8] ins(%a, %a : tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #back, #id] body {
  ^bb0(%v: f32, %w: f32):
    %n = arith.addf %v, %w : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  %y = nn.reduce parallel [4] reduction [2] ins(%b : tensor<8xf32>) outs(%e4 : tensor<4xf32>) maps [#in, #out] init [0.0 : f32] combine {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

#row = affine_map<(i, o, k) -> (i, k)>
#col = affine_map<(i, o, k) -> (o, k)>
#at = affine_map<(i, o, k) -> (i, o)>
#id = affine_map<(i, j) -> (i, j)>

// A residual is an extra, read when the sum is complete; the product's own
// operand is not. So %a gives its place to %c, and %b none.
// CHECK: kernel.arena_size = 128
// CHECK: func.func @residual_of_a_contract
// CHECK: %[[A:.*]] = memref.reinterpret_cast {{.*}} : memref<16xf32> to memref<4x4xf32>
// CHECK: %[[B:.*]] = memref.reinterpret_cast {{.*}} : memref<16xf32> to memref<4x4xf32>
// CHECK: nn.contract {{.*}} ins(%[[B]], %{{.*}}) extras(%[[A]] : {{.*}}) outs(%[[A]]
func.func @residual_of_a_contract(%x: tensor<4x4xf32>, %w: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %e = tensor.empty() : tensor<4x4xf32>
  %a = nn.map parallel [4, 4] ins(%x : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<4x4xf32>
  %b = nn.contract parallel [4, 4] reduction [4] ins(%a, %w : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) maps [#row, #col, #at] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4x4xf32>
  %c = nn.contract parallel [4, 4] reduction [4] ins(%b, %w : tensor<4x4xf32>, tensor<4x4xf32>) extras(%a : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) maps [#row, #col, #at, #at] epilogue {
  ^bb0(%acc: f32, %r: f32):
    %s = arith.addf %acc, %r : f32
    nn.yield %s : f32
  } -> tensor<4x4xf32>
  %y = nn.contract parallel [4, 4] reduction [4] ins(%c, %w : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) maps [#row, #col, #at] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4x4xf32>
  return %y : tensor<4x4xf32>
}

// -----

#row = affine_map<(i, o, k) -> (i, k)>
#col = affine_map<(i, o, k) -> (o, k)>
#at = affine_map<(i, o, k) -> (i, o)>
#id = affine_map<(i, j) -> (i, j)>

// The negative twin: the residual is the product's operand, too.
// CHECK: kernel.arena_size = 128
// CHECK: func.func @residual_is_also_multiplied
func.func @residual_is_also_multiplied(%x: tensor<4x4xf32>, %w: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %e = tensor.empty() : tensor<4x4xf32>
  %a = nn.map parallel [4, 4] ins(%x : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<4x4xf32>
  // CHECK: nn.contract {{.*}} ins(%[[A:[^,]*]], {{.*}} extras(%[[A]] :
  // CHECK-NOT: outs(%[[A]] :
  // CHECK: nn.contract
  %c = nn.contract parallel [4, 4] reduction [4] ins(%a, %w : tensor<4x4xf32>, tensor<4x4xf32>) extras(%a : tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) maps [#row, #col, #at, #at] epilogue {
  ^bb0(%acc: f32, %r: f32):
    %s = arith.addf %acc, %r : f32
    nn.yield %s : f32
  } -> tensor<4x4xf32>
  %y = nn.contract parallel [4, 4] reduction [4] ins(%c, %w : tensor<4x4xf32>, tensor<4x4xf32>) outs(%e : tensor<4x4xf32>) maps [#row, #col, #at] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4x4xf32>
  return %y : tensor<4x4xf32>
}

// -----

#id = affine_map<(i, j) -> (i, j)>
#flat = affine_map<(i, j) -> (i * 4 + j)>

// Not the same tensor and not the same map, but the same bytes: %r is a view
// of %a.
// CHECK: kernel.arena_size = 32
// CHECK: func.func @same_bytes_through_a_reshape
func.func @same_bytes_through_a_reshape(%x: tensor<2x4xf32>) -> tensor<4x2xf32> {
  %e = tensor.empty() : tensor<2x4xf32>
  %e2 = tensor.empty() : tensor<4x2xf32>
  %a = nn.map parallel [2, 4] ins(%x : tensor<2x4xf32>) outs(%e : tensor<2x4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<2x4xf32>
  %r = nn.reshape %a : tensor<2x4xf32> -> tensor<8xf32>
  %b = nn.map parallel [2, 4] ins(%r : tensor<8xf32>) outs(%e : tensor<2x4xf32>) maps [#flat, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<2x4xf32>
  %y = nn.map parallel [4, 2] ins(%b : tensor<2x4xf32>) outs(%e2 : tensor<4x2xf32>) maps [affine_map<(i, j) -> (j, i)>, #id] body {
  ^bb0(%v: f32):
    nn.yield %v : f32
  } -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// -----

#id = affine_map<(i) -> (i)>

// The negative twin: bytes of another size.
// CHECK: kernel.arena_size = 24
// CHECK: func.func @elements_of_another_size
func.func @elements_of_another_size(%x: tensor<4xf32>) -> tensor<4xf64> {
  %e = tensor.empty() : tensor<4xf32>
  %e16 = tensor.empty() : tensor<4xi16>
  %e64 = tensor.empty() : tensor<4xf64>
  %a = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<4xf32>
  %b = nn.map parallel [4] ins(%a : tensor<4xf32>) outs(%e16 : tensor<4xi16>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.fptosi %v : f32 to i16
    nn.yield %n : i16
  } -> tensor<4xi16>
  %y = nn.map parallel [4] ins(%b : tensor<4xi16>) outs(%e64 : tensor<4xf64>) maps [#id, #id] body {
  ^bb0(%v: i16):
    %n = arith.sitofp %v : i16 to f64
    nn.yield %n : f64
  } -> tensor<4xf64>
  return %y : tensor<4xf64>
}
