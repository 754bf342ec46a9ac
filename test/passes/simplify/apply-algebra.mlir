// RUN: tenon-opt %s --apply-algebra | FileCheck %s

// A function an identity, and beside it where the identity does not hold or does not pay.

// CHECK-LABEL: func @power_one(
// CHECK-SAME: %[[X:.*]]: f32
// CHECK-NEXT: return %[[X]]
func.func @power_one(%x: f32) -> f32 {
  %c = arith.constant 1.0 : f32
  %y = math.powf %x, %c : f32
  return %y : f32
}

// CHECK-LABEL: func @power_two(
// CHECK-SAME: %[[X:.*]]: f32
// CHECK-NEXT: %[[Y:.*]] = arith.mulf %[[X]], %[[X]]
// CHECK-NEXT: return %[[Y]]
func.func @power_two(%x: f32) -> f32 {
  %c = arith.constant 2.0 : f32
  %y = math.powf %x, %c : f32
  return %y : f32
}

// CHECK-LABEL: func @power_three(
// CHECK-SAME: %[[X:.*]]: f32
// CHECK-NEXT: %[[XX:.*]] = arith.mulf %[[X]], %[[X]]
// CHECK-NEXT: %[[Y:.*]] = arith.mulf %[[XX]], %[[X]]
// CHECK-NEXT: return %[[Y]]
func.func @power_three(%x: f32) -> f32 {
  %c = arith.constant 3.0 : f32
  %y = math.powf %x, %c : f32
  return %y : f32
}

// -inf to the half is inf, -0 is 0.
// CHECK-LABEL: func @power_half(
// CHECK-SAME: %[[X:.*]]: f32
// CHECK-DAG: %[[INF:.*]] = arith.constant 0x7F800000 : f32
// CHECK-DAG: %[[MINUS:.*]] = arith.constant 0xFF800000 : f32
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK: %[[SUM:.*]] = arith.addf %[[X]], %[[ZERO]]
// CHECK: %[[IS:.*]] = arith.cmpf oeq, %[[X]], %[[MINUS]]
// CHECK: %[[R:.*]] = arith.select %[[IS]], %[[INF]], %[[SUM]]
// CHECK: math.sqrt %[[R]]
func.func @power_half(%x: f32) -> f32 {
  %c = arith.constant 0.5 : f32
  %y = math.powf %x, %c : f32
  return %y : f32
}

// Not every target has the root of f64.
// CHECK-LABEL: func @power_half_of_f64(
// CHECK: math.powf
func.func @power_half_of_f64(%x: f64) -> f64 {
  %c = arith.constant 0.5 : f64
  %y = math.powf %x, %c : f64
  return %y : f64
}

// CHECK-LABEL: func @power_of_no_small_number(
// CHECK: math.powf
func.func @power_of_no_small_number(%x: f32) -> f32 {
  %c = arith.constant 2.5 : f32
  %y = math.powf %x, %c : f32
  return %y : f32
}

// CHECK-LABEL: func @power_that_is_computed(
// CHECK: math.powf
func.func @power_that_is_computed(%x: f32, %c: f32) -> f32 {
  %y = math.powf %x, %c : f32
  return %y : f32
}

// CHECK-LABEL: func @power_with_constant_base(
// CHECK: math.powf
func.func @power_with_constant_base(%x: f32) -> f32 {
  %c = arith.constant 2.0 : f32
  %y = math.powf %c, %x : f32
  return %y : f32
}

// |x|^2 is x * x by two of them.
// CHECK-LABEL: func @square_of_magnitude(
// CHECK-SAME: %[[X:.*]]: f32
// CHECK-NEXT: %[[Y:.*]] = arith.mulf %[[X]], %[[X]]
// CHECK-NEXT: return %[[Y]]
func.func @square_of_magnitude(%x: f32) -> f32 {
  %c = arith.constant 2.0 : f32
  %a = math.absf %x : f32
  %y = math.powf %a, %c : f32
  return %y : f32
}

// CHECK-LABEL: func @product_of_two_magnitudes(
// CHECK-COUNT-2: math.absf
func.func @product_of_two_magnitudes(%x: f32, %z: f32) -> f32 {
  %a = math.absf %x : f32
  %b = math.absf %z : f32
  %y = arith.mulf %a, %b : f32
  return %y : f32
}

