// RUN: tenon-opt %s --split-input-file --move-maps | FileCheck %s

#id = affine_map<(i) -> (i)>

// Parts are quantized before they are put together, and so is the fill.
// CHECK-LABEL: @quantize_parts
// CHECK-SAME: (%[[X:.*]]: tensor<2xf32>, %[[Y:.*]]: tensor<3xf32>)
func.func @quantize_parts(%x: tensor<2xf32>, %y: tensor<3xf32>) -> tensor<6xi8> {
  // CHECK: %[[P:.*]] = nn.map parallel [2] ins(%[[X]] : tensor<2xf32>)
  // CHECK: nn.quantize
  // CHECK: %[[R:.*]] = nn.map parallel [3] ins(%[[Y]] : tensor<3xf32>)
  // CHECK: nn.quantize
  // CHECK: nn.assemble (%[[P]] at [0], %[[R]] at [3]) fill 5 : i8
  // CHECK-NOT: nn.map
  %c = nn.assemble (%x at [0], %y at [3]) fill 1.0 : f32 : (tensor<2xf32>, tensor<3xf32>) -> tensor<6xf32>
  %e = tensor.empty() : tensor<6xi8>
  %q = nn.map parallel [6] ins(%c : tensor<6xf32>) outs(%e : tensor<6xi8>) maps [#id, #id] body {
  ^bb0(%in: f32):
    %s = arith.constant 0.5 : f32
    %z = arith.constant 3 : i32
    %n = nn.quantize %in scale %s zero %z in [-128, 127] : f32, f32 -> i8
    nn.yield %n : i8
  } -> tensor<6xi8>
  return %q : tensor<6xi8>
}

// -----

#t0 = affine_map<(i, j) -> (j, i)>
#t1 = affine_map<(i, j) -> (i, j)>

// What else the map does with places, it does afterwards.
// CHECK-LABEL: @quantize_and_transpose
// CHECK: %[[Q:.*]] = nn.map parallel [6] ins(%arg0
// CHECK: nn.quantize
// CHECK: %[[V:.*]] = nn.reshape %[[Q]] : tensor<6xi8> -> tensor<2x3xi8>
// CHECK: nn.map parallel [3, 2] ins(%[[V]] : tensor<2x3xi8>)
// CHECK-NEXT: ^bb0(%[[IN:.*]]: i8):
// CHECK-NEXT: nn.yield %[[IN]]
func.func @quantize_and_transpose(%x: tensor<6xf32>) -> tensor<3x2xi8> {
  %r = nn.reshape %x : tensor<6xf32> -> tensor<2x3xf32>
  %e = tensor.empty() : tensor<3x2xi8>
  %q = nn.map parallel [3, 2] ins(%r : tensor<2x3xf32>) outs(%e : tensor<3x2xi8>) maps [#t0, #t1] body {
  ^bb0(%in: f32):
    %s = arith.constant 0.5 : f32
    %n = nn.quantize %in scale %s in [-128, 127] : f32, f32 -> i8
    nn.yield %n : i8
  } -> tensor<3x2xi8>
  return %q : tensor<3x2xi8>
}

// -----

#id = affine_map<(i) -> (i)>

// Somebody else reads the floats.
// CHECK-LABEL: @read_twice
// CHECK: nn.assemble {{.*}} -> tensor<4xf32>
// CHECK: nn.map
func.func @read_twice(%x: tensor<2xf32>) -> (tensor<4xi8>, tensor<4xf32>) {
  %c = nn.assemble (%x at [1]) fill 0.0 : f32 : (tensor<2xf32>) -> tensor<4xf32>
  %e = tensor.empty() : tensor<4xi8>
  %q = nn.map parallel [4] ins(%c : tensor<4xf32>) outs(%e : tensor<4xi8>) maps [#id, #id] body {
  ^bb0(%in: f32):
    %s = arith.constant 0.5 : f32
    %n = nn.quantize %in scale %s in [-128, 127] : f32, f32 -> i8
    nn.yield %n : i8
  } -> tensor<4xi8>
  return %q, %c : tensor<4xi8>, tensor<4xf32>
}

// -----

#id = affine_map<(i) -> (i)>

