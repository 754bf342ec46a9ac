// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @transpose
// CHECK{LITERAL}: dense<[[[0.000000e+00, 2.000000e+00], [4.000000e+00, 6.000000e+00]], [[1.000000e+00, 3.000000e+00], [5.000000e+00, 7.000000e+00]]]> : tensor<2x2x2xf32>
func.func @transpose() -> tensor<2x2x2xf32> {
  %x = arith.constant dense<[[[0.0, 1.0], [2.0, 3.0]], [[4.0, 5.0], [6.0, 7.0]]]> : tensor<2x2x2xf32>
  %r = onnx.Transpose(%x) {perm = array<i64: 2, 0, 1>} : (tensor<2x2x2xf32>) -> (tensor<2x2x2xf32>)
  return %r : tensor<2x2x2xf32>
}

// CHECK-LABEL: @concat
// CHECK{LITERAL}: dense<[[0.000000e+00, 1.000000e+00, 2.000000e+00, 7.000000e+00], [3.000000e+00, 4.000000e+00, 5.000000e+00, 8.000000e+00]]> : tensor<2x4xf32>
func.func @concat() -> tensor<2x4xf32> {
  %x = arith.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[[7.0], [8.0]]> : tensor<2x1xf32>
  %r = onnx.Concat(%x, %y) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x1xf32>) -> (tensor<2x4xf32>)
  return %r : tensor<2x4xf32>
}

// CHECK-LABEL: @split
// CHECK{LITERAL}: dense<[[0.000000e+00, 1.000000e+00], [5.000000e+00, 6.000000e+00]]> : tensor<2x2xf32>
// CHECK{LITERAL}: dense<[[2.000000e+00, 3.000000e+00, 4.000000e+00], [7.000000e+00, 8.000000e+00, 9.000000e+00]]> : tensor<2x3xf32>
func.func @split() -> (tensor<2x2xf32>, tensor<2x3xf32>) {
  %x = arith.constant dense<[[0.0, 1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0, 9.0]]> : tensor<2x5xf32>
  %y = arith.constant dense<[2, 3]> : tensor<2xi64>
  %r:2 = onnx.Split(%x, %y) {axis = 1 : i64} : (tensor<2x5xf32>, tensor<2xi64>) -> (tensor<2x2xf32>, tensor<2x3xf32>)
  return %r#0, %r#1 : tensor<2x2xf32>, tensor<2x3xf32>
}

// CHECK-LABEL: @slice
// CHECK{LITERAL}: dense<[[3.000000e+00, 1.000000e+00], [7.000000e+00, 5.000000e+00]]> : tensor<2x2xf32>
func.func @slice() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]]> : tensor<2x4xf32>
  %y = arith.constant dense<[-1]> : tensor<1xi64>
  %z = arith.constant dense<[0]> : tensor<1xi64>
  %a = arith.constant dense<[1]> : tensor<1xi64>
  %b = arith.constant dense<[-2]> : tensor<1xi64>
  %r = onnx.Slice(%x, %y, %z, %a, %b) : (tensor<2x4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> (tensor<2x2xf32>)
  return %r : tensor<2x2xf32>
}

// CHECK-LABEL: @tile
// CHECK{LITERAL}: dense<[[0.000000e+00, 1.000000e+00, 2.000000e+00, 0.000000e+00, 1.000000e+00, 2.000000e+00], [3.000000e+00, 4.000000e+00, 5.000000e+00, 3.000000e+00, 4.000000e+00, 5.000000e+00]]> : tensor<2x6xf32>
func.func @tile() -> tensor<2x6xf32> {
  %x = arith.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[1, 2]> : tensor<2xi64>
  %r = onnx.Tile(%x, %y) : (tensor<2x3xf32>, tensor<2xi64>) -> (tensor<2x6xf32>)
  return %r : tensor<2x6xf32>
}

// CHECK-LABEL: @expand
// CHECK{LITERAL}: dense<[[1.000000e+00, 1.000000e+00, 1.000000e+00], [2.000000e+00, 2.000000e+00, 2.000000e+00]]> : tensor<2x3xf32>
func.func @expand() -> tensor<2x3xf32> {
  %x = arith.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %y = arith.constant dense<[1, 3]> : tensor<2xi64>
  %r = onnx.Expand(%x, %y) : (tensor<2x1xf32>, tensor<2xi64>) -> (tensor<2x3xf32>)
  return %r : tensor<2x3xf32>
}

