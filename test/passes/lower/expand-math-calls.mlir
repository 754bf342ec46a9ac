// RUN: tenon-opt %s --expand-math | FileCheck %s

// A function that branches is there once.
// CHECK-LABEL: func.func @two
// CHECK-COUNT-2: call @nn.round_product
// CHECK: func.func private @nn.round_product(%{{.*}}: i32, %{{.*}}: i32) -> i32
// CHECK: scf.if
// CHECK-NOT: @nn.round_product
func.func @two(%a: i32, %b: i32, %f: i32) -> i32 {
  %0 = nn.round_product %a by %f
  %1 = nn.round_product %b by %f
  %2 = arith.addi %0, %1 : i32
  return %2 : i32
}
