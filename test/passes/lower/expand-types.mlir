// RUN: tenon-opt %s --expand-types | FileCheck %s

// CHECK-LABEL: func @float_bits
// CHECK-SAME: %[[X:.*]]: i16, %[[C:.*]]: i1
// CHECK: %[[ONE:.*]] = arith.constant 15360 : i16
// CHECK: %[[Y:.*]] = arith.select %[[C]], %[[X]], %[[ONE]] : i16
// CHECK: return %[[Y]] : i16
func.func @float_bits(%x: i16, %c: i1) -> i16 {
  %one = arith.constant 1.0 : f16
  %f = arith.bitcast %x : i16 to f16
  %y = arith.select %c, %f, %one : f16
  %bits = arith.bitcast %y : f16 to i16
  return %bits : i16
}

// CHECK-LABEL: func @vector_bits
// CHECK: %[[ONE:.*]] = arith.constant dense<56> : vector<8xi8>
// CHECK: arith.select %{{.*}}, %{{.*}}, %[[ONE]] : vector<8xi1>, vector<8xi8>
func.func @vector_bits(%x: vector<8xi8>, %c: vector<8xi1>) -> vector<8xi8> {
  %one = arith.constant dense<1.0> : vector<8xf8E4M3FN>
  %f = arith.bitcast %x : vector<8xi8> to vector<8xf8E4M3FN>
  %y = arith.select %c, %f, %one : vector<8xi1>, vector<8xf8E4M3FN>
  %bits = arith.bitcast %y : vector<8xf8E4M3FN> to vector<8xi8>
  return %bits : vector<8xi8>
}

// CHECK-LABEL: func @signed_four_bits
// CHECK: %[[LOW:.*]] = arith.trunci %{{.*}} : i32 to i8
// CHECK: %[[N:.*]] = arith.andi %[[LOW]], %c15_i8
// CHECK: %[[UP:.*]] = arith.shli %[[N]], %c4_i8
// CHECK: %[[SIGNED:.*]] = arith.shrsi %[[UP]], %c4_i8
// CHECK: arith.extsi %[[SIGNED]] : i8 to i32
func.func @signed_four_bits(%x: i32) -> i32 {
  %n = arith.trunci %x : i32 to i4
  %y = arith.extsi %n : i4 to i32
  return %y : i32
}

// Without sign they are as wide as they are.
// CHECK-LABEL: func @unsigned_two_bits
// CHECK: %[[N:.*]] = arith.andi %{{.*}}, %c3_i8
// CHECK-NEXT: %[[Y:.*]] = arith.extui %[[N]] : i8 to i32
// CHECK-NEXT: return %[[Y]]
func.func @unsigned_two_bits(%x: i8) -> i32 {
  %n = arith.trunci %x : i8 to i2
  %y = arith.extui %n : i2 to i32
  return %y : i32
}

// A carry into the bits above is cleared; a comparison makes the signs that it wants.
// CHECK-LABEL: func @arithmetic
// CHECK: %[[SUM:.*]] = arith.addi %{{.*}}, %{{.*}} : i8
// CHECK: arith.andi %[[SUM]], %c15{{.*}} : i8
// CHECK: arith.cmpi ult, %{{.*}}, %{{.*}} : i8
// CHECK: arith.shrsi
// CHECK: arith.shrsi
// CHECK: arith.cmpi slt, %{{.*}}, %{{.*}} : i8
// CHECK-NOT: i4
func.func @arithmetic(%x: i8, %y: i8) -> (i1, i1) {
  %a = arith.trunci %x : i8 to i4
  %b = arith.trunci %y : i8 to i4
  %sum = arith.addi %a, %b : i4
  %less = arith.cmpi ult, %sum, %a : i4
  %less_signed = arith.cmpi slt, %sum, %a : i4
  return %less, %less_signed : i1, i1
}

// CHECK-LABEL: func @carried
// CHECK: scf.for {{.*}} iter_args(%{{.*}} = %{{.*}}) -> (i16)
func.func @carried(%x: i16, %n: index) -> i16 {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %f = arith.bitcast %x : i16 to bf16
  %y = scf.for %i = %zero to %n step %one iter_args(%g = %f) -> bf16 {
    scf.yield %g : bf16
  }
  %bits = arith.bitcast %y : bf16 to i16
  return %bits : i16
}

// The negative twin: what the low form has stays, and so does what has no meaning on bits (the verifier refuses it).
// CHECK-LABEL: func @as_it_is
// CHECK: arith.addi %{{.*}}, %{{.*}} : i8
// CHECK: arith.select %{{.*}}, %{{.*}}, %{{.*}} : i1
// CHECK: arith.addf %{{.*}}, %{{.*}} : f16
func.func @as_it_is(%x: i8, %c: i1, %f: f16) -> (i8, i1, f16) {
  %a = arith.addi %x, %x : i8
  %b = arith.select %c, %c, %c : i1
  %s = arith.addf %f, %f : f16
  return %a, %b, %s : i8, i1, f16
}
