// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @perm_is_no_permutation(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  // expected-error @+1 {{Transpose has a `perm` that is no permutation}}
  %y = onnx.Transpose(%x) {perm = array<i64: 1, 1>} : (tensor<4x4xf32>) -> (tensor<4x4xf32>)
  return %y : tensor<4x4xf32>
}

func.func @reshape_to_more_elements(%x: tensor<4xf32>) -> tensor<5xf32> {
  %c0 = arith.constant dense<5> : tensor<1xi64>
  // expected-error @+1 {{Reshape changes the number of elements}}
  %r0 = onnx.Reshape(%x, %c0) : (tensor<4xf32>, tensor<1xi64>) -> (tensor<5xf32>)
  return %r0 : tensor<5xf32>
}

func.func @concat_axis(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<8xf32> {
  // expected-error @+1 {{Concat has an axis out of range}}
  %r0 = onnx.Concat(%x, %y) {axis = 1 : i64} : (tensor<4xf32>, tensor<4xf32>) -> (tensor<8xf32>)
  return %r0 : tensor<8xf32>
}

func.func @split_axis(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{Split has an axis out of range}}
  %r0 = onnx.Split(%x) {axis = 1 : i64, num_outputs = 1 : i64} : (tensor<4xf32>) -> (tensor<4xf32>)
  return %r0 : tensor<4xf32>
}

func.func @slice_with_fewer_steps(%x: tensor<4x4xf32>) -> tensor<2x2xf32> {
  %c0 = arith.constant dense<0> : tensor<2xi64>
  %c1 = arith.constant dense<2> : tensor<2xi64>
  %c2 = arith.constant dense<[0, 1]> : tensor<2xi64>
  %c3 = arith.constant dense<1> : tensor<1xi64>
  // expected-error @+1 {{Slice has lists of different lengths}}
  %r0 = onnx.Slice(%x, %c0, %c1, %c2, %c3) : (tensor<4x4xf32>, tensor<2xi64>, tensor<2xi64>, tensor<2xi64>, tensor<1xi64>) -> (tensor<2x2xf32>)
  return %r0 : tensor<2x2xf32>
}

func.func @computed_starts_of_another_length(%x: tensor<4x4xf32>, %s: tensor<2xi64>, %axes: tensor<3xi64>) -> tensor<2x2xf32> {
  // expected-error @+1 {{Slice has lists of different lengths}}
  %r0 = onnx.Slice(%x, %s, %s, %axes) : (tensor<4x4xf32>, tensor<2xi64>, tensor<2xi64>, tensor<3xi64>) -> (tensor<2x2xf32>)
  return %r0 : tensor<2x2xf32>
}

func.func @computed_starts_without_a_list(%x: tensor<4xf32>, %s: tensor<1xi64>, %axes: tensor<i64>) -> tensor<2xf32> {
  // expected-error @+1 {{Slice has lists of different lengths}}
  %r0 = onnx.Slice(%x, %s, %s, %axes) : (tensor<4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<i64>) -> (tensor<2xf32>)
  return %r0 : tensor<2xf32>
}

func.func @slice_with_step_zero(%x: tensor<4xf32>) -> tensor<2xf32> {
  %c0 = arith.constant dense<0> : tensor<1xi64>
  %c1 = arith.constant dense<2> : tensor<1xi64>
  %c2 = arith.constant dense<0> : tensor<1xi64>
  %c3 = arith.constant dense<0> : tensor<1xi64>
  // expected-error @+1 {{Slice has step 0}}
  %r0 = onnx.Slice(%x, %c0, %c1, %c2, %c3) : (tensor<4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> (tensor<2xf32>)
  return %r0 : tensor<2xf32>
}

func.func @block_that_does_not_divide(%x: tensor<1x6x2x2xf32>) -> tensor<1x1x4x4xf32> {
  // expected-error @+1 {{DepthToSpace expects 4 dimensions that the block size divides}}
  %r0 = onnx.DepthToSpace(%x) {blocksize = 2 : i64} : (tensor<1x6x2x2xf32>) -> (tensor<1x1x4x4xf32>)
  return %r0 : tensor<1x1x4x4xf32>
}

func.func @slice_axis(%x: tensor<4xf32>) -> tensor<2xf32> {
  %c0 = arith.constant dense<0> : tensor<1xi64>
  %c1 = arith.constant dense<1> : tensor<1xi64>
  // expected-error @+1 {{Slice has an axis out of range}}
  %r0 = onnx.Slice(%x, %c0, %c0, %c1) : (tensor<4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> (tensor<2xf32>)
  return %r0 : tensor<2xf32>
}
