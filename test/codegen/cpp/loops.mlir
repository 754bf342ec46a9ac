// What a loop carries is a variable that outlives it; assignments happen as if at once.
//
// RUN: tenon-opt %s --set-target=name=cortex-m4 --verify-low-form --legalize-for-cpp | tenon-translate --low-to-cpp -o %t.cpp
// RUN: FileCheck %s < %t.cpp
// RUN: %gcc -std=c++11 -Wall -Wextra -Wpedantic -Werror -O2 -c %t.cpp -o %t.gcc.o
// RUN: %clang -std=c++11 -Wall -Wextra -Wpedantic -Werror -O2 -c %t.cpp -o %t.clang.o
// RUN: %gcc -x c -std=c11 -Wall -Wextra -Wpedantic -Werror -O2 -c %t.cpp -o %t.c.o
// RUN: %clang -x c -std=c11 -Wall -Wextra -Wpedantic -Werror -O2 -c %t.cpp -o %t.c.o

// Indices are `int` on 32-bit targets.
// CHECK-LABEL: void carries(const float *x, float *y)
func.func @carries(%x: memref<64xf32> {kernel.readonly, kernel.name = "x"}, %y: memref<64xf32> {kernel.name = "y"}) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c64 = arith.constant 64 : index
  %zero = arith.constant 0.0 : f32
  // CHECK-NEXT: float acc = 0.0f;
  // CHECK-NEXT: for (int i = 0; i < 64; i += 4) {
  // CHECK-NEXT:   acc = acc + x[i];
  // CHECK-NEXT: }
  // CHECK-NEXT: y[0] = acc;
  %sum = scf.for %i = %c0 to %c64 step %c4 iter_args(%acc = %zero) -> f32 {
    %v = memref.load %x[%i] : memref<64xf32>
    %next = arith.addf %acc, %v : f32
    scf.yield %next : f32
  }
  memref.store %sum, %y[%c0] : memref<64xf32>
  return
}

// CHECK-LABEL: void swaps(float *y)
func.func @swaps(%y: memref<64xf32> {kernel.name = "y"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  // CHECK: for (int i = 0; i < 64; ++i) {
  // CHECK-NEXT: const float acc1_next = acc;
  // CHECK-NEXT: acc = acc1;
  // CHECK-NEXT: acc1 = acc1_next;
  // CHECK-NEXT: }
  // The second is not read afterwards.
  // CHECK-NEXT: (void)acc1;
  %a, %b = scf.for %i = %c0 to %c64 step %c1 iter_args(%p = %one, %q = %two) -> (f32, f32) {
    scf.yield %q, %p : f32, f32
  }
  memref.store %a, %y[%c0] : memref<64xf32>
  return
}

// CHECK-LABEL: void branches(float *y, int i)
func.func @branches(%y: memref<64xf32> {kernel.name = "y"}, %i: index {kernel.name = "i"}) {
  %c0 = arith.constant 0 : index
  %one = arith.constant 1.0 : f32
  %v = memref.load %y[%i] : memref<64xf32>
  %is = arith.cmpf ogt, %v, %one : f32
  // CHECK: float v;
  // CHECK-NEXT: if (y1 > 1.0f) {
  // CHECK-NEXT:   v = y1 + 1.0f;
  // CHECK-NEXT: } else {
  // CHECK-NEXT:   v = 1.0f;
  // CHECK-NEXT: }
  %r = scf.if %is -> f32 {
    %s = arith.addf %v, %one : f32
    scf.yield %s : f32
  } else {
    scf.yield %one : f32
  }
  memref.store %r, %y[%c0] : memref<64xf32>
  return
}

// CHECK-LABEL: int halves(int32_t n)
func.func @halves(%n: i32 {kernel.name = "n"}) -> i32 {
  %one = arith.constant 1 : i32
  %zero = arith.constant 0 : i32
  // CHECK-NEXT: int32_t count = n;
  // CHECK-NEXT: int32_t count1 = 0;
  // CHECK-NEXT: int32_t count2;
  // CHECK-NEXT: while (true) {
  // CHECK-NEXT:   count2 = count1;
  // CHECK-NEXT:   if (!(count > 1))
  // CHECK-NEXT:     break;
  // CHECK-NEXT:   count = n >> 1;
  // CHECK-NEXT:   count1 = (int32_t)((uint32_t)count2 + 1u);
  // CHECK-NEXT: }
  // CHECK-NEXT: return count2;
  %r = scf.while (%a = %n, %k = %zero) : (i32, i32) -> i32 {
    %go = arith.cmpi sgt, %a, %one : i32
    scf.condition(%go) %k : i32
  } do {
  ^bb0(%k: i32):
    %k1 = arith.addi %k, %one : i32
    %half = arith.shrsi %n, %one : i32
    scf.yield %half, %k1 : i32, i32
  }
  return %r : i32
}

// A load is not moved over a store.
// CHECK-LABEL: void memory_order(float *y)
func.func @memory_order(%y: memref<64xf32> {kernel.name = "y"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK-NEXT: const float y1 = y[0];
  // CHECK-NEXT: y[0] = y[1];
  // CHECK-NEXT: y[1] = y1;
  %a = memref.load %y[%c0] : memref<64xf32>
  %b = memref.load %y[%c1] : memref<64xf32>
  memref.store %b, %y[%c0] : memref<64xf32>
  memref.store %a, %y[%c1] : memref<64xf32>
  return
}
