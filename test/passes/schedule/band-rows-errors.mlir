// RUN: not tenon-opt %s --split-input-file --band-rows="max-ram=520 io-in-arena" 2>&1 | FileCheck %s

#window = affine_map<(h, c, k) -> (h + k - 1, c)>
#weights = affine_map<(h, c, k) -> (k, c)>
#out = affine_map<(h, c, k) -> (h, c)>

// What is read later is no place for a result.
// CHECK: error: an arena of 1152 bytes, where --max-ram allows 520; most is in use at
// CHECK-NEXT: note: hint: row bands do not help there
// CHECK-NEXT: note: hint: inputs and outputs lie in the arena
func.func @read_later(%x: tensor<12x8xf32>) -> (tensor<12x8xf32>, tensor<12x8xf32>) {
  %e = tensor.empty() : tensor<12x8xf32>
  %w = arith.constant dense<1.0> : tensor<3x8xf32>
  %a = nn.contract parallel [12, 8] reduction [3] ins(%x, %w : tensor<12x8xf32>, tensor<3x8xf32>) outs(%e : tensor<12x8xf32>) maps [#window, #weights, #out] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<12x8xf32>
  %b = nn.map parallel [12, 8] ins(%x : tensor<12x8xf32>) outs(%e : tensor<12x8xf32>) maps [affine_map<(h, c) -> (h, c)>, affine_map<(h, c) -> (11 - h, c)>] body {
  ^bb0(%v: f32):
    nn.yield %v : f32
  } -> tensor<12x8xf32>
  return %a, %b : tensor<12x8xf32>, tensor<12x8xf32>
}

// -----

#window = affine_map<(h, c, k) -> (h + k - 1, c)>
#weights = affine_map<(h, c, k) -> (k, c)>
#out = affine_map<(h, c, k) -> (h, c)>

// How far bands would get, and what they cost; the memory file is a limit as well as the option.
// CHECK: error: an arena of 768 bytes, where the memory file has room for 256 bytes in dtcm, 500 in sram; most is in use at
// CHECK-NEXT: note: hint: with row bands it fits into 512 bytes
// CHECK-NEXT: note: hint: row bands add work, about {{[0-9.]+}} % for 512 bytes, {{[0-9.]+}} % for {{5[0-9]+}} bytes, {{.*}} bytes{{$}}
module attributes {kernel.regions = [
    {name = "dtcm", ram, size = 256 : i64}, {name = "flash", size = 9999 : i64}, {name = "sram", ram, size = 500 : i64}]} {
func.func @regions(%x: tensor<12x8xf32>) -> tensor<12x8xf32> {
  %e = tensor.empty() : tensor<12x8xf32>
  %w = arith.constant dense<1.0> : tensor<3x8xf32>
  %a = nn.contract parallel [12, 8] reduction [3] ins(%x, %w : tensor<12x8xf32>, tensor<3x8xf32>) outs(%e : tensor<12x8xf32>) maps [#window, #weights, #out] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<12x8xf32>
  return %a : tensor<12x8xf32>
}
}
