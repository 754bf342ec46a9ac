// Parts of memory: nothing is added for the first one, elements are counted where they can be, else bytes.
//
// RUN: tenon-opt %s --set-target=name=portable --verify-low-form --legalize-for-cpp -mlir-print-debuginfo | tenon-translate --low-to-cpp -o %t.cpp
// RUN: FileCheck %s < %t.cpp
// RUN: %gcc -std=c++11 -Wall -Wextra -Wpedantic -Werror -c %t.cpp -o %t.gcc.o
// RUN: %clang -std=c++11 -Wall -Wextra -Wpedantic -Werror -c %t.cpp -o %t.clang.o
// RUN: %gcc -x c -std=c11 -Wall -Wextra -Wpedantic -Werror -c %t.cpp -o %t.c.o
// RUN: %clang -x c -std=c11 -Wall -Wextra -Wpedantic -Werror -c %t.cpp -o %t.c.o

// CHECK: static void callee(f32 *x)
func.func private @callee(%x: memref<?xf32> {kernel.name = "x"}) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  memref.store %zero, %x[%c0] : memref<?xf32>
  return
}

// CHECK: {{^}}void slices(float *y, double *wide, int8_t *arena)
// CHECK: f32 *all = y;
// CHECK-NEXT: callee(all);
// CHECK: f32 *later = y + 2;
// CHECK-NEXT: callee(later);
// CHECK: f32 *between = (f32 *)((i8 *)wide + 4);
// CHECK-NEXT: callee(between);
// CHECK: f32 *first = (f32 *)arena;
// CHECK-NEXT: callee(first);
// CHECK: f32 *second = (f32 *)(arena + 64);
// CHECK-NEXT: callee(second);
func.func @slices(%y: memref<8xf32> {kernel.name = "y"}, %wide: memref<4xf64> {kernel.name = "wide"},
                  %arena: memref<128xi8> {kernel.name = "arena"}) {
  %0 = kernel.slice %y, 0 : memref<8xf32> to memref<?xf32> loc("all")
  call @callee(%0) : (memref<?xf32>) -> ()
  %1 = kernel.slice %y, 8 : memref<8xf32> to memref<?xf32> loc("later")
  call @callee(%1) : (memref<?xf32>) -> ()
  %2 = kernel.slice %wide, 4 : memref<4xf64> to memref<?xf32> loc("between")
  call @callee(%2) : (memref<?xf32>) -> ()
  %3 = kernel.slice %arena, 0 : memref<128xi8> to memref<?xf32> loc("first")
  call @callee(%3) : (memref<?xf32>) -> ()
  %4 = kernel.slice %arena, 64 : memref<128xi8> to memref<?xf32> loc("second")
  call @callee(%4) : (memref<?xf32>) -> ()
  return
}
