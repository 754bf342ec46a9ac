// Vectors are GNU vectors: typedefs for values and for accesses to memory, one variable a value, the target by pragma.
//
// REQUIRES: x86-64-v3
// RUN: tenon-opt %s --set-target=name=x86-64-v3 --verify-low-form --legalize-for-cpp | tenon-translate --low-to-cpp -o %t.cpp
// RUN: FileCheck %s < %t.cpp
// RUN: %gcc -std=c++11 -Wall -Wextra -Wpedantic -Werror -O2 -c %t.cpp -o %t.gcc.o
// RUN: %clang -std=c++11 -Wall -Wextra -Wpedantic -Werror -O2 -c %t.cpp -o %t.clang.o

// CHECK: #pragma clang attribute push(__attribute__((target("avx2,fma,
// CHECK: #pragma GCC target("avx2,fma,
// CHECK-DAG: typedef float f32x8 __attribute__((vector_size(32)));
// CHECK-DAG: typedef float f32x8_mem __attribute__((vector_size(32), aligned(4), may_alias));

// CHECK-LABEL: void tile(const float *x, float *y, ptrdiff_t i)
func.func @tile(%x: memref<64xf32> {kernel.readonly, kernel.name = "x"}, %y: memref<64xf32> {kernel.name = "y"}, %i: index {kernel.name = "i"}) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant dense<0.0> : vector<8xf32>
  %half = arith.constant dense<0.5> : vector<8xf32>
  %a = vector.load %x[%i] : memref<64xf32>, vector<8xf32>
  // CHECK-NEXT: const f32x8 v = fma_f32x8(*(const f32x8_mem *)(x + i), splat_f32x8(0.5f), splat_f32x8(x[0]));
  %s = memref.load %x[%c0] : memref<64xf32>
  %b = vector.broadcast %s : f32 to vector<8xf32>
  %r = math.fma %a, %half, %b : vector<8xf32>
  // CHECK-NEXT: *(f32x8_mem *)y = select_f32x8((i32x8)(v > f32x8{}), v, f32x8{});
  %is = arith.cmpf ogt, %r, %zero : vector<8xf32>
  %relu = arith.select %is, %r, %zero : vector<8xi1>, vector<8xf32>
  vector.store %relu, %y[%c0] : memref<64xf32>, vector<8xf32>
  // CHECK-NEXT: store3_f32x8(y + i, load5_f32x8(x + i));
  %edge = kernel.load %x[%i], 5 : memref<64xf32>, vector<8xf32>
  kernel.store %edge, %y[%i], 3 : memref<64xf32>, vector<8xf32>
  return
}

// CHECK-LABEL: void lanes(float *y)
func.func @lanes(%y: memref<64xf32> {kernel.name = "y"}) {
  %c0 = arith.constant 0 : index
  %v = vector.load %y[%c0] : memref<64xf32>, vector<8xf32>
  // CHECK: const f32x4 v = __builtin_shufflevector(y1, y1, 0, 1, 2, 3);
  %low = vector.shuffle %v, %v [0, 1, 2, 3] : vector<8xf32>, vector<8xf32>
  // CHECK-NEXT: y[0] = v[2];
  %e = vector.extract %low[2] : f32 from vector<4xf32>
  memref.store %e, %y[%c0] : memref<64xf32>
  // CHECK-NEXT: *(f32x4_mem *)y = insert1_f32x4(v, 2.0f);
  %two = arith.constant 2.0 : f32
  %i = vector.insert %two, %low [1] : f32 into vector<4xf32>
  vector.store %i, %y[%c0] : memref<64xf32>, vector<4xf32>
  return
}

// CHECK: #pragma clang attribute pop
