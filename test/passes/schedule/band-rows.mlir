// RUN: tenon-opt %s --split-input-file --band-rows=max-ram=400 | FileCheck %s
// RUN: tenon-opt %s --split-input-file --band-rows | FileCheck %s --check-prefix=NONE

// Without a limit there are no bands.
// NONE-NOT: nn.bands

#window = affine_map<(h, c, k) -> (h + k - 1, c)>
#weights = affine_map<(h, c, k) -> (k, c)>
#out = affine_map<(h, c, k) -> (h, c)>
#id = affine_map<(h, c) -> (h, c)>

// All rows of %a and %b would need 768 bytes. In bands of three rows, 5 of %a are 160 bytes, beside 5 of %x, and then, in
// the same place, 3 of %b and 3 of %y.
// CHECK-LABEL: @windows
// CHECK: nn.bands height 3 ins(%arg0, %arg1 : tensor<12x8xf32>, tensor<3x8xf32>) outs(%{{.*}} : tensor<12x8xf32>, tensor<352xi8>) body {
// CHECK-NEXT: ^bb0(%[[X:.*]]: tensor<12x8xf32>, %[[W:.*]]: tensor<3x8xf32>):
// CHECK: %[[A:.*]] = nn.contract parallel [12, 8] reduction [3] ins(%[[X]], %[[W]] :
// CHECK: %[[B:.*]] = nn.contract parallel [12, 8] reduction [3] ins(%[[A]], %[[W]] :
// CHECK: %[[Y:.*]] = nn.map parallel [12, 8] ins(%[[B]] :
// CHECK: nn.yield %[[Y]] : tensor<12x8xf32>
// CHECK-NEXT: } -> tensor<12x8xf32>, tensor<352xi8>
func.func @windows(%x: tensor<12x8xf32>, %w: tensor<3x8xf32>) -> tensor<12x8xf32> {
  %e = tensor.empty() : tensor<12x8xf32>
  %a = nn.contract parallel [12, 8] reduction [3] ins(%x, %w : tensor<12x8xf32>, tensor<3x8xf32>) outs(%e : tensor<12x8xf32>) maps [#window, #weights, #out] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<12x8xf32>
  %b = nn.contract parallel [12, 8] reduction [3] ins(%a, %w : tensor<12x8xf32>, tensor<3x8xf32>) outs(%e : tensor<12x8xf32>) maps [#window, #weights, #out] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<12x8xf32>
  %y = nn.map parallel [12, 8] ins(%b : tensor<12x8xf32>) outs(%e : tensor<12x8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<12x8xf32>
  return %y : tensor<12x8xf32>
}

// -----

#window = affine_map<(h, c, k) -> (h + k - 1, c)>
#weights = affine_map<(h, c, k) -> (k, c)>
#out = affine_map<(h, c, k) -> (h, c)>

// What is small enough stays as it is.
// CHECK-LABEL: @small
// CHECK-NOT: nn.bands
func.func @small(%x: tensor<12x8xf32>, %w: tensor<3x8xf32>) -> tensor<12x8xf32> {
  %e = tensor.empty() : tensor<12x8xf32>
  %a = nn.contract parallel [12, 8] reduction [3] ins(%x, %w : tensor<12x8xf32>, tensor<3x8xf32>) outs(%e : tensor<12x8xf32>) maps [#window, #weights, #out] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<12x8xf32>
  %b = nn.contract parallel [12, 8] reduction [3] ins(%a, %w : tensor<12x8xf32>, tensor<3x8xf32>) outs(%e : tensor<12x8xf32>) maps [#window, #weights, #out] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<12x8xf32>
  return %b : tensor<12x8xf32>
}

// -----

#window = affine_map<(h, c, k) -> (h + k - 1, c)>
#weights = affine_map<(h, c, k) -> (k, c)>
#out = affine_map<(h, c, k) -> (h, c)>

// A residual block: %x is read twice, and nobody else reads %a. The sum at the end is of rows, too.
// CHECK-LABEL: @residual
// CHECK: nn.bands height 2 ins(%arg0, %arg1 : tensor<16x8xf32>, tensor<3x8xf32>)
// CHECK: extras(%{{.*}} : tensor<16x8xf32>)
// CHECK: nn.reduce
func.func @residual(%x: tensor<16x8xf32>, %w: tensor<3x8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<16x8xf32>
  %s = tensor.empty() : tensor<8xf32>
  %a = nn.contract parallel [16, 8] reduction [3] ins(%x, %w : tensor<16x8xf32>, tensor<3x8xf32>) outs(%e : tensor<16x8xf32>) maps [#window, #weights, #out] epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<16x8xf32>
  %b = nn.contract parallel [16, 8] reduction [3] ins(%a, %w : tensor<16x8xf32>, tensor<3x8xf32>) extras(%x : tensor<16x8xf32>) outs(%e : tensor<16x8xf32>) maps [#window, #weights, #out, #out] epilogue {
  ^bb0(%acc: f32, %in: f32):
    %sum = arith.addf %acc, %in : f32
    nn.yield %sum : f32
  } -> tensor<16x8xf32>
  %m = nn.reduce parallel [8] reduction [16] ins(%b : tensor<16x8xf32>) outs(%s : tensor<8xf32>) maps [affine_map<(c, h) -> (h, c)>, affine_map<(c, h) -> (c)>] init [0xFF800000 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %max = arith.maximumf %in, %acc : f32
    nn.yield %max : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<8xf32>
  return %m : tensor<8xf32>
}
