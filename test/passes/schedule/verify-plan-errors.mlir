// RUN: tenon-opt %s --split-input-file --verify-plan -verify-diagnostics

// Plans with a mistake each. The functions on tensors say what was meant.

#id = affine_map<(i) -> (i)>
#back = affine_map<(i) -> (3 - i)>

func.func private @two_values_tensors(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %a = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<4xf32>
  %b = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) maps [#back, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<4xf32>
  %y = nn.map parallel [4] ins(%a, %b : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) maps [#id, #id, #id] body {
  ^bb0(%v: f32, %w: f32):
    %n = arith.addf %v, %w : f32
    nn.yield %n : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// %b lies over the second half of %a, which is still needed.
func.func @two_values(%x: memref<4xf32>, %y: memref<4xf32>, %arena: memref<24xi8>) attributes {nn.reference = @two_values_tensors} {
  %a = kernel.slice %arena, 0 : memref<24xi8> to memref<4xf32>
  %b = kernel.slice %arena, 8 : memref<24xi8> to memref<4xf32>
  nn.map parallel [4] ins(%x : memref<4xf32>) outs(%a : memref<4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  }
  nn.map parallel [4] ins(%x : memref<4xf32>) outs(%b : memref<4xf32>) maps [#back, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  }
  // expected-error @below {{operand 0 is not as planned: at byte 8, expected byte 8 of layer 0, found byte 0 of layer 1}}
  nn.map parallel [4] ins(%a, %b : memref<4xf32>, memref<4xf32>) outs(%y : memref<4xf32>) maps [#id, #id, #id] body {
  ^bb0(%v: f32, %w: f32):
    %n = arith.addf %v, %w : f32
    nn.yield %n : f32
  }
  return
}

// -----

#id = affine_map<(i) -> (i)>
#back = affine_map<(i) -> (3 - i)>

func.func private @backwards_tensors(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %a = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<4xf32>
  %y = nn.map parallel [4] ins(%a : tensor<4xf32>) outs(%e : tensor<4xf32>) maps [#back, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

func.func @backwards(%x: memref<4xf32>, %y: memref<4xf32>, %arena: memref<0xi8>) attributes {nn.reference = @backwards_tensors} {
  nn.map parallel [4] ins(%x : memref<4xf32>) outs(%y : memref<4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  }
  // expected-error @below {{operand 1 overwrites operand 0, which is read at other points}}
  nn.map parallel [4] ins(%y : memref<4xf32>) outs(%y : memref<4xf32>) maps [#back, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  }
  return
}

// -----

#id = affine_map<(i) -> (i)>

func.func private @input_is_written_tensors(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %y = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

func.func @input_is_written(%x: memref<4xf32>, %y: memref<4xf32>, %arena: memref<0xi8>) attributes {nn.reference = @input_is_written_tensors} {
  // expected-error @below {{operand 1 is written, and is no memory to write}}
  nn.map parallel [4] ins(%x : memref<4xf32>) outs(%x : memref<4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  }
  return
}

// -----

#id = affine_map<(i) -> (i)>

func.func private @view_leaves_the_arena_tensors(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %y = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

func.func @view_leaves_the_arena(%x: memref<4xf32>, %y: memref<4xf32>, %arena: memref<16xi8>) attributes {nn.reference = @view_leaves_the_arena_tensors} {
  %a = kernel.slice %arena, 0 : memref<16xi8> to memref<4xf32>
  %v = memref.reinterpret_cast %a to offset: [1], sizes: [4], strides: [1] : memref<4xf32> to memref<4xf32, strided<[1], offset: 1>>
  // expected-error @below {{operand 1 leaves its buffer of 16 bytes}}
  nn.map parallel [4] ins(%x : memref<4xf32>) outs(%v : memref<4xf32, strided<[1], offset: 1>>) maps [#id, #id] body {
  ^bb0(%in: f32):
    %n = arith.negf %in : f32
    nn.yield %n : f32
  }
  return
}

// -----

#id = affine_map<(i) -> (i)>

func.func private @pad_is_not_filled_tensors(%x: tensor<4xf32>) -> tensor<6xf32> {
  %y = nn.assemble (%x at [1]) fill 0.0 : f32 : (tensor<4xf32>) -> tensor<6xf32>
  return %y : tensor<6xf32>
}

// expected-error @below {{output 0 is not as planned: at byte 0, expected byte 0 of fill 00000000, found byte 0 of nobody}}
func.func @pad_is_not_filled(%x: memref<4xf32>, %y: memref<6xf32>, %arena: memref<0xi8>) attributes {nn.reference = @pad_is_not_filled_tensors} {
  %v = memref.reinterpret_cast %y to offset: [1], sizes: [4], strides: [1] : memref<6xf32> to memref<4xf32, strided<[1], offset: 1>>
  nn.map parallel [4] ins(%x : memref<4xf32>) outs(%v : memref<4xf32, strided<[1], offset: 1>>) maps [#id, #id] body {
  ^bb0(%in: f32):
    nn.yield %in : f32
  }
  return
}

// -----

#id = affine_map<(i) -> (i)>

func.func private @layer_is_missing_tensors(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %y = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// expected-error @below {{lacks layers of the function on tensors}}
func.func @layer_is_missing(%x: memref<4xf32>, %y: memref<4xf32>, %arena: memref<0xi8>) attributes {nn.reference = @layer_is_missing_tensors} {
  return
}

// -----

// expected-error @below {{names no function on tensors: @nowhere}}
func.func @no_reference(%x: memref<4xf32>) attributes {nn.reference = @nowhere} {
  return
}

// -----

#id = affine_map<(i) -> (i)>

func.func private @input_is_overwritten_tensors(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %a = nn.map parallel [4] ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<4xf32>
  %y = nn.map parallel [4] ins(%x, %a : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) maps [#id, #id, #id] body {
  ^bb0(%v: f32, %w: f32):
    %n = arith.addf %v, %w : f32
    nn.yield %n : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// Everything lies at the beginning of the arena: the first layer writes over an input that the second one reads.
func.func @input_is_overwritten(%arena: memref<16xi8> {nn.input_offsets = array<i64: 0>, nn.output_offsets = array<i64: 0>}) attributes {nn.reference = @input_is_overwritten_tensors} {
  %m = kernel.slice %arena, 0 : memref<16xi8> to memref<4xf32>
  nn.map parallel [4] ins(%m : memref<4xf32>) outs(%m : memref<4xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  }
  // expected-error @below {{operand 0 is not as planned: at byte 0, expected byte 0 of input 0, found byte 0 of layer 0}}
  nn.map parallel [4] ins(%m, %m : memref<4xf32>, memref<4xf32>) outs(%m : memref<4xf32>) maps [#id, #id, #id] body {
  ^bb0(%v: f32, %w: f32):
    %n = arith.addf %v, %w : f32
    nn.yield %n : f32
  }
  return
}

// -----

func.func private @output_leaves_the_arena_tensors(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// expected-error @below {{has an input or output outside of its arena of 20 bytes}}
func.func @output_leaves_the_arena(%arena: memref<20xi8> {nn.input_offsets = array<i64: 0>, nn.output_offsets = array<i64: 8>}) attributes {nn.reference = @output_leaves_the_arena_tensors} {
  return
}

// -----

func.func private @arena_says_nothing_tensors(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// expected-error @below {{expected inputs, outputs and an arena as arguments}}
func.func @arena_says_nothing(%arena: memref<20xi8>) attributes {nn.reference = @arena_says_nothing_tensors} {
  return
}
