// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @shapes_do_not_tell_the_axes(%x: tensor<3x3x3xf32>, %axes: tensor<2xi64>) -> tensor<3xf32> {
  // expected-error @+1 {{ReduceSum has several axes that are not constant}}
  %y = onnx.ReduceSum(%x, %axes) {keepdims = 0 : i64} : (tensor<3x3x3xf32>, tensor<2xi64>) -> (tensor<3xf32>)
  return %y : tensor<3xf32>
}

func.func @arg_max_axis(%x: tensor<2x4xf32>) -> tensor<1x4xi64> {
  // expected-error @+1 {{ArgMax has an axis out of range}}
  %r0 = onnx.ArgMax(%x) {axis = 2 : i64} : (tensor<2x4xf32>) -> (tensor<1x4xi64>)
  return %r0 : tensor<1x4xi64>
}

func.func @cumulative_axis(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c0 = arith.constant dense<1> : tensor<i64>
  // expected-error @+1 {{CumSum has an axis out of range}}
  %r0 = onnx.CumSum(%x, %c0) : (tensor<4xf32>, tensor<i64>) -> (tensor<4xf32>)
  return %r0 : tensor<4xf32>
}

func.func @cumulative_sum_of_a_number(%x: tensor<f32>, %y: tensor<i64>) -> tensor<f32> {
  // expected-error @+1 {{CumSum has no axis that fits the result}}
  %r0 = onnx.CumSum(%x, %y) : (tensor<f32>, tensor<i64>) -> (tensor<f32>)
  return %r0 : tensor<f32>
}

func.func @reduced_axis(%x: tensor<2x4xf32>) -> tensor<1x4xf32> {
  %axes = arith.constant dense<2> : tensor<1xi64>
  // expected-error @+1 {{ReduceMax has an axis out of range}}
  %r0 = onnx.ReduceMax(%x, %axes) : (tensor<2x4xf32>, tensor<1xi64>) -> (tensor<1x4xf32>)
  return %r0 : tensor<1x4xf32>
}
