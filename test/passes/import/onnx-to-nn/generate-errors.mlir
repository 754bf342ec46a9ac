// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @constant_without_value() -> tensor<f32> {
  // expected-error @+1 {{Constant has a value that is sparse or a string}}
  %r0 = onnx.Constant() {value_string = "text"} : () -> (tensor<f32>)
  return %r0 : tensor<f32>
}

func.func @constant_of_shape_with_values() -> tensor<2xf32> {
  %c0 = arith.constant dense<2> : tensor<1xi64>
  // expected-error @+1 {{ConstantOfShape expects a value of one element}}
  %r0 = onnx.ConstantOfShape(%c0) {value = dense<1.0> : tensor<2xf32>} : (tensor<1xi64>) -> (tensor<2xf32>)
  return %r0 : tensor<2xf32>
}

func.func @eye_like_a_vector(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{EyeLike expects a matrix}}
  %r0 = onnx.EyeLike(%x) : (tensor<4xf32>) -> (tensor<4xf32>)
  return %r0 : tensor<4xf32>
}

func.func @triangle_of_a_vector(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{Trilu expects a matrix or a batch of them}}
  %r0 = onnx.Trilu(%x) : (tensor<4xf32>) -> (tensor<4xf32>)
  return %r0 : tensor<4xf32>
}

func.func @one_hot_axis(%x: tensor<4xi64>, %y: tensor<2xf32>) -> tensor<4x3xf32> {
  %c0 = arith.constant dense<3> : tensor<i64>
  // expected-error @+1 {{OneHot has an axis out of range}}
  %r0 = onnx.OneHot(%x, %c0, %y) {axis = 2 : i64} : (tensor<4xi64>, tensor<i64>, tensor<2xf32>) -> (tensor<4x3xf32>)
  return %r0 : tensor<4x3xf32>
}

func.func @affine_grid_without_matrix(%x: tensor<1x2x2xf32>, %y: tensor<4xi64>) -> tensor<1x4x4x2xf32> {
  // expected-error @+1 {{AffineGrid expects one matrix per image}}
  %r0 = onnx.AffineGrid(%x, %y) : (tensor<1x2x2xf32>, tensor<4xi64>) -> (tensor<1x4x4x2xf32>)
  return %r0 : tensor<1x4x4x2xf32>
}

func.func @one_hot_in_the_same_rank(%x: tensor<4xi64>, %y: tensor<2xf32>) -> tensor<3xf32> {
  %c0 = arith.constant dense<3> : tensor<i64>
  // expected-error @+1 {{OneHot expects two values, and one more dimension in the result}}
  %r0 = onnx.OneHot(%x, %c0, %y) : (tensor<4xi64>, tensor<i64>, tensor<2xf32>) -> (tensor<3xf32>)
  return %r0 : tensor<3xf32>
}
