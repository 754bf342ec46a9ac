// RUN: tenon-opt %s --absorb-pads --split-input-file | FileCheck %s

// CHECK-DAG: #[[WINDOW:.*]] = affine_map<(d0, d1) -> (d0 + d1 - 2)>
// CHECK-LABEL: @zero_border_of_a_convolution
// CHECK-SAME: (%[[X:.*]]: tensor<8xf32>,
func.func @zero_border_of_a_convolution(%x: tensor<8xf32>, %w: tensor<3xf32>) -> tensor<10xf32> {
  %e = tensor.empty() : tensor<10xf32>
  // CHECK-NOT: nn.assemble
  %p = nn.assemble (%x at [2]) fill 0.0 : f32 : (tensor<8xf32>) -> tensor<12xf32>
  // CHECK: nn.contract {{.*}} ins(%[[X]],
  // CHECK-SAME: maps [#[[WINDOW]],
  %y = nn.contract parallel [10] reduction [3] ins(%p, %w : tensor<12xf32>, tensor<3xf32>) outs(%e : tensor<10xf32>)
      maps [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<10xf32>
  return %y : tensor<10xf32>
}

// -----

// CHECK-LABEL: @border_of_ones_stays
func.func @border_of_ones_stays(%x: tensor<8xf32>, %w: tensor<3xf32>) -> tensor<10xf32> {
  %e = tensor.empty() : tensor<10xf32>
  // CHECK: nn.assemble
  %p = nn.assemble (%x at [2]) fill 1.0 : f32 : (tensor<8xf32>) -> tensor<12xf32>
  %y = nn.contract parallel [10] reduction [3] ins(%p, %w : tensor<12xf32>, tensor<3xf32>) outs(%e : tensor<10xf32>)
      maps [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<10xf32>
  return %y : tensor<10xf32>
}

// -----

// The largest of a window never is the border.
// CHECK-LABEL: @smallest_border_of_a_maximum
func.func @smallest_border_of_a_maximum(%x: tensor<8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  // CHECK-NOT: nn.assemble
  %p = nn.assemble (%x at [1]) fill 0xFF800000 : f32 : (tensor<8xf32>) -> tensor<10xf32>
  // CHECK: nn.reduce
  %y = nn.reduce parallel [8] reduction [3] ins(%p : tensor<10xf32>) outs(%e : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (i)>] init [0xFF800000 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %m = arith.maximumf %in, %acc : f32
    nn.yield %m : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

// A zero is not the identity of a maximum.
// CHECK-LABEL: @zero_border_of_a_maximum_stays
func.func @zero_border_of_a_maximum_stays(%x: tensor<8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  // CHECK: nn.assemble
  %p = nn.assemble (%x at [1]) fill 0.0 : f32 : (tensor<8xf32>) -> tensor<10xf32>
  %y = nn.reduce parallel [8] reduction [3] ins(%p : tensor<10xf32>) outs(%e : tensor<8xf32>)
      maps [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (i)>] init [0xFF800000 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %m = arith.maximumf %in, %acc : f32
    nn.yield %m : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

// Rows of zeros are rows of the result, which somebody must write.
// CHECK-LABEL: @border_of_rows_stays
func.func @border_of_rows_stays(%x: tensor<3x4xf32>, %w: tensor<4xf32>) -> tensor<5xf32> {
  %e = tensor.empty() : tensor<5xf32>
  // CHECK: nn.assemble
  %p = nn.assemble (%x at [1, 0]) fill 0.0 : f32 : (tensor<3x4xf32>) -> tensor<5x4xf32>
  %y = nn.contract parallel [5] reduction [4] ins(%p, %w : tensor<5x4xf32>, tensor<4xf32>) outs(%e : tensor<5xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

// Integers count from their zero point.
// CHECK-LABEL: @border_of_the_zero_point
// CHECK-NOT: nn.assemble
// CHECK: nn.contract {{.*}} ins(%arg0, %arg1
func.func @border_of_the_zero_point(%x: tensor<8xi8>, %w: tensor<3xi8>) -> tensor<10xi32> {
  %e = tensor.empty() : tensor<10xi32>
  %p = nn.assemble (%x at [2]) fill -5 : i8 : (tensor<8xi8>) -> tensor<12xi8>
  %y = nn.contract parallel [10] reduction [3] ins(%p, %w : tensor<12xi8>, tensor<3xi8>) outs(%e : tensor<10xi32>)
      maps [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>]
      {zero_points = array<i64: -5, 0>} epilogue {
  ^bb0(%acc: i32):
    nn.yield %acc : i32
  } -> tensor<10xi32>
  return %y : tensor<10xi32>
}

// -----

// CHECK-LABEL: @border_of_another_integer
// CHECK: nn.assemble
func.func @border_of_another_integer(%x: tensor<8xi8>, %w: tensor<3xi8>) -> tensor<10xi32> {
  %e = tensor.empty() : tensor<10xi32>
  %p = nn.assemble (%x at [2]) fill 0 : i8 : (tensor<8xi8>) -> tensor<12xi8>
  %y = nn.contract parallel [10] reduction [3] ins(%p, %w : tensor<12xi8>, tensor<3xi8>) outs(%e : tensor<10xi32>)
      maps [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>]
      {zero_points = array<i64: -5, 0>} epilogue {
  ^bb0(%acc: i32):
    nn.yield %acc : i32
  } -> tensor<10xi32>
  return %y : tensor<10xi32>
}

// -----

// 3 - 3 adds nothing.
// CHECK-LABEL: @border_of_a_sum_of_integers
// CHECK-NOT: nn.assemble
// CHECK: nn.reduce {{.*}} ins(%arg0
func.func @border_of_a_sum_of_integers(%x: tensor<8xi8>) -> tensor<10xi32> {
  %e = tensor.empty() : tensor<10xi32>
  %p = nn.assemble (%x at [2]) fill 3 : i8 : (tensor<8xi8>) -> tensor<12xi8>
  %y = nn.reduce parallel [10] reduction [3] ins(%p : tensor<12xi8>) outs(%e : tensor<10xi32>)
      maps [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (i)>] init [0 : i32] combine {
  ^bb0(%in: i8, %acc: i32):
    %three = arith.constant 3 : i32
    %0 = arith.extsi %in : i8 to i32
    %1 = arith.subi %0, %three : i32
    %2 = arith.addi %acc, %1 : i32
    nn.yield %2 : i32
  } epilogue {
  ^bb0(%acc: i32):
    nn.yield %acc : i32
  } -> tensor<10xi32>
  return %y : tensor<10xi32>
}

// -----

// The least integer is no larger than any; -127 is.
// CHECK-LABEL: @borders_of_maxima_of_integers
// CHECK: nn.reduce {{.*}} ins(%arg0
// CHECK: %[[P:.*]] = nn.assemble (%arg0 at [2]) fill -127
// CHECK: nn.reduce {{.*}} ins(%[[P]]
func.func @borders_of_maxima_of_integers(%x: tensor<8xi8>) -> (tensor<10xi32>, tensor<10xi32>) {
  %e = tensor.empty() : tensor<10xi32>
  %p = nn.assemble (%x at [2]) fill -128 : i8 : (tensor<8xi8>) -> tensor<12xi8>
  %y = nn.reduce parallel [10] reduction [3] ins(%p : tensor<12xi8>) outs(%e : tensor<10xi32>)
      maps [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (i)>] init [-128 : i32] combine {
  ^bb0(%in: i8, %acc: i32):
    %0 = arith.extsi %in : i8 to i32
    %1 = arith.maxsi %acc, %0 : i32
    nn.yield %1 : i32
  } epilogue {
  ^bb0(%acc: i32):
    nn.yield %acc : i32
  } -> tensor<10xi32>
  %q = nn.assemble (%x at [2]) fill -127 : i8 : (tensor<8xi8>) -> tensor<12xi8>
  %z = nn.reduce parallel [10] reduction [3] ins(%q : tensor<12xi8>) outs(%e : tensor<10xi32>)
      maps [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (i)>] init [-128 : i32] combine {
  ^bb0(%in: i8, %acc: i32):
    %0 = arith.extsi %in : i8 to i32
    %1 = arith.maxsi %acc, %0 : i32
    nn.yield %1 : i32
  } epilogue {
  ^bb0(%acc: i32):
    nn.yield %acc : i32
  } -> tensor<10xi32>
  return %y, %z : tensor<10xi32>, tensor<10xi32>
}

// -----

// Integers count from their zero point.
// CHECK-LABEL: @border_of_the_zero_point
// CHECK-NOT: nn.assemble
// CHECK: nn.contract {{.*}} ins(%arg0, %arg1
func.func @border_of_the_zero_point(%x: tensor<8xi8>, %w: tensor<3xi8>) -> tensor<10xi32> {
  %e = tensor.empty() : tensor<10xi32>
  %p = nn.assemble (%x at [2]) fill -5 : i8 : (tensor<8xi8>) -> tensor<12xi8>
  %y = nn.contract parallel [10] reduction [3] ins(%p, %w : tensor<12xi8>, tensor<3xi8>) outs(%e : tensor<10xi32>)
      maps [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>]
      {zero_points = array<i64: -5, 0>} epilogue {
  ^bb0(%acc: i32):
    nn.yield %acc : i32
  } -> tensor<10xi32>
  return %y : tensor<10xi32>
}

// -----

// CHECK-LABEL: @border_of_another_integer
// CHECK: nn.assemble
func.func @border_of_another_integer(%x: tensor<8xi8>, %w: tensor<3xi8>) -> tensor<10xi32> {
  %e = tensor.empty() : tensor<10xi32>
  %p = nn.assemble (%x at [2]) fill 0 : i8 : (tensor<8xi8>) -> tensor<12xi8>
  %y = nn.contract parallel [10] reduction [3] ins(%p, %w : tensor<12xi8>, tensor<3xi8>) outs(%e : tensor<10xi32>)
      maps [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>]
      {zero_points = array<i64: -5, 0>} epilogue {
  ^bb0(%acc: i32):
    nn.yield %acc : i32
  } -> tensor<10xi32>
  return %y : tensor<10xi32>
}

// -----

// 3 - 3 adds nothing.
// CHECK-LABEL: @border_of_a_sum_of_integers
// CHECK-NOT: nn.assemble
// CHECK: nn.reduce {{.*}} ins(%arg0
func.func @border_of_a_sum_of_integers(%x: tensor<8xi8>) -> tensor<10xi32> {
  %e = tensor.empty() : tensor<10xi32>
  %p = nn.assemble (%x at [2]) fill 3 : i8 : (tensor<8xi8>) -> tensor<12xi8>
  %y = nn.reduce parallel [10] reduction [3] ins(%p : tensor<12xi8>) outs(%e : tensor<10xi32>)
      maps [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (i)>] init [0 : i32] combine {
  ^bb0(%in: i8, %acc: i32):
    %three = arith.constant 3 : i32
    %0 = arith.extsi %in : i8 to i32
    %1 = arith.subi %0, %three : i32
    %2 = arith.addi %acc, %1 : i32
    nn.yield %2 : i32
  } epilogue {
  ^bb0(%acc: i32):
    nn.yield %acc : i32
  } -> tensor<10xi32>
  return %y : tensor<10xi32>
}

// -----

// The least integer is no larger than any; -127 is.
// CHECK-LABEL: @borders_of_maxima_of_integers
// CHECK: nn.reduce {{.*}} ins(%arg0
// CHECK: %[[P:.*]] = nn.assemble (%arg0 at [2]) fill -127
// CHECK: nn.reduce {{.*}} ins(%[[P]]
func.func @borders_of_maxima_of_integers(%x: tensor<8xi8>) -> (tensor<10xi32>, tensor<10xi32>) {
  %e = tensor.empty() : tensor<10xi32>
  %p = nn.assemble (%x at [2]) fill -128 : i8 : (tensor<8xi8>) -> tensor<12xi8>
  %y = nn.reduce parallel [10] reduction [3] ins(%p : tensor<12xi8>) outs(%e : tensor<10xi32>)
      maps [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (i)>] init [-128 : i32] combine {
  ^bb0(%in: i8, %acc: i32):
    %0 = arith.extsi %in : i8 to i32
    %1 = arith.maxsi %acc, %0 : i32
    nn.yield %1 : i32
  } epilogue {
  ^bb0(%acc: i32):
    nn.yield %acc : i32
  } -> tensor<10xi32>
  %q = nn.assemble (%x at [2]) fill -127 : i8 : (tensor<8xi8>) -> tensor<12xi8>
  %z = nn.reduce parallel [10] reduction [3] ins(%q : tensor<12xi8>) outs(%e : tensor<10xi32>)
      maps [affine_map<(i, k) -> (i + k)>, affine_map<(i, k) -> (i)>] init [-128 : i32] combine {
  ^bb0(%in: i8, %acc: i32):
    %0 = arith.extsi %in : i8 to i32
    %1 = arith.maxsi %acc, %0 : i32
    nn.yield %1 : i32
  } epilogue {
  ^bb0(%acc: i32):
    nn.yield %acc : i32
  } -> tensor<10xi32>
  return %y, %z : tensor<10xi32>, tensor<10xi32>
}
