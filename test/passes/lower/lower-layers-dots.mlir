// RUN: tenon-opt %s --lower-layers --split-input-file | FileCheck %s

// Two products of shorts a word: the data less their zero point, here 5, as 65531 in both halves; the weights [k / 4][o][4].
#dsp = #kernel.target<name = "dsp", lanes = 1, dot = dsp, indexBits = 32>
// CHECK-LABEL: func.func private @product(
// CHECK-SAME: %[[X:[^:]+]]: memref<24xi8>{{.*}}, %[[W:[^:]+]]: memref<12xi32>
// CHECK: scf.for {{.*}} iter_args({{.*}}) -> (i32, i32, i32, i32)
// CHECK: %[[X0:.*]] = kernel.load_word %[[X]]
// CHECK: %[[ZERO:.*]] = arith.constant -262149 : i32
// CHECK: %[[XE:.*]] = kernel.widen even %[[X0]], %[[ZERO]] : i32
// CHECK: %[[XO:.*]] = kernel.widen odd %[[X0]], %[[ZERO]] : i32
// CHECK: %[[X1:.*]] = kernel.load_word %[[X]]
// CHECK: kernel.widen even %[[X1]]
// CHECK: %[[W0:.*]] = memref.load %[[W]]
// CHECK: %[[WE:.*]] = kernel.widen even %[[W0]]
// CHECK: %[[WO:.*]] = kernel.widen odd %[[W0]]
// CHECK: %[[HALF:.*]] = kernel.dot_shorts %[[XE]], %[[WE]], {{.*}} : i32
// CHECK: kernel.dot_shorts %[[XO]], %[[WO]], %[[HALF]] : i32
module attributes {kernel.target = #dsp} {
  kernel.global @w = dense<1> : tensor<4x12xi8>
  func.func @model(%x: memref<2x12xi8>, %y: memref<2x4xi32>) {
    %w = kernel.constant @w : memref<48xi8>
    %v = memref.reinterpret_cast %w to offset: [0], sizes: [4, 12], strides: [12, 1] : memref<48xi8> to memref<4x12xi8>
    nn.contract parallel [2, 4] reduction [12] ins(%x, %v : memref<2x12xi8>, memref<4x12xi8>)
        outs(%y : memref<2x4xi32>)
        maps [affine_map<(i, o, k) -> (i, k)>, affine_map<(i, o, k) -> (o, k)>, affine_map<(i, o, k) -> (i, o)>]
        {zero_points = array<i64: 5, 0>} epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } loc("product")
    return
  }
}

// -----

// Four products of bytes a lane. A signed byte with a zero point of -128 is an unsigned one once its highest bit is flipped. Of the
// last word, two bytes are there.
#vnni = #kernel.target<name = "vnni", lanes = 4, dot = vnni, indexBits = 64>
// CHECK-LABEL: func.func private @product(
// CHECK-SAME: %[[X:[^:]+]]: memref<20xi8>{{.*}}, %[[W:[^:]+]]: memref<12xi32>
// CHECK: %[[PANEL:.*]] = vector.load %[[W]][%{{.*}}] : memref<12xi32>, vector<4xi32>
// CHECK: %[[WORD:.*]] = kernel.load_word %[[X]][%{{[^]]*}}] : memref<20xi8>
// CHECK: %[[LANES:.*]] = vector.broadcast %[[WORD]] : i32 to vector<4xi32>
// CHECK: %[[BYTES:.*]] = arith.xori %[[LANES]], %{{.*}} : vector<4xi32>
// CHECK: kernel.dot_bytes unsigned %[[BYTES]], %[[PANEL]], %{{.*}} : vector<4xi32>
// CHECK: kernel.load_word %[[X]][%{{[^]]*}}], 2 : memref<20xi8>
module attributes {kernel.target = #vnni} {
  kernel.global @w = dense<1> : tensor<4x10xi8>
  func.func @model(%x: memref<2x10xi8>, %y: memref<2x4xi32>) {
    %w = kernel.constant @w : memref<40xi8>
    %v = memref.reinterpret_cast %w to offset: [0], sizes: [4, 10], strides: [10, 1] : memref<40xi8> to memref<4x10xi8>
    nn.contract parallel [2, 4] reduction [10] ins(%x, %v : memref<2x10xi8>, memref<4x10xi8>)
        outs(%y : memref<2x4xi32>)
        maps [affine_map<(i, o, k) -> (i, k)>, affine_map<(i, o, k) -> (o, k)>, affine_map<(i, o, k) -> (i, o)>]
        {zero_points = array<i64: -128, 0>} epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } loc("product")
    return
  }
}

