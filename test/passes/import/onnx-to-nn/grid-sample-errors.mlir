// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @another_number_of_coordinates(%x: tensor<1x1x4x4xf32>, %y: tensor<1x2x2x3xf32>) -> tensor<1x1x2x2xf32> {
  // expected-error @+1 {{GridSample expects a place for each of at most three dimensions}}
  %r0 = onnx.GridSample(%x, %y) : (tensor<1x1x4x4xf32>, tensor<1x2x2x3xf32>) -> (tensor<1x1x2x2xf32>)
  return %r0 : tensor<1x1x2x2xf32>
}

func.func @four_dimensions(%x: tensor<1x1x4x4x4x4xf32>, %y: tensor<1x2x2x2x2x4xf32>) -> tensor<1x1x2x2x2x2xf32> {
  // expected-error @+1 {{GridSample expects a place for each of at most three dimensions}}
  %r0 = onnx.GridSample(%x, %y) {mode = "cubic"} : (tensor<1x1x4x4x4x4xf32>, tensor<1x2x2x2x2x4xf32>) -> (tensor<1x1x2x2x2x2xf32>)
  return %r0 : tensor<1x1x2x2x2x2xf32>
}

func.func @no_dimension(%x: tensor<1x1xf32>, %y: tensor<1x1xf32>) -> tensor<1x1xf32> {
  // expected-error @+1 {{GridSample expects a place for each of at most three dimensions}}
  %r0 = onnx.GridSample(%x, %y) : (tensor<1x1xf32>, tensor<1x1xf32>) -> (tensor<1x1xf32>)
  return %r0 : tensor<1x1xf32>
}
