// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @scales_for_other_columns(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{ml.Scaler expects an offset and a scale for each column}}
  %r0 = onnx.ml.Scaler(%x) {offset = array<f32: 1.0, 2.0>, scale = array<f32: 1.0>} : (tensor<2x3xf32>) -> (tensor<2x3xf32>)
  return %r0 : tensor<2x3xf32>
}

func.func @norm_of_a_number(%x: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{ml.Normalizer expects columns}}
  %r0 = onnx.ml.Normalizer(%x) : (tensor<f32>) -> (tensor<f32>)
  return %r0 : tensor<f32>
}

func.func @keys_without_values(%x: tensor<2xi64>) -> tensor<2xi64> {
  // expected-error @+1 {{ml.LabelEncoder has keys or values that are no numbers of its types}}
  %r0 = onnx.ml.LabelEncoder(%x) {keys_int64s = array<i64: 1, 2>, values_int64s = array<i64: 1>} : (tensor<2xi64>) -> (tensor<2xi64>)
  return %r0 : tensor<2xi64>
}

func.func @columns_of_a_number(%x: tensor<f32>, %y: tensor<1xi64>) -> tensor<1x1xf32> {
  // expected-error @+1 {{ml.ArrayFeatureExtractor expects columns}}
  %r0 = onnx.ml.ArrayFeatureExtractor(%x, %y) : (tensor<f32>, tensor<1xi64>) -> (tensor<1x1xf32>)
  return %r0 : tensor<1x1xf32>
}

func.func @coefficients_for_other_columns(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  // expected-error @+1 {{ml.LinearRegressor expects a matrix, and coefficients for each of its columns}}
  %r0 = onnx.ml.LinearRegressor(%x) {coefficients = array<f32: 1.0, 2.0>} : (tensor<2x3xf32>) -> (tensor<2x1xf32>)
  return %r0 : tensor<2x1xf32>
}

func.func @intercepts_for_other_rows(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  // expected-error @+1 {{ml.LinearRegressor expects one intercept per row of coefficients}}
  %r0 = onnx.ml.LinearRegressor(%x) {coefficients = array<f32: 1.0, 2.0, 3.0>, intercepts = array<f32: 1.0, 2.0>} : (tensor<2x3xf32>) -> (tensor<2x1xf32>)
  return %r0 : tensor<2x1xf32>
}

func.func @transformed_regression(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  // expected-error @+1 {{ml.LinearRegressor has no coefficients, or a transform other than NONE}}
  %r0 = onnx.ml.LinearRegressor(%x) {coefficients = array<f32: 1.0, 2.0, 3.0>, post_transform = "PROBIT"} : (tensor<2x3xf32>) -> (tensor<2x1xf32>)
  return %r0 : tensor<2x1xf32>
}

func.func @unknown_transform(%x: tensor<2x3xf32>) -> (tensor<2xi64>, tensor<2x2xf32>) {
  // expected-error @+1 {{ml.LinearClassifier has the transform PROBIT}}
  %r0, %r1 = onnx.ml.LinearClassifier(%x) {classlabels_ints = array<i64: 1, 2>, coefficients = array<f32: 1.0, 2.0, 3.0, 4.0, 5.0, 6.0>, post_transform = "PROBIT"} : (tensor<2x3xf32>) -> (tensor<2xi64>, tensor<2x2xf32>)
  return %r0, %r1 : tensor<2xi64>, tensor<2x2xf32>
}

func.func @labels_that_are_texts(%x: tensor<2x3xf32>) -> (tensor<2xi64>, tensor<2x2xf32>) {
  // expected-error @+1 {{ml.LinearClassifier has no labels that are integers}}
  %r0, %r1 = onnx.ml.LinearClassifier(%x) {classlabels_strings = ["a", "b"], coefficients = array<f32: 1.0, 2.0, 3.0>} : (tensor<2x3xf32>) -> (tensor<2xi64>, tensor<2x2xf32>)
  return %r0, %r1 : tensor<2xi64>, tensor<2x2xf32>
}

func.func @three_labels_for_two_rows(%x: tensor<2x3xf32>) -> (tensor<2xi64>, tensor<2x3xf32>) {
  // expected-error @+1 {{ml.LinearClassifier expects one row of coefficients per class}}
  %r0, %r1 = onnx.ml.LinearClassifier(%x) {classlabels_ints = array<i64: 1, 2, 3>, coefficients = array<f32: 1.0, 2.0, 3.0, 4.0, 5.0, 6.0>} : (tensor<2x3xf32>) -> (tensor<2xi64>, tensor<2x3xf32>)
  return %r0, %r1 : tensor<2xi64>, tensor<2x3xf32>
}
