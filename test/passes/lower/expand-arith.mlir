// RUN: tenon-opt %s --expand-arith | FileCheck %s

// CHECK-LABEL: func @checked_unsigned
// CHECK-SAME: %[[A:.*]]: i32, %[[B:.*]]: i32
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : i32
// CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : i32
// CHECK: %[[SAFE:.*]] = arith.maxui %[[B]], %[[ONE]] : i32
// CHECK: %[[Q:.*]] = arith.divui %[[A]], %[[SAFE]] : i32
// CHECK: %[[IS_ZERO:.*]] = arith.cmpi eq, %[[B]], %[[ZERO]] : i32
// CHECK: %[[Y:.*]] = arith.select %[[IS_ZERO]], %[[ZERO]], %[[Q]] : i32
// CHECK: return %[[Y]]
func.func @checked_unsigned(%a: i32, %b: i32) -> i32 {
  %q = arith.divui %a, %b : i32
  return %q : i32
}

// On magnitudes; the quotient is negative where one of the signs is, a remainder where the dividend is.
// CHECK-LABEL: func @checked_signed
// CHECK-SAME: %[[A:.*]]: i8, %[[B:.*]]: i8
// CHECK: %[[NEGATIVE:.*]] = arith.cmpi slt, %[[A]], %{{.*}} : i8
// CHECK: arith.divui
// CHECK: %[[DIFFERS:.*]] = arith.xori %[[NEGATIVE]], %{{.*}} : i1
// CHECK: arith.select %[[DIFFERS]]
// CHECK: %[[NEGATIVE:.*]] = arith.cmpi slt, %[[A]], %{{.*}} : i8
// CHECK: arith.remui
// CHECK: arith.select %[[NEGATIVE]]
// CHECK-NOT: arith.divsi
// CHECK-NOT: arith.remsi
func.func @checked_signed(%a: i8, %b: i8) -> (i8, i8) {
  %q = arith.divsi %a, %b : i8
  %r = arith.remsi %a, %b : i8
  return %q, %r : i8, i8
}

// The negative twin: a divisor that is proven needs no check.
// CHECK-LABEL: func @proven
// CHECK: arith.divsi %{{.*}}, %c3_i32
// CHECK: arith.maxui
// CHECK-NEXT: arith.remui
// CHECK-NEXT: return
func.func @proven(%a: i32, %b: i32) -> (i32, i32) {
  %three = arith.constant 3 : i32
  %one = arith.constant 1 : i32
  %q = arith.divsi %a, %three : i32
  %safe = arith.maxui %b, %one : i32
  %r = arith.remui %a, %safe : i32
  return %q, %r : i32, i32
}

// CHECK-LABEL: func @magnitude
// CHECK-NOT: math.absi
// CHECK: %[[NEGATED:.*]] = arith.subi %{{.*}}, %[[X:.*]] : i16
// CHECK: arith.select %{{.*}}, %[[NEGATED]], %[[X]] : i16
func.func @magnitude(%x: i16) -> i16 {
  %y = math.absi %x : i16
  return %y : i16
}

// CHECK-LABEL: func @truth_to_float
// CHECK: %[[WIDE:.*]] = arith.extui %{{.*}} : vector<4xi1> to vector<4xi32>
// CHECK: arith.uitofp %[[WIDE]] : vector<4xi32> to vector<4xf32>
func.func @truth_to_float(%x: vector<4xi1>) -> vector<4xf32> {
  %y = arith.uitofp %x : vector<4xi1> to vector<4xf32>
  return %y : vector<4xf32>
}

// CHECK-LABEL: func @integer_to_f16
// CHECK: %[[F:.*]] = arith.sitofp %{{.*}} : i64 to f32
// CHECK: arith.truncf %[[F]] : f32 to f16
func.func @integer_to_f16(%x: i64) -> f16 {
  %y = arith.sitofp %x : i64 to f16
  return %y : f16
}

// CHECK-LABEL: func @float_by_f32
// CHECK: %[[F:.*]] = arith.extf %{{.*}} : bf16 to f32
// CHECK: arith.truncf %[[F]] : f32 to f8E5M2
func.func @float_by_f32(%x: bf16) -> f8E5M2 {
  %y = arith.truncf %x : bf16 to f8E5M2
  return %y : f8E5M2
}

// f64 is rounded twice: to an odd number first.
// CHECK-LABEL: func @double_by_f32
// CHECK: arith.truncf %{{.*}} : f64 to f32
// CHECK: arith.ori %{{.*}}, %c1_i32 : i32
// CHECK: %[[ODD:.*]] = arith.bitcast %{{.*}} : i32 to f32
// CHECK: arith.truncf %[[ODD]] : f32 to f16
func.func @double_by_f32(%x: f64) -> f16 {
  %y = arith.truncf %x : f64 to f16
  return %y : f16
}

// The negative twin: these the low form has, and the math library.
// CHECK-LABEL: func @as_they_are
// CHECK-NEXT: arith.truncf %{{.*}} : f64 to f32
// CHECK-NEXT: arith.truncf %{{.*}} : f32 to f16
// CHECK-NEXT: arith.sitofp %{{.*}} : i64 to f32
// CHECK-NEXT: return
func.func @as_they_are(%x: f64, %y: f32, %z: i64) -> (f32, f16, f32) {
  %a = arith.truncf %x : f64 to f32
  %b = arith.truncf %y : f32 to f16
  %c = arith.sitofp %z : i64 to f32
  return %a, %b, %c : f32, f16, f32
}
