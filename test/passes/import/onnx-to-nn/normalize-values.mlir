// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @batch_normalization
// CHECK{LITERAL}: dense<[[[5.000000e-01, 1.500000e+00], [0.000000e+00, 1.000000e+00]]]> : tensor<1x2x2xf32>
func.func @batch_normalization() -> tensor<1x2x2xf32> {
  %x = arith.constant dense<[[[1.0, 2.0], [3.0, 4.0]]]> : tensor<1x2x2xf32>
  %y = arith.constant dense<[2.0, 1.0]> : tensor<2xf32>
  %z = arith.constant dense<[0.5, -1.0]> : tensor<2xf32>
  %a = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %b = arith.constant dense<[3.5, 0.5]> : tensor<2xf32>
  %r = onnx.BatchNormalization(%x, %y, %z, %a, %b) {epsilon = 0.5 : f32} : (tensor<1x2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<1x2x2xf32>)
  return %r : tensor<1x2x2xf32>
}

// CHECK-LABEL: @instance_normalization
// CHECK: dense<{{\[\[\[}}-1.609962{{[0-9]*}}, -0.2149905{{[0-9]*}}, 2.574952{{[0-9]*}}], [1.467707{{[0-9]*}}, 0.4654775{{[0-9]*}}, 1.066815{{[0-9]*}}]]]> : tensor<1x2x3xf64>
func.func @instance_normalization() -> tensor<1x2x3xf64> {
  %x = arith.constant dense<[[[1.0, 2.0, 4.0], [3.0, 0.5, 2.0]]]> : tensor<1x2x3xf64>
  %y = arith.constant dense<[2.0, 0.5]> : tensor<2xf64>
  %z = arith.constant dense<[0.25, 1.0]> : tensor<2xf64>
  %r = onnx.InstanceNormalization(%x, %y, %z) {epsilon = 0.5 : f32} : (tensor<1x2x3xf64>, tensor<2xf64>, tensor<2xf64>) -> (tensor<1x2x3xf64>)
  return %r : tensor<1x2x3xf64>
}

// CHECK-LABEL: @group_normalization
// CHECK: dense<{{\[\[\[}}-1.133893{{[0-9]*}}, -0.3779644{{[0-9]*}}], [2.517786{{[0-9]*}}, 1.005928{{[0-9]*}}], [0.5685798{{[0-9]*}}, 0.9668138{{[0-9]*}}], [4.704690{{[0-9]*}}, -1.667052{{[0-9]*}}]]]> : tensor<1x4x2xf64>
func.func @group_normalization() -> tensor<1x4x2xf64> {
  %x = arith.constant dense<[[[1.0, 2.0], [4.0, 3.0], [0.5, 2.0], [5.0, 1.0]]]> : tensor<1x4x2xf64>
  %y = arith.constant dense<[1.0, 2.0, 0.5, 3.0]> : tensor<4xf64>
  %z = arith.constant dense<[0.0, 0.25, 1.0, 0.125]> : tensor<4xf64>
  %r = onnx.GroupNormalization(%x, %y, %z) {num_groups = 2 : i64, epsilon = 0.5 : f32} : (tensor<1x4x2xf64>, tensor<4xf64>, tensor<4xf64>) -> (tensor<1x4x2xf64>)
  return %r : tensor<1x4x2xf64>
}

// CHECK-LABEL: @layer_normalization
// CHECK: dense<{{\[\[\[}}-0.6799811{{[0-9]*}}, 0.03500944{{[0-9]*}}, 1.831238{{[0-9]*}}], [1.185414{{[0-9]*}}, -1.638089{{[0-9]*}}, 1.316815{{[0-9]*}}]]]> : tensor<1x2x3xf64>
func.func @layer_normalization() -> tensor<1x2x3xf64> {
  %x = arith.constant dense<[[[1.0, 2.0, 4.0], [3.0, 0.5, 2.0]]]> : tensor<1x2x3xf64>
  %y = arith.constant dense<[1.0, 2.0, 0.5]> : tensor<3xf64>
  %z = arith.constant dense<[0.25, 0.5, 1.25]> : tensor<3xf64>
  %r = onnx.LayerNormalization(%x, %y, %z) {axis = -1 : i64, epsilon = 0.5 : f32} : (tensor<1x2x3xf64>, tensor<3xf64>, tensor<3xf64>) -> (tensor<1x2x3xf64>)
  return %r : tensor<1x2x3xf64>
}

