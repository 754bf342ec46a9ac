// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @scales_of_another_rank(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x8x8xf32> {
  %c0 = arith.constant dense<2.0> : tensor<2xf32>
  // expected-error @+1 {{Resize expects scales or sizes, one an axis}}
  %r0 = onnx.Resize(%x, _, %c0) : (tensor<1x1x4x4xf32>, tensor<2xf32>) -> (tensor<1x1x8x8xf32>)
  return %r0 : tensor<1x1x8x8xf32>
}

func.func @neither_scales_nor_sizes(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x8x8xf32> {
  // expected-error @+1 {{Resize expects scales or sizes, one an axis}}
  %r0 = onnx.Resize(%x) : (tensor<1x1x4x4xf32>) -> (tensor<1x1x8x8xf32>)
  return %r0 : tensor<1x1x8x8xf32>
}

func.func @axis_out_of_range(%x: tensor<4x4xf32>) -> tensor<4x8xf32> {
  %c0 = arith.constant dense<2.0> : tensor<1xf32>
  // expected-error @+1 {{Resize has an axis out of range}}
  %r0 = onnx.Resize(%x, _, %c0) {axes = array<i64: 2>} : (tensor<4x4xf32>, tensor<1xf32>) -> (tensor<4x8xf32>)
  return %r0 : tensor<4x8xf32>
}

func.func @empty_input(%x: tensor<1x0xf32>) -> tensor<2x0xf32> {
  %c0 = arith.constant dense<2.0> : tensor<2xf32>
  // expected-error @+1 {{Resize expects elements to resize}}
  %r0 = onnx.Resize(%x, _, %c0) : (tensor<1x0xf32>, tensor<2xf32>) -> (tensor<2x0xf32>)
  return %r0 : tensor<2x0xf32>
}

func.func @region_of_interest_of_another_rank(%x: tensor<4x4xf32>, %y: tensor<2xf32>) -> tensor<8x8xf32> {
  %c0 = arith.constant dense<2.0> : tensor<2xf32>
  // expected-error @+1 {{Resize expects a region of interest, two numbers an axis}}
  %r0 = onnx.Resize(%x, %y, %c0) {coordinate_transformation_mode = "tf_crop_and_resize"} : (tensor<4x4xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<8x8xf32>)
  return %r0 : tensor<8x8xf32>
}
