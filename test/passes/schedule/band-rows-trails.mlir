// RUN: tenon-opt %s --band-rows="max-ram=520 io-in-arena" | FileCheck %s

#window = affine_map<(h, c, k) -> (h + k - 1, c)>
#weights = affine_map<(h, c, k) -> (k, c)>
#out = affine_map<(h, c, k) -> (h, c)>

// One layer, whose result lies over rows of the input that have been read: 384 bytes and four rows instead of 768.
// CHECK-LABEL: @one_layer
// CHECK: nn.bands height 1 ins(%arg0, %{{.*}} : tensor<12x8xf32>, tensor<3x8xf32>) outs(%{{.*}} : tensor<12x8xf32>, tensor<128xi8>)
func.func @one_layer(%x: tensor<12x8xf32>) -> tensor<12x8xf32> {
  %e = tensor.empty() : tensor<12x8xf32>
  %w = arith.constant dense<1.0> : tensor<3x8xf32>
  %a = nn.contract parallel [12, 8] reduction [3] ins(%x, %w : tensor<12x8xf32>, tensor<3x8xf32>) outs(%e : tensor<12x8xf32>) maps [#window, #weights, #out] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<12x8xf32>
  return %a : tensor<12x8xf32>
}