// CHECK-LABEL: @reshape
// CHECK{LITERAL}: dense<[[[0.000000e+00], [1.000000e+00], [2.000000e+00]], [[3.000000e+00], [4.000000e+00], [5.000000e+00]]]> : tensor<2x3x1xf32>
func.func @reshape() -> tensor<2x3x1xf32> {
  %x = arith.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[0, -1, 1]> : tensor<3xi64>
  %r = onnx.Reshape(%x, %y) : (tensor<2x3xf32>, tensor<3xi64>) -> (tensor<2x3x1xf32>)
  return %r : tensor<2x3x1xf32>
}

// CHECK-LABEL: @flatten
// CHECK{LITERAL}: dense<[[0.000000e+00, 1.000000e+00], [2.000000e+00, 3.000000e+00], [4.000000e+00, 5.000000e+00], [6.000000e+00, 7.000000e+00]]> : tensor<4x2xf32>
func.func @flatten() -> tensor<4x2xf32> {
  %x = arith.constant dense<[[[0.0, 1.0], [2.0, 3.0]], [[4.0, 5.0], [6.0, 7.0]]]> : tensor<2x2x2xf32>
  %r = onnx.Flatten(%x) {axis = 2 : i64} : (tensor<2x2x2xf32>) -> (tensor<4x2xf32>)
  return %r : tensor<4x2xf32>
}

// CHECK-LABEL: @squeeze
// CHECK{LITERAL}: dense<[[[0.000000e+00, 1.000000e+00, 2.000000e+00], [3.000000e+00, 4.000000e+00, 5.000000e+00]]]> : tensor<1x2x3xf32>
func.func @squeeze() -> tensor<1x2x3xf32> {
  %x = arith.constant dense<[[[[0.0, 1.0, 2.0]], [[3.0, 4.0, 5.0]]]]> : tensor<1x2x1x3xf32>
  %y = arith.constant dense<[2]> : tensor<1xi64>
  %r = onnx.Squeeze(%x, %y) : (tensor<1x2x1x3xf32>, tensor<1xi64>) -> (tensor<1x2x3xf32>)
  return %r : tensor<1x2x3xf32>
}

// CHECK-LABEL: @unsqueeze
// CHECK{LITERAL}: dense<[[[[0.000000e+00], [1.000000e+00], [2.000000e+00]], [[3.000000e+00], [4.000000e+00], [5.000000e+00]]]]> : tensor<1x2x3x1xf32>
func.func @unsqueeze() -> tensor<1x2x3x1xf32> {
  %x = arith.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[0, -1]> : tensor<2xi64>
  %r = onnx.Unsqueeze(%x, %y) : (tensor<2x3xf32>, tensor<2xi64>) -> (tensor<1x2x3x1xf32>)
  return %r : tensor<1x2x3x1xf32>
}

// CHECK-LABEL: @depth_to_space
// CHECK{LITERAL}: dense<[[[[0.000000e+00, 2.000000e+00, 1.000000e+00, 3.000000e+00], [4.000000e+00, 6.000000e+00, 5.000000e+00, 7.000000e+00]]]]> : tensor<1x1x2x4xf32>
func.func @depth_to_space() -> tensor<1x1x2x4xf32> {
  %x = arith.constant dense<[[[[0.0, 1.0]], [[2.0, 3.0]], [[4.0, 5.0]], [[6.0, 7.0]]]]> : tensor<1x4x1x2xf32>
  %r = onnx.DepthToSpace(%x) {blocksize = 2 : i64, mode = "CRD"} : (tensor<1x4x1x2xf32>) -> (tensor<1x1x2x4xf32>)
  return %r : tensor<1x1x2x4xf32>
}

// CHECK-LABEL: @space_to_depth
// CHECK{LITERAL}: dense<[[[[0.000000e+00, 2.000000e+00]], [[1.000000e+00, 3.000000e+00]], [[4.000000e+00, 6.000000e+00]], [[5.000000e+00, 7.000000e+00]]]]> : tensor<1x4x1x2xf32>
func.func @space_to_depth() -> tensor<1x4x1x2xf32> {
  %x = arith.constant dense<[[[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]]]]> : tensor<1x1x2x4xf32>
  %r = onnx.SpaceToDepth(%x) {blocksize = 2 : i64} : (tensor<1x1x2x4xf32>) -> (tensor<1x4x1x2xf32>)
  return %r : tensor<1x4x1x2xf32>
}
