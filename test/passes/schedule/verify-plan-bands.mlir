// RUN: tenon-opt %s --split-input-file --verify-plan -verify-diagnostics

// Chains in bands: their scratch memory is written, though nobody reads it, and overlaps nothing of theirs.

#id = affine_map<(i, j) -> (i, j)>

func.func private @right_tensors(%x: tensor<6x4xf32>) -> tensor<6x4xf32> {
  %e = tensor.empty() : tensor<6x4xf32>
  %s = tensor.empty() : tensor<96xi8>
  %a = nn.map parallel [6, 4] ins(%x : tensor<6x4xf32>) outs(%e : tensor<6x4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<6x4xf32>
  %r:2 = nn.bands height 2 ins(%x : tensor<6x4xf32>) outs(%e, %s : tensor<6x4xf32>, tensor<96xi8>) body {
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
  %y = nn.map parallel [6, 4] ins(%a, %r#0 : tensor<6x4xf32>, tensor<6x4xf32>) outs(%e : tensor<6x4xf32>) maps [#id, #id, #id] body {
  ^bb0(%v: f32, %w: f32):
    %n = arith.addf %v, %w : f32
    nn.yield %n : f32
  } -> tensor<6x4xf32>
  return %y : tensor<6x4xf32>
}

func.func @right(%x: memref<6x4xf32>, %y: memref<6x4xf32>, %arena: memref<288xi8>) attributes {nn.reference = @right_tensors} {
  %0 = kernel.slice %arena, 0 : memref<288xi8> to memref<24xf32>
  %a = memref.reinterpret_cast %0 to offset: [0], sizes: [6, 4], strides: [4, 1] : memref<24xf32> to memref<6x4xf32>
  %1 = kernel.slice %arena, 96 : memref<288xi8> to memref<24xf32>
  %r = memref.reinterpret_cast %1 to offset: [0], sizes: [6, 4], strides: [4, 1] : memref<24xf32> to memref<6x4xf32>
  %s = kernel.slice %arena, 192 : memref<288xi8> to memref<96xi8>
  nn.map parallel [6, 4] ins(%x : memref<6x4xf32>) outs(%a : memref<6x4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  }
  nn.bands height 2 ins(%x : memref<6x4xf32>) outs(%r, %s : memref<6x4xf32>, memref<96xi8>) body {
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
  nn.map parallel [6, 4] ins(%a, %r : memref<6x4xf32>, memref<6x4xf32>) outs(%y : memref<6x4xf32>) maps [#id, #id, #id] body {
  ^bb0(%v: f32, %w: f32):
    %n = arith.addf %v, %w : f32
    nn.yield %n : f32
  }
  return
}

// -----

#id = affine_map<(i, j) -> (i, j)>

func.func private @scratch_over_a_value_tensors(%x: tensor<6x4xf32>) -> tensor<6x4xf32> {
  %e = tensor.empty() : tensor<6x4xf32>
  %s = tensor.empty() : tensor<96xi8>
  %a = nn.map parallel [6, 4] ins(%x : tensor<6x4xf32>) outs(%e : tensor<6x4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<6x4xf32>
  %r:2 = nn.bands height 2 ins(%x : tensor<6x4xf32>) outs(%e, %s : tensor<6x4xf32>, tensor<96xi8>) body {
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
  %y = nn.map parallel [6, 4] ins(%a, %r#0 : tensor<6x4xf32>, tensor<6x4xf32>) outs(%e : tensor<6x4xf32>) maps [#id, #id, #id] body {
  ^bb0(%v: f32, %w: f32):
    %n = arith.addf %v, %w : f32
    nn.yield %n : f32
  } -> tensor<6x4xf32>
  return %y : tensor<6x4xf32>
}

// What is in the scratch memory is lost.
func.func @scratch_over_a_value(%x: memref<6x4xf32>, %y: memref<6x4xf32>, %arena: memref<288xi8>) attributes {nn.reference = @scratch_over_a_value_tensors} {
  %0 = kernel.slice %arena, 0 : memref<288xi8> to memref<24xf32>
  %a = memref.reinterpret_cast %0 to offset: [0], sizes: [6, 4], strides: [4, 1] : memref<24xf32> to memref<6x4xf32>
  %1 = kernel.slice %arena, 192 : memref<288xi8> to memref<24xf32>
  %r = memref.reinterpret_cast %1 to offset: [0], sizes: [6, 4], strides: [4, 1] : memref<24xf32> to memref<6x4xf32>
  %s = kernel.slice %arena, 32 : memref<288xi8> to memref<96xi8>
  nn.map parallel [6, 4] ins(%x : memref<6x4xf32>) outs(%a : memref<6x4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  }
  nn.bands height 2 ins(%x : memref<6x4xf32>) outs(%r, %s : memref<6x4xf32>, memref<96xi8>) body {
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
  // expected-error @below {{operand 0 is not as planned: at byte 32, expected byte 32 of layer 0, found byte 0 of layer 1 result 1}}
  nn.map parallel [6, 4] ins(%a, %r : memref<6x4xf32>, memref<6x4xf32>) outs(%y : memref<6x4xf32>) maps [#id, #id, #id] body {
  ^bb0(%v: f32, %w: f32):
    %n = arith.addf %v, %w : f32
    nn.yield %n : f32
  }
  return
}

// -----

#id = affine_map<(i, j) -> (i, j)>

func.func private @scratch_over_the_result_tensors(%x: tensor<6x4xf32>) -> tensor<6x4xf32> {
  %e = tensor.empty() : tensor<6x4xf32>
  %s = tensor.empty() : tensor<96xi8>
  %a = nn.map parallel [6, 4] ins(%x : tensor<6x4xf32>) outs(%e : tensor<6x4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<6x4xf32>
  %r:2 = nn.bands height 2 ins(%x : tensor<6x4xf32>) outs(%e, %s : tensor<6x4xf32>, tensor<96xi8>) body {
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
  %y = nn.map parallel [6, 4] ins(%a, %r#0 : tensor<6x4xf32>, tensor<6x4xf32>) outs(%e : tensor<6x4xf32>) maps [#id, #id, #id] body {
  ^bb0(%v: f32, %w: f32):
    %n = arith.addf %v, %w : f32
    nn.yield %n : f32
  } -> tensor<6x4xf32>
  return %y : tensor<6x4xf32>
}

func.func @scratch_over_the_result(%x: memref<6x4xf32>, %y: memref<6x4xf32>, %arena: memref<288xi8>) attributes {nn.reference = @scratch_over_the_result_tensors} {
  %0 = kernel.slice %arena, 0 : memref<288xi8> to memref<24xf32>
  %a = memref.reinterpret_cast %0 to offset: [0], sizes: [6, 4], strides: [4, 1] : memref<24xf32> to memref<6x4xf32>
  %1 = kernel.slice %arena, 96 : memref<288xi8> to memref<24xf32>
  %r = memref.reinterpret_cast %1 to offset: [0], sizes: [6, 4], strides: [4, 1] : memref<24xf32> to memref<6x4xf32>
  %s = kernel.slice %arena, 184 : memref<288xi8> to memref<96xi8>
  nn.map parallel [6, 4] ins(%x : memref<6x4xf32>) outs(%a : memref<6x4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  }
  // expected-error @below {{operand 2 overwrites operand 1}}
  nn.bands height 2 ins(%x : memref<6x4xf32>) outs(%r, %s : memref<6x4xf32>, memref<96xi8>) body {
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
  nn.map parallel [6, 4] ins(%a, %r : memref<6x4xf32>, memref<6x4xf32>) outs(%y : memref<6x4xf32>) maps [#id, #id, #id] body {
  ^bb0(%v: f32, %w: f32):
    %n = arith.addf %v, %w : f32
    nn.yield %n : f32
  }
  return
}

// -----

#id = affine_map<(i, j) -> (i, j)>

func.func private @another_height_tensors(%x: tensor<6x4xf32>) -> tensor<6x4xf32> {
  %e = tensor.empty() : tensor<6x4xf32>
  %s = tensor.empty() : tensor<96xi8>
  %a = nn.map parallel [6, 4] ins(%x : tensor<6x4xf32>) outs(%e : tensor<6x4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<6x4xf32>
  %r:2 = nn.bands height 2 ins(%x : tensor<6x4xf32>) outs(%e, %s : tensor<6x4xf32>, tensor<96xi8>) body {
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
  %y = nn.map parallel [6, 4] ins(%a, %r#0 : tensor<6x4xf32>, tensor<6x4xf32>) outs(%e : tensor<6x4xf32>) maps [#id, #id, #id] body {
  ^bb0(%v: f32, %w: f32):
    %n = arith.addf %v, %w : f32
    nn.yield %n : f32
  } -> tensor<6x4xf32>
  return %y : tensor<6x4xf32>
}

func.func @another_height(%x: memref<6x4xf32>, %y: memref<6x4xf32>, %arena: memref<288xi8>) attributes {nn.reference = @another_height_tensors} {
  %0 = kernel.slice %arena, 0 : memref<288xi8> to memref<24xf32>
  %a = memref.reinterpret_cast %0 to offset: [0], sizes: [6, 4], strides: [4, 1] : memref<24xf32> to memref<6x4xf32>
  %1 = kernel.slice %arena, 96 : memref<288xi8> to memref<24xf32>
  %r = memref.reinterpret_cast %1 to offset: [0], sizes: [6, 4], strides: [4, 1] : memref<24xf32> to memref<6x4xf32>
  %s = kernel.slice %arena, 192 : memref<288xi8> to memref<96xi8>
  nn.map parallel [6, 4] ins(%x : memref<6x4xf32>) outs(%a : memref<6x4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  }
  // expected-error @below {{is not the next chain on tensors}}
  nn.bands height 3 ins(%x : memref<6x4xf32>) outs(%r, %s : memref<6x4xf32>, memref<96xi8>) body {
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
  nn.map parallel [6, 4] ins(%a, %r : memref<6x4xf32>, memref<6x4xf32>) outs(%y : memref<6x4xf32>) maps [#id, #id, #id] body {
  ^bb0(%v: f32, %w: f32):
    %n = arith.addf %v, %w : f32
    nn.yield %n : f32
  }
  return
}
