// RUN: tenon-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: @slice_of_slice_is_one_slice
// CHECK-SAME: (%[[ARENA:.*]]: memref<64xi8>)
// CHECK-NEXT: %[[SLICE:.*]] = kernel.slice %[[ARENA]], 24 : memref<64xi8> to memref<2xf32>
// CHECK-NEXT: return %[[SLICE]]
func.func @slice_of_slice_is_one_slice(%arena: memref<64xi8>) -> memref<2xf32> {
  %0 = kernel.slice %arena, 16 : memref<64xi8> to memref<4xi32>
  %1 = kernel.slice %0, 8 : memref<4xi32> to memref<2xf32>
  return %1 : memref<2xf32>
}

// CHECK-LABEL: @slice_of_all_is_no_slice
// CHECK-SAME: (%[[ARENA:.*]]: memref<64xi8>)
// CHECK-NEXT: return %[[ARENA]]
func.func @slice_of_all_is_no_slice(%arena: memref<64xi8>) -> memref<64xi8> {
  %0 = kernel.slice %arena, 0 : memref<64xi8> to memref<64xi8>
  return %0 : memref<64xi8>
}

// CHECK-LABEL: @slice_of_another_type_stays
// CHECK: kernel.slice
func.func @slice_of_another_type_stays(%arena: memref<64xi8>) -> memref<16xi32> {
  %0 = kernel.slice %arena, 0 : memref<64xi8> to memref<16xi32>
  return %0 : memref<16xi32>
}
