// RUN: tenon-opt %s --split-input-file --lower-layers --canonicalize --cse | FileCheck %s

#scalar = #kernel.target<name = "scalar", lanes = 1, registers = 32, indexBits = 32>

// Four rows by four columns of accumulators, weights in panels of four columns.
// CHECK-LABEL: func.func private @matmul
// CHECK-SAME: memref<128xf32> {kernel.name = "x"}, {{.*}} memref<64xf32> {kernel.name = "w"}, {{.*}} memref<128xf32> {kernel.name = "y"}
// CHECK: scf.for %{{.*}} = %c0 to %c8 step %c4
// CHECK: scf.for %{{.*}} = %c0 to %c16 step %c4
// CHECK: %{{.*}}:16 = scf.for %{{.*}} = %c0 to %c8 step %c1
// CHECK-COUNT-16: math.fma
// CHECK: scf.yield
// CHECK-COUNT-16: memref.store
// CHECK-LABEL: func.func @net
// CHECK: call @matmul
module attributes {kernel.target = #scalar} {
  kernel.global @w = dense<1.0> : tensor<8x8xf32>
  func.func @net(%x: memref<16x8xf32>, %y: memref<16x8xf32>) {
    %c = kernel.constant @w : memref<64xf32>
    %w = memref.reinterpret_cast %c to offset: [0], sizes: [8, 8], strides: [8, 1] : memref<64xf32> to memref<8x8xf32>
    nn.contract parallel [16, 8] reduction [8] ins(%x, %w : memref<16x8xf32>, memref<8x8xf32>) outs(%y : memref<16x8xf32>)
        maps [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (i, j)>] epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } loc("matmul")
    return
  }
}

// -----

#vector = #kernel.target<name = "vector", lanes = 4, registers = 16, indexBits = 64>

// Ten columns are two vectors and a partial one.
// CHECK-LABEL: func.func private @scale
// CHECK: vector.load
// CHECK: vector.load
// CHECK: kernel.load %{{.*}}, 2 : memref<10xf32>, vector<4xf32>
// CHECK: kernel.store %{{.*}}, 2
module attributes {kernel.target = #vector} {
  func.func @net(%x: memref<10xf32>, %y: memref<10xf32>) {
    nn.map parallel [10] ins(%x : memref<10xf32>) outs(%y : memref<10xf32>)
        maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
    ^bb0(%in: f32):
      %two = arith.mulf %in, %in : f32
      nn.yield %two : f32
    } loc("scale")
    return
  }
}

// -----

#scalar = #kernel.target<name = "scalar", lanes = 1, registers = 32, indexBits = 32>

// The inside needs no check; the two borders share one loop, whose window is
// cut on both sides.
// CHECK-LABEL: func.func private @padded_window
// CHECK: memref.store
// CHECK: scf.for %[[I:.*]] = %c0 to %c2
// CHECK: %[[LEFT:.*]] = arith.cmpi slt, %[[I]], %c1
// CHECK: %[[RIGHT:.*]] = arith.addi %[[I]], %c6
// CHECK: arith.select %[[LEFT]], %[[I]], %[[RIGHT]]
// CHECK: arith.maxsi
// CHECK: arith.minsi
module attributes {kernel.target = #scalar} {
  kernel.global @w = dense<1.0> : tensor<4x4x3xf32>
  func.func @net(%x: memref<8x4xf32>, %y: memref<8x4xf32>) {
    %c = kernel.constant @w : memref<48xf32>
    %w = memref.reinterpret_cast %c to offset: [0], sizes: [4, 4, 3], strides: [12, 3, 1] : memref<48xf32> to memref<4x4x3xf32>
    nn.contract parallel [8, 4] reduction [3, 4] ins(%x, %w : memref<8x4xf32>, memref<4x4x3xf32>) outs(%y : memref<8x4xf32>)
        maps [affine_map<(i, o, k, c) -> (i + k - 1, c)>, affine_map<(i, o, k, c) -> (o, c, k)>, affine_map<(i, o, k, c) -> (i, o)>] epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } loc("padded/window")
    return
  }
}

// -----

#scalar = #kernel.target<name = "scalar", lanes = 1, registers = 32, indexBits = 32>

