// RUN: tenon-opt %s -infer-shapes --split-input-file -verify-diagnostics

func.func @shapes_do_not_broadcast(%x: tensor<3xf32>, %y: tensor<4xf32>) -> tensor<*xf32> {
  // expected-error @+1 {{'onnx.Add' op [ShapeInferenceError] Incompatible dimensions}}
  %z = onnx.Add(%x, %y) : (tensor<3xf32>, tensor<4xf32>) -> (tensor<*xf32>)
  return %z : tensor<*xf32>
}

// -----

func.func @declared_type_contradicts(%x: tensor<3xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{'onnx.Relu' op is tensor<3xf32>, but the model says tensor<4xf32>}}
  %z = onnx.Relu(%x) : (tensor<3xf32>) -> (tensor<4xf32>)
  return %z : tensor<4xf32>
}

// -----

func.func @computed_shape_contradicts(%x: tensor<2x3xf32>) -> tensor<?x5xf32> {
  %four = arith.constant dense<4> : tensor<1xi64>
  %s = onnx.Shape(%x) {end = 1 : i64} : (tensor<2x3xf32>) -> (tensor<1xi64>)
  %t = onnx.Concat(%s, %four) {axis = 0 : i64} : (tensor<1xi64>, tensor<1xi64>) -> (tensor<2xi64>)
  // expected-error @+1 {{'onnx.Reshape' op}}
  %z = onnx.Reshape(%x, %t) : (tensor<2x3xf32>, tensor<2xi64>) -> (tensor<?x5xf32>)
  return %z : tensor<?x5xf32>
}
