// RUN: tenon-opt %s -fold-weights | FileCheck %s --check-prefixes=CHECK,KEEP
// RUN: tenon-opt %s -fold-weights=fold-dequantize=true | FileCheck %s --check-prefixes=CHECK,FOLD

// Weights that are int8 in the file stay int8 in flash, unless asked.

// CHECK-LABEL: @weights_stay_integers
// KEEP-NEXT: %[[W:.*]] = arith.constant {{.*}} : tensor<8x9xi8>
// KEEP: nn.map {{.*}} ins(%[[W]]
// FOLD-NOT: nn.map
// FOLD: arith.constant dense<{{\[\[}}-6.400000e+01, {{.*}} : tensor<8x9xf32>
func.func @weights_stay_integers() -> tensor<8x9xf32> {
  %w = arith.constant dense<"0x808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7"> : tensor<8x9xi8>
  %init = tensor.empty() : tensor<8x9xf32>
  %y = nn.map parallel [8, 9] ins(%w : tensor<8x9xi8>) outs(%init : tensor<8x9xf32>)
      maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%x: i8):
    %f = arith.sitofp %x : i8 to f32
    %half = arith.constant 0.5 : f32
    %0 = arith.mulf %f, %half : f32
    nn.yield %0 : f32
  } -> tensor<8x9xf32>
  return %y : tensor<8x9xf32>
}

// CHECK-LABEL: @few_weights_fold
// CHECK-NOT: nn.map
// CHECK: arith.constant dense<[-1.280000e+02, 1.270000e+02]> : tensor<2xf32>
func.func @few_weights_fold() -> tensor<2xf32> {
  %w = arith.constant dense<[-128, 127]> : tensor<2xi8>
  %init = tensor.empty() : tensor<2xf32>
  %y = nn.map parallel [2] ins(%w : tensor<2xi8>) outs(%init : tensor<2xf32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%x: i8):
    %f = arith.sitofp %x : i8 to f32
    nn.yield %f : f32
  } -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// A bias of 32 bits gets no larger: it folds.

// CHECK-LABEL: @bias_folds
// CHECK-NOT: nn.map
func.func @bias_folds() -> tensor<100xf32> {
  %w = arith.constant dense<3> : tensor<100xi32>
  %init = tensor.empty() : tensor<100xf32>
  %y = nn.map parallel [100] ins(%w : tensor<100xi32>) outs(%init : tensor<100xf32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%x: i32):
    %i = nn.index 0
    %n = arith.index_cast %i : index to i32
    %sum = arith.addi %n, %x : i32
    %f = arith.sitofp %sum : i32 to f32
    nn.yield %f : f32
  } -> tensor<100xf32>
  return %y : tensor<100xf32>
}
