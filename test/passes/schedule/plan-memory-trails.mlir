// RUN: tenon-opt %s --split-input-file --plan-memory=io-in-arena | FileCheck %s

// A step that is through with rows of what it reads writes rows of its result over them.

#id = affine_map<(h, w) -> (h, w)>
#read = affine_map<(h, w) -> (h, w)>
#row = affine_map<(h, w) -> (h)>

// Rows of 64 bytes are moved apart, to 68 bytes each. The input begins where the last row goes to what has been read, and
// is not yet over itself: at 7 * 68 + 64 - 7 * 64 = 92 bytes or more.
// CHECK: kernel.arena_size = 608
// CHECK-LABEL: func.func @border
// CHECK-SAME: nn.input_offsets = array<i64: 96>
// CHECK: %[[FROM:.*]] = kernel.slice %{{.*}}, 96 : memref<608xi8> to memref<128xf32>
// CHECK: %[[TO:.*]] = kernel.slice %{{.*}}, 0 : memref<608xi8> to memref<136xf32>
// CHECK: scf.for %[[I:.*]] = %c0{{.*}} to %c8{{.*}} step
// CHECK:   arith.muli %[[I]], %c16
// CHECK:   arith.muli %[[I]], %c17
// CHECK:   kernel.copy %[[FROM]][%{{.*}}], %[[TO]][%{{.*}}], %c16
// CHECK: nn.map parallel [8, 1] outs
func.func @border(%x: tensor<8x16xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %p = nn.assemble(%x at [0, 0]) fill 0.0 : f32 : (tensor<8x16xf32>) -> tensor<8x17xf32>
  %y = nn.reduce parallel [8] reduction [17] ins(%p : tensor<8x17xf32>) outs(%e : tensor<8xf32>) maps [#read, #row] init [0.0 : f32] combine {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

#id = affine_map<(h, w) -> (h, w)>
#row = affine_map<(h, w) -> (h)>

// Not what is read later, too.
// CHECK: kernel.arena_size = 1088
// CHECK-LABEL: func.func @border_of_what_is_read_later
// CHECK-NOT: scf.for
func.func @border_of_what_is_read_later(%x: tensor<8x16xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %p = nn.assemble(%x at [0, 0]) fill 0.0 : f32 : (tensor<8x16xf32>) -> tensor<8x17xf32>
  %a = nn.reduce parallel [8] reduction [17] ins(%p : tensor<8x17xf32>) outs(%e : tensor<8xf32>) maps [#id, #row] init [0.0 : f32] combine {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<8xf32>
  %y = nn.reduce parallel [8] reduction [16] ins(%x : tensor<8x16xf32>) extras(%a : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #row, #row] init [0.0 : f32] combine {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32, %b: f32):
    %s = arith.subf %acc, %b : f32
    nn.yield %s : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

#id = affine_map<(h, w) -> (h, w)>
#row = affine_map<(h, w) -> (h)>

// Rows of 8 bytes are not worth copies of their own.
// CHECK: kernel.arena_size = 1792
// CHECK-LABEL: func.func @short_rows
// CHECK-NOT: scf.for
func.func @short_rows(%x: tensor<64x2xf32>) -> tensor<64xf32> {
  %e = tensor.empty() : tensor<64xf32>
  %p = nn.assemble(%x at [0, 0]) fill 0.0 : f32 : (tensor<64x2xf32>) -> tensor<64x5xf32>
  %y = nn.reduce parallel [64] reduction [5] ins(%p : tensor<64x5xf32>) outs(%e : tensor<64xf32>) maps [#id, #row] init [0.0 : f32] combine {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<64xf32>
  return %y : tensor<64xf32>
}

// -----

#window = affine_map<(h, c, k) -> (h + k - 1, c)>
#weights = affine_map<(h, c, k) -> (k, c)>
#out = affine_map<(h, c, k) -> (h, c)>

// One layer, row by row: a window reaches one row down, and these have been read, or are kept, when a row is written. So
// the result lies where the input was, and with the line buffers 384 + 96 + 32 bytes are all it takes.
// CHECK: kernel.arena_size = 512
// CHECK-LABEL: func.func @one_layer
// CHECK-SAME: nn.input_offsets = array<i64: [[AT:[0-9]+]]>, nn.output_offsets = array<i64: [[AT]]>
// CHECK: nn.bands height 1
func.func @one_layer(%x: tensor<12x8xf32>) -> tensor<12x8xf32> {
  %y = tensor.empty() : tensor<12x8xf32>
  %s = tensor.empty() : tensor<128xi8>
  %v = arith.constant dense<1.0> : tensor<3x8xf32>
  %r:2 = nn.bands height 1 ins(%x, %v : tensor<12x8xf32>, tensor<3x8xf32>) outs(%y, %s : tensor<12x8xf32>, tensor<128xi8>) body {
  ^bb0(%in: tensor<12x8xf32>, %u: tensor<3x8xf32>):
    %e = tensor.empty() : tensor<12x8xf32>
    %a = nn.contract parallel [12, 8] reduction [3] ins(%in, %u : tensor<12x8xf32>, tensor<3x8xf32>) outs(%e : tensor<12x8xf32>) maps [#window, #weights, #out] epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } -> tensor<12x8xf32>
    nn.yield %a : tensor<12x8xf32>
  } -> tensor<12x8xf32>, tensor<128xi8>
  return %r#0 : tensor<12x8xf32>
}

// -----

#half = affine_map<(h, c) -> (h * 2, c)>
#out = affine_map<(h, c) -> (h, c)>

// What is read as a whole, too, stays.
// CHECK: kernel.arena_size = 704
// CHECK-LABEL: func.func @read_as_a_whole
func.func @read_as_a_whole(%x: tensor<12x8xf32>) -> tensor<6x8xf32> {
  %y = tensor.empty() : tensor<6x8xf32>
  %s = tensor.empty() : tensor<128xi8>
  %r:2 = nn.bands height 1 ins(%x : tensor<12x8xf32>) outs(%y, %s : tensor<6x8xf32>, tensor<128xi8>) body {
  ^bb0(%in: tensor<12x8xf32>):
    %e = tensor.empty() : tensor<6x8xf32>
    %a = nn.contract parallel [6, 8] reduction [12] ins(%in, %in : tensor<12x8xf32>, tensor<12x8xf32>) outs(%e : tensor<6x8xf32>) maps [affine_map<(h, c, k) -> (h * 2, c)>, affine_map<(h, c, k) -> (k, c)>, affine_map<(h, c, k) -> (h, c)>] epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } -> tensor<6x8xf32>
    nn.yield %a : tensor<6x8xf32>
  } -> tensor<6x8xf32>, tensor<128xi8>
  return %r#0 : tensor<6x8xf32>
}