// CHECK-LABEL: func @add_negated(
// CHECK-SAME: %[[X:.*]]: f32, %[[Z:.*]]: f32
// CHECK-NEXT: %[[Y:.*]] = arith.subf %[[X]], %[[Z]]
// CHECK-NEXT: return %[[Y]]
func.func @add_negated(%x: f32, %z: f32) -> f32 {
  %n = arith.negf %z : f32
  %y = arith.addf %x, %n : f32
  return %y : f32
}

// CHECK-LABEL: func @negated_add(
// CHECK-SAME: %[[X:.*]]: f32, %[[Z:.*]]: f32
// CHECK-NEXT: %[[Y:.*]] = arith.subf %[[Z]], %[[X]]
// CHECK-NEXT: return %[[Y]]
func.func @negated_add(%x: f32, %z: f32) -> f32 {
  %n = arith.negf %x : f32
  %y = arith.addf %n, %z : f32
  return %y : f32
}

// CHECK-LABEL: func @subtract_negated(
// CHECK-SAME: %[[X:.*]]: f32, %[[Z:.*]]: f32
// CHECK-NEXT: %[[Y:.*]] = arith.addf %[[X]], %[[Z]]
// CHECK-NEXT: return %[[Y]]
func.func @subtract_negated(%x: f32, %z: f32) -> f32 {
  %n = arith.negf %z : f32
  %y = arith.subf %x, %n : f32
  return %y : f32
}

// CHECK-LABEL: func @subtract_from_negated(
// CHECK: arith.negf
// CHECK: arith.subf
func.func @subtract_from_negated(%x: f32, %z: f32) -> f32 {
  %n = arith.negf %x : f32
  %y = arith.subf %n, %z : f32
  return %y : f32
}

// CHECK-LABEL: func @divide_by_power_of_two(
// CHECK: %[[C:.*]] = arith.constant 2.500000e-01 : f32
// CHECK: arith.mulf %{{.*}}, %[[C]] : f32
func.func @divide_by_power_of_two(%x: f32) -> f32 {
  %c = arith.constant 4.0 : f32
  %y = arith.divf %x, %c : f32
  return %y : f32
}

// CHECK-LABEL: func @divide_by_three(
// CHECK: arith.divf
func.func @divide_by_three(%x: f32) -> f32 {
  %c = arith.constant 3.0 : f32
  %y = arith.divf %x, %c : f32
  return %y : f32
}

// 2^127 has an inverse that is exact, but no normal number.
// CHECK-LABEL: func @divide_by_power_of_two_without_normal_inverse(
// CHECK: arith.divf
func.func @divide_by_power_of_two_without_normal_inverse(%x: f32) -> f32 {
  %c = arith.constant 0x7F000000 : f32
  %y = arith.divf %x, %c : f32
  return %y : f32
}

// CHECK-LABEL: func @multiply_by_reciprocal(
// CHECK-SAME: %[[X:.*]]: f32, %[[Z:.*]]: f32
// CHECK-NEXT: %[[Y:.*]] = arith.divf %[[X]], %[[Z]]
// CHECK-NEXT: return %[[Y]]
func.func @multiply_by_reciprocal(%x: f32, %z: f32) -> f32 {
  %one = arith.constant 1.0 : f32
  %r = arith.divf %one, %z : f32
  %y = arith.mulf %x, %r : f32
  return %y : f32
}

// CHECK-LABEL: func @reciprocal_times(
// CHECK-SAME: %[[X:.*]]: f32, %[[Z:.*]]: f32
// CHECK-NEXT: %[[Y:.*]] = arith.divf %[[Z]], %[[X]]
// CHECK-NEXT: return %[[Y]]
func.func @reciprocal_times(%x: f32, %z: f32) -> f32 {
  %one = arith.constant 1.0 : f32
  %r = arith.divf %one, %x : f32
  %y = arith.mulf %r, %z : f32
  return %y : f32
}

// Two quotients cost more than one and two products.
// CHECK-LABEL: func @reciprocal_of_two_users(
// CHECK-COUNT-1: arith.divf
// CHECK-COUNT-2: arith.mulf
func.func @reciprocal_of_two_users(%x: f32, %z: f32) -> (f32, f32) {
  %one = arith.constant 1.0 : f32
  %r = arith.divf %one, %z : f32
  %y = arith.mulf %x, %r : f32
  %w = arith.mulf %r, %y : f32
  return %y, %w : f32, f32
}

