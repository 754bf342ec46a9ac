// RUN: tenon-opt %s --split-input-file --expand-bands -verify-diagnostics

#id = affine_map<(i, j) -> (i, j)>

func.func @little_scratch(%x: memref<6x4xf32>, %y: memref<6x4xf32>, %s: memref<56xi8>) {
  // expected-error @below {{needs 64 bytes of scratch memory}}
  nn.bands height 2 ins(%x : memref<6x4xf32>) outs(%y, %s : memref<6x4xf32>, memref<56xi8>) body {
  ^bb0(%in: tensor<6x4xf32>):
    %t = tensor.empty() : tensor<6x4xf32>
    %p = nn.map parallel [6, 4] ins(%in : tensor<6x4xf32>) outs(%t : tensor<6x4xf32>) maps [#id, #id] body {
    ^bb0(%v: f32):
      %n = arith.negf %v : f32
      nn.yield %n : f32
    } -> tensor<6x4xf32>
    %q = nn.map parallel [6, 4] ins(%p : tensor<6x4xf32>) outs(%t : tensor<6x4xf32>) maps [#id, #id] body {
    ^bb0(%v: f32):
      %n = arith.addf %v, %v : f32
      nn.yield %n : f32
    } -> tensor<6x4xf32>
    nn.yield %q : tensor<6x4xf32>
  }
  return
}

// -----

#id = affine_map<(i, j) -> (i, j)>

func.func @on_tensors(%x: tensor<6x4xf32>, %y: tensor<6x4xf32>, %s: tensor<96xi8>) -> tensor<6x4xf32> {
  // expected-error @below {{is on tensors: it has not been planned}}
  %r:2 = nn.bands height 2 ins(%x : tensor<6x4xf32>) outs(%y, %s : tensor<6x4xf32>, tensor<96xi8>) body {
  ^bb0(%in: tensor<6x4xf32>):
    %t = tensor.empty() : tensor<6x4xf32>
    %p = nn.map parallel [6, 4] ins(%in : tensor<6x4xf32>) outs(%t : tensor<6x4xf32>) maps [#id, #id] body {
    ^bb0(%v: f32):
      %n = arith.negf %v : f32
      nn.yield %n : f32
    } -> tensor<6x4xf32>
    %q = nn.map parallel [6, 4] ins(%p : tensor<6x4xf32>) outs(%t : tensor<6x4xf32>) maps [#id, #id] body {
    ^bb0(%v: f32):
      %n = arith.addf %v, %v : f32
      nn.yield %n : f32
    } -> tensor<6x4xf32>
    nn.yield %q : tensor<6x4xf32>
  } -> tensor<6x4xf32>, tensor<96xi8>
  return %r#0 : tensor<6x4xf32>
}

// -----

#id = affine_map<(i, j) -> (i, j)>

func.func @upside_down(%x: memref<6x4xf32>, %y: memref<6x4xf32>, %s: memref<96xi8>) {
  nn.bands height 2 ins(%x : memref<6x4xf32>) outs(%y, %s : memref<6x4xf32>, memref<96xi8>) body {
  ^bb0(%in: tensor<6x4xf32>):
    %t = tensor.empty() : tensor<6x4xf32>
    %p = nn.map parallel [6, 4] ins(%in : tensor<6x4xf32>) outs(%t : tensor<6x4xf32>) maps [#id, #id] body {
    ^bb0(%v: f32):
      %n = arith.negf %v : f32
      nn.yield %n : f32
    } -> tensor<6x4xf32>
    // expected-error @below {{cannot be computed row by row}}
    %q = nn.map parallel [6, 4] ins(%p : tensor<6x4xf32>) outs(%t : tensor<6x4xf32>) maps [affine_map<(i, j) -> (5 - i, j)>, #id] body {
    ^bb0(%v: f32):
      %n = arith.addf %v, %v : f32
      nn.yield %n : f32
    } -> tensor<6x4xf32>
    nn.yield %q : tensor<6x4xf32>
  }
  return
}

// -----

#id = affine_map<(i, j) -> (i, j)>

// Half of the rows for all of them.
func.func @another_speed(%x: memref<6x4xf32>, %y: memref<3x4xf32>, %s: memref<960xi8>) {
  // expected-error @below {{has rows that do not come out even at this height}}
  nn.bands height 2 ins(%x : memref<6x4xf32>) outs(%y, %s : memref<3x4xf32>, memref<960xi8>) body {
  ^bb0(%in: tensor<6x4xf32>):
    %e = tensor.empty() : tensor<6x4xf32>
    %f = tensor.empty() : tensor<3x4xf32>
    %a = nn.map parallel [6, 4] ins(%in : tensor<6x4xf32>) outs(%e : tensor<6x4xf32>) maps [#id, #id] body {
    ^bb0(%v: f32):
      %n = arith.negf %v : f32
      nn.yield %n : f32
    } -> tensor<6x4xf32>
    %b = nn.map parallel [3, 4] ins(%a, %a : tensor<6x4xf32>, tensor<6x4xf32>) outs(%f : tensor<3x4xf32>) maps [#id, affine_map<(i, j) -> (2 * i, j)>, #id] body {
    ^bb0(%v: f32, %w: f32):
      %n = arith.addf %v, %w : f32
      nn.yield %n : f32
    } -> tensor<3x4xf32>
    nn.yield %b : tensor<3x4xf32>
  }
  return
}
