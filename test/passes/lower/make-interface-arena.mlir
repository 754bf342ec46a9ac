// RUN: tenon-opt %s --make-interface | FileCheck %s

// Inputs and outputs that lie in the arena are no arguments, and only the arena is checked; the interface tells where
// they are.

module attributes {
  kernel.target = #kernel.target<name = "test", lanes = 4, indexBits = 64, alignment = 64>,
  kernel.model_name = "face",
  // CHECK: kernel.inputs = [{ident = "image", name = "image", offset = 16 : i64, type = tensor<2x2xf32>}]
  kernel.inputs = [{name = "image", ident = "image", type = tensor<2x2xf32>}],
  // CHECK-SAME: kernel.outputs = [{ident = "score", name = "score", offset = 0 : i64, type = tensor<1xui8>}]
  kernel.outputs = [{name = "score", ident = "score", type = tensor<1xui8>}]} {

// CHECK-LABEL: func.func @face_run_ex(
// CHECK-SAME: %[[ARENA:[a-z0-9]*]]: memref<32xi8> {kernel.ctype = "void", kernel.name = "arena"
// CHECK-SAME: %[[CONTEXT:.*]]: !kernel.context {kernel.name = "context"}) -> i32
// CHECK: kernel.misaligned %[[ARENA]], 1
// CHECK: kernel.misaligned %[[ARENA]], 64
// CHECK-NOT: kernel.misaligned
func.func @face(%arena: memref<32xi8> {nn.input_offsets = array<i64: 16>, nn.output_offsets = array<i64: 0>}) -> i32 {
  %ok = arith.constant 0 : i32
  return %ok : i32
}

// CHECK-LABEL: func.func @face_run(
// CHECK-SAME: %[[ARENA:[a-z0-9]*]]: memref<32xi8> {{.*}}) -> i32
// CHECK: call @face_run_ex(%[[ARENA]], %{{.*}})
}
