// RUN: tenon-opt %s --split-input-file --plan-memory | FileCheck %s

// The first two of three numbers are a part of the result, beside a part that is written before: the third one must not
// go over it.
// CHECK-LABEL: func.func @part_of_a_larger_value
// CHECK-SAME: %[[Y:.*]]: memref<9xf32>
// CHECK: nn.map {{.*}} body
// CHECK: %[[SCRATCH:.*]] = kernel.slice {{.*}} to memref<3xf32>
// CHECK: nn.map {{.*}} outs(%[[SCRATCH]] : memref<3xf32>)
func.func @part_of_a_larger_value(%x: tensor<7xf32>, %p: tensor<3xf32>, %q: tensor<3xf32>) -> tensor<9xf32> {
  %e4 = tensor.empty() : tensor<4xf32>
  %r = nn.map parallel [4] ins(%x : tensor<7xf32>) outs(%e4 : tensor<4xf32>)
      maps [affine_map<(i) -> (i + 3)>, affine_map<(i) -> (i)>] body {
  ^bb0(%in: f32):
    nn.yield %in : f32
  } -> tensor<4xf32>
  %e3 = tensor.empty() : tensor<3xf32>
  %m = nn.map parallel [3] ins(%p, %q : tensor<3xf32>, tensor<3xf32>) outs(%e3 : tensor<3xf32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%a: f32, %b: f32):
    %max = arith.maximumf %a, %b : f32
    nn.yield %max : f32
  } -> tensor<3xf32>
  %e2 = tensor.empty() : tensor<2xf32>
  %c = nn.map parallel [2] ins(%m : tensor<3xf32>) outs(%e2 : tensor<2xf32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%in: f32):
    nn.yield %in : f32
  } -> tensor<2xf32>
  %y = nn.assemble (%c at [0], %r at [2], %p at [6]) : (tensor<2xf32>, tensor<4xf32>, tensor<3xf32>) -> tensor<9xf32>
  return %y : tensor<9xf32>
}

// -----

// A change of the sign alone copies bytes, if anything.
// CHECK-LABEL: func.func @sign
func.func @sign(%x: tensor<4xi8>) -> tensor<4xui8> {
  %e = tensor.empty() : tensor<4xui8>
  %y = nn.map parallel [4] ins(%x : tensor<4xi8>) outs(%e : tensor<4xui8>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%in: i8):
    nn.yield %in : i8
  } -> tensor<4xui8>
  return %y : tensor<4xui8>
}
