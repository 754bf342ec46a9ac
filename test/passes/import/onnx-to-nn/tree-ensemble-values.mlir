// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @tree_ensemble_regressor
// CHECK{LITERAL}: dense<[[4.750000e+00], [3.250000e+00], [2.750000e+00]]> : tensor<3x1xf32>
func.func @tree_ensemble_regressor() -> tensor<3x1xf32> {
  %x = arith.constant dense<[[1.0, 0.5], [3.0, 1.0], [3.0, 0.0]]> : tensor<3x2xf32>
  %r = onnx.ml.TreeEnsembleRegressor(%x) {n_targets = 1 : i64, aggregate_function = "AVERAGE", base_values = array<f32: 0.25>,
    nodes_treeids = array<i64: 0, 0, 0, 1, 1, 1>,
    nodes_nodeids = array<i64: 0, 1, 2, 0, 1, 2>,
    nodes_featureids = array<i64: 1, 0, 0, 0, 0, 0>,
    nodes_modes = ["BRANCH_LEQ", "LEAF", "LEAF", "BRANCH_GT", "LEAF", "LEAF"],
    nodes_values = array<f32: 0.5, 0.0, 0.0, 2.0, 0.0, 0.0>,
    nodes_truenodeids = array<i64: 1, 0, 0, 1, 0, 0>,
    nodes_falsenodeids = array<i64: 2, 0, 0, 2, 0, 0>,
    target_treeids = array<i64: 0, 0, 1, 1>, target_nodeids = array<i64: 1, 2, 1, 2>, target_ids = array<i64: 0, 0, 0, 0>, target_weights = array<f32: 1.0, 2.0, 4.0, 8.0>} : (tensor<3x2xf32>) -> (tensor<3x1xf32>)
  return %r : tensor<3x1xf32>
}

// CHECK-LABEL: @tree_ensemble_classifier
// CHECK: dense<[5, 6, 5]> : tensor<3xi64>
// CHECK{LITERAL}: dense<[[1.000000e+00, 2.500000e-01], [5.000000e-01, 2.000000e+00], [1.500000e+00, 0.000000e+00]]> : tensor<3x2xf32>
func.func @tree_ensemble_classifier() -> (tensor<3xi64>, tensor<3x2xf32>) {
  %x = arith.constant dense<[[1.0, 0.5], [3.0, 1.0], [3.0, 0.0]]> : tensor<3x2xf32>
  %r:2 = onnx.ml.TreeEnsembleClassifier(%x) {classlabels_int64s = array<i64: 5, 6>,
    nodes_treeids = array<i64: 0, 0, 0, 1, 1, 1>,
    nodes_nodeids = array<i64: 0, 1, 2, 0, 1, 2>,
    nodes_featureids = array<i64: 1, 0, 0, 0, 0, 0>,
    nodes_modes = ["BRANCH_LEQ", "LEAF", "LEAF", "BRANCH_GT", "LEAF", "LEAF"],
    nodes_values = array<f32: 0.5, 0.0, 0.0, 2.0, 0.0, 0.0>,
    nodes_truenodeids = array<i64: 1, 0, 0, 1, 0, 0>,
    nodes_falsenodeids = array<i64: 2, 0, 0, 2, 0, 0>,
    class_treeids = array<i64: 0, 0, 1, 1>, class_nodeids = array<i64: 1, 2, 1, 2>, class_ids = array<i64: 0, 1, 0, 1>, class_weights = array<f32: 1.0, 2.0, 0.5, 0.25>} : (tensor<3x2xf32>) -> (tensor<3xi64>, tensor<3x2xf32>)
  return %r#0, %r#1 : tensor<3xi64>, tensor<3x2xf32>
}
