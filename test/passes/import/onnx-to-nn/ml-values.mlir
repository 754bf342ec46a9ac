// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @array_feature_extractor
// CHECK{LITERAL}: dense<[[3.000000e+00, 1.000000e+00], [6.000000e+00, -4.000000e+00]]> : tensor<2x2xf32>
func.func @array_feature_extractor() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 2.0, 3.0], [-4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %y = arith.constant dense<[2, 0]> : tensor<2xi64>
  %r = onnx.ml.ArrayFeatureExtractor(%x, %y) : (tensor<2x3xf32>, tensor<2xi64>) -> (tensor<2x2xf32>)
  return %r : tensor<2x2xf32>
}

// CHECK-LABEL: @binarizer
// CHECK{LITERAL}: dense<[[0.000000e+00, 0.000000e+00, 1.000000e+00], [0.000000e+00, 1.000000e+00, 1.000000e+00]]> : tensor<2x3xf32>
func.func @binarizer() -> tensor<2x3xf32> {
  %x = arith.constant dense<[[1.0, 2.0, 3.0], [-4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %r = onnx.ml.Binarizer(%x) {threshold = 2.0 : f32} : (tensor<2x3xf32>) -> (tensor<2x3xf32>)
  return %r : tensor<2x3xf32>
}

// CHECK-LABEL: @label_encoder
// CHECK: dense<[2.500000e+00, 5.000000e-01, -1.000000e+00]> : tensor<3xf32>
func.func @label_encoder() -> tensor<3xf32> {
  %x = arith.constant dense<[3, 1, 7]> : tensor<3xi64>
  %r = onnx.ml.LabelEncoder(%x) {keys_int64s = array<i64: 1, 3>, values_floats = array<f32: 0.5, 2.5>, default_float = -1.0 : f32} : (tensor<3xi64>) -> (tensor<3xf32>)
  return %r : tensor<3xf32>
}

// CHECK-LABEL: @linear_regressor
// CHECK{LITERAL}: dense<[[1.425000e+01, -1.500000e+00], [2.425000e+01, -7.000000e+00]]> : tensor<2x2xf32>
func.func @linear_regressor() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 2.0, 3.0], [-4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %r = onnx.ml.LinearRegressor(%x) {coefficients = array<f32: 1.0, 2.0, 3.0, 0.5, 0.0, -1.0>, intercepts = array<f32: 0.25, 1.0>, targets = 2 : i64} : (tensor<2x3xf32>) -> (tensor<2x2xf32>)
  return %r : tensor<2x2xf32>
}

// CHECK-LABEL: @linear_classifier
// CHECK: dense<[9, 7]> : tensor<2xi64>
// CHECK{LITERAL}: dense<[[1.425000e+01, 1.750000e+01], [2.425000e+01, 1.200000e+01]]> : tensor<2x2xf32>
func.func @linear_classifier() -> (tensor<2xi64>, tensor<2x2xf32>) {
  %x = arith.constant dense<[[1.0, 2.0, 3.0], [-4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %r:2 = onnx.ml.LinearClassifier(%x) {coefficients = array<f32: 1.0, 2.0, 3.0, 0.5, 0.0, -1.0>, intercepts = array<f32: 0.25, 20.0>, classlabels_ints = array<i64: 7, 9>} : (tensor<2x3xf32>) -> (tensor<2xi64>, tensor<2x2xf32>)
  return %r#0, %r#1 : tensor<2xi64>, tensor<2x2xf32>
}

// CHECK-LABEL: @normalizer
// CHECK{LITERAL}: dense<[[2.500000e-01, 7.500000e-01], [5.000000e-01, -5.000000e-01]]> : tensor<2x2xf32>
func.func @normalizer() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 3.0], [2.0, -2.0]]> : tensor<2x2xf32>
  %r = onnx.ml.Normalizer(%x) {norm = "L1"} : (tensor<2x2xf32>) -> (tensor<2x2xf32>)
  return %r : tensor<2x2xf32>
}

// CHECK-LABEL: @scaler
// CHECK{LITERAL}: dense<[[0.000000e+00, 0.000000e+00, -2.500000e+00], [-1.000000e+01, 1.500000e+00, -5.500000e+00]]> : tensor<2x3xf32>
func.func @scaler() -> tensor<2x3xf32> {
  %x = arith.constant dense<[[1.0, 2.0, 3.0], [-4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %r = onnx.ml.Scaler(%x) {offset = array<f32: 1.0, 2.0, 0.5>, scale = array<f32: 2.0, 0.5, -1.0>} : (tensor<2x3xf32>) -> (tensor<2x3xf32>)
  return %r : tensor<2x3xf32>
}
