// RUN: tenon-opt %s --split-input-file --plan-memory | FileCheck %s
// RUN: tenon-opt %s --split-input-file --plan-memory=outputs-as-scratch | FileCheck %s --check-prefix=SCRATCH

// Inputs and results are the caller's memory: inputs are never written, results
// are written once, by the layer that makes them.

#id = affine_map<(i) -> (i)>

// CHECK: func.func @result_is_written_directly
// CHECK-SAME: (%[[X:.*]]: memref<8xf32> {kernel.name = "image", kernel.noalias, kernel.readonly, nn.input},
// CHECK-SAME: %[[Y:.*]]: memref<8xf32> {kernel.name = "score", kernel.noalias, nn.output},
// CHECK-SAME: %{{.*}}: memref<0xi8> {kernel.noalias, nn.arena})
// CHECK-NEXT: nn.map parallel [8] ins(%[[X]] : memref<8xf32>) outs(%[[Y]] : memref<8xf32>)
func.func @result_is_written_directly(%x: tensor<8xf32> {kernel.name = "image"}) -> (tensor<8xf32> {kernel.name = "score"}) {
  %e = tensor.empty() : tensor<8xf32>
  %y = nn.map parallel [8] ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

// CHECK: func.func @returned_input_is_copied
// CHECK-SAME: (%[[X:.*]]: memref<8xf32> {{{.*}}}, %[[Y:.*]]: memref<8xf32> {{{.*}}}, %{{.*}}: memref<0xi8>
// CHECK-NEXT: nn.map parallel [8] ins(%[[X]] : memref<8xf32>) outs(%[[Y]] : memref<8xf32>)
// CHECK-NEXT: ^bb0(%[[V:.*]]: f32):
// CHECK-NEXT: nn.yield %[[V]]
func.func @returned_input_is_copied(%x: tensor<8xf32>) -> tensor<8xf32> {
  return %x : tensor<8xf32>
}

// -----

// CHECK: func.func @returned_constant_is_copied
// CHECK: %[[C:.*]] = kernel.constant @[[W:.*]] : memref<2xi32>
// CHECK: nn.map parallel [2] ins(%[[C]]
// CHECK: kernel.global @[[W]] = dense<[1, 2]>
func.func @returned_constant_is_copied() -> tensor<2xi32> {
  %c = arith.constant dense<[1, 2]> : tensor<2xi32>
  return %c : tensor<2xi32>
}

// -----

#id = affine_map<(i) -> (i)>

// CHECK: func.func @returned_twice
// CHECK-SAME: memref<8xf32> {{{.*}}}, %[[Y:.*]]: memref<8xf32> {{{.*}}}, %[[Z:.*]]: memref<2x4xf32>
// CHECK: nn.map parallel [8] ins(%{{.*}}) outs(%[[Y]]
// CHECK: arith.negf
// CHECK: %[[R:.*]] = memref.reinterpret_cast %[[Y]]
// CHECK: nn.map parallel [2, 4] ins(%[[R]] : memref<2x4xf32>) outs(%[[Z]]
func.func @returned_twice(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<2x4xf32>) {
  %e = tensor.empty() : tensor<8xf32>
  %y = nn.map parallel [8] ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  %r = nn.reshape %y : tensor<8xf32> -> tensor<2x4xf32>
  return %y, %r : tensor<8xf32>, tensor<2x4xf32>
}

// -----

#id = affine_map<(i) -> (i)>

// %a could lie in the result's memory before %y does; that is scratch use.
// CHECK: kernel.arena_size = 32
// CHECK: func.func @result_is_no_scratch
// SCRATCH: kernel.arena_size = 0
// SCRATCH: func.func @result_is_no_scratch
func.func @result_is_no_scratch(%x: tensor<8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %a = nn.map parallel [8] ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  %y = nn.map parallel [8] ins(%a : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

#id = affine_map<(i) -> (i)>

// The result is read back, and not overwritten in place.
// CHECK: func.func @result_is_read_back
// CHECK-SAME: memref<8xf32> {{{.*}}}, %[[Y:.*]]: memref<8xf32> {{{.*}}}, %[[Z:.*]]: memref<8xf32>
// CHECK: nn.map parallel [8] ins(%[[Y]] : memref<8xf32>) outs(%[[Z]] : memref<8xf32>)
func.func @result_is_read_back(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %e = tensor.empty() : tensor<8xf32>
  %y = nn.map parallel [8] ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  %z = nn.map parallel [8] ins(%y : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  return %y, %z : tensor<8xf32>, tensor<8xf32>
}
