// RUN: tenon-opt %s --split-input-file --plan-memory | FileCheck %s

// Views instead of copies: reshapes, parts of an assemble, slices.

#id = affine_map<(i, j) -> (i, j)>

// CHECK: func.func @reshape_is_a_view
// CHECK-SAME: %[[X:.*]]: memref<2x6xf32>
// CHECK: %[[R:.*]] = memref.reinterpret_cast %[[X]] to offset: [0], sizes: [3, 4], strides: [4, 1]
// CHECK: nn.map parallel [3, 4] ins(%[[R]]
func.func @reshape_is_a_view(%x: tensor<2x6xf32>) -> tensor<3x4xf32> {
  %r = nn.reshape %x : tensor<2x6xf32> -> tensor<3x4xf32>
  %e = tensor.empty() : tensor<3x4xf32>
  %y = nn.map parallel [3, 4] ins(%r : tensor<3x4xf32>) outs(%e : tensor<3x4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// -----

#id = affine_map<(i, j) -> (i, j)>

// Both parts are written where the result wants them; nothing is copied.
// CHECK: func.func @concat_of_columns
// CHECK-SAME: %[[Y:[^:]*]]: memref<2x7xf32>
// CHECK: %[[A:.*]] = memref.reinterpret_cast %[[Y]] to offset: [0], sizes: [2, 4], strides: [7, 1]
// CHECK: nn.map parallel [2, 4] ins(%{{.*}}) outs(%[[A]]
// CHECK: %[[B:.*]] = memref.reinterpret_cast %[[Y]] to offset: [4], sizes: [2, 3], strides: [7, 1]
// CHECK: nn.map parallel [2, 3] ins(%{{.*}}) outs(%[[B]]
// CHECK-NOT: nn.map
func.func @concat_of_columns(%x: tensor<2x4xf32>, %z: tensor<2x3xf32>) -> tensor<2x7xf32> {
  %e4 = tensor.empty() : tensor<2x4xf32>
  %e3 = tensor.empty() : tensor<2x3xf32>
  %a = nn.map parallel [2, 4] ins(%x : tensor<2x4xf32>) outs(%e4 : tensor<2x4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<2x4xf32>
  %b = nn.map parallel [2, 3] ins(%z : tensor<2x3xf32>) outs(%e3 : tensor<2x3xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<2x3xf32>
  %y = nn.assemble (%a at [0, 0], %b at [0, 4]) : (tensor<2x4xf32>, tensor<2x3xf32>) -> tensor<2x7xf32>
  return %y : tensor<2x7xf32>
}

// -----

#id = affine_map<(i, j) -> (i, j)>

// One part is there twice, the other one is the caller's: one is written in
// place, two are copied.
// CHECK: func.func @parts_that_are_copied
// CHECK-SAME: %[[X:.*]]: memref<2x2xf32> {{.*}}, %[[Y:.*]]: memref<2x6xf32>
// CHECK: %[[A:.*]] = memref.reinterpret_cast %[[Y]] to offset: [0], sizes: [2, 2], strides: [6, 1]
// CHECK: nn.map parallel [2, 2] ins(%[[X]] {{.*}}) outs(%[[A]]
// CHECK: %[[B:.*]] = memref.reinterpret_cast %[[Y]] to offset: [2], sizes: [2, 2], strides: [6, 1]
// CHECK: nn.map parallel [2, 2] ins(%[[A]] {{.*}}) outs(%[[B]]
// CHECK: %[[C:.*]] = memref.reinterpret_cast %[[Y]] to offset: [4], sizes: [2, 2], strides: [6, 1]
// CHECK: nn.map parallel [2, 2] ins(%[[X]] {{.*}}) outs(%[[C]]
func.func @parts_that_are_copied(%x: tensor<2x2xf32>) -> tensor<2x6xf32> {
  %e = tensor.empty() : tensor<2x2xf32>
  %a = nn.map parallel [2, 2] ins(%x : tensor<2x2xf32>) outs(%e : tensor<2x2xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<2x2xf32>
  %y = nn.assemble (%a at [0, 0], %a at [0, 2], %x at [0, 4]) : (tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x6xf32>
  return %y : tensor<2x6xf32>
}

// -----

#id = affine_map<(i, j) -> (i, j)>

// The layer writes the middle, and the border is filled around it: rows of
// full width first.
// CHECK: func.func @pad_is_filled_around_its_part
// CHECK-SAME: %[[Y:[^:]*]]: memref<4x5xf32>
// CHECK: %[[A:.*]] = memref.reinterpret_cast %[[Y]] to offset: [6], sizes: [2, 3], strides: [5, 1]
// CHECK: nn.map parallel [2, 3] ins(%{{.*}}) outs(%[[A]]
// CHECK: %[[TOP:.*]] = memref.reinterpret_cast %[[Y]] to offset: [0], sizes: [1, 5], strides: [5, 1] : memref<4x5xf32> to memref<1x5xf32>
// CHECK: nn.map parallel [1, 5] outs(%[[TOP]]
// CHECK: %[[ZERO:.*]] = arith.constant 0.0
// CHECK: nn.yield %[[ZERO]]
// CHECK: %[[LEFT:.*]] = memref.reinterpret_cast %[[Y]] to offset: [5], sizes: [2, 1]
// CHECK: nn.map parallel [2, 1] outs(%[[LEFT]]
// CHECK: %[[RIGHT:.*]] = memref.reinterpret_cast %[[Y]] to offset: [9], sizes: [2, 1]
// CHECK: nn.map parallel [2, 1] outs(%[[RIGHT]]
// CHECK: %[[BOTTOM:.*]] = memref.reinterpret_cast %[[Y]] to offset: [15], sizes: [1, 5]
// CHECK: nn.map parallel [1, 5] outs(%[[BOTTOM]]
func.func @pad_is_filled_around_its_part(%x: tensor<2x3xf32>) -> tensor<4x5xf32> {
  %e = tensor.empty() : tensor<2x3xf32>
  %a = nn.map parallel [2, 3] ins(%x : tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<2x3xf32>
  %y = nn.assemble (%a at [1, 1]) fill 0.0 : f32 : (tensor<2x3xf32>) -> tensor<4x5xf32>
  return %y : tensor<4x5xf32>
}

// -----

#id = affine_map<(i, j) -> (i, j)>

// A constant of one value is a fill, not a copy from flash.
// CHECK-NOT: kernel.global
// CHECK: func.func @splat_part_is_a_fill
// CHECK: nn.map parallel [2, 3] outs
// CHECK: arith.constant 2.0
func.func @splat_part_is_a_fill(%x: tensor<2x3xf32>) -> tensor<2x6xf32> {
  %two = arith.constant dense<2.0> : tensor<2x3xf32>
  %e = tensor.empty() : tensor<2x3xf32>
  %a = nn.map parallel [2, 3] ins(%x : tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<2x3xf32>
  %y = nn.assemble (%a at [0, 0], %two at [0, 3]) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x6xf32>
  return %y : tensor<2x6xf32>
}

// -----

#id = affine_map<(i, j) -> (i, j)>
#right = affine_map<(i, j) -> (i, j + 3)>

// A slice of an input is read in place, through the input's strides.
// CHECK: kernel.arena_size = 0
// CHECK: func.func @slice_is_a_view
// CHECK-SAME: %[[X:.*]]: memref<2x6xf32>
// CHECK: %[[S:.*]] = memref.reinterpret_cast %[[X]] to offset: [3], sizes: [2, 3], strides: [6, 1]
// CHECK: nn.map parallel [2, 3] ins(%[[S]] : memref<2x3xf32, strided<[6, 1], offset: 3>>)
// CHECK-NEXT: ^bb0
// CHECK-NEXT: arith.negf
// CHECK-NOT: nn.map
func.func @slice_is_a_view(%x: tensor<2x6xf32>) -> tensor<2x3xf32> {
  %e = tensor.empty() : tensor<2x3xf32>
  %s = nn.map parallel [2, 3] ins(%x : tensor<2x6xf32>) outs(%e : tensor<2x3xf32>) maps [#right, #id] body {
  ^bb0(%v: f32):
    nn.yield %v : f32
  } -> tensor<2x3xf32>
  %y = nn.map parallel [2, 3] ins(%s : tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

#id = affine_map<(i, j) -> (i, j)>
#t = affine_map<(i, j) -> (j, i)>
#even = affine_map<(i, j) -> (i, j * 2)>

// The negative twins: neighbours do not stay neighbours.
// CHECK: func.func @moves_that_are_no_views
// CHECK: nn.map parallel [6, 2]
// CHECK: nn.map parallel [2, 3]
func.func @moves_that_are_no_views(%x: tensor<2x6xf32>) -> (tensor<6x2xf32>, tensor<2x3xf32>) {
  %e62 = tensor.empty() : tensor<6x2xf32>
  %e23 = tensor.empty() : tensor<2x3xf32>
  %a = nn.map parallel [6, 2] ins(%x : tensor<2x6xf32>) outs(%e62 : tensor<6x2xf32>) maps [#t, #id] body {
  ^bb0(%v: f32):
    nn.yield %v : f32
  } -> tensor<6x2xf32>
  %b = nn.map parallel [2, 3] ins(%x : tensor<2x6xf32>) outs(%e23 : tensor<2x3xf32>) maps [#even, #id] body {
  ^bb0(%v: f32):
    nn.yield %v : f32
  } -> tensor<2x3xf32>
  return %a, %b : tensor<6x2xf32>, tensor<2x3xf32>
}

// -----

#id = affine_map<(i, j) -> (i, j)>
#left = affine_map<(i, j) -> (i, j)>
#right = affine_map<(i, j) -> (i, j + 3)>

// The left half dies where %l is made: %l takes its place, while the right
// half is still needed.
// CHECK: kernel.arena_size = 48
// CHECK: func.func @over_one_half
// CHECK: %[[L:.*]] = memref.reinterpret_cast %{{.*}} to offset: [0], sizes: [2, 3], strides: [6, 1]
// CHECK: nn.map parallel [2, 3] ins(%[[L]] {{.*}}) outs(%[[L]]
func.func @over_one_half(%x: tensor<2x6xf32>) -> tensor<2x3xf32> {
  %e6 = tensor.empty() : tensor<2x6xf32>
  %e = tensor.empty() : tensor<2x3xf32>
  %a = nn.map parallel [2, 6] ins(%x : tensor<2x6xf32>) outs(%e6 : tensor<2x6xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<2x6xf32>
  %s = nn.map parallel [2, 3] ins(%a : tensor<2x6xf32>) outs(%e : tensor<2x3xf32>) maps [#left, #id] body {
  ^bb0(%v: f32):
    nn.yield %v : f32
  } -> tensor<2x3xf32>
  %l = nn.map parallel [2, 3] ins(%s : tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<2x3xf32>
  %y = nn.map parallel [2, 3] ins(%l, %a : tensor<2x3xf32>, tensor<2x6xf32>) outs(%e : tensor<2x3xf32>) maps [#id, #right, #id] body {
  ^bb0(%v: f32, %w: f32):
    %n = arith.addf %v, %w : f32
    nn.yield %n : f32
  } -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

#id = affine_map<(i, j) -> (i, j)>

// %p and %q have the order of bytes that their part wants only if pixels of the
// result lie without gaps: %p does, %q, whose rows run over pixels, does not.
// CHECK: func.func @part_seen_through_a_reshape
// CHECK-SAME: %[[Y:[^:]*]]: memref<4x5xf32>
// CHECK: %[[P:.*]] = memref.reinterpret_cast %[[Y]] to offset: [0], sizes: [2, 2, 2], strides: [10, 5, 1]
// CHECK: nn.map parallel [2, 2, 2] ins(%{{.*}}) outs(%[[P]]
// CHECK: nn.map parallel [2, 6] ins(%{{.*}}) outs(%[[Q:.*]] : memref<2x6xf32>)
// CHECK: %[[PART:.*]] = memref.reinterpret_cast %[[Y]] to offset: [2], sizes: [4, 3], strides: [5, 1]
// CHECK: nn.map parallel [4, 3] ins(%{{.*}}) outs(%[[PART]]
func.func @part_seen_through_a_reshape(%x: tensor<2x2x2xf32>, %z: tensor<2x6xf32>) -> tensor<4x5xf32> {
  %e = tensor.empty() : tensor<2x2x2xf32>
  %e6 = tensor.empty() : tensor<2x6xf32>
  %p = nn.map parallel [2, 2, 2] ins(%x : tensor<2x2x2xf32>) outs(%e : tensor<2x2x2xf32>) maps [affine_map<(i, j, k) -> (i, j, k)>, affine_map<(i, j, k) -> (i, j, k)>] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<2x2x2xf32>
  %q = nn.map parallel [2, 6] ins(%z : tensor<2x6xf32>) outs(%e6 : tensor<2x6xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<2x6xf32>
  %rp = nn.reshape %p : tensor<2x2x2xf32> -> tensor<4x2xf32>
  %rq = nn.reshape %q : tensor<2x6xf32> -> tensor<4x3xf32>
  %y = nn.assemble (%rp at [0, 0], %rq at [0, 2]) : (tensor<4x2xf32>, tensor<4x3xf32>) -> tensor<4x5xf32>
  return %y : tensor<4x5xf32>
}
