// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @shapes_do_not_tell_the_axes(%x: tensor<3x3xf32>, %axes: tensor<1xi64>) -> tensor<3xf32> {
  // expected-error @+1 {{ReduceSum has axes that are not constant, or out of range}}
  %y = onnx.ReduceSum(%x, %axes) {keepdims = 0 : i64} : (tensor<3x3xf32>, tensor<1xi64>) -> (tensor<3xf32>)
  return %y : tensor<3xf32>
}
