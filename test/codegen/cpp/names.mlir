// Names come from nodes, dimensions and roles, and from hostile files: what C++ reserves is not used, what collides is numbered.
//
// RUN: tenon-opt %s --set-target=name=portable --verify-low-form --legalize-for-cpp -mlir-print-debuginfo | tenon-translate --low-to-cpp -o %t.cpp
// RUN: FileCheck %s < %t.cpp
// RUN: %gcc -std=c++11 -Wall -Wextra -Wpedantic -Werror -O2 -c %t.cpp -o %t.gcc.o
// RUN: %clang -std=c++11 -Wall -Wextra -Wpedantic -Werror -O2 -c %t.cpp -o %t.clang.o
// RUN: %gcc -x c -std=c11 -Wall -Wextra -Wpedantic -Werror -O2 -c %t.cpp -o %t.c.o
// RUN: %clang -x c -std=c11 -Wall -Wextra -Wpedantic -Werror -O2 -c %t.cpp -o %t.c.o

kernel.global @"class" = dense<1.0> : tensor<4xf32>
kernel.global @"3x3 \22kernel\22" = dense<2.0> : tensor<4xf32>
kernel.global @f32 = dense<3.0> : tensor<4xf32>

// CHECK-DAG: static const float class_v[4]
// CHECK-DAG: static const float w_3x3_kernel[4]
// CHECK-DAG: static const float f32_v[4]

// CHECK: static void main_v(
// CHECK: static void main_v1(
func.func private @main(%x: memref<4xf32> {kernel.name = "int"}, %y: memref<4xf32> {kernel.name = "y\0A#define y"}) {
  func.call @"MAIN v"(%x, %y, %x) : (memref<4xf32>, memref<4xf32>, memref<4xf32>) -> ()
  return
}
func.func private @"MAIN v"(%x: memref<4xf32> {kernel.name = "x"}, %y: memref<4xf32> {kernel.name = "x"}, %z: memref<4xf32> {kernel.name = "linux"}) {
  %i = arith.constant 0 : index
  %a = memref.load %x[%i] : memref<4xf32>
  %b = memref.load %z[%i] : memref<4xf32>
  %c = arith.addf %a, %b : f32
  memref.store %c, %y[%i] : memref<4xf32>
  memref.store %a, %y[%i] : memref<4xf32>
  return
}

// CHECK: static void main_v(const f32 *int_v, f32 *y_define_y) {
// CHECK-NEXT: main_v1(int_v, y_define_y, int_v);
// CHECK: static void main_v1(const f32 *x, f32 *x1, const f32 *linux_v) {
// CHECK-NEXT: const float x2 = x[0];

// CHECK: {{^}}void run(float *y, float *arena)
func.func @run(%y: memref<4xf32> {kernel.name = "y"}, %arena: memref<16xf32> {kernel.name = "arena"}) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  // CHECK: f32 *conv_3_relu = arena + 4;
  %0 = kernel.slice %arena, 16 : memref<16xf32> to memref<4xf32> loc("Conv_3/Relu")
  // CHECK: f32 *conv_3_relu1 = arena + 8;
  %1 = kernel.slice %arena, 32 : memref<16xf32> to memref<4xf32> loc("Conv_3/Relu")
  // CHECK: f32 *buffer = arena + 12;
  %2 = kernel.slice %arena, 48 : memref<16xf32> to memref<4xf32> loc("\E5\9B\BE")
  %w = kernel.constant @"class" : memref<4xf32>
  %u = kernel.constant @"3x3 \22kernel\22" : memref<4xf32>
  %f = kernel.constant @f32 : memref<4xf32>
  // CHECK: for (ptrdiff_t oc = 0; oc < 4; ++oc) {
  scf.for %oc = %c0 to %c4 step %c1 {
    %a = memref.load %w[%oc] : memref<4xf32>
    %b = memref.load %u[%oc] : memref<4xf32>
    %c = memref.load %f[%oc] : memref<4xf32>
    %d = arith.addf %a, %b : f32
    %e = arith.addf %d, %c : f32
    // CHECK-NEXT: const float class_v1 = class_v[oc];
    // CHECK-NEXT: conv_3_relu[oc] = class_v1 + w_3x3_kernel[oc] + f32_v[oc];
    memref.store %e, %0[%oc] : memref<4xf32>
    memref.store %a, %1[%oc] : memref<4xf32>
    memref.store %a, %2[%oc] : memref<4xf32>
  } {kernel.name = "oc"}
  // A sibling may have the same name; a loop inside may not.
  // CHECK: for (ptrdiff_t oc = 0; oc < 4; ++oc) {
  // CHECK-NEXT: for (ptrdiff_t oc1 = oc; oc1 < 4; ++oc1) {
  scf.for %oc = %c0 to %c4 step %c1 {
    scf.for %j = %oc to %c4 step %c1 {
      %a = memref.load %w[%j] : memref<4xf32>
      memref.store %a, %0[%oc] : memref<4xf32>
    } {kernel.name = "oc"}
  } {kernel.name = "oc"}
  func.call @main(%0, %y) : (memref<4xf32>, memref<4xf32>) -> ()
  return
}
