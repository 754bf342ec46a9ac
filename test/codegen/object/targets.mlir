// Every target of the table has objects: only the public function is visible, and nothing is missing but mem* and what the target's
// compiler has for it. Twice the same is the same.
//
// RUN: tenon-opt %s --set-target=name=portable | tenon-translate --low-to-object -o %t.o
// RUN: tenon-opt %s --set-target=name=portable | tenon-translate --low-to-object -o %t.again.o
// RUN: cmp %t.o %t.again.o
// RUN: llvm-nm -g %t.o | FileCheck %s --check-prefixes=NM,LINUX
// RUN: tenon-opt %s --set-target=name=x86-64-v4 | tenon-translate --low-to-object | llvm-nm -g - | FileCheck %s --check-prefixes=NM,LINUX
// RUN: tenon-opt %s --set-target=name=aarch64 | tenon-translate --low-to-object | llvm-nm -g - | FileCheck %s --check-prefixes=NM,LINUX
// RUN: tenon-opt %s --set-target=name=armv7 | tenon-translate --low-to-object | llvm-nm -g - | FileCheck %s --check-prefixes=NM,LINUX
// RUN: tenon-opt %s --set-target=name=cortex-m4 | tenon-translate --low-to-object | llvm-nm -g - | FileCheck %s --check-prefixes=NM,LINUX
// RUN: tenon-opt %s --set-target=name=cortex-m7 | tenon-translate --low-to-object | llvm-nm -g - | FileCheck %s --check-prefixes=NM,LINUX
// RUN: tenon-opt %s --set-target=name=cortex-m33 | tenon-translate --low-to-object | llvm-nm -g - | FileCheck %s --check-prefixes=NM,LINUX
// RUN: tenon-opt %s --set-target=name=cortex-m0 | tenon-translate --low-to-object | llvm-nm -g - | FileCheck %s --check-prefixes=M0
// RUN: tenon-opt %s --set-target=name=riscv32imc | tenon-translate --low-to-object | llvm-nm -g - | FileCheck %s --check-prefixes=RISCV
// RUN: tenon-opt %s --set-target=name=wasm32 | tenon-translate --low-to-object | llvm-nm -g - | FileCheck %s --check-prefixes=NM
//
// LINUX-NOT: w
// LINUX-NOT: helper
// M0: U __aeabi_fadd
// M0-NEXT: U __aeabi_fmul
// M0-NEXT: U memcpy
// M0-NEXT: T run
// RISCV: U __addsf3
// RISCV-NEXT: U __mulsf3
// RISCV-NEXT: U memcpy
// RISCV-NEXT: T run
// LINUX: U memcpy
// NM: T run

kernel.global @w = dense<[1.0, 2.0, 3.0]> : tensor<3xf32>

func.func private @helper(%x: memref<64xf32>, %i: index) -> f32 {
  %w = kernel.constant @w : memref<3xf32>
  %a = memref.load %w[%i] : memref<3xf32>
  %b = memref.load %x[%i] : memref<64xf32>
  %p = arith.mulf %a, %b : f32
  %s = arith.addf %p, %a : f32
  return %s : f32
}

func.func @run(%x: memref<64xf32>, %y: memref<64xf32>, %i: index) {
  %c0 = arith.constant 0 : index
  %0 = func.call @helper(%x, %i) : (memref<64xf32>, index) -> f32
  kernel.copy %x[%c0], %y[%c0], %i : memref<64xf32>, memref<64xf32>
  memref.store %0, %y[%i] : memref<64xf32>
  return
}
