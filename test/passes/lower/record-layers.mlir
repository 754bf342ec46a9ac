// RUN: tenon-opt %s --record-layers --split-input-file | FileCheck %s

// Weights are constants, also behind a view; only products count as MACs.
// CHECK: kernel.layers = [
// CHECK-SAME: {macs = 512 : i64, nodes = ["conv1", "relu1"], operation = "contract", output_bytes = 256 : i64, points = 512 : i64, weight_bytes = 128 : i64},
// CHECK-SAME: {macs = 0 : i64, nodes = ["neg"], operation = "map", output_bytes = 256 : i64, points = 64 : i64, weight_bytes = 0 : i64}]
module {
  kernel.global @w = dense<1.0> : tensor<4x8xf32>
  func.func @net(%x: memref<16x8xf32>, %y: memref<16x4xf32>) {
    %c = kernel.constant @w : memref<32xf32>
    %w = memref.reinterpret_cast %c to offset: [0], sizes: [4, 8], strides: [8, 1] : memref<32xf32> to memref<4x8xf32>
    nn.contract parallel [16, 4] reduction [8] ins(%x, %w : memref<16x8xf32>, memref<4x8xf32>) outs(%y : memref<16x4xf32>)
        maps [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (i, j)>] epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } loc(fused["conv1", "relu1"])
    nn.map parallel [16, 4] ins(%y : memref<16x4xf32>) outs(%y : memref<16x4xf32>)
        maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>] body {
    ^bb0(%in: f32):
      %n = arith.negf %in : f32
      nn.yield %n : f32
    } loc("neg")
    return
  }
}

// -----

// Kernels and references are no layers of the program.
// CHECK: kernel.layers = []
module {
  func.func private @reference(%x: memref<4xf32>) {
    nn.map parallel [4] ins(%x : memref<4xf32>) outs(%x : memref<4xf32>)
        maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
    ^bb0(%in: f32):
      nn.yield %in : f32
    }
    return
  }
}
