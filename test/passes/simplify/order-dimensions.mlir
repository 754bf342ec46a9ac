// RUN: tenon-opt %s --order-dimensions --split-input-file | FileCheck %s

// Parallel loops as the output has them, reductions as the first input has them.
// CHECK-DAG: #[[X:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0 + d3, d1 + d4, d5)>
// CHECK-DAG: #[[W:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d2, d5, d3, d4)>
// CHECK-DAG: #[[Y:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2)>
// CHECK-LABEL: @loops_follow_the_output_and_the_first_input
// CHECK: nn.contract parallel [6, 6, 16] reduction [3, 3, 4]
// CHECK-SAME: maps [#[[X]], #[[W]], #[[Y]]]
func.func @loops_follow_the_output_and_the_first_input(%x: tensor<8x8x4xf32>) -> tensor<6x6x16xf32> {
  %w = arith.constant dense<1.0> : tensor<16x4x3x3xf32>
  %e = tensor.empty() : tensor<6x6x16xf32>
  %y = nn.contract parallel [16, 6, 6] reduction [4, 3, 3] ins(%x, %w : tensor<8x8x4xf32>, tensor<16x4x3x3xf32>)
      outs(%e : tensor<6x6x16xf32>)
      maps [affine_map<(o, h, w, c, kh, kw) -> (h + kh, w + kw, c)>,
            affine_map<(o, h, w, c, kh, kw) -> (o, c, kh, kw)>,
            affine_map<(o, h, w, c, kh, kw) -> (h, w, o)>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<6x6x16xf32>
  return %y : tensor<6x6x16xf32>
}

// -----

// CHECK-LABEL: @index_is_of_the_same_dimension
// CHECK: nn.map parallel [3, 2]
// CHECK: nn.index 1
func.func @index_is_of_the_same_dimension(%x: tensor<2x3xindex>) -> tensor<3x2xindex> {
  %e = tensor.empty() : tensor<3x2xindex>
  %y = nn.map parallel [2, 3] ins(%x : tensor<2x3xindex>) outs(%e : tensor<3x2xindex>)
      maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j, i)>] body {
  ^bb0(%in: index):
    %i = nn.index 0
    %sum = arith.addi %in, %i : index
    nn.yield %sum : index
  } -> tensor<3x2xindex>
  return %y : tensor<3x2xindex>
}

// -----

// CHECK-DAG: #[[IN:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0 + d3, d1 + d4, d2)>
// CHECK-DAG: #[[OUT:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2)>
// CHECK-LABEL: @loops_in_order_stay
// CHECK: nn.reduce parallel [6, 6, 4] reduction [3, 3]
// CHECK-SAME: maps [#[[IN]], #[[OUT]]]
func.func @loops_in_order_stay(%x: tensor<8x8x4xf32>) -> tensor<6x6x4xf32> {
  %e = tensor.empty() : tensor<6x6x4xf32>
  %y = nn.reduce parallel [6, 6, 4] reduction [3, 3] ins(%x : tensor<8x8x4xf32>) outs(%e : tensor<6x6x4xf32>)
      maps [affine_map<(h, w, c, kh, kw) -> (h + kh, w + kw, c)>, affine_map<(h, w, c, kh, kw) -> (h, w, c)>]
      init [0.0 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %s = arith.addf %in, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<6x6x4xf32>
  return %y : tensor<6x6x4xf32>
}
