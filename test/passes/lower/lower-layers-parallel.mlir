// RUN: tenon-opt %s --split-input-file --lower-layers=parallel --canonicalize --cse | FileCheck %s

#vector = #kernel.target<name = "vector", lanes = 4, registers = 16, indexBits = 64>

// 70003 elements are 4375 panels of four vectors and a rest of three elements:
// a call computes whole panels, the one with the last unit the rest too.
// CHECK-LABEL: func.func private @scale
// CHECK-SAME: %[[BEGIN:[^:]*]]: index {kernel.name = "begin"}, %[[END:[^:]*]]: index {kernel.name = "end"})
// CHECK: %[[SCALED:.*]] = arith.muli %[[END]], %c16
// CHECK: %[[HIGH:.*]] = arith.minsi %[[SCALED]], %c70000
// CHECK: %[[LOW:.*]] = arith.muli %[[BEGIN]], %c16
// CHECK: scf.for %{{.*}} = %[[LOW]] to %[[HIGH]] step %c16
// CHECK: %[[LAST:.*]] = arith.cmpi sgt, %[[END]], %c4375
// CHECK: scf.if %[[LAST]]
// CHECK: kernel.store %{{.*}}, 3
// Too little work to share.
// CHECK-LABEL: func.func private @small
// CHECK-NOT: : index)
// CHECK-LABEL: func.func @net
// CHECK: %[[CONTEXT:.*]] = kernel.null
// CHECK: kernel.parallel @scale(%{{.*}}, %{{.*}}) range(4376) context %[[CONTEXT]]
// CHECK: call @small
module attributes {kernel.target = #vector} {
  func.func @net(%x: memref<70003xf32>, %y: memref<70003xf32>, %z: memref<64xf32>) {
    nn.map parallel [70003] ins(%x : memref<70003xf32>) outs(%y : memref<70003xf32>)
        maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
    ^bb0(%in: f32):
      %two = arith.mulf %in, %in : f32
      nn.yield %two : f32
    } loc("scale")
    nn.map parallel [64] ins(%y : memref<70003xf32>) outs(%z : memref<64xf32>)
        maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
    ^bb0(%in: f32):
      %two = arith.mulf %in, %in : f32
      nn.yield %two : f32
    } loc("small")
    return
  }
}

// -----

#scalar = #kernel.target<name = "scalar", lanes = 1, registers = 32, indexBits = 32>

// The columns of a window that leaves its operand are walked inside first, the
// borders last: the rows are what threads share.
// CHECK-LABEL: func.func private @window
// CHECK-SAME: %[[BEGIN:[^:]*]]: index {kernel.name = "begin"}, %[[END:[^:]*]]: index {kernel.name = "end"})
// CHECK: scf.for %{{.*}} = %[[BEGIN]] to %[[END]] step %c1
// CHECK: kernel.parallel @window({{.*}}) range(64)
module attributes {kernel.target = #scalar} {
  func.func @net(%x: memref<64x64xf32>, %w: memref<3x3xf32>, %y: memref<64x64xf32>) {
    nn.contract parallel [64, 64] reduction [3, 3] ins(%x, %w : memref<64x64xf32>, memref<3x3xf32>) outs(%y : memref<64x64xf32>)
        maps [affine_map<(i, j, k, l) -> (i + k - 1, j + l - 1)>, affine_map<(i, j, k, l) -> (k, l)>, affine_map<(i, j, k, l) -> (i, j)>] epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } loc("window")
    return
  }
}
