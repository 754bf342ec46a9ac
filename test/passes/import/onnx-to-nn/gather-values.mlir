// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @gather
// CHECK{LITERAL}: dense<[[2.000000e+00, 0.000000e+00], [5.000000e+00, 3.000000e+00]]> : tensor<2x2xf32>
func.func @gather() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[2, -3]> : tensor<2xi64>
  %r = onnx.Gather(%x, %y) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2xi64>) -> (tensor<2x2xf32>)
  return %r : tensor<2x2xf32>
}

// CHECK-LABEL: @gather_elements
// CHECK{LITERAL}: dense<[[3.000000e+00, 1.000000e+00, 5.000000e+00]]> : tensor<1x3xf32>
func.func @gather_elements() -> tensor<1x3xf32> {
  %x = arith.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[[1, 0, -1]]> : tensor<1x3xi64>
  %r = onnx.GatherElements(%x, %y) {axis = 0 : i64} : (tensor<2x3xf32>, tensor<1x3xi64>) -> (tensor<1x3xf32>)
  return %r : tensor<1x3xf32>
}

// CHECK-LABEL: @gather_nd
// CHECK{LITERAL}: dense<[[0.000000e+00, 1.000000e+00, 2.000000e+00], [3.000000e+00, 4.000000e+00, 5.000000e+00]]> : tensor<2x3xf32>
func.func @gather_nd() -> tensor<2x3xf32> {
  %x = arith.constant dense<[[[0.0, 1.0, 2.0]], [[3.0, 4.0, 5.0]]]> : tensor<2x1x3xf32>
  %y = arith.constant dense<0> : tensor<2x1xi64>
  %r = onnx.GatherND(%x, %y) {batch_dims = 1 : i64} : (tensor<2x1x3xf32>, tensor<2x1xi64>) -> (tensor<2x3xf32>)
  return %r : tensor<2x3xf32>
}

// CHECK-LABEL: @scatter_elements
// CHECK{LITERAL}: dense<[[3.000000e+01, 1.000000e+00, 2.000000e+00], [3.000000e+00, 7.400000e+01, 5.000000e+00]]> : tensor<2x3xf32>
func.func @scatter_elements() -> tensor<2x3xf32> {
  %x = arith.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[[0, -3], [1, 1]]> : tensor<2x2xi64>
  %z = arith.constant dense<[[10.0, 20.0], [30.0, 40.0]]> : tensor<2x2xf32>
  %r = onnx.ScatterElements(%x, %y, %z) {axis = 1 : i64, reduction = "add"} : (tensor<2x3xf32>, tensor<2x2xi64>, tensor<2x2xf32>) -> (tensor<2x3xf32>)
  return %r : tensor<2x3xf32>
}

// CHECK-LABEL: @scatter_nd
// CHECK{LITERAL}: dense<[[0.000000e+00, 5.000000e+00, 6.000000e+00], [7.000000e+00, 4.000000e+00, 9.000000e+00]]> : tensor<2x3xf32>
func.func @scatter_nd() -> tensor<2x3xf32> {
  %x = arith.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[[1], [-2]]> : tensor<2x1xi64>
  %z = arith.constant dense<[[7.0, 0.0, 9.0], [-4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %r = onnx.ScatterND(%x, %y, %z) {reduction = "max"} : (tensor<2x3xf32>, tensor<2x1xi64>, tensor<2x3xf32>) -> (tensor<2x3xf32>)
  return %r : tensor<2x3xf32>
}

// CHECK-LABEL: @reverse_sequence
// CHECK{LITERAL}: dense<[[1.000000e+00, 0.000000e+00, 2.000000e+00], [5.000000e+00, 4.000000e+00, 3.000000e+00]]> : tensor<2x3xf32>
func.func @reverse_sequence() -> tensor<2x3xf32> {
  %x = arith.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[2, 3]> : tensor<2xi64>
  %r = onnx.ReverseSequence(%x, %y) {batch_axis = 0 : i64, time_axis = 1 : i64} : (tensor<2x3xf32>, tensor<2xi64>) -> (tensor<2x3xf32>)
  return %r : tensor<2x3xf32>
}

// CHECK-LABEL: @tensor_scatter
// CHECK{LITERAL}: dense<[[[0.000000e+00], [5.000000e+01], [6.000000e+01], [3.000000e+00]], [[8.000000e+01], [5.000000e+00], [6.000000e+00], [7.000000e+01]]]> : tensor<2x4x1xf32>
func.func @tensor_scatter() -> tensor<2x4x1xf32> {
  %x = arith.constant dense<[[[0.0], [1.0], [2.0], [3.0]], [[4.0], [5.0], [6.0], [7.0]]]> : tensor<2x4x1xf32>
  %y = arith.constant dense<[[[50.0], [60.0]], [[70.0], [80.0]]]> : tensor<2x2x1xf32>
  %z = arith.constant dense<[1, 3]> : tensor<2xi64>
  %r = onnx.TensorScatter(%x, %y, %z) {mode = "circular", axis = 1 : i64} : (tensor<2x4x1xf32>, tensor<2x2x1xf32>, tensor<2xi64>) -> (tensor<2x4x1xf32>)
  return %r : tensor<2x4x1xf32>
}
