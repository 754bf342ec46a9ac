// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @rnn
// CHECK: dense<{{\[\[\[\[}}0.3266089{{[0-9]*}}, -0.7818419{{[0-9]*}}]]], {{\[\[\[}}0.9480852{{[0-9]*}}, -0.9640275{{[0-9]*}}]]]]> : tensor<2x1x1x2xf64>
// CHECK: dense<{{\[\[\[}}0.3266089{{[0-9]*}}, -0.7818419{{[0-9]*}}]]]> : tensor<1x1x2xf64>
func.func @rnn() -> (tensor<2x1x1x2xf64>, tensor<1x1x2xf64>) {
  %x = arith.constant dense<[[[0.5, -1.0]], [[0.25, 1.0]]]> : tensor<2x1x2xf64>
  %y = arith.constant dense<[[[-0.75, 1.0], [0.0, -1.0]]]> : tensor<1x2x2xf64>
  %z = arith.constant dense<[[[0.0, -1.0], [-0.75, 1.0]]]> : tensor<1x2x2xf64>
  %a = arith.constant dense<[[0.25, -0.5, 0.5, 0.125]]> : tensor<1x4xf64>
  %c = arith.constant dense<[[[0.5, -0.25]]]> : tensor<1x1x2xf64>
  %r:2 = onnx.RNN(%x, %y, %z, %a, _, %c) {direction = "reverse", hidden_size = 2 : i64} : (tensor<2x1x2xf64>, tensor<1x2x2xf64>, tensor<1x2x2xf64>, tensor<1x4xf64>, tensor<1x1x2xf64>) -> (tensor<2x1x1x2xf64>, tensor<1x1x2xf64>)
  return %r#0, %r#1 : tensor<2x1x1x2xf64>, tensor<1x1x2xf64>
}

// CHECK-LABEL: @gru
// CHECK: dense<{{\[\[\[\[}}-0.6278583{{[0-9]*}}, -0.1711417{{[0-9]*}}]]], {{\[\[\[}}0.1150809{{[0-9]*}}, -0.6638579{{[0-9]*}}]]]]> : tensor<2x1x1x2xf64>
// CHECK: dense<{{\[\[\[}}0.1150809{{[0-9]*}}, -0.6638579{{[0-9]*}}]]]> : tensor<1x1x2xf64>
func.func @gru() -> (tensor<2x1x1x2xf64>, tensor<1x1x2xf64>) {
  %x = arith.constant dense<[[[0.5, -1.0]], [[0.25, 1.0]]]> : tensor<2x1x2xf64>
  %y = arith.constant dense<[[[-0.75, 1.0], [0.0, -1.0], [0.75, -0.25], [-1.25, 0.5], [-0.5, 1.25], [0.25, -0.75]]]> : tensor<1x6x2xf64>
  %z = arith.constant dense<[[[0.25, -0.75], [-0.5, 1.25], [-1.25, 0.5], [0.75, -0.25], [0.0, -1.0], [-0.75, 1.0]]]> : tensor<1x6x2xf64>
  %a = arith.constant dense<[[-0.5, -0.25, 0.0, 0.25, 0.5, -0.5, -0.25, 0.0, 0.25, 0.5, -0.5, -0.25]]> : tensor<1x12xf64>
  %c = arith.constant dense<[[[0.5, -0.25]]]> : tensor<1x1x2xf64>
  %r:2 = onnx.GRU(%x, %y, %z, %a, _, %c) {hidden_size = 2 : i64, linear_before_reset = 1 : i64} : (tensor<2x1x2xf64>, tensor<1x6x2xf64>, tensor<1x6x2xf64>, tensor<1x12xf64>, tensor<1x1x2xf64>) -> (tensor<2x1x1x2xf64>, tensor<1x1x2xf64>)
  return %r#0, %r#1 : tensor<2x1x1x2xf64>, tensor<1x1x2xf64>
}

// CHECK-LABEL: @lstm
// CHECK: dense<{{\[\[\[\[}}0.06846379{{[0-9]*}}, -0.02135655{{[0-9]*}}]]], {{\[\[\[}}0.1473954{{[0-9]*}}, -0.03308408{{[0-9]*}}]]]]> : tensor<2x1x1x2xf64>
// CHECK: dense<{{\[\[\[}}0.1473954{{[0-9]*}}, -0.03308408{{[0-9]*}}]]]> : tensor<1x1x2xf64>
// CHECK: dense<{{\[\[\[}}0.3933160{{[0-9]*}}, -0.06254504{{[0-9]*}}]]]> : tensor<1x1x2xf64>
func.func @lstm() -> (tensor<2x1x1x2xf64>, tensor<1x1x2xf64>, tensor<1x1x2xf64>) {
  %x = arith.constant dense<[[[0.5, -1.0]], [[0.25, 1.0]]]> : tensor<2x1x2xf64>
  %y = arith.constant dense<[[[-0.75, 1.0], [0.0, -1.0], [0.75, -0.25], [-1.25, 0.5], [-0.5, 1.25], [0.25, -0.75], [1.0, 0.0], [-1.0, 0.75]]]> : tensor<1x8x2xf64>
  %z = arith.constant dense<[[[-1.0, 0.75], [1.0, 0.0], [0.25, -0.75], [-0.5, 1.25], [-1.25, 0.5], [0.75, -0.25], [0.0, -1.0], [-0.75, 1.0]]]> : tensor<1x8x2xf64>
  %a = arith.constant dense<[[-0.5, -0.25, 0.0, 0.25, 0.5, -0.5, -0.25, 0.0, 0.25, 0.5, -0.5, -0.25, 0.0, 0.25, 0.5, -0.5]]> : tensor<1x16xf64>
  %c = arith.constant dense<[[[0.5, -0.25]]]> : tensor<1x1x2xf64>
  %d = arith.constant dense<[[[0.25, 0.75]]]> : tensor<1x1x2xf64>
  %e = arith.constant dense<[[0.5, -0.5, 0.25, 0.125, -0.25, 1.0]]> : tensor<1x6xf64>
  %r:3 = onnx.LSTM(%x, %y, %z, %a, _, %c, %d, %e) {hidden_size = 2 : i64} : (tensor<2x1x2xf64>, tensor<1x8x2xf64>, tensor<1x8x2xf64>, tensor<1x16xf64>, tensor<1x1x2xf64>, tensor<1x1x2xf64>, tensor<1x6xf64>) -> (tensor<2x1x1x2xf64>, tensor<1x1x2xf64>, tensor<1x1x2xf64>)
  return %r#0, %r#1, %r#2 : tensor<2x1x1x2xf64>, tensor<1x1x2xf64>, tensor<1x1x2xf64>
}
