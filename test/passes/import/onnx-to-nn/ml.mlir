// RUN: tenon-opt %s --convert-onnx-to-nn --split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @linear_classifier_picks_the_label_of_the_largest_score
func.func @linear_classifier_picks_the_label_of_the_largest_score(%x: tensor<3x2xf32>) -> (tensor<3xi64>, tensor<3x2xf32>) {
  // CHECK: %[[SCORES:.*]] = nn.contract parallel [3, 2] reduction [2]
  // CHECK: nn.reduce parallel [3] reduction [2] ins(%[[SCORES]], %{{.*}} : tensor<3x2xf32>, tensor<2xi64>)
  %label, %scores = onnx.ml.LinearClassifier(%x) {coefficients = array<f32: 1.0, 2.0, 3.0, 4.0>, intercepts = array<f32: 0.0, 1.0>, classlabels_ints = array<i64: 7, 9>} : (tensor<3x2xf32>) -> (tensor<3xi64>, tensor<3x2xf32>)
  return %label, %scores : tensor<3xi64>, tensor<3x2xf32>
}

// -----

func.func @labels_are_strings(%x: tensor<3x2xf32>) -> tensor<3x2xf32> {
  // expected-error @+1 {{ml.LinearClassifier has a tensor of !onnx.string}}
  %label, %scores = onnx.ml.LinearClassifier(%x) {coefficients = array<f32: 1.0, 2.0, 3.0, 4.0>, classlabels_strings = ["a", "b"]} : (tensor<3x2xf32>) -> (tensor<3x!onnx.string>, tensor<3x2xf32>)
  return %scores : tensor<3x2xf32>
}
