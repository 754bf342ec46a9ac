// RUN: tenon-opt %s --record-layers --split-input-file | FileCheck %s

// Weights are constants, also behind a view; only products count as MACs.
// CHECK: kernel.layers = [
// CHECK-SAME: {arithmetic = "float", macs = 512 : i64, nodes = ["conv1", "relu1"], operation = "contract", output_bytes = 256 : i64, points = 512 : i64, weight_bytes = 128 : i64},
// CHECK-SAME: {arithmetic = "float", macs = 0 : i64, nodes = ["neg"], operation = "map", output_bytes = 256 : i64, points = 64 : i64, weight_bytes = 0 : i64}]
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

// -----

// In a model of integers, each layer with floats says why; the caller's floats
// are told from the model's.
// CHECK: kernel.layers = [
// CHECK-SAME: {arithmetic = "float", float_because = "an input of the model is in floats", macs = 0 : i64, nodes = ["quantize"]
// CHECK-SAME: {arithmetic = "int8", macs = 32 : i64, nodes = ["dense"]
// CHECK-SAME: {arithmetic = "float", float_because = "exp is computed of floats", macs = 0 : i64, nodes = ["exp"]
// CHECK-SAME: {arithmetic = "float", float_because = "only sums and maxima are taken of integers", macs = 0 : i64, nodes = ["product"]
// CHECK-SAME: {arithmetic = "float", float_because = "an output of the model is in floats", macs = 0 : i64, nodes = ["dequantize"]
module {
  kernel.global @w = dense<1> : tensor<4x8xi8>
  func.func @net(%x: memref<8xf32> {nn.input}, %y: memref<4xf32> {nn.output}, %q: memref<8xi8>, %r: memref<4xi8>, %f: memref<1xf32>) {
    %c = kernel.constant @w : memref<32xi8>
    %w = memref.reinterpret_cast %c to offset: [0], sizes: [4, 8], strides: [8, 1] : memref<32xi8> to memref<4x8xi8>
    nn.map parallel [8] ins(%x : memref<8xf32>) outs(%q : memref<8xi8>)
        maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
    ^bb0(%in: f32):
      %n = arith.fptosi %in : f32 to i8
      nn.yield %n : i8
    } loc("quantize")
    nn.contract parallel [4] reduction [8] ins(%q, %w : memref<8xi8>, memref<4x8xi8>) outs(%r : memref<4xi8>)
        maps [affine_map<(j, k) -> (k)>, affine_map<(j, k) -> (j, k)>, affine_map<(j, k) -> (j)>] epilogue {
    ^bb0(%acc: i32):
      %n = arith.trunci %acc : i32 to i8
      nn.yield %n : i8
    } loc("dense")
    nn.map parallel [4] ins(%r : memref<4xi8>) outs(%y : memref<4xf32>)
        maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
    ^bb0(%in: i8):
      %n = arith.sitofp %in : i8 to f32
      %e = math.exp %n : f32
      nn.yield %e : f32
    } loc("exp")
    nn.reduce parallel [1] reduction [4] ins(%r : memref<4xi8>) outs(%f : memref<1xf32>)
        maps [affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>] init [1.0 : f32] combine {
    ^bb0(%in: i8, %acc: f32):
      %n = arith.sitofp %in : i8 to f32
      %p = arith.mulf %acc, %n : f32
      nn.yield %p : f32
    } epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } loc("product")
    nn.map parallel [4] ins(%r : memref<4xi8>) outs(%y : memref<4xf32>)
        maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
    ^bb0(%in: i8):
      %n = arith.sitofp %in : i8 to f32
      nn.yield %n : f32
    } loc("dequantize")
    return
  }
}
