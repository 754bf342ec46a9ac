// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @hann_window
// CHECK: dense<[0.000000e+00, 0.3454915{{[0-9]*}}, 0.9045084{{[0-9]*}}, 0.9045084{{[0-9]*}}, 0.3454915{{[0-9]*}}]> : tensor<5xf64>
func.func @hann_window() -> tensor<5xf64> {
  %x = arith.constant dense<5> : tensor<i64>
  %r = onnx.HannWindow(%x) {output_datatype = 11 : i64} : (tensor<i64>) -> (tensor<5xf64>)
  return %r : tensor<5xf64>
}

// CHECK-LABEL: @hamming_window
// CHECK: dense<[0.08695652{{[0-9]*}}, 0.4024052{{[0-9]*}}, 0.9128121{{[0-9]*}}, 0.9128121{{[0-9]*}}, 0.4024052{{[0-9]*}}, 0.08695652{{[0-9]*}}]> : tensor<6xf64>
func.func @hamming_window() -> tensor<6xf64> {
  %x = arith.constant dense<6> : tensor<i64>
  %r = onnx.HammingWindow(%x) {periodic = 0 : i64, output_datatype = 11 : i64} : (tensor<i64>) -> (tensor<6xf64>)
  return %r : tensor<6xf64>
}

// Without the ends, which are zero up to rounding.
// CHECK-LABEL: @blackman_window
// CHECK: dense<[0.2007701{{[0-9]*}}, 0.8492298{{[0-9]*}}, 0.8492298{{[0-9]*}}, 0.2007701{{[0-9]*}}]> : tensor<4xf64>
func.func @blackman_window() -> tensor<4xf64> {
  %n = arith.constant dense<6> : tensor<i64>
  %start = arith.constant dense<1> : tensor<1xi64>
  %end = arith.constant dense<5> : tensor<1xi64>
  %w = onnx.BlackmanWindow(%n) {output_datatype = 11 : i64, periodic = 0 : i64} : (tensor<i64>) -> (tensor<6xf64>)
  %r = onnx.Slice(%w, %start, %end) : (tensor<6xf64>, tensor<1xi64>, tensor<1xi64>) -> (tensor<4xf64>)
  return %r : tensor<4xf64>
}

// CHECK-LABEL: @dft
// CHECK: dense<{{\[\[\[}}1.600000e+01, 0.000000e+00], [-2.190983{{[0-9]*}}, 4.392011{{[0-9]*}}], [-3.309016{{[0-9]*}}, 1.400084{{[0-9]*}}]]]> : tensor<1x3x2xf64>
func.func @dft() -> tensor<1x3x2xf64> {
  %x = arith.constant dense<[[[1.0], [2.0], [3.0], [4.0], [6.0]]]> : tensor<1x5x1xf64>
  %r = onnx.DFT(%x) {onesided = 1 : i64} : (tensor<1x5x1xf64>) -> (tensor<1x3x2xf64>)
  return %r : tensor<1x3x2xf64>
}

// CHECK-LABEL: @stft
// CHECK: dense<{{\[\[\[\[}}1.175000e+01, 0.000000e+00], [-1.268237{{[0-9]*}}, -1.552091{{[0-9]*}}], [-2.106762{{[0-9]*}}, -2.273573{{[0-9]*}}]], {{\[\[}}1.300000e+01, 0.000000e+00], [3.986067{{[0-9]*}}, -7.875844{{[0-9]*}}], [-0.4860679{{[0-9]*}}, 1.046935{{[0-9]*}}]]]]> : tensor<1x2x3x2xf64>
func.func @stft() -> tensor<1x2x3x2xf64> {
  %x = arith.constant dense<[[[1.0], [2.0], [4.0], [3.0], [7.0], [-1.0], [2.0]]]> : tensor<1x7x1xf64>
  %y = arith.constant dense<2> : tensor<i64>
  %z = arith.constant dense<[1.0, 2.0, 0.5, 1.0, 0.25]> : tensor<5xf64>
  %a = arith.constant dense<5> : tensor<i64>
  %r = onnx.STFT(%x, %y, %z, %a) : (tensor<1x7x1xf64>, tensor<i64>, tensor<5xf64>, tensor<i64>) -> (tensor<1x2x3x2xf64>)
  return %r : tensor<1x2x3x2xf64>
}