// -----

// NEON adds two products in 16 bits: none of the weights may be -128.
#neon = #kernel.target<name = "neon", lanes = 4, dot = neon, indexBits = 64>
// CHECK-LABEL: func.func private @product(
// CHECK: kernel.dot_bytes narrow %{{.*}} : vector<4xi32>
// CHECK-LABEL: func.func private @least_0(
// CHECK-NOT: kernel.dot_bytes
// CHECK: arith.muli
module attributes {kernel.target = #neon} {
  kernel.global @w = dense<-127> : tensor<4x12xi8>
  kernel.global @least = dense<-128> : tensor<4x12xi8>
  func.func @model(%x: memref<2x12xi8>, %y: memref<2x4xi32>, %z: memref<2x4xi32>) {
    %w = kernel.constant @w : memref<48xi8>
    %v = memref.reinterpret_cast %w to offset: [0], sizes: [4, 12], strides: [12, 1] : memref<48xi8> to memref<4x12xi8>
    nn.contract parallel [2, 4] reduction [12] ins(%x, %v : memref<2x12xi8>, memref<4x12xi8>)
        outs(%y : memref<2x4xi32>)
        maps [affine_map<(i, o, k) -> (i, k)>, affine_map<(i, o, k) -> (o, k)>, affine_map<(i, o, k) -> (i, o)>] epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } loc("product")
    %l = kernel.constant @least : memref<48xi8>
    %u = memref.reinterpret_cast %l to offset: [0], sizes: [4, 12], strides: [12, 1] : memref<48xi8> to memref<4x12xi8>
    nn.contract parallel [2, 4] reduction [12] ins(%x, %u : memref<2x12xi8>, memref<4x12xi8>)
        outs(%z : memref<2x4xi32>)
        maps [affine_map<(i, o, k) -> (i, k)>, affine_map<(i, o, k) -> (o, k)>, affine_map<(i, o, k) -> (i, o)>] epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } loc("least")
    return
  }
}

// -----

// The channels of a depthwise convolution: each half of a widened word is multiplied by itself.
#dsp = #kernel.target<name = "dsp", lanes = 1, dot = dsp, indexBits = 32>
// CHECK-LABEL: func.func private @depthwise(
// CHECK: %[[X:.*]] = kernel.load_word
// CHECK: %[[XE:.*]] = kernel.widen even %[[X]]
// CHECK: %[[XO:.*]] = kernel.widen odd %[[X]]
// CHECK: %[[W:.*]] = kernel.load_word
// CHECK: %[[WE:.*]] = kernel.widen even %[[W]]
// CHECK: %[[X0:.*]] = arith.trunci %[[XE]] : i32 to i16
// CHECK: %[[X0W:.*]] = arith.extsi %[[X0]] : i16 to i32
// CHECK: %[[W0:.*]] = arith.trunci %[[WE]] : i32 to i16
// CHECK: %[[W0W:.*]] = arith.extsi %[[W0]] : i16 to i32
// CHECK: %[[P:.*]] = arith.muli %[[X0W]], %[[W0W]]
// CHECK: arith.addi %{{.*}}, %[[P]]
// CHECK: arith.shrsi %[[XE]]
module attributes {kernel.target = #dsp} {
  kernel.global @w = dense<1> : tensor<3x8xi8>
  func.func @model(%x: memref<10x8xi8>, %y: memref<8x8xi32>) {
    %w = kernel.constant @w : memref<24xi8>
    %v = memref.reinterpret_cast %w to offset: [0], sizes: [3, 8], strides: [8, 1] : memref<24xi8> to memref<3x8xi8>
    nn.contract parallel [8, 8] reduction [3] ins(%x, %v : memref<10x8xi8>, memref<3x8xi8>)
        outs(%y : memref<8x8xi32>)
        maps [affine_map<(i, c, k) -> (i + k, c)>, affine_map<(i, c, k) -> (k, c)>, affine_map<(i, c, k) -> (i, c)>]
        {zero_points = array<i64: 5, 0>} epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } loc("depthwise")
    return
  }
}