// CHECK-LABEL: @rms_normalization
// CHECK: dense<{{\[\[\[}}0.3651483{{[0-9]*}}, 1.460593{{[0-9]*}}, 0.7302967{{[0-9]*}}], [1.352962{{[0-9]*}}, 0.4509876{{[0-9]*}}, 0.4509876{{[0-9]*}}]]]> : tensor<1x2x3xf64>
func.func @rms_normalization() -> tensor<1x2x3xf64> {
  %x = arith.constant dense<[[[1.0, 2.0, 4.0], [3.0, 0.5, 2.0]]]> : tensor<1x2x3xf64>
  %y = arith.constant dense<[1.0, 2.0, 0.5]> : tensor<3xf64>
  %r = onnx.RMSNormalization(%x, %y) {axis = -1 : i64, epsilon = 0.5 : f32} : (tensor<1x2x3xf64>, tensor<3xf64>) -> (tensor<1x2x3xf64>)
  return %r : tensor<1x2x3xf64>
}

// CHECK-LABEL: @lrn
// CHECK: dense<{{\[\[\[\[}}0.5547001{{[0-9]*}}]], {{\[\[}}0.8528028{{[0-9]*}}]], {{\[\[}}1.279204{{[0-9]*}}]], {{\[\[}}0.4714045{{[0-9]*}}]]]]> : tensor<1x4x1x1xf64>
func.func @lrn() -> tensor<1x4x1x1xf64> {
  %x = arith.constant dense<[[[[1.0]], [[2.0]], [[3.0]], [[1.0]]]]> : tensor<1x4x1x1xf64>
  %r = onnx.LRN(%x) {size = 3 : i64, alpha = 0.75 : f32, beta = 0.5 : f32, bias = 2.0 : f32} : (tensor<1x4x1x1xf64>) -> (tensor<1x4x1x1xf64>)
  return %r : tensor<1x4x1x1xf64>
}

// CHECK-LABEL: @lp_normalization
// CHECK{LITERAL}: dense<[[2.500000e-01, 7.500000e-01], [5.000000e-01, 5.000000e-01]]> : tensor<2x2xf32>
func.func @lp_normalization() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 3.0], [2.0, 2.0]]> : tensor<2x2xf32>
  %r = onnx.LpNormalization(%x) {axis = 1 : i64, p = 1 : i64} : (tensor<2x2xf32>) -> (tensor<2x2xf32>)
  return %r : tensor<2x2xf32>
}

// CHECK-LABEL: @softmax
// CHECK: dense<{{\[\[\[}}0.1192029{{[0-9]*}}, 0.8175744{{[0-9]*}}, 0.8807970{{[0-9]*}}], [0.8807970{{[0-9]*}}, 0.1824255{{[0-9]*}}, 0.1192029{{[0-9]*}}]]]> : tensor<1x2x3xf64>
func.func @softmax() -> tensor<1x2x3xf64> {
  %x = arith.constant dense<[[[1.0, 2.0, 4.0], [3.0, 0.5, 2.0]]]> : tensor<1x2x3xf64>
  %r = onnx.Softmax(%x) {axis = 1 : i64} : (tensor<1x2x3xf64>) -> (tensor<1x2x3xf64>)
  return %r : tensor<1x2x3xf64>
}

// CHECK-LABEL: @log_softmax
// CHECK: dense<{{\[\[\[}}-2.126928{{[0-9]*}}, -0.2014132{{[0-9]*}}, -0.1269280{{[0-9]*}}], [-0.1269280{{[0-9]*}}, -1.701413{{[0-9]*}}, -2.126928{{[0-9]*}}]]]> : tensor<1x2x3xf64>
func.func @log_softmax() -> tensor<1x2x3xf64> {
  %x = arith.constant dense<[[[1.0, 2.0, 4.0], [3.0, 0.5, 2.0]]]> : tensor<1x2x3xf64>
  %r = onnx.LogSoftmax(%x) {axis = 1 : i64} : (tensor<1x2x3xf64>) -> (tensor<1x2x3xf64>)
  return %r : tensor<1x2x3xf64>
}

// CHECK-LABEL: @hardmax
// CHECK{LITERAL}: dense<[[0.000000e+00, 1.000000e+00, 1.000000e+00], [1.000000e+00, 0.000000e+00, 0.000000e+00]]> : tensor<2x3xf32>
func.func @hardmax() -> tensor<2x3xf32> {
  %x = arith.constant dense<[[1.0, 5.0, 5.0], [2.0, 0.0, 5.0]]> : tensor<2x3xf32>
  %r = onnx.Hardmax(%x) {axis = 0 : i64} : (tensor<2x3xf32>) -> (tensor<2x3xf32>)
  return %r : tensor<2x3xf32>
}
