// RUN: tenon-opt %s | tenon-opt | FileCheck %s

// CHECK-LABEL: @convolution_with_padding_bias_and_relu
func.func @convolution_with_padding_bias_and_relu(%x: tensor<8x8x4xf32>, %w: tensor<16x3x3x4xf32>, %b: tensor<16xf32>) -> tensor<8x8x16xf32> {
  %init = tensor.empty() : tensor<8x8x16xf32>
  // CHECK: nn.contract parallel [8, 8, 16] reduction [3, 3, 4]
  %y = nn.contract parallel [8, 8, 16] reduction [3, 3, 4]
      ins(%x, %w : tensor<8x8x4xf32>, tensor<16x3x3x4xf32>)
      extras(%b : tensor<16xf32>) outs(%init : tensor<8x8x16xf32>)
      maps [affine_map<(h, w, o, kh, kw, c) -> (h + kh - 1, w + kw - 1, c)>,
            affine_map<(h, w, o, kh, kw, c) -> (o, kh, kw, c)>,
            affine_map<(h, w, o, kh, kw, c) -> (o)>,
            affine_map<(h, w, o, kh, kw, c) -> (h, w, o)>] epilogue {
  ^bb0(%acc: f32, %bias: f32):
    %sum = arith.addf %acc, %bias : f32
    %zero = arith.constant 0.0 : f32
    %relu = arith.maximumf %sum, %zero : f32
    nn.yield %relu : f32
  } -> tensor<8x8x16xf32>
  return %y : tensor<8x8x16xf32>
}

// CHECK-LABEL: @max_pooling
func.func @max_pooling(%x: tensor<8x8x16xf32>) -> tensor<4x4x16xf32> {
  %init = tensor.empty() : tensor<4x4x16xf32>
  // CHECK: nn.reduce parallel [4, 4, 16] reduction [2, 2]
  %y = nn.reduce parallel [4, 4, 16] reduction [2, 2]
      ins(%x : tensor<8x8x16xf32>) outs(%init : tensor<4x4x16xf32>)
      maps [affine_map<(h, w, c, kh, kw) -> (h * 2 + kh, w * 2 + kw, c)>,
            affine_map<(h, w, c, kh, kw) -> (h, w, c)>]
      init [0xFF800000 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %max = arith.maximumf %in, %acc : f32
    nn.yield %max : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4x4x16xf32>
  return %y : tensor<4x4x16xf32>
}

// CHECK-LABEL: @transpose_on_memrefs
func.func @transpose_on_memrefs(%x: memref<4x8xf32>, %y: memref<8x4xf32>) {
  // CHECK: nn.map parallel [8, 4] ins(%{{.*}} : memref<4x8xf32>)
  nn.map parallel [8, 4] ins(%x : memref<4x8xf32>) outs(%y : memref<8x4xf32>)
      maps [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%in: f32):
    nn.yield %in : f32
  }
  return
}

// CHECK-LABEL: @rows_of_a_table
func.func @rows_of_a_table(%table: tensor<100x8xf32>, %ids: tensor<5xi64>) -> tensor<5x8xf32> {
  %init = tensor.empty() : tensor<5x8xf32>
  // CHECK: nn.gather parallel [5, 8]
  %y = nn.gather parallel [5, 8] ins(%table : tensor<100x8xf32>)
      indices(%ids : tensor<5xi64>) outs(%init : tensor<5x8xf32>)
      maps [affine_map<(i, j)[id] -> (id, j)>, affine_map<(i, j) -> (i)>,
            affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%in: f32):
    nn.yield %in : f32
  } -> tensor<5x8xf32>
  return %y : tensor<5x8xf32>
}

// CHECK-LABEL: @concat_pad_reshape
func.func @concat_pad_reshape(%a: tensor<2x4xf32>, %b: tensor<2x3xf32>) -> tensor<24xf32> {
  // CHECK: nn.assemble (%{{.*}} at [0, 0], %{{.*}} at [0, 4])
  %cat = nn.assemble (%a at [0, 0], %b at [0, 4]) : (tensor<2x4xf32>, tensor<2x3xf32>) -> tensor<2x7xf32>
  // CHECK: nn.assemble (%{{.*}} at [1, 0]) fill 0.000000e+00 : f32
  %pad = nn.assemble (%b at [1, 0]) fill 0.0 : f32 : (tensor<2x3xf32>) -> tensor<4x6xf32>
  // CHECK: nn.reshape %{{.*}} : tensor<4x6xf32> -> tensor<24xf32>
  %flat = nn.reshape %pad : tensor<4x6xf32> -> tensor<24xf32>
  return %flat : tensor<24xf32>
}

// CHECK-LABEL: @two_layers_in_bands
func.func @two_layers_in_bands(%x: tensor<6x4xf32>) -> tensor<6x4xf32> {
  %init = tensor.empty() : tensor<6x4xf32>
  %scratch = tensor.empty() : tensor<96xi8>
  // CHECK: nn.bands height 2 ins(%{{.*}} : tensor<6x4xf32>) outs(%{{.*}}, %{{.*}} : tensor<6x4xf32>, tensor<96xi8>) body {
  // CHECK-NEXT: ^bb0(%{{.*}}: tensor<6x4xf32>):
  // CHECK: } -> tensor<6x4xf32>, tensor<96xi8>
  %y:2 = nn.bands height 2 ins(%x : tensor<6x4xf32>) outs(%init, %scratch : tensor<6x4xf32>, tensor<96xi8>) body {
  ^bb0(%in: tensor<6x4xf32>):
    %e = tensor.empty() : tensor<6x4xf32>
    %a = nn.map parallel [6, 4] ins(%in : tensor<6x4xf32>) outs(%e : tensor<6x4xf32>)
        maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>] body {
    ^bb0(%v: f32):
      %n = arith.negf %v : f32
      nn.yield %n : f32
    } -> tensor<6x4xf32>
    %b = nn.map parallel [6, 4] ins(%a : tensor<6x4xf32>) outs(%e : tensor<6x4xf32>)
        maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>] body {
    ^bb0(%v: f32):
      %n = arith.addf %v, %v : f32
      nn.yield %n : f32
    } -> tensor<6x4xf32>
    nn.yield %b : tensor<6x4xf32>
  } -> tensor<6x4xf32>, tensor<96xi8>
  return %y#0 : tensor<6x4xf32>
}
