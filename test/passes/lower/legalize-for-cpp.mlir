// RUN: tenon-opt %s --legalize-for-cpp | FileCheck %s

// CHECK-NOT: @unused
kernel.global @unused_constant = dense<1.0> : tensor<4xf32>
func.func private @unused(%x: memref<4xf32>) {
  return
}

// CHECK-LABEL: @reads
// CHECK-SAME: {kernel.name = "x", kernel.readonly}
// CHECK-SAME: {kernel.name = "x1"}
func.func private @reads(%x: memref<8xf32>, %y: memref<8xf32>) {
  %c0 = arith.constant 0 : index
  %tail = kernel.slice %y, 16 : memref<8xf32> to memref<4xf32>
  %v = memref.load %x[%c0] : memref<8xf32>
  memref.store %v, %tail[%c0] : memref<4xf32>
  return
}

// What a callee writes, the caller writes.
// CHECK-LABEL: @calls
// CHECK-SAME: {kernel.name = "x", kernel.readonly}
// CHECK-SAME: {kernel.name = "x1"}
func.func private @calls(%x: memref<8xf32>, %y: memref<8xf32>) {
  func.call @reads(%x, %y) : (memref<8xf32>, memref<8xf32>) -> ()
  return
}

// CHECK-LABEL: func.func @expression_of_one_use
func.func @expression_of_one_use(%x: memref<8xf32>, %i: index) {
  func.call @calls(%x, %x) : (memref<8xf32>, memref<8xf32>) -> ()
  // CHECK: memref.load %{{.*}} {kernel.inline}
  // CHECK: memref.load %{{.*}} {kernel.inline}
  // CHECK: arith.addf %{{.*}} {kernel.inline}
  %v = memref.load %x[%i] : memref<8xf32>
  %w = memref.load %x[%i] : memref<8xf32>
  %s = arith.addf %v, %w : f32
  %c = arith.constant 2.0 : f32
  %d = arith.subf %s, %c : f32
  memref.store %d, %x[%i] : memref<8xf32>
  return
}

// CHECK-LABEL: @load_is_not_moved_over_a_store
func.func @load_is_not_moved_over_a_store(%x: memref<8xf32>, %i: index, %v: f32) {
  // CHECK: memref.load %{{.*}} {kernel.names = ["x1"]}
  %w = memref.load %x[%i] : memref<8xf32>
  memref.store %v, %x[%i] : memref<8xf32>
  memref.store %w, %x[%i] : memref<8xf32>
  return
}

// CHECK-LABEL: @nothing_moves_into_a_loop
func.func @nothing_moves_into_a_loop(%x: memref<8xf32>, %v: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  // CHECK: arith.mulf %{{.*}} {kernel.names = ["v"]}
  %w = arith.mulf %v, %v : f32
  scf.for %i = %c0 to %c8 step %c1 {
    memref.store %w, %x[%i] : memref<8xf32>
  }
  return
}

// CHECK-LABEL: @loops_name_their_counter_first
func.func @loops_name_their_counter_first(%n: index, %v: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK: } {kernel.names = ["i", "acc", "acc"]}
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %v) -> f32 {
    %s = arith.addf %a, %v : f32
    scf.yield %s : f32
  }
  return %r : f32
}

// Vectors change their element's width by a factor of two at a time; scalars,
// and steps of two, stay as they are.
// CHECK-LABEL: @widths_double
func.func @widths_double(%a: vector<4xi8>, %b: vector<4xi64>, %c: vector<4xi16>, %d: i8, %x: memref<4xi32>, %i: index) {
  // CHECK: %[[WIDE:.*]] = arith.extsi %{{.*}} : vector<4xi8> to vector<4xi16>
  // CHECK: arith.extsi %[[WIDE]] {{.*}} : vector<4xi16> to vector<4xi32>
  %e = arith.extsi %a : vector<4xi8> to vector<4xi32>
  // CHECK: %[[NARROW:.*]] = arith.trunci %{{.*}} : vector<4xi64> to vector<4xi32>
  // CHECK: %[[NARROWER:.*]] = arith.trunci %[[NARROW]] {{.*}} : vector<4xi32> to vector<4xi16>
  // CHECK: arith.trunci %[[NARROWER]] {{.*}} : vector<4xi16> to vector<4xi8>
  %f = arith.trunci %b : vector<4xi64> to vector<4xi8>
  %g = arith.extui %f : vector<4xi8> to vector<4xi16>
  // CHECK: arith.extui %{{.*}} : vector<4xi16> to vector<4xi32>
  // CHECK-NOT: arith.extui
  %h = arith.addi %c, %g : vector<4xi16>
  %k = arith.extui %h : vector<4xi16> to vector<4xi32>
  // CHECK: arith.extsi %{{.*}} : i8 to i32
  %l = arith.extsi %d : i8 to i32
  %m = arith.addi %e, %k : vector<4xi32>
  vector.store %m, %x[%i] : memref<4xi32>, vector<4xi32>
  memref.store %l, %x[%i] : memref<4xi32>
  return
}

// A constant mask is a comparison, of lanes as wide as what it selects.
// CHECK-LABEL: @masks
func.func @masks(%a: vector<4xf32>, %b: vector<4xi64>, %x: memref<4xf32>, %y: memref<4xi64>, %i: index) {
  // CHECK-DAG: arith.constant {{.*}}dense<[1, 1, 1, 0]> : vector<4xi32>
  // CHECK-DAG: arith.constant {{.*}}dense<[1, 1, 1, 0]> : vector<4xi64>
  // CHECK-DAG: arith.cmpi ne, %{{.*}} : vector<4xi32>
  // CHECK-DAG: arith.cmpi ne, %{{.*}} : vector<4xi64>
  %mask = arith.constant dense<[true, true, true, false]> : vector<4xi1>
  %zero = arith.constant dense<0.0> : vector<4xf32>
  %none = arith.constant dense<0> : vector<4xi64>
  %f = arith.select %mask, %a, %zero : vector<4xi1>, vector<4xf32>
  %g = arith.select %mask, %b, %none : vector<4xi1>, vector<4xi64>
  vector.store %f, %x[%i] : memref<4xf32>, vector<4xf32>
  vector.store %g, %y[%i] : memref<4xi64>, vector<4xi64>
  return
}

// A name that collides and ends in what begins a type (f1, i8, u32) is not numbered for ever; one that does not is as usual.
// CHECK-LABEL: func.func @ends_like_a_type
// CHECK-SAME: {kernel.name = "conv_f"}
// CHECK-SAME: {kernel.name = "conv_f_1"}
// CHECK-SAME: {kernel.name = "conv_g"}
// CHECK-SAME: {kernel.name = "conv_g1"}
func.func @ends_like_a_type(%a: memref<4xf32> {kernel.name = "conv_f"}, %b: memref<4xf32> {kernel.name = "conv_f"}, %c: memref<4xf32> {kernel.name = "conv_g"}, %d: memref<4xf32> {kernel.name = "conv_g"}) {
  %i = arith.constant 0 : index
  %x = memref.load %a[%i] : memref<4xf32>
  memref.store %x, %b[%i] : memref<4xf32>
  %y = memref.load %c[%i] : memref<4xf32>
  memref.store %y, %d[%i] : memref<4xf32>
  return
}
