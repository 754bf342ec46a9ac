// RUN: tenon-opt %s --lower-layers --split-input-file | FileCheck %s

// Two weights a byte: of the first half of the sum, steps 0 to 7, in the lower halves, of the second one in the higher: a loop each.
// They are multiplied sixteen times as large, and so is the zero point: 48 for -3. Of the second half there are two steps.
#dsp = #kernel.target<name = "dsp", lanes = 1, dot = dsp, indexBits = 32>
// CHECK-LABEL: func.func private @product(
// CHECK-SAME: %[[X:[^:]+]]: memref<20xi8>{{[^,]*}}, %[[W:[^:]+]]: memref<4xi32>
// CHECK: scf.for
// CHECK: kernel.load_word %[[X]]
// CHECK: %[[P:.*]] = memref.load %[[W]]
// CHECK: %[[FOUR:.*]] = arith.constant 4 : i32
// CHECK: %[[MOVED:.*]] = arith.shli %[[P]], %[[FOUR]]
// CHECK: %[[MASK:.*]] = arith.constant -252645136 : i32
// CHECK: %[[LOW:.*]] = arith.andi %[[MOVED]], %[[MASK]]
// CHECK: %[[ZERO:.*]] = arith.constant 3145776 : i32
// CHECK: kernel.widen even %[[LOW]], %[[ZERO]]
// CHECK: kernel.dot_shorts
// CHECK: scf.yield
// CHECK: kernel.load_word %[[X]][%{{[^]]*}}], 2
// CHECK: %[[Q:.*]] = memref.load %[[W]]
// CHECK: %[[HIGH:.*]] = arith.andi %[[Q]]
// CHECK: kernel.widen even %[[HIGH]]
// CHECK: arith.shrsi
// Bytes 8F ED DB D7, then D1 D3 D5 D8: what is not there is the zero point.
// CHECK: kernel.global {{.*}} = dense<[-673452657, -774827759, -657075247, -774778415]> : tensor<4xi32>
module attributes {kernel.target = #dsp} {
  kernel.global @w = dense<[[-1, -3, -5, 7, 1, 3, 5, -8, -8, -2], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]]> : tensor<2x10xi4>
  func.func @model(%x: memref<2x10xi8>, %y: memref<2x2xi32>) {
    %w = kernel.constant @w : memref<20xi8>
    %v = memref.reinterpret_cast %w to offset: [0], sizes: [2, 10], strides: [10, 1] : memref<20xi8> to memref<2x10xi8>
    nn.contract parallel [2, 2] reduction [10] ins(%x, %v : memref<2x10xi8>, memref<2x10xi8>)
        outs(%y : memref<2x2xi32>)
        maps [affine_map<(i, o, k) -> (i, k)>, affine_map<(i, o, k) -> (o, k)>, affine_map<(i, o, k) -> (i, o)>]
        {elements = [i8, i4], zero_points = array<i64: 5, -3>} epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } loc("product")
    return
  }
}

// -----

// Unsigned weights become signed: 7 and its zero point 8 are -1 and 0, 15 times a byte.
#vnni = #kernel.target<name = "vnni", lanes = 4, dot = vnni, indexBits = 64>
// CHECK-LABEL: func.func private @product(
// CHECK-NOT: arith.xori
// CHECK: %[[P:.*]] = vector.load %{{.*}} : memref<4xi32>, vector<4xi32>
// CHECK: %[[MOVED:.*]] = arith.shli %[[P]]
// CHECK: %[[LOW:.*]] = arith.andi %[[MOVED]]
// CHECK: kernel.dot_bytes unsigned %{{.*}}, %[[LOW]]
// CHECK: %[[HIGH:.*]] = arith.andi %[[P]]
// CHECK: kernel.dot_bytes unsigned %{{.*}}, %[[HIGH]]
// CHECK: kernel.global {{.*}} = dense<-1> : tensor<4xi32>
module attributes {kernel.target = #vnni} {
  kernel.global @w = dense<7> : tensor<4x8xui4>
  func.func @model(%x: memref<2x8xi8>, %y: memref<2x4xi32>) {
    %w = kernel.constant @w : memref<32xi8>
    %v = memref.reinterpret_cast %w to offset: [0], sizes: [4, 8], strides: [8, 1] : memref<32xi8> to memref<4x8xi8>
    nn.contract parallel [2, 4] reduction [8] ins(%x, %v : memref<2x8xi8>, memref<4x8xi8>)
        outs(%y : memref<2x4xi32>)
        maps [affine_map<(i, o, k) -> (i, k)>, affine_map<(i, o, k) -> (o, k)>, affine_map<(i, o, k) -> (i, o)>]
        {elements = [ui8, ui4], zero_points = array<i64: 0, 8>} epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } loc("product")
    return
  }
}

