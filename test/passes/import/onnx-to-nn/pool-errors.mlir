// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @matrix(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{MaxPool expects an input of 3 dimensions or more}}
  %r0 = onnx.MaxPool(%x) {kernel_shape = array<i64: 2>} : (tensor<1x4xf32>) -> (tensor<1x4xf32>)
  return %r0 : tensor<1x4xf32>
}

func.func @kernel_of_another_rank(%x: tensor<1x1x8xf32>) -> tensor<1x1x4xf32> {
  // expected-error @+1 {{MaxPool has lists for another number of spatial dimensions than 2}}
  %r0 = onnx.MaxPool(%x) {kernel_shape = array<i64: 2, 2>} : (tensor<1x1x8xf32>) -> (tensor<1x1x4xf32>)
  return %r0 : tensor<1x1x4xf32>
}

func.func @pads_of_another_rank(%x: tensor<1x1x8xf32>) -> tensor<1x1x4xf32> {
  // expected-error @+1 {{AveragePool has lists for another number of spatial dimensions than 1}}
  %r0 = onnx.AveragePool(%x) {kernel_shape = array<i64: 2>, pads = array<i64: 1>} : (tensor<1x1x8xf32>) -> (tensor<1x1x4xf32>)
  return %r0 : tensor<1x1x4xf32>
}

func.func @stride_zero(%x: tensor<1x1x8xf32>) -> tensor<1x1x4xf32> {
  // expected-error @+1 {{LpPool has a stride, dilation, kernel or pad out of range}}
  %r0 = onnx.LpPool(%x) {kernel_shape = array<i64: 2>, strides = array<i64: 0>} : (tensor<1x1x8xf32>) -> (tensor<1x1x4xf32>)
  return %r0 : tensor<1x1x4xf32>
}

func.func @kernel_without_elements(%x: tensor<1x1x8xf32>) -> tensor<1x1x8xf32> {
  // expected-error @+1 {{MaxPool has a stride, dilation, kernel or pad out of range}}
  %r0 = onnx.MaxPool(%x) {kernel_shape = array<i64: 0>} : (tensor<1x1x8xf32>) -> (tensor<1x1x8xf32>)
  return %r0 : tensor<1x1x8xf32>
}
