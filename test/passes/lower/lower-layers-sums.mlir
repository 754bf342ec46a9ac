// RUN: tenon-opt %s --split-input-file --lower-layers --canonicalize --cse | FileCheck %s

#vector = #kernel.target<name = "vector", lanes = 4, reductionLanes = 4, registers = 16, indexBits = 64>

// Four sums of every fourth element; the last three elements go to three of
// them; then 0 + 2 and 1 + 3, then the sum of both.
// CHECK-LABEL: func.func private @rows
// CHECK-DAG: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : vector<4xf32>
// CHECK: %[[SUM:.*]] = scf.for %{{.*}} = %c0 to %c100 step %c4 iter_args(%{{.*}} = %[[ZERO]])
// CHECK: %[[LAST:.*]] = kernel.load %{{.*}}, 3
// CHECK: %[[SQUARE:.*]] = arith.mulf %[[LAST]], %[[LAST]]
// CHECK: %[[ADDED:.*]] = arith.addf %[[SQUARE]], %[[SUM]]
// CHECK: %[[ALL:.*]] = vector.shuffle %[[ADDED]], %[[SUM]] [0, 1, 2, 7]
// CHECK: %[[HIGH:.*]] = vector.shuffle %[[ALL]], %[[ALL]] [2, 3, 0, 1]
// CHECK: %[[TWO:.*]] = arith.addf %[[ALL]], %[[HIGH]]
// CHECK: %[[ODD:.*]] = vector.shuffle %[[TWO]], %[[TWO]] [1, 2, 3, 0]
// CHECK: %[[ONE:.*]] = arith.addf %[[TWO]], %[[ODD]]
// CHECK: vector.extract %[[ONE]][0]
// CHECK: memref.store
module attributes {kernel.target = #vector} {
  func.func @net(%x: memref<103xf32>, %y: memref<1xf32>) {
    nn.reduce parallel [1] reduction [103] ins(%x : memref<103xf32>) outs(%y : memref<1xf32>)
        maps [affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>] init [0.0 : f32] combine {
    ^bb0(%in: f32, %acc: f32):
      %square = arith.mulf %in, %in : f32
      %sum = arith.addf %square, %acc : f32
      nn.yield %sum : f32
    } epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } loc("rows")
    return
  }
}

// -----

#scalar = #kernel.target<name = "scalar", lanes = 1, reductionLanes = 4, registers = 4, indexBits = 32>

// As many sums, and the same tree, without vectors.
// CHECK-LABEL: func.func private @rows
// CHECK: %[[S:.*]]:4 = scf.for %{{.*}} = %c0 to %c100 step %c4
// CHECK: arith.addf
// CHECK: arith.addf
// CHECK: arith.addf
// CHECK: arith.addf
// CHECK: %[[A:.*]] = arith.addf %{{.*}}, %[[S]]#0
// CHECK: %[[B:.*]] = arith.addf %{{.*}}, %[[S]]#1
// CHECK: %[[C:.*]] = arith.addf %{{.*}}, %[[S]]#2
// CHECK: %[[AC:.*]] = arith.addf %[[A]], %[[C]]
// CHECK: %[[BD:.*]] = arith.addf %[[B]], %[[S]]#3
// CHECK: arith.addf %[[AC]], %[[BD]]
module attributes {kernel.target = #scalar} {
  func.func @net(%x: memref<103xf32>, %y: memref<1xf32>) {
    nn.reduce parallel [1] reduction [103] ins(%x : memref<103xf32>) outs(%y : memref<1xf32>)
        maps [affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>] init [0.0 : f32] combine {
    ^bb0(%in: f32, %acc: f32):
      %sum = arith.addf %in, %acc : f32
      nn.yield %sum : f32
    } epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } loc("rows")
    return
  }
}

// -----

#vector = #kernel.target<name = "vector", lanes = 4, reductionLanes = 4, registers = 16, indexBits = 64>

// Not from another start than zero, and not what is no sum of its own.
// CHECK-LABEL: func.func private @from_one
// CHECK-NOT: vector
// CHECK-LABEL: func.func private @running
// CHECK-NOT: vector
// CHECK-LABEL: func.func @net
module attributes {kernel.target = #vector} {
  func.func @net(%x: memref<103xf32>, %y: memref<1xf32>, %z: memref<1xf32>) {
    nn.reduce parallel [1] reduction [103] ins(%x : memref<103xf32>) outs(%y : memref<1xf32>)
        maps [affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>] init [1.0 : f32] combine {
    ^bb0(%in: f32, %acc: f32):
      %sum = arith.addf %in, %acc : f32
      nn.yield %sum : f32
    } epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } loc("from_one")
    nn.reduce parallel [1] reduction [103] ins(%x : memref<103xf32>) outs(%z : memref<1xf32>)
        maps [affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>] init [0.0 : f32] combine {
    ^bb0(%in: f32, %acc: f32):
      %scaled = arith.mulf %acc, %in : f32
      %sum = arith.addf %scaled, %in : f32
      nn.yield %sum : f32
    } epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } loc("running")
    return
  }
}
