// What LLVM would make a call of libm is refused; the verifier of the low form would have said so before.
//
// RUN: tenon-opt %s --set-target=name=portable | not tenon-translate --low-to-object -o %t.o 2>&1 | FileCheck %s
// CHECK: error: the object for portable would need 'fmaf', which a freestanding program does not have

func.func @run(%x: f32) -> f32 {
  %r = math.fma %x, %x, %x : f32
  return %r : f32
}
