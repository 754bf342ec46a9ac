// Literals round-trip; what no literal can say is written as bits.
//
// RUN: tenon-opt %s --set-target=name=portable --verify-low-form --legalize-for-cpp | tenon-translate --low-to-cpp -o %t.cpp
// RUN: FileCheck %s < %t.cpp
// RUN: %gcc -std=c++11 -Wall -Wextra -Wpedantic -Werror -c %t.cpp -o %t.gcc.o
// RUN: %clang -std=c++11 -Wall -Wextra -Wpedantic -Werror -c %t.cpp -o %t.clang.o
// RUN: %gcc -x c -std=c11 -Wall -Wextra -Wpedantic -Werror -c %t.cpp -o %t.c.o
// RUN: %clang -x c -std=c11 -Wall -Wextra -Wpedantic -Werror -c %t.cpp -o %t.c.o
// RUN: not %gcc -ffast-math -c %t.cpp -o %t.gcc.o 2>&1 | FileCheck %s --check-prefix=FAST
// RUN: not %clang -ffast-math -c %t.cpp -o %t.clang.o 2>&1 | FileCheck %s --check-prefix=FAST
// FAST: error: {{.*}}do not compile this file with -ffast-math

// CHECK: #pragma STDC FP_CONTRACT OFF
// CHECK: #pragma GCC optimize("fp-contract=off")

// An array that holds an infinity is written as bits.
kernel.global @plain = dense<[1.0, -2.5, 3.0e-41]> : tensor<3xf32>
kernel.global @infinite = dense<[1.0, 0x7F800000]> : tensor<2xf32>
// CHECK: static const float plain[3] {{.*}} = {
// CHECK-NEXT: 1.0f, -2.5f, 3.00004e-41f,
// CHECK: static const int32_t infinite[2] {{.*}} = {
// CHECK-NEXT: 1065353216, 2139095040,

func.func @literals(%y: memref<16xf32> {kernel.name = "y"}, %z: memref<4xf64> {kernel.name = "z"}) {
  %c0 = arith.constant 0 : index
  // CHECK: y[0] = 0.1f;
  %0 = arith.constant 0.1 : f32
  memref.store %0, %y[%c0] : memref<16xf32>
  // CHECK-NEXT: y[0] = -0.0f;
  %1 = arith.constant -0.0 : f32
  memref.store %1, %y[%c0] : memref<16xf32>
  // CHECK-NEXT: y[0] = 16777216.0f;
  %2 = arith.constant 16777216.0 : f32
  memref.store %2, %y[%c0] : memref<16xf32>
  // CHECK-NEXT: y[0] = 1.4013e-45f;
  %3 = arith.constant 1.0e-45 : f32
  memref.store %3, %y[%c0] : memref<16xf32>
  // CHECK-NEXT: y[0] = 3.4028235e+38f;
  %4 = arith.constant 3.40282347E+38 : f32
  memref.store %4, %y[%c0] : memref<16xf32>
  // CHECK-NEXT: y[0] = bits_f32(4286578688u);
  %5 = arith.constant 0xFF800000 : f32
  memref.store %5, %y[%c0] : memref<16xf32>
  // CHECK-NEXT: y[0] = bits_f32(2143289344u);
  %6 = arith.constant 0x7FC00000 : f32
  memref.store %6, %y[%c0] : memref<16xf32>
  // CHECK-NEXT: z[0] = 0.1;
  %7 = arith.constant 0.1 : f64
  memref.store %7, %z[%c0] : memref<4xf64>
  // CHECK-NEXT: z[0] = bits_f64(9221120237041090560ull);
  %8 = arith.constant 0x7FF8000000000000 : f64
  memref.store %8, %z[%c0] : memref<4xf64>
  %plain = kernel.constant @plain : memref<3xf32>
  %infinite = kernel.constant @infinite : memref<2xf32>
  %9 = memref.load %plain[%c0] : memref<3xf32>
  %10 = memref.load %infinite[%c0] : memref<2xf32>
  // CHECK-NEXT: y[0] = plain[0] - ((const f32 *)infinite)[0];
  %11 = arith.subf %9, %10 : f32
  memref.store %11, %y[%c0] : memref<16xf32>
  return
}

// The order of operations is that of the IR.
func.func @parentheses(%a: f32, %b: f32, %c: f32) -> f32 {
  %0 = arith.addf %b, %c : f32
  %1 = arith.subf %a, %0 : f32
  %2 = arith.mulf %1, %b : f32
  %m = arith.constant -1.0 : f32
  %3 = arith.subf %2, %m : f32
  %4 = arith.negf %3 : f32
  %5 = arith.negf %4 : f32
  // CHECK: return -(-((n - (n1 + n2)) * n1 - -1.0f));
  return %5 : f32
}
