// Functions and statements carry the names of nodes. A name cannot end its comment, join lines or be code.
//
// RUN: tenon-opt %s --set-target=name=portable --verify-low-form --legalize-for-cpp -mlir-print-debuginfo | tenon-translate --low-to-cpp -o %t.cpp
// RUN: FileCheck %s < %t.cpp
// RUN: %gcc -std=c++11 -Wall -Wextra -Wpedantic -Werror -c %t.cpp -o %t.gcc.o
// RUN: %clang -std=c++11 -Wall -Wextra -Wpedantic -Werror -c %t.cpp -o %t.clang.o
// RUN: %gcc -x c -std=c11 -Wall -Wextra -Wpedantic -Werror -c %t.cpp -o %t.c.o
// RUN: %clang -x c -std=c11 -Wall -Wextra -Wpedantic -Werror -c %t.cpp -o %t.c.o

// CHECK: // Conv_3
// CHECK-NEXT: static void conv_3(
func.func private @conv_3(%x: memref<4xf32>) {
  return
} loc("Conv_3")

func.func @run(%x: memref<4xf32>) {
  // CHECK: // Conv_3
  // CHECK-NEXT: conv_3(x);
  // Once for statements of one node.
  // CHECK-NEXT: conv_3(x);
  func.call @conv_3(%x) : (memref<4xf32>) -> () loc("Conv_3")
  func.call @conv_3(%x) : (memref<4xf32>) -> () loc("Conv_3")
  // CHECK-NEXT: // end *%2F and begin /%2A and line%5C
  // CHECK-NEXT: conv_3(x);
  func.call @conv_3(%x) : (memref<4xf32>) -> () loc("end */ and begin /* and line\\")
  // CHECK-NEXT: // new%0Aline, trigraph ?%3F/
  func.call @conv_3(%x) : (memref<4xf32>) -> () loc("new\nline, trigraph ??/")
  // CHECK: // %E5%9B%BE {{a+}}...
  // CHECK-NEXT: conv_3(x);
  func.call @conv_3(%x) : (memref<4xf32>) -> () loc("\E5\9B\BE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
  return
}
