// RUN: tenon-opt %s --split-input-file --verify-plan -verify-diagnostics

// Results over rows that have been read: of chains, and of copies row by row. Just far enough behind, and a little less.

#window = affine_map<(h, c, k, j) -> (h + k - 1, j)>
#weights = affine_map<(h, c, k, j) -> (k, j, c)>
#out = affine_map<(h, c, k, j) -> (h, c)>

func.func private @rows_in_time_tensors(%x: tensor<12x4xf32>, %w: tensor<3x4x8xf32>) -> tensor<12x8xf32> {
  %e = tensor.empty() : tensor<12x8xf32>
  %s = tensor.empty() : tensor<80xi8>
  %r:2 = nn.bands height 1 ins(%x, %w : tensor<12x4xf32>, tensor<3x4x8xf32>) outs(%e, %s : tensor<12x8xf32>, tensor<80xi8>) body {
  ^bb0(%in: tensor<12x4xf32>, %u: tensor<3x4x8xf32>):
    %t = tensor.empty() : tensor<12x8xf32>
    %p = nn.contract parallel [12, 8] reduction [3, 4] ins(%in, %u : tensor<12x4xf32>, tensor<3x4x8xf32>) outs(%t : tensor<12x8xf32>) maps [#window, #weights, #out] epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } -> tensor<12x8xf32>
    nn.yield %p : tensor<12x8xf32>
  } -> tensor<12x8xf32>, tensor<80xi8>
  return %r#0 : tensor<12x8xf32>
}

// Row 9 of the result ends at byte 320, where row 11 is, which is still to be read.
func.func @rows_in_time(%arena: memref<1024xi8> {nn.arena, nn.input_offsets = array<i64: 144, 528>, nn.output_offsets = array<i64: 0>}) attributes {nn.reference = @rows_in_time_tensors} {
  %0 = kernel.slice %arena, 144 : memref<1024xi8> to memref<48xf32>
  %x = memref.reinterpret_cast %0 to offset: [0], sizes: [12, 4], strides: [4, 1] : memref<48xf32> to memref<12x4xf32>
  %1 = kernel.slice %arena, 528 : memref<1024xi8> to memref<96xf32>
  %w = memref.reinterpret_cast %1 to offset: [0], sizes: [3, 4, 8], strides: [32, 8, 1] : memref<96xf32> to memref<3x4x8xf32>
  %2 = kernel.slice %arena, 0 : memref<1024xi8> to memref<96xf32>
  %y = memref.reinterpret_cast %2 to offset: [0], sizes: [12, 8], strides: [8, 1] : memref<96xf32> to memref<12x8xf32>
  %s = kernel.slice %arena, 912 : memref<1024xi8> to memref<80xi8>
  nn.bands height 1 ins(%x, %w : memref<12x4xf32>, memref<3x4x8xf32>) outs(%y, %s : memref<12x8xf32>, memref<80xi8>) body {
  ^bb0(%in: tensor<12x4xf32>, %u: tensor<3x4x8xf32>):
    %t = tensor.empty() : tensor<12x8xf32>
    %p = nn.contract parallel [12, 8] reduction [3, 4] ins(%in, %u : tensor<12x4xf32>, tensor<3x4x8xf32>) outs(%t : tensor<12x8xf32>) maps [#window, #weights, #out] epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } -> tensor<12x8xf32>
    nn.yield %p : tensor<12x8xf32>
  }
  return
}

// -----

#window = affine_map<(h, c, k, j) -> (h + k - 1, j)>
#weights = affine_map<(h, c, k, j) -> (k, j, c)>
#out = affine_map<(h, c, k, j) -> (h, c)>

func.func private @rows_too_late_tensors(%x: tensor<12x4xf32>, %w: tensor<3x4x8xf32>) -> tensor<12x8xf32> {
  %e = tensor.empty() : tensor<12x8xf32>
  %s = tensor.empty() : tensor<80xi8>
  %r:2 = nn.bands height 1 ins(%x, %w : tensor<12x4xf32>, tensor<3x4x8xf32>) outs(%e, %s : tensor<12x8xf32>, tensor<80xi8>) body {
  ^bb0(%in: tensor<12x4xf32>, %u: tensor<3x4x8xf32>):
    %t = tensor.empty() : tensor<12x8xf32>
    %p = nn.contract parallel [12, 8] reduction [3, 4] ins(%in, %u : tensor<12x4xf32>, tensor<3x4x8xf32>) outs(%t : tensor<12x8xf32>) maps [#window, #weights, #out] epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } -> tensor<12x8xf32>
    nn.yield %p : tensor<12x8xf32>
  } -> tensor<12x8xf32>, tensor<80xi8>
  return %r#0 : tensor<12x8xf32>
}

// One row nearer.
func.func @rows_too_late(%arena: memref<1024xi8> {nn.arena, nn.input_offsets = array<i64: 128, 528>, nn.output_offsets = array<i64: 0>}) attributes {nn.reference = @rows_too_late_tensors} {
  %0 = kernel.slice %arena, 128 : memref<1024xi8> to memref<48xf32>
  %x = memref.reinterpret_cast %0 to offset: [0], sizes: [12, 4], strides: [4, 1] : memref<48xf32> to memref<12x4xf32>
  %1 = kernel.slice %arena, 528 : memref<1024xi8> to memref<96xf32>
  %w = memref.reinterpret_cast %1 to offset: [0], sizes: [3, 4, 8], strides: [32, 8, 1] : memref<96xf32> to memref<3x4x8xf32>
  %2 = kernel.slice %arena, 0 : memref<1024xi8> to memref<96xf32>
  %y = memref.reinterpret_cast %2 to offset: [0], sizes: [12, 8], strides: [8, 1] : memref<96xf32> to memref<12x8xf32>
  %s = kernel.slice %arena, 912 : memref<1024xi8> to memref<80xi8>
  // expected-error @below {{operand 2 overwrites operand 0}}
  nn.bands height 1 ins(%x, %w : memref<12x4xf32>, memref<3x4x8xf32>) outs(%y, %s : memref<12x8xf32>, memref<80xi8>) body {
  ^bb0(%in: tensor<12x4xf32>, %u: tensor<3x4x8xf32>):
    %t = tensor.empty() : tensor<12x8xf32>
    %p = nn.contract parallel [12, 8] reduction [3, 4] ins(%in, %u : tensor<12x4xf32>, tensor<3x4x8xf32>) outs(%t : tensor<12x8xf32>) maps [#window, #weights, #out] epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } -> tensor<12x8xf32>
    nn.yield %p : tensor<12x8xf32>
  }
  return
}

// -----

#id = affine_map<(h, w) -> (h, w)>
#row = affine_map<(h, w) -> (h)>

func.func private @copies_in_time_tensors(%x: tensor<8x16xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %p = nn.assemble(%x at [0, 0]) fill 0.0 : f32 : (tensor<8x16xf32>) -> tensor<8x17xf32>
  %y = nn.reduce parallel [8] reduction [17] ins(%p : tensor<8x17xf32>) outs(%e : tensor<8xf32>) maps [#id, #row] init [0.0 : f32] combine {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

func.func @copies_in_time(%arena: memref<1024xi8> {nn.arena, nn.input_offsets = array<i64: 92>, nn.output_offsets = array<i64: 640>}) attributes {nn.reference = @copies_in_time_tensors} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %c16 = arith.constant 16 : index
  %c17 = arith.constant 17 : index
  %0 = kernel.slice %arena, 92 : memref<1024xi8> to memref<128xf32>
  %1 = kernel.slice %arena, 0 : memref<1024xi8> to memref<136xf32>
  scf.for %i = %c0 to %c8 step %c1 {
    %from = arith.muli %i, %c16 : index
    %to = arith.muli %i, %c17 : index
    kernel.copy %0[%from], %1[%to], %c16 : memref<128xf32>, memref<136xf32>
  }
  %2 = memref.reinterpret_cast %1 to offset: [16], sizes: [8, 1], strides: [17, 1] : memref<136xf32> to memref<8x1xf32, strided<[17, 1], offset: 16>>
  nn.map parallel [8, 1] outs(%2 : memref<8x1xf32, strided<[17, 1], offset: 16>>) maps [#id] body {
    %zero = arith.constant 0.0 : f32
    nn.yield %zero : f32
  }
  %p = memref.reinterpret_cast %1 to offset: [0], sizes: [8, 17], strides: [17, 1] : memref<136xf32> to memref<8x17xf32>
  %y = kernel.slice %arena, 640 : memref<1024xi8> to memref<8xf32>
  nn.reduce parallel [8] reduction [17] ins(%p : memref<8x17xf32>) outs(%y : memref<8xf32>) maps [#id, #row] init [0.0 : f32] combine {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  }
  return
}

// -----

#id = affine_map<(h, w) -> (h, w)>
#row = affine_map<(h, w) -> (h)>

func.func private @copies_too_late_tensors(%x: tensor<8x16xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %p = nn.assemble(%x at [0, 0]) fill 0.0 : f32 : (tensor<8x16xf32>) -> tensor<8x17xf32>
  %y = nn.reduce parallel [8] reduction [17] ins(%p : tensor<8x17xf32>) outs(%e : tensor<8xf32>) maps [#id, #row] init [0.0 : f32] combine {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

func.func @copies_too_late(%arena: memref<1024xi8> {nn.arena, nn.input_offsets = array<i64: 88>, nn.output_offsets = array<i64: 640>}) attributes {nn.reference = @copies_too_late_tensors} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %c16 = arith.constant 16 : index
  %c17 = arith.constant 17 : index
  %0 = kernel.slice %arena, 88 : memref<1024xi8> to memref<128xf32>
  %1 = kernel.slice %arena, 0 : memref<1024xi8> to memref<136xf32>
  scf.for %i = %c0 to %c8 step %c1 {
    %from = arith.muli %i, %c16 : index
    %to = arith.muli %i, %c17 : index
    // expected-error @below {{goes over what it copies}}
    kernel.copy %0[%from], %1[%to], %c16 : memref<128xf32>, memref<136xf32>
  }
  %2 = memref.reinterpret_cast %1 to offset: [16], sizes: [8, 1], strides: [17, 1] : memref<136xf32> to memref<8x1xf32, strided<[17, 1], offset: 16>>
  nn.map parallel [8, 1] outs(%2 : memref<8x1xf32, strided<[17, 1], offset: 16>>) maps [#id] body {
    %zero = arith.constant 0.0 : f32
    nn.yield %zero : f32
  }
  %p = memref.reinterpret_cast %1 to offset: [0], sizes: [8, 17], strides: [17, 1] : memref<136xf32> to memref<8x17xf32>
  %y = kernel.slice %arena, 640 : memref<1024xi8> to memref<8xf32>
  nn.reduce parallel [8] reduction [17] ins(%p : memref<8x17xf32>) outs(%y : memref<8xf32>) maps [#id, #row] init [0.0 : f32] combine {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  }
  return
}

// -----

#id = affine_map<(h, w) -> (h, w)>
#row = affine_map<(h, w) -> (h)>

func.func private @rows_left_out_tensors(%x: tensor<8x16xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %p = nn.assemble(%x at [0, 0]) fill 0.0 : f32 : (tensor<8x16xf32>) -> tensor<8x17xf32>
  %y = nn.reduce parallel [8] reduction [17] ins(%p : tensor<8x17xf32>) outs(%e : tensor<8xf32>) maps [#id, #row] init [0.0 : f32] combine {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}

func.func @rows_left_out(%arena: memref<1024xi8> {nn.arena, nn.input_offsets = array<i64: 92>, nn.output_offsets = array<i64: 640>}) attributes {nn.reference = @rows_left_out_tensors} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 7 : index
  %c16 = arith.constant 16 : index
  %c17 = arith.constant 17 : index
  %0 = kernel.slice %arena, 92 : memref<1024xi8> to memref<128xf32>
  %1 = kernel.slice %arena, 0 : memref<1024xi8> to memref<136xf32>
  scf.for %i = %c0 to %c8 step %c1 {
    %from = arith.muli %i, %c16 : index
    %to = arith.muli %i, %c17 : index
    kernel.copy %0[%from], %1[%to], %c16 : memref<128xf32>, memref<136xf32>
  }
  %2 = memref.reinterpret_cast %1 to offset: [16], sizes: [8, 1], strides: [17, 1] : memref<136xf32> to memref<8x1xf32, strided<[17, 1], offset: 16>>
  nn.map parallel [8, 1] outs(%2 : memref<8x1xf32, strided<[17, 1], offset: 16>>) maps [#id] body {
    %zero = arith.constant 0.0 : f32
    nn.yield %zero : f32
  }
  %p = memref.reinterpret_cast %1 to offset: [0], sizes: [8, 17], strides: [17, 1] : memref<136xf32> to memref<8x17xf32>
  %y = kernel.slice %arena, 640 : memref<1024xi8> to memref<8xf32>
  // expected-error @below {{operand 0 is not as planned: at byte 476, expected byte 448 of input 0, found byte 384 of input 0}}
  nn.reduce parallel [8] reduction [17] ins(%p : memref<8x17xf32>) outs(%y : memref<8xf32>) maps [#id, #row] init [0.0 : f32] combine {
  ^bb0(%v: f32, %acc: f32):
    %s = arith.addf %v, %acc : f32
    nn.yield %s : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  }
  return
}