// -----

// Sixteen times the largest sum does not fit 32 bits: a byte each.
#dsp = #kernel.target<name = "dsp", lanes = 1, dot = dsp, indexBits = 32>
// CHECK-LABEL: func.func private @product(
// CHECK-SAME: memref<140352xi8>{{[^,]*}}, %{{[^:]+}}: memref<35088xi32>
// CHECK-NOT: arith.shrsi
module attributes {kernel.target = #dsp} {
  kernel.global @w = dense<1> : tensor<2x70176xui4>
  func.func @model(%x: memref<2x70176xi8>, %y: memref<2x2xi32>) {
    %w = kernel.constant @w : memref<140352xi8>
    %v = memref.reinterpret_cast %w to offset: [0], sizes: [2, 70176], strides: [70176, 1] : memref<140352xi8> to memref<2x70176xi8>
    nn.contract parallel [2, 2] reduction [70176] ins(%x, %v : memref<2x70176xi8>, memref<2x70176xi8>)
        outs(%y : memref<2x2xi32>)
        maps [affine_map<(i, o, k) -> (i, k)>, affine_map<(i, o, k) -> (o, k)>, affine_map<(i, o, k) -> (i, o)>]
        {elements = [ui8, ui4], zero_points = array<i64: 0, 0>} epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } loc("product")
    return
  }
}

// -----

// The most steps that fit: 255 * 15 * 16 * 35088 = 2^31 - 62848.
#dsp = #kernel.target<name = "dsp", lanes = 1, dot = dsp, indexBits = 32>
// CHECK-LABEL: func.func private @product(
// CHECK-SAME: memref<70176xi8>{{[^,]*}}, %{{[^:]+}}: memref<8772xi32>
// CHECK: arith.shrsi
module attributes {kernel.target = #dsp} {
  kernel.global @w = dense<1> : tensor<2x35088xui4>
  func.func @model(%x: memref<2x35088xi8>, %y: memref<2x2xi32>) {
    %w = kernel.constant @w : memref<70176xi8>
    %v = memref.reinterpret_cast %w to offset: [0], sizes: [2, 35088], strides: [35088, 1] : memref<70176xi8> to memref<2x35088xi8>
    nn.contract parallel [2, 2] reduction [35088] ins(%x, %v : memref<2x35088xi8>, memref<2x35088xi8>)
        outs(%y : memref<2x2xi32>)
        maps [affine_map<(i, o, k) -> (i, k)>, affine_map<(i, o, k) -> (o, k)>, affine_map<(i, o, k) -> (i, o)>]
        {elements = [ui8, ui4], zero_points = array<i64: 0, 0>} epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } loc("product")
    return
  }
}

// -----

// Of floats, the two weights of a byte are those of neighbouring steps, in vectors as the sums are.
#simd = #kernel.target<name = "simd", lanes = 4, indexBits = 64>
// CHECK-LABEL: func.func private @product(
// CHECK: %[[P:.*]] = vector.load %{{.*}} : memref<12xi8>, vector<4xi8>
// CHECK: %[[WORDS:.*]] = arith.extui %[[P]] : vector<4xi8> to vector<4xi32>
// CHECK: %[[UP:.*]] = arith.shli %[[WORDS]]
// CHECK: %[[W:.*]] = arith.shrsi %[[UP]]
// CHECK: %[[F:.*]] = arith.sitofp %[[W]] : vector<4xi32> to vector<4xf32>
// CHECK: math.fma %{{.*}}, %[[F]]
// CHECK: kernel.global {{.*}} = dense<[33, -31, 33, 33, 67, 67, 67, 67, 5, 5, 5, 5]> : tensor<12xi8>
module attributes {kernel.target = #simd} {
  kernel.global @w = dense<[[1, 2, 3, 4, 5], [1, -2, 3, 4, 5], [1, 2, 3, 4, 5], [1, 2, 3, 4, 5]]> : tensor<4x5xi4>
  func.func @model(%x: memref<2x5xf32>, %y: memref<2x4xf32>) {
    %w = kernel.constant @w : memref<20xi8>
    %v = memref.reinterpret_cast %w to offset: [0], sizes: [4, 5], strides: [5, 1] : memref<20xi8> to memref<4x5xi8>
    nn.contract parallel [2, 4] reduction [5] ins(%x, %v : memref<2x5xf32>, memref<4x5xi8>)
        outs(%y : memref<2x4xf32>)
        maps [affine_map<(i, o, k) -> (i, k)>, affine_map<(i, o, k) -> (o, k)>, affine_map<(i, o, k) -> (i, o)>]
        {elements = [f32, i4]} epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } loc("product")
    return
  }
}

