// RUN: tenon-opt %s --split-input-file -verify-diagnostics

func.func @map_reads_outside(%x: tensor<8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  // expected-error@+1 {{map of operand 0 yields indices 1 to 8 in dimension 0, whose size is 8}}
  %y = nn.map parallel [8] ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>)
      maps [affine_map<(i) -> (i + 1)>, affine_map<(i) -> (i)>] body {
  ^bb0(%in: f32):
    nn.yield %in : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

// Only what a reduction runs over is cut to the operand.
func.func @row_outside_of_a_product(%x: tensor<3x4xf32>, %w: tensor<4xf32>) -> tensor<5xf32> {
  %e = tensor.empty() : tensor<5xf32>
  // expected-error@+1 {{map of operand 0 yields indices -1 to 3 in dimension 0, whose size is 3}}
  %y = nn.contract parallel [5] reduction [4] ins(%x, %w : tensor<3x4xf32>, tensor<4xf32>) outs(%e : tensor<5xf32>)
      maps [affine_map<(i, k) -> (i - 1, k)>, affine_map<(i, k) -> (k)>, affine_map<(i, k) -> (i)>] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<5xf32>
  return %y : tensor<5xf32>
}
