// RUN: tenon-opt %s --split-input-file --plan-memory | FileCheck %s

// What memory holds: bytes for truth values, integers without sign, bits of
// narrow floats. Regions convert where they read and yield.

#id = affine_map<(i) -> (i)>

// CHECK: func.func @bool_is_a_byte
// CHECK-SAME: memref<4xi8> {{{.*}}}, %{{.*}}: memref<4xi8>
// CHECK: ^bb0(%[[A:.*]]: i8):
// CHECK: %[[ZERO:.*]] = arith.constant 0 : i8
// CHECK: %[[BIT:.*]] = arith.cmpi ne, %[[A]], %[[ZERO]] : i8
// CHECK: %[[NOT:.*]] = arith.xori %[[BIT]], %{{.*}} : i1
// CHECK: %[[BYTE:.*]] = arith.extui %[[NOT]] : i1 to i8
// CHECK: nn.yield %[[BYTE]] : i8
func.func @bool_is_a_byte(%x: tensor<4xi1>) -> tensor<4xi1> {
  %e = tensor.empty() : tensor<4xi1>
  %y = nn.map parallel [4] ins(%x : tensor<4xi1>) outs(%e : tensor<4xi1>) maps [#id, #id] body {
  ^bb0(%v: i1):
    %true = arith.constant true
    %n = arith.xori %v, %true : i1
    nn.yield %n : i1
  } -> tensor<4xi1>
  return %y : tensor<4xi1>
}

// -----

// CHECK: func.func @moved_bool_is_moved
// CHECK: ^bb0(%[[A:.*]]: i8):
// CHECK-NEXT: nn.yield %[[A]] : i8
func.func @moved_bool_is_moved(%x: tensor<4xi1>) -> tensor<4xi1> {
  return %x : tensor<4xi1>
}

// -----

#id = affine_map<(i) -> (i)>

// CHECK: func.func @filled_bool_is_a_byte
// CHECK: nn.map parallel [4] outs(%{{.*}} : memref<4xi8>)
// CHECK: %[[ONE:.*]] = arith.constant 1 : i8
// CHECK: nn.yield %[[ONE]] : i8
func.func @filled_bool_is_a_byte() -> tensor<4xi1> {
  %e = tensor.empty() : tensor<4xi1>
  %y = nn.map parallel [4] outs(%e : tensor<4xi1>) maps [#id] body {
    %true = arith.constant true
    nn.yield %true : i1
  } -> tensor<4xi1>
  return %y : tensor<4xi1>
}

// -----

#id = affine_map<(i) -> (i)>

// CHECK: func.func @unsigned_loses_its_sign
// CHECK-SAME: memref<4xi8> {{{.*}}}, %{{.*}}: memref<4xi16>
func.func @unsigned_loses_its_sign(%x: tensor<4xui8>) -> tensor<4xui16> {
  %e = tensor.empty() : tensor<4xui16>
  %y = nn.map parallel [4] ins(%x : tensor<4xui8>) outs(%e : tensor<4xui16>) maps [#id, #id] body {
  ^bb0(%v: i8):
    %n = arith.extui %v : i8 to i16
    nn.yield %n : i16
  } -> tensor<4xui16>
  return %y : tensor<4xui16>
}

// -----

#id = affine_map<(i) -> (i)>

// CHECK: func.func @half_is_its_bits
// CHECK-SAME: memref<4xi16>
// CHECK: ^bb0(%[[A:.*]]: i16):
// CHECK: arith.bitcast %[[A]] : i16 to f16
// CHECK: %[[BITS:.*]] = arith.bitcast %{{.*}} : f16 to i16
// CHECK: nn.yield %[[BITS]] : i16
func.func @half_is_its_bits(%x: tensor<4xf16>) -> tensor<4xf16> {
  %e = tensor.empty() : tensor<4xf16>
  %y = nn.map parallel [4] ins(%x : tensor<4xf16>) outs(%e : tensor<4xf16>) maps [#id, #id] body {
  ^bb0(%v: f16):
    %n = arith.negf %v : f16
    nn.yield %n : f16
  } -> tensor<4xf16>
  return %y : tensor<4xf16>
}

// -----

#in = affine_map<(i, k) -> (i, k)>
#out = affine_map<(i, k) -> (i)>

// Accumulators stay what they are; the extra and the result are in memory.
// CHECK: func.func @reduction_of_bools
// CHECK: combine {
// CHECK-NEXT: ^bb0(%{{.*}}: i8, %{{.*}}: i1):
// CHECK: nn.yield %{{.*}} : i1
// CHECK: epilogue {
// CHECK-NEXT: ^bb0(%[[ACC:.*]]: i1, %[[M:.*]]: i8):
// CHECK: arith.cmpi ne, %[[M]]
// CHECK: arith.extui
// CHECK-NEXT: nn.yield %{{.*}} : i8
func.func @reduction_of_bools(%x: tensor<2x4xi1>, %m: tensor<2xi1>) -> tensor<2xi1> {
  %e = tensor.empty() : tensor<2xi1>
  %y = nn.reduce parallel [2] reduction [4] ins(%x : tensor<2x4xi1>) extras(%m : tensor<2xi1>) outs(%e : tensor<2xi1>) maps [#in, #out, #out] init [false] combine {
  ^bb0(%v: i1, %acc: i1):
    %s = arith.ori %v, %acc : i1
    nn.yield %s : i1
  } epilogue {
  ^bb0(%acc: i1, %v: i1):
    %s = arith.andi %acc, %v : i1
    nn.yield %s : i1
  } -> tensor<2xi1>
  return %y : tensor<2xi1>
}

// -----

#id = affine_map<(i) -> (i)>

