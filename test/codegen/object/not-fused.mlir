// Neither LLVM's backends nor the two compilers fuse a product and a sum, at any level.
//
// RUN: tenon-opt %s --set-target=name=x86-64-v3 --legalize-for-cpp -o %t.mlir
// RUN: tenon-translate --low-to-object --object-opt=speed %t.mlir | llvm-objdump -d - | FileCheck %s
// RUN: tenon-translate --low-to-object --object-opt=size %t.mlir | llvm-objdump -d - | FileCheck %s
// RUN: tenon-translate --low-to-cpp %t.mlir -o %t.cpp
// RUN: %gcc -std=gnu++17 -O3 -march=x86-64-v3 -S %t.cpp -o - | FileCheck %s
// RUN: %clang -std=gnu++17 -O3 -march=x86-64-v3 -S %t.cpp -o - | FileCheck %s
// RUN: tenon-opt %s --set-target=name=aarch64 | tenon-translate --low-to-object --object-opt=speed | llvm-objdump -d - | FileCheck %s
// CHECK-NOT: {{fmadd|fmla|vfm}}
// CHECK: run
// CHECK-NOT: {{fmadd|fmla|vfm}}

func.func private @product(%a: f32, %b: f32) -> f32 {
  %r = arith.mulf %a, %b : f32
  return %r : f32
}

func.func @run(%x: memref<64xf32>, %y: memref<64xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %sum = scf.for %i = %c0 to %n step %c1 iter_args(%acc = %zero) -> f32 {
    %a = memref.load %x[%i] : memref<64xf32>
    %b = memref.load %y[%i] : memref<64xf32>
    %p = func.call @product(%a, %b) : (f32, f32) -> f32
    %s = arith.addf %acc, %p : f32
    %q = arith.mulf %a, %a : f32
    %t = arith.addf %q, %b : f32
    memref.store %t, %y[%i] : memref<64xf32>
    scf.yield %s : f32
  }
  memref.store %sum, %x[%c0] : memref<64xf32>
  return
}
