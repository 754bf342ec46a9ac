// The target by pragma: in the words of each compiler where they have no common ones, and none where flags say it all.
//
// RUN: tenon-opt %s --set-target=name=cortex-m55 --verify-low-form --legalize-for-cpp | tenon-translate --low-to-cpp | FileCheck %s
// RUN: tenon-opt %s --set-target=name=cortex-a76 --verify-low-form --legalize-for-cpp | tenon-translate --low-to-cpp | FileCheck %s --check-prefix=SAME
// RUN: tenon-opt %s --set-target=name=cortex-m4 --verify-low-form --legalize-for-cpp | tenon-translate --low-to-cpp | FileCheck %s --check-prefix=NONE

// CHECK: #pragma clang attribute push(__attribute__((target("no-mve.fp"))), apply_to = function)
// CHECK: #pragma GCC target("arch=armv8.1-m.main+mve+fp.dp")
// SAME: target("arch=armv8.2-a+dotprod")))
// SAME: #pragma GCC target("arch=armv8.2-a+dotprod")
// NONE-NOT: target(

func.func @copy(%x: memref<4xf32> {kernel.readonly}, %y: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %v = memref.load %x[%c0] : memref<4xf32>
  memref.store %v, %y[%c0] : memref<4xf32>
  return
}
