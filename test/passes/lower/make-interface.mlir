// RUN: tenon-opt %s --make-interface | FileCheck %s
// RUN: tenon-opt %s --make-interface=profile | FileCheck %s --check-prefix=PROFILE

module attributes {
  kernel.target = #kernel.target<name = "test", lanes = 4, indexBits = 64, alignment = 64>,
  kernel.model_name = "face", kernel.arena_size = 32 : i64, kernel.version = "1.2",
  kernel.inputs = [{name = "image", ident = "image", type = tensor<2x2xf32>},
                   {name = "mask", ident = "mask", type = tensor<4xi1>}],
  kernel.outputs = [{name = "score", ident = "score", type = tensor<1xui8>},
                    {name = "none", ident = "none", type = tensor<0xf32>}]} {

// CHECK-LABEL: func.func @face_run_ex(
// CHECK-SAME: %[[IMAGE:.*]]: memref<4xf32> {kernel.ctype = "float", kernel.name = "image", kernel.readonly},
// CHECK-SAME: %[[MASK:.*]]: memref<4xi8> {kernel.ctype = "bool", kernel.name = "mask", kernel.readonly},
// CHECK-SAME: %[[SCORE:.*]]: memref<1xi8> {kernel.ctype = "uint8_t", kernel.name = "score"},
// A tensor without elements may be null.
// CHECK-SAME: %[[NONE:.*]]: memref<0xf32> {kernel.ctype = "float", kernel.name = "none"},
// CHECK-SAME: %[[ARENA:.*]]: memref<32xi8> {kernel.ctype = "void", kernel.name = "arena"},
// CHECK-SAME: %[[CONTEXT:.*]]: !kernel.context {kernel.name = "context"}) -> i32
// CHECK: kernel.misaligned %[[ARENA]], 1
// CHECK: kernel.misaligned %[[ARENA]], 64
// CHECK: kernel.misaligned %[[IMAGE]], 1
// CHECK: kernel.misaligned %[[IMAGE]], 4
// CHECK: kernel.misaligned %[[MASK]], 1
// CHECK: kernel.misaligned %[[SCORE]], 1
// CHECK-NOT: kernel.misaligned
// CHECK: %[[NULL:.*]] = arith.select {{.*}}, %c1_i32, %c0_i32
// CHECK: kernel.fail %[[NULL]]
// CHECK: %[[ALIGN:.*]] = arith.select {{.*}}, %c2_i32, %c0_i32
// CHECK: kernel.fail %[[ALIGN]]
// CHECK-NEXT: call @conv
// CHECK-NEXT: call @add

// PROFILE: kernel.mark %[[C:.*]], 0, begin
// PROFILE-NEXT: call @conv
// PROFILE-NEXT: kernel.mark %[[C]], 0, end
// PROFILE-NEXT: kernel.mark %[[C]], 1, begin
// PROFILE-NEXT: %[[STATUS:.*]] = call @add
// PROFILE-NEXT: kernel.mark %[[C]], 1, end
// PROFILE-NEXT: kernel.fail %[[STATUS]]
func.func private @conv(%image: memref<4xf32>) {
  return
}
func.func private @add(%image: memref<4xf32>) -> i32 {
  %ok = arith.constant 0 : i32
  return %ok : i32
}
func.func @face(%image: memref<4xf32>, %mask: memref<4xi8>, %score: memref<1xi8>,
                %none: memref<0xf32>, %arena: memref<32xi8>) -> i32 {
  call @conv(%image) : (memref<4xf32>) -> ()
  %status = call @add(%image) : (memref<4xf32>) -> i32
  kernel.fail %status : i32
  %ok = arith.constant 0 : i32
  return %ok : i32
}

// CHECK-LABEL: func.func @face_run(
// CHECK-SAME: memref<32xi8> {kernel.ctype = "void", kernel.name = "arena"}) -> i32
// CHECK: %[[NULL:.*]] = kernel.null
// CHECK: %[[RESULT:.*]] = call @face_run_ex(%{{.*}}, %[[NULL]])
// CHECK: return %[[RESULT]]
}