// Indices are checked before anything is read through them.
// CHECK-LABEL: func.func private @rows
// CHECK: %[[VALID:.*]] = scf.for
// CHECK: arith.cmpi ult
// CHECK: scf.if %[[VALID]]
// CHECK: arith.index_cast
// CHECK: arith.select %[[VALID]], %c0_i32, %c3_i32
// CHECK-LABEL: func.func @net
// CHECK: %[[STATUS:.*]] = call @rows
// CHECK: kernel.fail %[[STATUS]]
module attributes {kernel.target = #scalar} {
  func.func @net(%t: memref<100x8xf32>, %ids: memref<5xi64>, %y: memref<5x8xf32>) {
    nn.gather parallel [5, 8] ins(%t : memref<100x8xf32>) indices(%ids : memref<5xi64>) outs(%y : memref<5x8xf32>)
        maps [affine_map<(i, j)[id] -> (id, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>] body {
    ^bb0(%in: f32):
      nn.yield %in : f32
    } loc("rows")
    return
  }
}

// -----

#scalar = #kernel.target<name = "scalar", lanes = 1, registers = 32, indexBits = 32>

// Two inputs are padded along one window: at the border, whose bounds are
// computed, the part of the other input is known. Both hold.
// CHECK-LABEL: func.func private @two_windows
// CHECK: scf.for %[[I:.*]] = %c0 to %c{{.*}} step
// CHECK: %[[ROW:.*]] = arith.select
// CHECK: %[[LOW:.*]] = arith.maxsi %{{.*}}, %c1
// CHECK: %[[HIGH:.*]] = arith.minsi %{{.*}}, %c3
// CHECK: scf.for %{{.*}} = %[[LOW]] to %[[HIGH]] step
module attributes {kernel.target = #scalar} {
  func.func @net(%x: memref<8xf32>, %v: memref<2xf32>, %y: memref<8xf32>) {
    nn.reduce parallel [8] reduction [4] ins(%x, %v : memref<8xf32>, memref<2xf32>) outs(%y : memref<8xf32>)
        maps [affine_map<(i, k) -> (i + k - 1)>, affine_map<(i, k) -> (k - 1)>, affine_map<(i, k) -> (i)>]
        init [0.0 : f32] combine {
    ^bb0(%a: f32, %b: f32, %acc: f32):
      %m = arith.mulf %a, %b : f32
      %s = arith.addf %acc, %m : f32
      nn.yield %s : f32
    } epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } loc("two_windows")
    return
  }
}

// -----

#vector = #kernel.target<name = "vector", lanes = 4, registers = 16, indexBits = 64>

// What the last two columns read first, the first four read next: two lanes are not four.
// CHECK-LABEL: func.func private @window
// CHECK: kernel.load %arg0[%c4], 2
// CHECK: vector.load %arg0[%c4]
module attributes {kernel.target = #vector} {
  func.func @net(%x: memref<10xf32>, %w: memref<2xf32>, %y: memref<6xf32>) {
    nn.contract parallel [6] reduction [2] ins(%x, %w : memref<10xf32>, memref<2xf32>) outs(%y : memref<6xf32>)
        maps [affine_map<(i, k) -> (i + k * 4)>, affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>] epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } loc("window")
    return
  }
}

// -----

// A constant of the epilogue lies as the results do, so that it is read in vectors.
#simd = #kernel.target<name = "simd", lanes = 2, indexBits = 64>
// CHECK-LABEL: func.func private @scaled(
// CHECK: vector.load %{{.*}} : memref<6xf32>, vector<2xf32>
// CHECK: arith.mulf %{{.*}} : vector<2xf32>
// CHECK: kernel.global @{{.*}} = dense<[1.000000e+00, 4.000000e+00, 2.000000e+00, 5.000000e+00, 3.000000e+00, 6.000000e+00]>
module attributes {kernel.target = #simd} {
  kernel.global @s = dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  func.func @model(%x: memref<3x8xf32>, %w: memref<3x8x2xf32>, %y: memref<3x2xf32>) {
    %s = kernel.constant @s : memref<6xf32>
    %v = memref.reinterpret_cast %s to offset: [0], sizes: [2, 3], strides: [3, 1] : memref<6xf32> to memref<2x3xf32>
    nn.contract parallel [3, 2] reduction [8] ins(%x, %w : memref<3x8xf32>, memref<3x8x2xf32>) extras(%v : memref<2x3xf32>)
        outs(%y : memref<3x2xf32>)
        maps [affine_map<(b, n, k) -> (b, k)>, affine_map<(b, n, k) -> (b, k, n)>, affine_map<(b, n, k) -> (n, b)>, affine_map<(b, n, k) -> (b, n)>] epilogue {
    ^bb0(%acc: f32, %scale: f32):
      %p = arith.mulf %acc, %scale : f32
      nn.yield %p : f32
    } loc("scaled")
    return
  }
}

// -----

// One that is read along a row of itself stays as it is.
#simd = #kernel.target<name = "simd", lanes = 2, indexBits = 64>
// CHECK: kernel.global @s = dense<
module attributes {kernel.target = #simd} {
  kernel.global @s = dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  func.func @model(%x: memref<3x8xf32>, %w: memref<3x8x2xf32>, %y: memref<3x2xf32>) {
    %s = kernel.constant @s : memref<6xf32>
    %v = memref.reinterpret_cast %s to offset: [0], sizes: [3, 2], strides: [2, 1] : memref<6xf32> to memref<3x2xf32>
    nn.contract parallel [3, 2] reduction [8] ins(%x, %w : memref<3x8xf32>, memref<3x8x2xf32>) extras(%v : memref<3x2xf32>)
        outs(%y : memref<3x2xf32>)
        maps [affine_map<(b, n, k) -> (b, k)>, affine_map<(b, n, k) -> (b, k, n)>, affine_map<(b, n, k) -> (b, n)>, affine_map<(b, n, k) -> (b, n)>] epilogue {
    ^bb0(%acc: f32, %scale: f32):
      %p = arith.mulf %acc, %scale : f32
      nn.yield %p : f32
    } loc("scaled")
    return
  }
}
