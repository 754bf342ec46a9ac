// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @reduce_sum
// CHECK: dense<[7.000000e+00, 1.500000e+00]> : tensor<2xf32>
func.func @reduce_sum() -> tensor<2xf32> {
  %x = arith.constant dense<[[1.0, 2.0, 4.0], [3.0, 0.5, -2.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[1]> : tensor<1xi64>
  %r = onnx.ReduceSum(%x, %y) {keepdims = 0 : i64} : (tensor<2x3xf32>, tensor<1xi64>) -> (tensor<2xf32>)
  return %r : tensor<2xf32>
}

// CHECK-LABEL: @reduce_max
// CHECK: dense<[4.000000e+00, 3.000000e+00]> : tensor<2xf32>
func.func @reduce_max() -> tensor<2xf32> {
  %x = arith.constant dense<[[1.0, 2.0, 4.0], [3.0, 0.5, -2.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[1]> : tensor<1xi64>
  %r = onnx.ReduceMax(%x, %y) {keepdims = 0 : i64} : (tensor<2x3xf32>, tensor<1xi64>) -> (tensor<2xf32>)
  return %r : tensor<2xf32>
}

// CHECK-LABEL: @reduce_min
// CHECK: dense<[1.000000e+00, -2.000000e+00]> : tensor<2xf32>
func.func @reduce_min() -> tensor<2xf32> {
  %x = arith.constant dense<[[1.0, 2.0, 4.0], [3.0, 0.5, -2.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[1]> : tensor<1xi64>
  %r = onnx.ReduceMin(%x, %y) {keepdims = 0 : i64} : (tensor<2x3xf32>, tensor<1xi64>) -> (tensor<2xf32>)
  return %r : tensor<2xf32>
}

// CHECK-LABEL: @reduce_prod
// CHECK: dense<[8.000000e+00, -3.000000e+00]> : tensor<2xf32>
func.func @reduce_prod() -> tensor<2xf32> {
  %x = arith.constant dense<[[1.0, 2.0, 4.0], [3.0, 0.5, -2.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[1]> : tensor<1xi64>
  %r = onnx.ReduceProd(%x, %y) {keepdims = 0 : i64} : (tensor<2x3xf32>, tensor<1xi64>) -> (tensor<2xf32>)
  return %r : tensor<2xf32>
}

// CHECK-LABEL: @reduce_l1
// CHECK: dense<[7.000000e+00, 5.500000e+00]> : tensor<2xf32>
func.func @reduce_l1() -> tensor<2xf32> {
  %x = arith.constant dense<[[1.0, 2.0, 4.0], [3.0, 0.5, -2.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[1]> : tensor<1xi64>
  %r = onnx.ReduceL1(%x, %y) {keepdims = 0 : i64} : (tensor<2x3xf32>, tensor<1xi64>) -> (tensor<2xf32>)
  return %r : tensor<2xf32>
}

// CHECK-LABEL: @reduce_sum_square
// CHECK: dense<[2.100000e+01, 1.325000e+01]> : tensor<2xf32>
func.func @reduce_sum_square() -> tensor<2xf32> {
  %x = arith.constant dense<[[1.0, 2.0, 4.0], [3.0, 0.5, -2.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[1]> : tensor<1xi64>
  %r = onnx.ReduceSumSquare(%x, %y) {keepdims = 0 : i64} : (tensor<2x3xf32>, tensor<1xi64>) -> (tensor<2xf32>)
  return %r : tensor<2xf32>
}

// CHECK-LABEL: @reduce_mean
// CHECK{LITERAL}: dense<[[1.500000e+00], [3.500000e+00], [7.000000e+00]]> : tensor<3x1xf32>
func.func @reduce_mean() -> tensor<3x1xf32> {
  %x = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 9.0]]> : tensor<3x2xf32>
  %y = arith.constant dense<[1]> : tensor<1xi64>
  %r = onnx.ReduceMean(%x, %y) {keepdims = 1 : i64} : (tensor<3x2xf32>, tensor<1xi64>) -> (tensor<3x1xf32>)
  return %r : tensor<3x1xf32>
}

// CHECK-LABEL: @reduce_l2
// CHECK: dense<[5.000000e+00, 1.000000e+01]> : tensor<2xf32>
func.func @reduce_l2() -> tensor<2xf32> {
  %x = arith.constant dense<[[3.0, 4.0], [6.0, -8.0]]> : tensor<2x2xf32>
  %y = arith.constant dense<[-1]> : tensor<1xi64>
  %r = onnx.ReduceL2(%x, %y) {keepdims = 0 : i64} : (tensor<2x2xf32>, tensor<1xi64>) -> (tensor<2xf32>)
  return %r : tensor<2xf32>
}

// CHECK-LABEL: @reduce_log_sum
// CHECK: dense<[1.945910{{[0-9]*}}, 1.704748{{[0-9]*}}]> : tensor<2xf64>
func.func @reduce_log_sum() -> tensor<2xf64> {
  %x = arith.constant dense<[[1.0, 2.0, 4.0], [3.0, 0.5, 2.0]]> : tensor<2x3xf64>
  %y = arith.constant dense<[1]> : tensor<1xi64>
  %r = onnx.ReduceLogSum(%x, %y) {keepdims = 0 : i64} : (tensor<2x3xf64>, tensor<1xi64>) -> (tensor<2xf64>)
  return %r : tensor<2xf64>
}

// CHECK-LABEL: @reduce_log_sum_exp
// CHECK: dense<[1.619338{{[0-9]*}}, 1.554956{{[0-9]*}}]> : tensor<2xf64>
func.func @reduce_log_sum_exp() -> tensor<2xf64> {
  %x = arith.constant dense<[[0.25, 0.5, 0.75], [1.0, -1.0, 0.5]]> : tensor<2x3xf64>
  %y = arith.constant dense<[1]> : tensor<1xi64>
  %r = onnx.ReduceLogSumExp(%x, %y) {keepdims = 0 : i64} : (tensor<2x3xf64>, tensor<1xi64>) -> (tensor<2xf64>)
  return %r : tensor<2xf64>
}

// CHECK-LABEL: @reduce_of_no_axis
// CHECK{LITERAL}: dense<[[1.000000e+00, 2.000000e+00, 4.000000e+00], [3.000000e+00, 5.000000e-01, -2.000000e+00]]> : tensor<2x3xf32>
func.func @reduce_of_no_axis() -> tensor<2x3xf32> {
  %x = arith.constant dense<[[1.0, 2.0, 4.0], [3.0, 0.5, -2.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[]> : tensor<0xi64>
  %r = onnx.ReduceSum(%x, %y) {noop_with_empty_axes = 1 : i64, keepdims = 0 : i64} : (tensor<2x3xf32>, tensor<0xi64>) -> (tensor<2x3xf32>)
  return %r : tensor<2x3xf32>
}

// CHECK-LABEL: @arg_max
// CHECK: dense<[2, 0]> : tensor<2xi64>
func.func @arg_max() -> tensor<2xi64> {
  %x = arith.constant dense<[[1.0, 5.0, 5.0], [2.0, 0.0, 0.0]]> : tensor<2x3xf32>
  %r = onnx.ArgMax(%x) {axis = 1 : i64, keepdims = 0 : i64, select_last_index = 1 : i64} : (tensor<2x3xf32>) -> (tensor<2xi64>)
  return %r : tensor<2xi64>
}

// CHECK-LABEL: @arg_min
// CHECK{LITERAL}: dense<[[0, 1, 1]]> : tensor<1x3xi64>
func.func @arg_min() -> tensor<1x3xi64> {
  %x = arith.constant dense<[[1.0, 5.0, 5.0], [2.0, 0.0, 0.0]]> : tensor<2x3xf32>
  %r = onnx.ArgMin(%x) {axis = 0 : i64, keepdims = 1 : i64} : (tensor<2x3xf32>) -> (tensor<1x3xi64>)
  return %r : tensor<1x3xi64>
}

// CHECK-LABEL: @cum_sum
// CHECK{LITERAL}: dense<[[6.000000e+00, 4.000000e+00, 0.000000e+00], [-1.500000e+00, -2.000000e+00, 0.000000e+00]]> : tensor<2x3xf32>
func.func @cum_sum() -> tensor<2x3xf32> {
  %x = arith.constant dense<[[1.0, 2.0, 4.0], [3.0, 0.5, -2.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<1> : tensor<i64>
  %r = onnx.CumSum(%x, %y) {exclusive = 1 : i64, reverse = 1 : i64} : (tensor<2x3xf32>, tensor<i64>) -> (tensor<2x3xf32>)
  return %r : tensor<2x3xf32>
}

// CHECK-LABEL: @cum_prod
// CHECK{LITERAL}: dense<[[8.000000e+00, 8.000000e+00, 4.000000e+00], [-3.000000e+00, -1.000000e+00, -2.000000e+00]]> : tensor<2x3xf32>
func.func @cum_prod() -> tensor<2x3xf32> {
  %x = arith.constant dense<[[1.0, 2.0, 4.0], [3.0, 0.5, -2.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<1> : tensor<i64>
  %r = onnx.CumProd(%x, %y) {reverse = 1 : i64} : (tensor<2x3xf32>, tensor<i64>) -> (tensor<2x3xf32>)
  return %r : tensor<2x3xf32>
}
