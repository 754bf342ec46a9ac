// RUN: tenon-opt %s --map-weights --split-input-file -verify-diagnostics | FileCheck %s

// The weights of a run get places in a file, in the order in which they are used; what `describe` returns does not.

module attributes {
  kernel.target = #kernel.target<name = "test", lanes = 4, indexBits = 64, alignment = 32>,
  kernel.model_name = "face", kernel.inputs = [], kernel.outputs = []} {
// CHECK: module attributes {{.*}}kernel.weights_alignment = 32 : i64, kernel.weights_size = 168 : i64

// "TENON-W1" and the size; then the hash.
// CHECK: kernel.global @weights_header {alignment = 8 : i64} = dense<[1330529620, 827796814, 168, 0, {{.*}}]> : tensor<12xi32>
// CHECK: kernel.global @description = dense
kernel.global @description = dense<1> : tensor<4xi8>
// CHECK: kernel.global @b {kernel.file_offset = 160 : i64}
kernel.global @b = dense<[1.0, 2.0]> : tensor<2xf32>
// CHECK: kernel.global @w {alignment = 16 : i64, kernel.file_offset = 64 : i64}
kernel.global @w {alignment = 16} = dense<0.5> : tensor<24xf32>

func.func private @dense(%w: memref<24xf32>, %b: memref<2xf32>) {
  return
}

// CHECK-LABEL: func.func @face_run_ex(
// CHECK-SAME: %[[ARENA:.*]]: memref<32xi8>, %[[CONTEXT:.*]]: !kernel.context)
// CHECK: %[[NONE:.*]] = kernel.misaligned %[[CONTEXT]], 1
// CHECK: %[[STATUS:.*]] = arith.select %[[NONE]], %c1_i32
// CHECK: kernel.fail %[[STATUS]]
// CHECK: %[[FILE:.*]] = kernel.weights %[[CONTEXT]] : memref<168xi8>
// CHECK: kernel.misaligned %[[FILE]], 1 :
// CHECK: kernel.misaligned %[[FILE]], 32 :
// CHECK: %[[SIZE:.*]] = kernel.weights_size %[[CONTEXT]]
// CHECK: arith.cmpi ult, %[[SIZE]], %c168
// CHECK: %[[FOUND:.*]] = kernel.slice %[[FILE]], 0 : memref<168xi8> to memref<12xi32>
// CHECK: %[[WANTED:.*]] = kernel.constant @weights_header
// CHECK: %[[BITS:.*]] = scf.for
// CHECK: memref.load %[[FOUND]]
// CHECK: memref.load %[[WANTED]]
// CHECK: %[[OTHER:.*]] = arith.cmpi ne, %[[BITS]]
// CHECK: %[[CODE:.*]] = arith.select %[[OTHER]], %c4_i32
// CHECK: kernel.fail %[[CODE]]
// CHECK: %[[W:.*]] = kernel.slice %[[FILE]], 64 : memref<168xi8> to memref<24xf32>
// CHECK: %[[B:.*]] = kernel.slice %[[FILE]], 160 : memref<168xi8> to memref<2xf32>
// CHECK: call @dense(%[[W]], %[[B]])
func.func @face_run_ex(%arena: memref<32xi8>, %context: !kernel.context) -> i32 {
  %ok = arith.constant 0 : i32
  %w = kernel.constant @w : memref<24xf32>
  %b = kernel.constant @b : memref<2xf32>
  call @dense(%w, %b) : (memref<24xf32>, memref<2xf32>) -> ()
  return %ok : i32
}

// Without a context there are no weights.
// CHECK-NOT: @face_run(
func.func @face_run(%arena: memref<32xi8>) -> i32 {
  %none = kernel.null : !kernel.context
  %status = call @face_run_ex(%arena, %none) : (memref<32xi8>, !kernel.context) -> i32
  return %status : i32
}

// CHECK: func.func @face_describe
// CHECK-NEXT: kernel.constant @description
func.func @face_describe() -> memref<4xi8> {
  %0 = kernel.constant @description : memref<4xi8>
  return %0 : memref<4xi8>
}
}

// -----

// What no run uses stays in the program; the file has a header only.
// CHECK: module attributes {{.*}}kernel.weights_size = 64 : i64
// CHECK-NOT: kernel.file_offset
module attributes {kernel.model_name = "face", kernel.inputs = [], kernel.outputs = []} {
// CHECK: kernel.global @table = dense
kernel.global @table = dense<[1.0, 2.0]> : tensor<2xf32>

func.func @face_run_ex(%arena: memref<32xi8>, %context: !kernel.context) -> i32 {
  %ok = arith.constant 0 : i32
  return %ok : i32
}

// CHECK-LABEL: func.func @face_table
// CHECK-NEXT: kernel.constant @table : memref<2xf32>
func.func @face_table() -> memref<2xf32> {
  %0 = kernel.constant @table : memref<2xf32>
  return %0 : memref<2xf32>
}
}

// -----

// Without an argument for the context there is no way to the file.
// expected-error @below {{expected a function 'face_run_ex' whose last argument is the context}}
module attributes {kernel.model_name = "face", kernel.inputs = [], kernel.outputs = []} {
func.func @face_run_ex(%arena: memref<32xi8>) -> i32 {
  %ok = arith.constant 0 : i32
  return %ok : i32
}
}

// -----

// Nor where the function has no body to put the checks into.
// expected-error @below {{expected a function 'face_run_ex' whose last argument is the context}}
module attributes {kernel.model_name = "face", kernel.inputs = [], kernel.outputs = []} {
func.func private @face_run_ex(memref<32xi8>, !kernel.context) -> i32
}

// -----

// expected-error @below {{has no recorded interface}}
module {}
