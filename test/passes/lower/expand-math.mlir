// RUN: tenon-opt %s --expand-math --split-input-file | FileCheck %s
// RUN: tenon-opt %s --expand-math --split-input-file --mlir-print-debuginfo | FileCheck %s --check-prefix=LOC

// One mechanism: the body of @math.absf at the type of the operation. (What the functions compute, math/ tests.)

#m4 = #kernel.target<name = "m4", triple = "", cpu = "", features = "", pragma = "", lanes = 1, registers = 16, fma = true, sqrt = true, indexBits = 32, alignment = 8>
module attributes {kernel.target = #m4} {

// CHECK-LABEL: func @scalar_body_as_it_is
// CHECK-SAME: %[[X:.*]]: f32
// CHECK: %[[MASK:.*]] = arith.constant 2147483647 : i32
// CHECK: %[[BITS:.*]] = arith.bitcast %[[X]] : f32 to i32
// CHECK: %[[MAGNITUDE:.*]] = arith.andi %[[BITS]], %[[MASK]] : i32
// CHECK: %[[Y:.*]] = arith.bitcast %[[MAGNITUDE]] : i32 to f32
// CHECK: return %[[Y]]
func.func @scalar_body_as_it_is(%x: f32) -> f32 {
  %y = math.absf %x : f32
  return %y : f32
}

// CHECK-LABEL: func @vector_body_with_splat_constants
// CHECK-SAME: %[[X:.*]]: vector<8xf32>
// CHECK: %[[MASK:.*]] = arith.constant dense<2147483647> : vector<8xi32>
// CHECK: %[[BITS:.*]] = arith.bitcast %[[X]] : vector<8xf32> to vector<8xi32>
// CHECK: %[[MAGNITUDE:.*]] = arith.andi %[[BITS]], %[[MASK]] : vector<8xi32>
// CHECK: %[[Y:.*]] = arith.bitcast %[[MAGNITUDE]] : vector<8xi32> to vector<8xf32>
// CHECK: return %[[Y]]
func.func @vector_body_with_splat_constants(%x: vector<8xf32>) -> vector<8xf32> {
  %y = math.absf %x : vector<8xf32>
  return %y : vector<8xf32>
}

// Comparisons become vectors of i1. Calls between library functions are inlined, and so are operations of the body
// that have a function themselves (absf here).
// CHECK-LABEL: func @nested_functions_and_comparisons
// CHECK-NOT: call
// CHECK-NOT: math.absf
// CHECK: arith.cmpf olt, %{{.*}}, %{{.*}} : vector<4xf32>
// CHECK: arith.select %{{.*}}, %{{.*}}, %{{.*}} : vector<4xi1>, vector<4xf32>
// CHECK-NOT: call
func.func @nested_functions_and_comparisons(%x: vector<4xf32>) -> vector<4xf32> {
  %y = math.roundeven %x : vector<4xf32>
  return %y : vector<4xf32>
}

// CHECK-LABEL: func @fma_stays_where_the_target_has_it
// CHECK: math.fma %{{.*}} : vector<4xf32>
// CHECK: vector.fma %{{.*}} : vector<4xf32>
func.func @fma_stays_where_the_target_has_it(%x: vector<4xf32>) -> vector<4xf32> {
  %0 = math.fma %x, %x, %x : vector<4xf32>
  %1 = vector.fma %0, %x, %x : vector<4xf32>
  return %1 : vector<4xf32>
}

// A core without vectors has no instruction for f64.
// CHECK-LABEL: func @fma_of_f64_on_a_scalar_core
// CHECK: arith.mulf %{{.*}} : f64
// CHECK: arith.addf %{{.*}} : f64
// CHECK-NOT: fma
func.func @fma_of_f64_on_a_scalar_core(%x: f64) -> f64 {
  %0 = math.fma %x, %x, %x : f64
  return %0 : f64
}

// CHECK-LABEL: func @maximum_with_a_number_is_one_comparison
// CHECK-SAME: %[[X:.*]]: f32
// CHECK: %[[C:.*]] = arith.constant 0.0
// CHECK: %[[LESS:.*]] = arith.cmpf ogt, %[[C]], %[[X]] : f32
// CHECK: %[[Y:.*]] = arith.select %[[LESS]], %[[C]], %[[X]] : f32
// CHECK: return %[[Y]]
func.func @maximum_with_a_number_is_one_comparison(%x: f32) -> f32 {
  %zero = arith.constant 0.0 : f32
  %y = arith.maximumf %x, %zero : f32
  return %y : f32
}

// CHECK-LABEL: func @maximum_with_nan_is_not
// CHECK: arith.cmpf uno
func.func @maximum_with_nan_is_not(%x: vector<2xf32>) -> vector<2xf32> {
  %c = arith.constant dense<[0.0, 0x7FC00000]> : vector<2xf32>
  %y = arith.maximumf %x, %c : vector<2xf32>
  return %y : vector<2xf32>
}

// No function at this type: it stays, and the verifier of the low form names it.
// CHECK-LABEL: func @no_function_at_this_type
// CHECK: math.exp %{{.*}} : f16
// CHECK: math.exp %{{.*}} : tensor<4xf32>
func.func @no_function_at_this_type(%x: f16, %t: tensor<4xf32>) -> (f16, tensor<4xf32>) {
  %0 = math.exp %x : f16
  %1 = math.exp %t : tensor<4xf32>
  return %0, %1 : f16, tensor<4xf32>
}

// Every operation keeps the name of the ONNX node.
// LOC-LABEL: func @location_of_the_node
// LOC: arith.andi {{.*}} loc(#[[NODE:.*]])
// LOC: #[[NODE]] = loc("Abs_7")
func.func @location_of_the_node(%x: f32) -> f32 {
  %y = math.absf %x : f32 loc("Abs_7")
  return %y : f32
}
}

// -----

// Without a target, or where it has no FMA: a product and a sum.

// CHECK-LABEL: func @fma_without_the_instruction
// CHECK: %[[PRODUCT:.*]] = arith.mulf %{{.*}} : vector<4xf32>
// CHECK: arith.addf %[[PRODUCT]], %{{.*}} : vector<4xf32>
// CHECK: arith.mulf
// CHECK: arith.addf
// CHECK-NOT: fma
func.func @fma_without_the_instruction(%x: vector<4xf32>) -> vector<4xf32> {
  %0 = math.fma %x, %x, %x : vector<4xf32>
  %1 = vector.fma %0, %x, %x : vector<4xf32>
  return %1 : vector<4xf32>
}

// Another algorithm where FMA is missing: the five parts of pi.
// CHECK-LABEL: func @sin_without_the_instruction
// CHECK: arith.constant 3.140625
// CHECK-NOT: math.
func.func @sin_without_the_instruction(%x: f32) -> f32 {
  %y = math.sin %x : f32
  return %y : f32
}