// Canonicalization may move a constant out of a region.
// CHECK: func.func @constant_returns_to_its_region
// CHECK: nn.map
// CHECK: %[[TWO:.*]] = arith.constant 2.0
// CHECK: arith.mulf %{{.*}}, %[[TWO]]
func.func @constant_returns_to_its_region(%x: tensor<4xf32>) -> tensor<4xf32> {
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<4xf32>
  %y = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.mulf %v, %two : f32
    nn.yield %n : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

#id = affine_map<(i) -> (i)>
#one = affine_map<(i) -> ()>

// CHECK: func.func @weights_and_scalars
// CHECK: %[[W:.*]] = kernel.constant @w : memref<6xf32>
// CHECK: memref.reinterpret_cast %[[W]] to offset: [0], sizes: [2, 3], strides: [3, 1]
// CHECK: %[[S:.*]] = memref.reinterpret_cast %{{.*}} to offset: [0], sizes: [], strides: [] : memref<1xf32> to memref<f32>
kernel.global @w = dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
func.func @weights_and_scalars() -> tensor<2x3xf32> {
  %w = nn.weight @w : tensor<2x3xf32>
  %s = arith.constant dense<3.0> : tensor<f32>
  %e = tensor.empty() : tensor<2x3xf32>
  %y = nn.map parallel [2, 3] ins(%w, %s : tensor<2x3xf32>, tensor<f32>) outs(%e : tensor<2x3xf32>) maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> ()>, affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%v: f32, %f: f32):
    %n = arith.mulf %v, %f : f32
    nn.yield %n : f32
  } -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

#row = affine_map<(i, k) -> (k)>
#one = affine_map<(i, k) -> (i)>

// A contraction, which has no region for its operands, is told what their bits are.
// CHECK: func.func @product_of_bits
// CHECK: nn.contract {{.*}} ins(%{{.*}}, %{{.*}} : memref<4xi16>, memref<4xi8>)
// CHECK-SAME: elements = [f16, ui8]
func.func @product_of_bits(%x: tensor<4xf16>, %w: tensor<4xui8>) -> tensor<1xf32> {
  %e = tensor.empty() : tensor<1xf32>
  %y = nn.contract parallel [1] reduction [4] ins(%x, %w : tensor<4xf16>, tensor<4xui8>) outs(%e : tensor<1xf32>) maps [#row, #row, #one] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<1xf32>
  return %y : tensor<1xf32>
}

// -----

#row = affine_map<(i, k) -> (k)>
#one = affine_map<(i, k) -> (i)>

// The negative twin: their types say it.
// CHECK: func.func @product_of_numbers
// CHECK: nn.contract
// CHECK-NOT: elements
func.func @product_of_numbers(%x: tensor<4xf32>, %w: tensor<4xi8>) -> tensor<1xf32> {
  %e = tensor.empty() : tensor<1xf32>
  %y = nn.contract parallel [1] reduction [4] ins(%x, %w : tensor<4xf32>, tensor<4xi8>) outs(%e : tensor<1xf32>) maps [#row, #row, #one] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<1xf32>
  return %y : tensor<1xf32>
}

// -----

#id = affine_map<(i) -> (i)>

// Integers of four bits are bytes of the same value.
// CHECK: func.func @four_bits_are_a_byte
// CHECK: %[[LOW:.*]] = arith.trunci %{{.*}} : i8 to i4
// CHECK: arith.extsi %[[LOW]] : i4 to i8
func.func @four_bits_are_a_byte(%x: tensor<4xi8>) -> tensor<4xi4> {
  %e = tensor.empty() : tensor<4xi4>
  %y = nn.map parallel [4] ins(%x : tensor<4xi8>) outs(%e : tensor<4xi4>) maps [#id, #id] body {
  ^bb0(%v: i8):
    %n = arith.trunci %v : i8 to i4
    nn.yield %n : i4
  } -> tensor<4xi4>
  return %y : tensor<4xi4>
}

// -----

#id = affine_map<(i) -> (i)>

// CHECK: func.func @unsigned_four_bits_are_a_byte
// CHECK: arith.extui %{{.*}} : i4 to i8
func.func @unsigned_four_bits_are_a_byte(%x: tensor<4xi8>) -> tensor<4xui4> {
  %e = tensor.empty() : tensor<4xui4>
  %y = nn.map parallel [4] ins(%x : tensor<4xi8>) outs(%e : tensor<4xui4>) maps [#id, #id] body {
  ^bb0(%v: i8):
    %n = arith.trunci %v : i8 to i4
    nn.yield %n : i4
  } -> tensor<4xui4>
  return %y : tensor<4xui4>
}

// -----

#id = affine_map<(i) -> (i)>

// CHECK: func.func @filled_with_four_bits
// CHECK: arith.constant -3 : i8
func.func @filled_with_four_bits() -> tensor<4xi4> {
  %e = tensor.empty() : tensor<4xi4>
  %y = nn.map parallel [4] outs(%e : tensor<4xi4>) maps [#id] body {
    %n = arith.constant -3 : i4
    nn.yield %n : i4
  } -> tensor<4xi4>
  return %y : tensor<4xi4>
}

// -----

#id = affine_map<(i) -> (i)>

// CHECK: func.func @filled_with_unsigned_four_bits
// CHECK: arith.constant 13 : i8
func.func @filled_with_unsigned_four_bits() -> tensor<4xui4> {
  %e = tensor.empty() : tensor<4xui4>
  %y = nn.map parallel [4] outs(%e : tensor<4xui4>) maps [#id] body {
    %n = arith.constant -3 : i4
    nn.yield %n : i4
  } -> tensor<4xui4>
  return %y : tensor<4xui4>
}
