// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @axis_out_of_range(%x: tensor<4xf32>) -> (tensor<2xf32>, tensor<2xi64>) {
  %c0 = arith.constant dense<2> : tensor<1xi64>
  // expected-error @+1 {{TopK has an axis out of range}}
  %r0, %r1 = onnx.TopK(%x, %c0) {axis = 1 : i64} : (tensor<4xf32>, tensor<1xi64>) -> (tensor<2xf32>, tensor<2xi64>)
  return %r0, %r1 : tensor<2xf32>, tensor<2xi64>
}

func.func @too_many_elements(%x: tensor<20000xf32>) -> (tensor<2xf32>, tensor<2xi64>) {
  %c0 = arith.constant dense<2> : tensor<1xi64>
  // expected-error @+1 {{TopK sorts 20000 elements; at most 16384 are supported}}
  %r0, %r1 = onnx.TopK(%x, %c0) : (tensor<20000xf32>, tensor<1xi64>) -> (tensor<2xf32>, tensor<2xi64>)
  return %r0, %r1 : tensor<2xf32>, tensor<2xi64>
}
