// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @gather_axis(%x: tensor<4x2xf32>, %y: tensor<3xi64>) -> tensor<3x2xf32> {
  // expected-error @+1 {{Gather has an axis out of range}}
  %r0 = onnx.Gather(%x, %y) {axis = 2 : i64} : (tensor<4x2xf32>, tensor<3xi64>) -> (tensor<3x2xf32>)
  return %r0 : tensor<3x2xf32>
}

func.func @gather_elements_axis(%x: tensor<4x2xf32>, %y: tensor<4x2xi64>) -> tensor<4x2xf32> {
  // expected-error @+1 {{GatherElements has an axis out of range}}
  %r0 = onnx.GatherElements(%x, %y) {axis = -3 : i64} : (tensor<4x2xf32>, tensor<4x2xi64>) -> (tensor<4x2xf32>)
  return %r0 : tensor<4x2xf32>
}

func.func @gather_nd_without_index(%x: tensor<4x2xf32>, %y: tensor<i64>) -> tensor<4x2xf32> {
  // expected-error @+1 {{GatherND has indices with too few dimensions}}
  %r0 = onnx.GatherND(%x, %y) : (tensor<4x2xf32>, tensor<i64>) -> (tensor<4x2xf32>)
  return %r0 : tensor<4x2xf32>
}

func.func @gather_nd_deep(%x: tensor<4x2xf32>, %y: tensor<5x3xi64>) -> tensor<5xf32> {
  // expected-error @+1 {{GatherND has indices for more dimensions than there are}}
  %r0 = onnx.GatherND(%x, %y) : (tensor<4x2xf32>, tensor<5x3xi64>) -> (tensor<5xf32>)
  return %r0 : tensor<5xf32>
}

func.func @reverse_along_a_later_axis(%x: tensor<4x2x3xf32>, %y: tensor<4xi64>) -> tensor<4x2x3xf32> {
  // expected-error @+1 {{ReverseSequence expects batch and time as the first two axes}}
  %r0 = onnx.ReverseSequence(%x, %y) {batch_axis = 0 : i64, time_axis = 2 : i64} : (tensor<4x2x3xf32>, tensor<4xi64>) -> (tensor<4x2x3xf32>)
  return %r0 : tensor<4x2x3xf32>
}

func.func @scatter_elements_axis(%x: tensor<4x2xf32>, %y: tensor<1x2xi64>, %z: tensor<1x2xf32>) -> tensor<4x2xf32> {
  // expected-error @+1 {{ScatterElements has an axis out of range}}
  %r0 = onnx.ScatterElements(%x, %y, %z) {axis = 2 : i64} : (tensor<4x2xf32>, tensor<1x2xi64>, tensor<1x2xf32>) -> (tensor<4x2xf32>)
  return %r0 : tensor<4x2xf32>
}

func.func @scatter_nd_deep(%x: tensor<4x2xf32>, %y: tensor<5x3xi64>, %z: tensor<5xf32>) -> tensor<4x2xf32> {
  // expected-error @+1 {{ScatterND has indices for more dimensions than there are}}
  %r0 = onnx.ScatterND(%x, %y, %z) : (tensor<4x2xf32>, tensor<5x3xi64>, tensor<5xf32>) -> (tensor<4x2xf32>)
  return %r0 : tensor<4x2xf32>
}

func.func @tensor_scatter_axis(%x: tensor<1x4x2xf32>, %y: tensor<1x1x2xf32>) -> tensor<1x4x2xf32> {
  // expected-error @+1 {{TensorScatter has an axis out of range}}
  %r0 = onnx.TensorScatter(%x, %y) {axis = 3 : i64} : (tensor<1x4x2xf32>, tensor<1x1x2xf32>) -> (tensor<1x4x2xf32>)
  return %r0 : tensor<1x4x2xf32>
}

func.func @gather_into_another_rank(%x: tensor<4x2xf32>, %y: tensor<3xi64>) -> tensor<3xf32> {
  // expected-error @+1 {{Gather expects a result of another rank}}
  %r0 = onnx.Gather(%x, %y) : (tensor<4x2xf32>, tensor<3xi64>) -> (tensor<3xf32>)
  return %r0 : tensor<3xf32>
}

func.func @scatter_elements_of_another_rank(%x: tensor<4x2xf32>, %y: tensor<2xi64>, %z: tensor<2xf32>) -> tensor<4x2xf32> {
  // expected-error @+1 {{ScatterElements expects indices and updates of the rank of the data}}
  %r0 = onnx.ScatterElements(%x, %y, %z) : (tensor<4x2xf32>, tensor<2xi64>, tensor<2xf32>) -> (tensor<4x2xf32>)
  return %r0 : tensor<4x2xf32>
}
