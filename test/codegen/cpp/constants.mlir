// Constants stand in the file, in a second one, or in a blob of bytes.
//
// RUN: tenon-opt %s --set-target=name=portable --verify-low-form --legalize-for-cpp -o %t.mlir
// RUN: tenon-translate --low-to-cpp %t.mlir -o %t.one.cpp
// RUN: tenon-translate --low-to-cpp --cpp-prefix=face --cpp-weights=%t.weights.cpp %t.mlir -o %t.two.cpp
// RUN: tenon-translate --low-to-cpp --cpp-prefix=face --cpp-blob=%t.raw %t.mlir -o %t.blob.cpp
// RUN: FileCheck %s --check-prefix=ONE < %t.one.cpp
// RUN: FileCheck %s --check-prefix=TWO < %t.two.cpp
// RUN: FileCheck %s --check-prefix=WEIGHTS < %t.weights.cpp
// RUN: FileCheck %s --check-prefix=BLOB < %t.blob.cpp
// RUN: FileCheck %s --check-prefix=ASM < %t.raw.cpp
// RUN: %gcc -std=c++11 -Wall -Wextra -Wpedantic -Werror -c %t.weights.cpp -o %t.weights.gcc.o
// RUN: %clang -std=c++11 -Wall -Wextra -Wpedantic -Werror -c %t.weights.cpp -o %t.weights.clang.o
// RUN: %gcc -shared -fPIC -std=c++11 -Wall -Wextra -Wpedantic -Werror %t.two.cpp %t.weights.cpp -o %t.two.so
// RUN: %clang -shared -fPIC -std=c++11 -Wall -Wextra -Wpedantic -Werror %t.blob.cpp %t.raw.cpp -o %t.blob.so
// RUN: %gcc -x c -shared -fPIC -std=c11 -Wall -Wextra -Wpedantic -Werror %t.blob.cpp %t.raw.cpp -o %t.blob.c.so
// RUN: %gcc -x c -shared -fPIC -std=c11 -Wall -Wextra -Wpedantic -Werror %t.two.cpp %t.weights.cpp -o %t.two.c.so
//
// No symbol but the function is visible.
// RUN: llvm-nm -D --defined-only %t.two.c.so | FileCheck %s --check-prefix=SYMBOLS
// RUN: llvm-nm -D --defined-only %t.two.so | FileCheck %s --check-prefix=SYMBOLS
// RUN: llvm-nm -D --defined-only %t.blob.so | FileCheck %s --check-prefix=SYMBOLS
// SYMBOLS-NOT: weights
// SYMBOLS: T sum
// SYMBOLS-NOT: flags

kernel.global @w {alignment = 32} = dense<[1.0, 0.5]> : tensor<2xf32>
kernel.global @flags = dense<[true, false, true]> : tensor<3xi1>
kernel.global @halves = dense<1.0> : tensor<4xf16>

// ONE-DAG: static const float w[2] __attribute__((aligned(32))) = {
// ONE-DAG: static const int8_t flags[3] __attribute__((aligned(16))) = {
// ONE-DAG: static const int16_t halves[4] __attribute__((aligned(16))) = {
// TWO: extern __attribute__((visibility("hidden"))) const float face_w[2];
// WEIGHTS: {{^}}const float face_w[2] __attribute__((aligned(32))) = {
// WEIGHTS-NEXT: 1.0f, 0.5f,
// WEIGHTS: {{^}}const int8_t face_flags[3] __attribute__((aligned(16))) = {
// WEIGHTS-NEXT: 1, 0, 1,
// WEIGHTS: {{^}}const int16_t face_halves[4] __attribute__((aligned(16))) = {
// WEIGHTS-NEXT: 15360, 15360, 15360, 15360,
// BLOB: extern __attribute__((visibility("hidden"))) const int8_t face_weights[];
// ASM: #define WEIGHTS_FILE "{{.*}}.raw"
// ASM: .balign 32
// ASM-NEXT: face_weights:
// ASM-NEXT: .incbin \"" WEIGHTS_FILE "\"

func.func @sum(%i: index {kernel.name = "i"}) -> f32 {
  %w = kernel.constant @w : memref<2xf32>
  %flags = kernel.constant @flags : memref<3xi8>
  %halves = kernel.constant @halves : memref<4xi16>
  %0 = memref.load %w[%i] : memref<2xf32>
  %1 = memref.load %flags[%i] : memref<3xi8>
  %2 = memref.load %halves[%i] : memref<4xi16>
  %3 = arith.sitofp %1 : i8 to f32
  %4 = arith.sitofp %2 : i16 to f32
  %5 = arith.addf %0, %3 : f32
  %6 = arith.addf %5, %4 : f32
  // ONE: return w[i] + (float)flags[i] + (float)halves[i];
  // TWO: return face_w[i] + (float)face_flags[i] + (float)face_halves[i];
  // BLOB: return ((const f32 *)(face_weights + 0))[i] + (float)((const i8 *)(face_weights + 16))[i] + (float)((const i16 *)(face_weights + 32))[i];
  return %6 : f32
}
