// RUN: tenon-opt %s | tenon-opt | FileCheck %s

// CHECK: module attributes {kernel.target = #kernel.target<name = "t", lanes = 8, fma = true, indexBits = 64>}
module attributes {kernel.target = #kernel.target<name = "t", lanes = 8, fma = true, indexBits = 64>} {

kernel.global @weights {alignment = 64} = dense<1.0> : tensor<2x3xf32>
kernel.global @flags = dense<[true, false]> : tensor<2xi1>
kernel.global @halves = dense<1.0> : tensor<4xf16>

// CHECK-LABEL: @constant_of_any_rank_is_flat
func.func @constant_of_any_rank_is_flat() {
  // CHECK: kernel.constant @weights : memref<6xf32>
  %0 = kernel.constant @weights : memref<6xf32>
  return
}

// CHECK-LABEL: @constant_of_no_low_type_is_integers
func.func @constant_of_no_low_type_is_integers() {
  // CHECK: kernel.constant @flags : memref<2xi8>
  %0 = kernel.constant @flags : memref<2xi8>
  // CHECK: kernel.constant @halves : memref<4xi16>
  %1 = kernel.constant @halves : memref<4xi16>
  return
}

// CHECK-LABEL: @slice_changes_the_element_type
func.func @slice_changes_the_element_type(%arena: memref<64xi8>) -> memref<8xf32> {
  // CHECK: kernel.slice %{{.*}}, 32 : memref<64xi8> to memref<8xf32>
  %0 = kernel.slice %arena, 32 : memref<64xi8> to memref<8xf32>
  return %0 : memref<8xf32>
}

// CHECK-LABEL: @partial_load_and_store
func.func @partial_load_and_store(%m: memref<11xf32>, %i: index) {
  // CHECK: %[[V:.*]] = kernel.load %{{.*}}[%{{.*}}], 3 : memref<11xf32>, vector<8xf32>
  %v = kernel.load %m[%i], 3 : memref<11xf32>, vector<8xf32>
  // CHECK: kernel.store %[[V]], %{{.*}}[%{{.*}}], 7 : memref<11xf32>, vector<8xf32>
  kernel.store %v, %m[%i], 7 : memref<11xf32>, vector<8xf32>
  return
}

// CHECK-LABEL: @copy_and_fill
func.func @copy_and_fill(%src: memref<8xf32>, %dst: memref<?xf32>, %i: index, %n: index, %v: f32) {
  // CHECK: kernel.copy %{{.*}}[%{{.*}}], %{{.*}}[%{{.*}}], %{{.*}} : memref<8xf32>, memref<?xf32>
  kernel.copy %src[%i], %dst[%i], %n : memref<8xf32>, memref<?xf32>
  // CHECK: kernel.fill %{{.*}}[%{{.*}}], %{{.*}}, %{{.*}} : memref<?xf32>
  kernel.fill %dst[%i], %n, %v : memref<?xf32>
  return
}

// CHECK-LABEL: @words
func.func @words(%m: memref<16xi8>, %i: index, %v: vector<8xi32>, %b: vector<16xi8>) -> (i32, vector<8xi32>, i32) {
  // CHECK: kernel.load_word %{{.*}}[%{{.*}}] : memref<16xi8>
  %0 = kernel.load_word %m[%i] : memref<16xi8>
  // CHECK: kernel.load_word %{{.*}}[%{{.*}}], 3 : memref<16xi8>
  %1 = kernel.load_word %m[%i], 3 : memref<16xi8>
  // CHECK: kernel.widen even %{{.*}}, %{{.*}} : i32
  %2 = kernel.widen even %0, %1 : i32
  // CHECK: kernel.widen odd unsigned %{{.*}}, %{{.*}} : i32
  %3 = kernel.widen odd unsigned %0, %1 : i32
  // CHECK: kernel.dot_shorts %{{.*}}, %{{.*}}, %{{.*}} : i32
  %4 = kernel.dot_shorts %2, %3, %0 : i32
  // CHECK: kernel.dot_bytes unsigned %{{.*}}, %{{.*}}, %{{.*}} : vector<8xi32>
  %5 = kernel.dot_bytes unsigned %v, %v, %v : vector<8xi32>
  // CHECK: kernel.dot_lanes %{{.*}}, %{{.*}}, %{{.*}} : vector<16xi8>
  %6 = kernel.dot_lanes %b, %b, %4 : vector<16xi8>
  return %4, %5, %6 : i32, vector<8xi32>, i32
}

// CHECK-LABEL: @fail_returns_the_status
func.func @fail_returns_the_status(%m: memref<4xi8>, %status: i32) -> i32 {
  // CHECK: kernel.misaligned %{{.*}}, 64 : memref<4xi8>
  %wrong = kernel.misaligned %m, 64 : memref<4xi8>
  // CHECK: kernel.fail %{{.*}} : i32
  kernel.fail %status : i32
  return %status : i32
}

func.func private @part(%x: memref<4xf32>, %begin: index, %end: index) {
  return
}

// CHECK-LABEL: @hooks
// CHECK-SAME: {kernel.noalias, kernel.readonly}
func.func @hooks(%x: memref<4xf32> {kernel.readonly, kernel.noalias}, %context: !kernel.context) {
  // CHECK: kernel.mark %{{.*}}, 3, begin
  kernel.mark %context, 3, begin
  // CHECK: kernel.parallel @part(%{{.*}}) range(4) context %{{.*}} : memref<4xf32>
  kernel.parallel @part(%x) range(4) context %context : memref<4xf32>
  // CHECK: kernel.mark %{{.*}}, 3, end
  kernel.mark %context, 3, end
  // CHECK: kernel.weights_size %{{.*}}
  %bytes = kernel.weights_size %context
  // CHECK: kernel.misaligned %{{.*}}, 1 : !kernel.context
  %missing = kernel.misaligned %context, 1 : !kernel.context
  // CHECK: kernel.weights %{{.*}} : memref<64xi8>
  %w = kernel.weights %context : memref<64xi8>
  // CHECK: kernel.null : !kernel.context
  %none = kernel.null : !kernel.context
  return
}
}
