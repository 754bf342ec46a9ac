// RUN: tenon-opt %s --split-input-file --split-sums | FileCheck %s

// CHECK-DAG: #[[ALL:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[OUTER:.*]] = affine_map<(d0, d1) -> (d0)>
// CHECK-DAG: #[[ONE:.*]] = affine_map<(d0) -> (d0)>
// CHECK-LABEL: @mean_of_a_million
func.func @mean_of_a_million(%x: tensor<1000x1000xf32>) -> tensor<f32> {
  %e = tensor.empty() : tensor<f32>
  // CHECK: %[[SUMS:.*]] = nn.reduce parallel [1000] reduction [1000] {{.*}} maps [#[[ALL]], #[[OUTER]]]
  // CHECK: arith.mulf
  // CHECK: nn.reduce parallel [] reduction [1000] ins(%[[SUMS]] : tensor<1000xf32>) {{.*}} maps [#[[ONE]],
  // CHECK: arith.addf
  // CHECK: } epilogue {
  // CHECK: arith.divf
  %y = nn.reduce parallel [] reduction [1000, 1000] ins(%x : tensor<1000x1000xf32>) outs(%e : tensor<f32>)
      maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> ()>] init [0.0 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %square = arith.mulf %in, %in : f32
    %sum = arith.addf %square, %acc : f32
    nn.yield %sum : f32
  } epilogue {
  ^bb0(%acc: f32):
    %n = arith.constant 1.0e6 : f32
    %mean = arith.divf %acc, %n : f32
    nn.yield %mean : f32
  } -> tensor<f32>
  return %y : tensor<f32>
}

// -----

// 20,000 are 5 times 4,000.
// CHECK: #[[CUT:.*]] = affine_map<(d0, d1, d2) -> (d0, d1 * 4000 + d2)>
// CHECK-LABEL: @long_row
func.func @long_row(%x: tensor<3x20000xf32>) -> tensor<3xf32> {
  %e = tensor.empty() : tensor<3xf32>
  // CHECK: nn.reduce parallel [3, 5] reduction [4000] {{.*}} maps [#[[CUT]],
  // CHECK: nn.reduce parallel [3] reduction [5]
  %y = nn.reduce parallel [3] reduction [20000] ins(%x : tensor<3x20000xf32>) outs(%e : tensor<3xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>] init [0.0 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %sum = arith.addf %acc, %in : f32
    nn.yield %sum : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<3xf32>
  return %y : tensor<3xf32>
}

// -----

// CHECK-LABEL: @short_sum
func.func @short_sum(%x: tensor<16384xf32>) -> tensor<f32> {
  %e = tensor.empty() : tensor<f32>
  // CHECK: nn.reduce parallel [] reduction [16384]
  %y = nn.reduce parallel [] reduction [16384] ins(%x : tensor<16384xf32>) outs(%e : tensor<f32>)
      maps [affine_map<(k) -> (k)>, affine_map<(k) -> ()>] init [0.0 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %sum = arith.addf %acc, %in : f32
    nn.yield %sum : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<f32>
  return %y : tensor<f32>
}

// -----

// A maximum does not round.
// CHECK-LABEL: @maximum
func.func @maximum(%x: tensor<20000xf32>) -> tensor<f32> {
  %e = tensor.empty() : tensor<f32>
  // CHECK: nn.reduce parallel [] reduction [20000]
  %y = nn.reduce parallel [] reduction [20000] ins(%x : tensor<20000xf32>) outs(%e : tensor<f32>)
      maps [affine_map<(k) -> (k)>, affine_map<(k) -> ()>] init [0xFF800000 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %max = arith.maximumf %acc, %in : f32
    nn.yield %max : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<f32>
  return %y : tensor<f32>
}