// -----

// Four of two bits.
#scalar = #kernel.target<name = "scalar", lanes = 1, indexBits = 32>
// CHECK-LABEL: func.func private @product(
// CHECK: %[[P:.*]] = memref.load %{{.*}} : memref<4xi8>
// CHECK: %[[WORD:.*]] = arith.extui %[[P]] : i8 to i32
// CHECK: %[[THIRTY:.*]] = arith.constant 30 : i32
// CHECK: arith.shli %[[WORD]], %[[THIRTY]]
// CHECK: arith.shrsi
// CHECK: math.fma
// CHECK: kernel.global {{.*}} = dense<
module attributes {kernel.target = #scalar} {
  kernel.global @w = dense<1> : tensor<2x8xi2>
  func.func @model(%x: memref<2x8xf32>, %y: memref<2x2xf32>) {
    %w = kernel.constant @w : memref<16xi8>
    %v = memref.reinterpret_cast %w to offset: [0], sizes: [2, 8], strides: [8, 1] : memref<16xi8> to memref<2x8xi8>
    nn.contract parallel [2, 2] reduction [8] ins(%x, %v : memref<2x8xf32>, memref<2x8xi8>)
        outs(%y : memref<2x2xf32>)
        maps [affine_map<(i, o, k) -> (i, k)>, affine_map<(i, o, k) -> (o, k)>, affine_map<(i, o, k) -> (i, o)>]
        {elements = [f32, i2]} epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } loc("product")
    return
  }
}

// -----

// An element of a constant that is read anywhere.
#scalar = #kernel.target<name = "scalar", lanes = 1, indexBits = 32>
// CHECK-LABEL: func.func private @take(
// CHECK: %[[AT:.*]] = arith.index_cast %{{.*}} : index to i32
// CHECK: %[[HALF:.*]] = arith.shrsi %[[AT]]
// CHECK: %[[BYTE:.*]] = arith.index_cast %[[HALF]]
// CHECK: memref.load %{{.*}}[%[[BYTE]]] : memref<3xi8>
// CHECK: arith.muli %[[AT]]
// CHECK: arith.andi
// CHECK: arith.shrui
// CHECK: kernel.global {{.*}} = dense<[-31, -15, 2]> : tensor<3xi8>
module attributes {kernel.target = #scalar} {
  kernel.global @w = dense<[1, -2, 1, -1, 2]> : tensor<5xi4>
  func.func @model(%y: memref<5xi8>) {
    %w = kernel.constant @w : memref<5xi8>
    nn.map parallel [5] ins(%w : memref<5xi8>) outs(%y : memref<5xi8>)
        maps [affine_map<(i) -> (-i + 4)>, affine_map<(i) -> (i)>] body {
    ^bb0(%in: i8):
      nn.yield %in : i8
    } loc("take")
    return
  }
}

// -----

// A constant that is copied as a whole keeps a byte each.
#scalar = #kernel.target<name = "scalar", lanes = 1, indexBits = 32>
// CHECK: kernel.global @w = dense<[1, -2, 1, -1, 2]> : tensor<5xi4>
// CHECK: kernel.copy
module attributes {kernel.target = #scalar} {
  kernel.global @w = dense<[1, -2, 1, -1, 2]> : tensor<5xi4>
  func.func @model(%y: memref<5xi8>) {
    %w = kernel.constant @w : memref<5xi8>
    %zero = arith.constant 0 : index
    %size = arith.constant 5 : index
    kernel.copy %w[%zero], %y[%zero], %size : memref<5xi8>, memref<5xi8>
    return
  }
}