// CHECK-LABEL: func @quotient_times(
// CHECK: arith.divf
// CHECK: arith.mulf
func.func @quotient_times(%x: f32, %z: f32) -> f32 {
  %seven = arith.constant 7.0 : f32
  %r = arith.divf %seven, %z : f32
  %y = arith.mulf %x, %r : f32
  return %y : f32
}

// CHECK-LABEL: func @maximum_of_maximum(
// CHECK: %[[C:.*]] = arith.constant 1.000000e+00 : f32
// CHECK-NEXT: arith.maximumf %{{.*}}, %[[C]]
// CHECK-NEXT: return
func.func @maximum_of_maximum(%x: f32) -> f32 {
  %c = arith.constant 0.0 : f32
  %d = arith.constant 1.0 : f32
  %m = arith.maximumf %x, %c : f32
  %y = arith.maximumf %m, %d : f32
  return %y : f32
}

// CHECK-LABEL: func @minimum_of_minimum(
// CHECK: %[[C:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-NEXT: arith.minimumf %{{.*}}, %[[C]]
// CHECK-NEXT: return
func.func @minimum_of_minimum(%x: f32) -> f32 {
  %c = arith.constant 0.0 : f32
  %d = arith.constant 1.0 : f32
  %m = arith.minimumf %x, %c : f32
  %y = arith.minimumf %m, %d : f32
  return %y : f32
}

// CHECK-LABEL: func @maximum_of_computed_maximum(
// CHECK-COUNT-2: arith.maximumf
func.func @maximum_of_computed_maximum(%x: f32, %z: f32) -> f32 {
  %c = arith.constant 0.0 : f32
  %m = arith.maximumf %x, %z : f32
  %y = arith.maximumf %m, %c : f32
  return %y : f32
}

// CHECK-LABEL: func @maximum_of_minimum(
// CHECK: arith.minimumf
// CHECK: arith.maximumf
func.func @maximum_of_minimum(%x: f32) -> f32 {
  %c = arith.constant 6.0 : f32
  %d = arith.constant 0.0 : f32
  %m = arith.minimumf %x, %c : f32
  %y = arith.maximumf %m, %d : f32
  return %y : f32
}

// What upstream folds, for the record.
// CHECK-LABEL: func @units(
// CHECK-SAME: %[[X:.*]]: f32
// CHECK-NEXT: return %[[X]], %[[X]], %[[X]]
func.func @units(%x: f32) -> (f32, f32, f32) {
  %one = arith.constant 1.0 : f32
  %zero = arith.constant -0.0 : f32
  %a = arith.mulf %x, %one : f32
  %b = arith.addf %x, %zero : f32
  %n = arith.negf %x : f32
  %c = arith.negf %n : f32
  return %a, %b, %c : f32, f32, f32
}

// CHECK-LABEL: func @reshape_of_reshape(
// CHECK-SAME: %[[X:.*]]: tensor<4x6xf32>
// CHECK-NEXT: %[[Y:.*]] = nn.reshape %[[X]] : tensor<4x6xf32> -> tensor<8x3xf32>
// CHECK-NEXT: return %[[Y]]
func.func @reshape_of_reshape(%x: tensor<4x6xf32>) -> tensor<8x3xf32> {
  %0 = nn.reshape %x : tensor<4x6xf32> -> tensor<24xf32>
  %1 = nn.reshape %0 : tensor<24xf32> -> tensor<8x3xf32>
  return %1 : tensor<8x3xf32>
}

// CHECK-LABEL: func @reshape_of_something_else(
// CHECK-COUNT-1: nn.reshape
// CHECK: nn.assemble
// CHECK-COUNT-1: nn.reshape
func.func @reshape_of_something_else(%x: tensor<4x6xf32>) -> tensor<5x5xf32> {
  %0 = nn.reshape %x : tensor<4x6xf32> -> tensor<24xf32>
  %1 = nn.assemble (%0 at [1]) fill 0.0 : f32 : (tensor<24xf32>) -> tensor<25xf32>
  %2 = nn.reshape %1 : tensor<25xf32> -> tensor<5x5xf32>
  return %2 : tensor<5x5xf32>
}

// Regions of layers are reached.
// CHECK-LABEL: func @region(
// CHECK: nn.map
// CHECK: arith.mulf
// CHECK-NOT: math.powf
func.func @region(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %y = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%in: f32):
    %two = arith.constant 2.0 : f32
    %square = math.powf %in, %two : f32
    nn.yield %square : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}