// Floats that nobody quantizes stay where they are.
// CHECK-LABEL: @relu_stays
// CHECK: nn.assemble {{.*}} -> tensor<4xf32>
// CHECK: nn.map
func.func @relu_stays(%x: tensor<2xf32>) -> tensor<4xf32> {
  %c = nn.assemble (%x at [1]) fill 0.0 : f32 : (tensor<2xf32>) -> tensor<4xf32>
  %e = tensor.empty() : tensor<4xf32>
  %y = nn.map parallel [4] ins(%c : tensor<4xf32>) outs(%e : tensor<4xf32>) maps [#id, #id] body {
  ^bb0(%in: f32):
    %zero = arith.constant 0.0 : f32
    %n = arith.maximumf %in, %zero : f32
    nn.yield %n : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

#id = affine_map<(i) -> (i)>

// Integers are put together: 7 stands for the fill.
// CHECK-LABEL: @dequantize_whole
// CHECK: %[[C:.*]] = nn.assemble (%arg0 at [1]) fill 7 : i8 : (tensor<2xi8>) -> tensor<4xi8>
// CHECK: nn.map parallel [4] ins(%[[C]] : tensor<4xi8>)
// CHECK: nn.dequantize
func.func @dequantize_whole(%q: tensor<2xi8>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<2xf32>
  %x = nn.map parallel [2] ins(%q : tensor<2xi8>) outs(%e : tensor<2xf32>) maps [#id, #id] body {
  ^bb0(%in: i8):
    %s = arith.constant 0.5 : f32
    %z = arith.constant 3 : i32
    %n = nn.dequantize %in scale %s zero %z : i8, f32 -> f32
    nn.yield %n : f32
  } -> tensor<2xf32>
  %c = nn.assemble (%x at [1]) fill 2.0 : f32 : (tensor<2xf32>) -> tensor<4xf32>
  return %c : tensor<4xf32>
}

// -----

#id = affine_map<(i) -> (i)>

// No integer stands for 0.3.
// CHECK-LABEL: @no_such_integer
// CHECK: nn.dequantize
// CHECK: nn.assemble {{.*}} fill {{.*}} : f32
func.func @no_such_integer(%q: tensor<2xi8>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<2xf32>
  %x = nn.map parallel [2] ins(%q : tensor<2xi8>) outs(%e : tensor<2xf32>) maps [#id, #id] body {
  ^bb0(%in: i8):
    %s = arith.constant 0.5 : f32
    %n = nn.dequantize %in scale %s : i8, f32 -> f32
    nn.yield %n : f32
  } -> tensor<2xf32>
  %c = nn.assemble (%x at [1]) fill 0.3 : f32 : (tensor<2xf32>) -> tensor<4xf32>
  return %c : tensor<4xf32>
}

// -----

#id = affine_map<(i) -> (i)>

// Places that data decide.
// CHECK-LABEL: @gather_integers
// CHECK: %[[G:.*]] = nn.gather parallel [5] ins(%arg0 : tensor<2xi8>) indices(%arg1 : tensor<5xi64>) outs(%{{.*}} : tensor<5xi8>)
// CHECK: nn.map parallel [5] ins(%[[G]] : tensor<5xi8>)
// CHECK: nn.dequantize
func.func @gather_integers(%q: tensor<2xi8>, %i: tensor<5xi64>) -> tensor<5xf32> {
  %e = tensor.empty() : tensor<2xf32>
  %x = nn.map parallel [2] ins(%q : tensor<2xi8>) outs(%e : tensor<2xf32>) maps [#id, #id] body {
  ^bb0(%in: i8):
    %s = arith.constant 0.5 : f32
    %n = nn.dequantize %in scale %s : i8, f32 -> f32
    nn.yield %n : f32
  } -> tensor<2xf32>
  %f = tensor.empty() : tensor<5xf32>
  %y = nn.gather parallel [5] ins(%x : tensor<2xf32>) indices(%i : tensor<5xi64>) outs(%f : tensor<5xf32>)
      maps [affine_map<(i)[s] -> (s)>, #id, #id] body {
  ^bb0(%in: f32):
    nn.yield %in : f32
  } -> tensor<5xf32>
  return %y : tensor<5xf32>
}
