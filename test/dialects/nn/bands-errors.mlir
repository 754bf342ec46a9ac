// RUN: tenon-opt %s --split-input-file -verify-diagnostics

#id = affine_map<(i, j) -> (i, j)>

func.func @no_scratch(%x: memref<6x4xf32>, %y: memref<6x4xf32>) {
  // expected-error @below {{expected rows to read, a result and scratch memory}}
  nn.bands height 2 ins(%x : memref<6x4xf32>) outs(%y : memref<6x4xf32>) body {
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

func.func @another_shape(%x: memref<5x4xf32>, %y: memref<6x4xf32>, %s: memref<96xi8>) {
  // expected-error @below {{expected the body to take tensors like the inputs}}
  nn.bands height 2 ins(%x : memref<5x4xf32>) outs(%y, %s : memref<6x4xf32>, memref<96xi8>) body {
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

func.func @mixed(%x: memref<6x4xf32>, %y: tensor<6x4xf32>, %s: memref<96xi8>) {
  // expected-error @below {{expected all operands to be memrefs}}
  nn.bands height 2 ins(%x : memref<6x4xf32>) outs(%y, %s : tensor<6x4xf32>, memref<96xi8>) body {
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

func.func @yields_another(%x: memref<6x4xf32>, %y: memref<6x4xf32>, %s: memref<96xi8>) {
  // expected-error @below {{expected the body to yield its last layer, the first output}}
  nn.bands height 2 ins(%x : memref<6x4xf32>) outs(%y, %s : memref<6x4xf32>, memref<96xi8>) body {
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
    nn.yield %p : tensor<6x4xf32>
  }
  return
}

// -----

#id = affine_map<(i, j) -> (i, j)>

func.func @unread(%x: memref<6x4xf32>, %y: memref<6x4xf32>, %s: memref<96xi8>) {
  nn.bands height 2 ins(%x : memref<6x4xf32>) outs(%y, %s : memref<6x4xf32>, memref<96xi8>) body {
  ^bb0(%in: tensor<6x4xf32>):
    %t = tensor.empty() : tensor<6x4xf32>
    // expected-error @below {{is read by no other layer of the body}}
    %p = nn.map parallel [6, 4] ins(%in : tensor<6x4xf32>) outs(%t : tensor<6x4xf32>) maps [#id, #id] body {
    ^bb0(%v: f32):
      %n = arith.negf %v : f32
      nn.yield %n : f32
    } -> tensor<6x4xf32>
    %q = nn.map parallel [6, 4] ins(%in : tensor<6x4xf32>) outs(%t : tensor<6x4xf32>) maps [#id, #id] body {
    ^bb0(%v: f32):
      %n = arith.addf %v, %v : f32
      nn.yield %n : f32
    } -> tensor<6x4xf32>
    nn.yield %q : tensor<6x4xf32>
  }
  return
}
