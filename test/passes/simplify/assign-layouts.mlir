// RUN: tenon-opt %s --assign-layouts --split-input-file | FileCheck %s

// Two convolutions over [C][H][W]: the value between them becomes [H][W][C],
// the caller's stay.
// CHECK-DAG: #[[CHW:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d3, d1 + d4, d2 + d5)>
// CHECK-DAG: #[[HWC:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d1 + d4, d2 + d5, d3)>
// CHECK-DAG: #[[OHW:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2)>
// CHECK-DAG: #[[HWO:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d1, d2, d0)>
// CHECK-LABEL: @channel_of_a_value_between_layers_goes_last
func.func @channel_of_a_value_between_layers_goes_last(%x: tensor<4x8x8xf32>) -> tensor<4x4x4xf32> {
  %w = arith.constant dense<1.0> : tensor<16x4x3x3xf32>
  %v = arith.constant dense<1.0> : tensor<4x16x3x3xf32>
  // CHECK: tensor.empty() : tensor<6x6x16xf32>
  %e = tensor.empty() : tensor<16x6x6xf32>
  // CHECK: nn.contract parallel [16, 6, 6] reduction [4, 3, 3]
  // CHECK-SAME: maps [#[[CHW]], #{{.*}}, #[[HWO]]]
  // CHECK: } -> tensor<6x6x16xf32>
  %y = nn.contract parallel [16, 6, 6] reduction [4, 3, 3] ins(%x, %w : tensor<4x8x8xf32>, tensor<16x4x3x3xf32>)
      outs(%e : tensor<16x6x6xf32>)
      maps [affine_map<(o, h, w, c, kh, kw) -> (c, h + kh, w + kw)>,
            affine_map<(o, h, w, c, kh, kw) -> (o, c, kh, kw)>,
            affine_map<(o, h, w, c, kh, kw) -> (o, h, w)>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<16x6x6xf32>
  %f = tensor.empty() : tensor<4x4x4xf32>
  // CHECK: nn.contract parallel [4, 4, 4] reduction [16, 3, 3]
  // CHECK-SAME: maps [#[[HWC]], #{{.*}}, #[[OHW]]]
  // CHECK: } -> tensor<4x4x4xf32>
  %z = nn.contract parallel [4, 4, 4] reduction [16, 3, 3] ins(%y, %v : tensor<16x6x6xf32>, tensor<4x16x3x3xf32>)
      outs(%f : tensor<4x4x4xf32>)
      maps [affine_map<(o, h, w, c, kh, kw) -> (c, h + kh, w + kw)>,
            affine_map<(o, h, w, c, kh, kw) -> (o, c, kh, kw)>,
            affine_map<(o, h, w, c, kh, kw) -> (o, h, w)>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<4x4x4xf32>
  return %z : tensor<4x4x4xf32>
}

// -----

// CHECK-LABEL: @value_seen_by_a_reshape_keeps_its_order
func.func @value_seen_by_a_reshape_keeps_its_order(%x: tensor<4x8x8xf32>) -> tensor<1024xf32> {
  %w = arith.constant dense<1.0> : tensor<16x4xf32>
  %e = tensor.empty() : tensor<16x8x8xf32>
  // CHECK: nn.contract {{.*}} outs(%{{.*}} : tensor<16x8x8xf32>)
  %y = nn.contract parallel [16, 8, 8] reduction [4] ins(%x, %w : tensor<4x8x8xf32>, tensor<16x4xf32>)
      outs(%e : tensor<16x8x8xf32>)
      maps [affine_map<(o, h, w, c) -> (c, h, w)>, affine_map<(o, h, w, c) -> (o, c)>,
            affine_map<(o, h, w, c) -> (o, h, w)>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<16x8x8xf32>
  %z = nn.reshape %y : tensor<16x8x8xf32> -> tensor<1024xf32>
  return %z : tensor<1024xf32>
}

// -----

// A second layer writes the rest: it was told where.
// CHECK-LABEL: @value_written_in_parts_keeps_its_order
func.func @value_written_in_parts_keeps_its_order(%x: tensor<4x8x8xf32>) -> tensor<16xf32> {
  %w = arith.constant dense<1.0> : tensor<16x4xf32>
  %e = tensor.empty() : tensor<16x8x8xf32>
  // CHECK: nn.contract {{.*}} outs(%{{.*}} : tensor<16x8x8xf32>)
  %y = nn.contract parallel [16, 8, 8] reduction [4] ins(%x, %w : tensor<4x8x8xf32>, tensor<16x4xf32>)
      outs(%e : tensor<16x8x8xf32>)
      maps [affine_map<(o, h, w, c) -> (c, h, w)>, affine_map<(o, h, w, c) -> (o, c)>,
            affine_map<(o, h, w, c) -> (o, h, w)>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<16x8x8xf32>
  // CHECK: nn.map {{.*}} outs(%{{.*}} : tensor<16x8x8xf32>)
  %part = nn.map parallel [4, 8] ins(%x : tensor<4x8x8xf32>) outs(%y : tensor<16x8x8xf32>)
      maps [affine_map<(c, w) -> (c, 0, w)>, affine_map<(c, w) -> (c, 7, w)>] body {
  ^bb0(%in: f32):
    nn.yield %in : f32
  } -> tensor<16x8x8xf32>
  %f = tensor.empty() : tensor<16xf32>
  %z = nn.reduce parallel [16] reduction [8, 8] ins(%part : tensor<16x8x8xf32>) outs(%f : tensor<16xf32>)
      maps [affine_map<(c, h, w) -> (c, h, w)>, affine_map<(c, h, w) -> (c)>] init [0.0 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %s = arith.addf %in, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<16xf32>
  return %z : tensor<16xf32>
}

// -----

// The outputs of a group are channels as the groups are; the window is not.
// CHECK-LABEL: @outputs_of_a_group_are_channels
// CHECK: nn.contract parallel [1, 4, 16, 8, 8]
// CHECK-SAME: outs(%{{.*}} : tensor<1x8x8x64xf32>)
func.func @outputs_of_a_group_are_channels(%x: tensor<1x8x8x32xf32>) -> tensor<1x64xf32> {
  %w = nn.weight @grouped_w : tensor<64x8xf32>
  %e = tensor.empty() : tensor<1x64x8x8xf32>
  %y = nn.contract parallel [1, 4, 16, 8, 8] reduction [8] ins(%x, %w : tensor<1x8x8x32xf32>, tensor<64x8xf32>) outs(%e : tensor<1x64x8x8xf32>)
      maps [affine_map<(n, g, o, h, w, k) -> (n, h, w, g * 8 + k)>, affine_map<(n, g, o, h, w, k) -> (g * 16 + o, k)>, affine_map<(n, g, o, h, w, k) -> (n, g * 16 + o, h, w)>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<1x64x8x8xf32>
  %f = tensor.empty() : tensor<1x64xf32>
  %z = nn.reduce parallel [1, 64] reduction [8, 8] ins(%y : tensor<1x64x8x8xf32>) outs(%f : tensor<1x64xf32>)
      maps [affine_map<(n, c, h, w) -> (n, c, h, w)>, affine_map<(n, c, h, w) -> (n, c)>] init [0.0 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %s = arith.addf %in, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<1x64xf32>
  return %z : tensor<1x64xf32>
}
kernel.global @grouped_w = dense<1.0> : tensor<64x8xf32>
