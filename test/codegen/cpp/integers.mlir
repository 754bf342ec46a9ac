// Arithmetic goes through unsigned where C++ leaves overflow undefined; conversions and minima are exact.
//
// RUN: tenon-opt %s --set-target=name=portable --verify-low-form --legalize-for-cpp | tenon-translate --low-to-cpp -o %t.cpp
// RUN: FileCheck %s < %t.cpp
// RUN: %gcc -std=c++11 -Wall -Wextra -Wpedantic -Werror -c %t.cpp -o %t.gcc.o
// RUN: %clang -std=c++11 -Wall -Wextra -Wpedantic -Werror -c %t.cpp -o %t.clang.o
// RUN: %gcc -x c -std=c11 -Wall -Wextra -Wpedantic -Werror -c %t.cpp -o %t.c.o
// RUN: %clang -x c -std=c11 -Wall -Wextra -Wpedantic -Werror -c %t.cpp -o %t.c.o

// CHECK-LABEL: int wraps(int32_t a, int32_t b)
func.func @wraps(%a: i32 {kernel.name = "a"}, %b: i32 {kernel.name = "b"}) -> i32 {
  %c3 = arith.constant 3 : i32
  %0 = arith.muli %a, %c3 : i32
  %1 = arith.addi %0, %b : i32
  // CHECK-NEXT: return (int32_t)((uint32_t)a * 3u + (uint32_t)b);
  return %1 : i32
}

// CHECK-LABEL: int8_t narrow(int8_t a, int8_t b)
func.func @narrow(%a: i8 {kernel.name = "a"}, %b: i8 {kernel.name = "b"}) -> i8 {
  %0 = arith.muli %a, %b : i8
  %1 = arith.addi %0, %b : i8
  // CHECK-NEXT: return (int8_t)((int8_t)(a * b) + b);
  return %1 : i8
}

// CHECK-LABEL: int64_t least(int64_t a)
func.func @least(%a: i64 {kernel.name = "a"}) -> i64 {
  %0 = arith.constant -9223372036854775808 : i64
  %1 = arith.cmpi sgt, %a, %0 : i64
  %2 = arith.select %1, %a, %0 : i64
  // CHECK-NEXT: return a > (-9223372036854775807ll - 1) ? a : (-9223372036854775807ll - 1);
  return %2 : i64
}

// CHECK-LABEL: int unsigned_operations(int32_t a, int32_t b)
func.func @unsigned_operations(%a: i32 {kernel.name = "a"}, %b: i32 {kernel.name = "b"}) -> i32 {
  %c7 = arith.constant 7 : i32
  %0 = arith.divui %a, %c7 : i32
  %1 = arith.shrui %b, %c7 : i32
  %2 = arith.cmpi ult, %0, %1 : i32
  %3 = arith.extui %2 : i1 to i32
  // CHECK-NEXT: return (int32_t)((uint32_t)a / 7u < (uint32_t)b >> 7u);
  return %3 : i32
}

// Index arithmetic does not overflow: it reads as one would write it.
// CHECK-LABEL: void plain_indices(float *x)
func.func @plain_indices(%x: memref<64xf32> {kernel.name = "x"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  %v = arith.constant 1.0 : f32
  // CHECK-NEXT: for (ptrdiff_t i = 0; i < 4; ++i) {
  scf.for %i = %c0 to %c4 step %c1 {
    %0 = arith.addi %i, %c4 : index
    %1 = arith.muli %0, %c8 : index
    %2 = arith.addi %1, %i : index
    // CHECK-NEXT: x[(i + 4) * 8 + i] = 1.0f;
    memref.store %v, %x[%2] : memref<64xf32>
  }
  return
}

// CHECK-LABEL: bool logic(int32_t a, int32_t b)
func.func private @logic(%a: i32 {kernel.name = "a"}, %b: i32 {kernel.name = "b"}) -> i1 {
  %true = arith.constant true
  %0 = arith.cmpi slt, %a, %b : i32
  %1 = arith.cmpi eq, %a, %b : i32
  %2 = arith.andi %0, %1 : i1
  %3 = arith.ori %2, %1 : i1
  %4 = arith.xori %3, %true : i1
  // CHECK-NEXT: const bool is = a == b;
  // CHECK-NEXT: return !((a < b && is) || is);
  return %4 : i1
}

// CHECK-LABEL: int uses_logic(int32_t a)
func.func @uses_logic(%a: i32 {kernel.name = "a"}) -> i32 {
  %0 = func.call @logic(%a, %a) : (i32, i32) -> i1
  %1 = arith.extsi %0 : i1 to i32
  // CHECK: return -(int32_t)logic_result;
  return %1 : i32
}
