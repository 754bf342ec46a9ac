// RUN: tenon-opt %s --use-unsigned-bytes --mlir-print-local-scope | FileCheck %s

#id = affine_map<(i) -> (i)>
module attributes {kernel.target = #kernel.target<name = "vnni", lanes = 16, dot = vnni, indexBits = 64>} {
  // The value between the two is larger by 128, a border in it, too; a layer that adds it takes 128 from it.
  // CHECK-LABEL: func.func @between_layers
  // CHECK: %[[INIT:.*]] = tensor.empty() : tensor<8xui8>
  // CHECK: %[[X:.*]] = nn.map {{.*}} outs(%[[INIT]]
  // CHECK: %[[MORE:.*]] = arith.addi %{{.*}}, %c128_i32
  // CHECK: arith.trunci %[[MORE]] : i32 to i8
  // CHECK: %[[PAD:.*]] = nn.assemble (%[[X]] at [2]) fill 0 : ui8 : (tensor<8xui8>) -> tensor<12xui8>
  // CHECK: nn.contract {{.*}} ins(%[[PAD]]
  // CHECK-SAME: zero_points = array<i64: 0, 0>
  // CHECK: nn.map {{.*}} ins(%[[X]] : tensor<8xui8>)
  // CHECK: %[[WIDE:.*]] = arith.extui
  // CHECK: arith.subi %[[WIDE]], %c128_i32
  func.func @between_layers(%q: tensor<8xi32>, %y0: tensor<4xi32>, %z0: tensor<8xi32>) -> (tensor<4xi32>, tensor<8xi32>) {
    %e = tensor.empty() : tensor<8xi8>
    %x = nn.map parallel [8] ins(%q : tensor<8xi32>) outs(%e : tensor<8xi8>) maps [#id, #id] body {
    ^bb0(%a: i32):
      %b = arith.trunci %a : i32 to i8
      nn.yield %b : i8
    } -> tensor<8xi8>
    %p = nn.assemble (%x at [2]) fill -128 : i8 : (tensor<8xi8>) -> tensor<12xi8>
    %w = arith.constant dense<1> : tensor<4x12xi8>
    %y = nn.contract parallel [4] reduction [12] ins(%p, %w : tensor<12xi8>, tensor<4x12xi8>) outs(%y0 : tensor<4xi32>)
        maps [affine_map<(o, k) -> (k)>, affine_map<(o, k) -> (o, k)>, affine_map<(o, k) -> (o)>]
        {zero_points = array<i64: -128, 0>} epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } -> tensor<4xi32>
    %z = nn.map parallel [8] ins(%x : tensor<8xi8>) outs(%z0 : tensor<8xi32>) maps [#id, #id] body {
    ^bb0(%a: i8):
      %b = arith.extsi %a : i8 to i32
      nn.yield %b : i32
    } -> tensor<8xi32>
    return %y, %z : tensor<4xi32>, tensor<8xi32>
  }

  // What callers see stays as it is.
  // CHECK-LABEL: func.func @of_the_caller(%{{.*}}: tensor<12xi8>
  // CHECK: nn.contract
  // CHECK-SAME: zero_points = array<i64: -128, 0>
  func.func @of_the_caller(%x: tensor<12xi8>, %y0: tensor<4xi32>) -> tensor<4xi32> {
    %w = arith.constant dense<1> : tensor<4x12xi8>
    %y = nn.contract parallel [4] reduction [12] ins(%x, %w : tensor<12xi8>, tensor<4x12xi8>) outs(%y0 : tensor<4xi32>)
        maps [affine_map<(o, k) -> (k)>, affine_map<(o, k) -> (o, k)>, affine_map<(o, k) -> (o)>]
        {zero_points = array<i64: -128, 0>} epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } -> tensor<4xi32>
    return %y : tensor<4xi32>
  }
}
