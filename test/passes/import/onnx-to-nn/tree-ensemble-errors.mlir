// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @no_weights(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  // expected-error @+1 {{ml.TreeEnsembleRegressor lacks nodes or weights}}
  %r0 = onnx.ml.TreeEnsembleRegressor(%x) {n_targets = 1 : i64, nodes_modes = ["BRANCH_LEQ", "LEAF", "LEAF"], nodes_treeids = array<i64: 0, 0, 0>, nodes_nodeids = array<i64: 0, 1, 2>, nodes_truenodeids = array<i64: 1, 0, 0>, nodes_falsenodeids = array<i64: 2, 0, 0>, nodes_featureids = array<i64: 1, 0, 0>, nodes_values = array<f32: 0.5, 0.0, 0.0>, target_ids = array<i64: 0, 0>, target_nodeids = array<i64: 1, 2>, target_treeids = array<i64: 0, 0>} : (tensor<2x3xf32>) -> (tensor<2x1xf32>)
  return %r0 : tensor<2x1xf32>
}

func.func @fewer_features(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  // expected-error @+1 {{ml.TreeEnsembleRegressor has lists of different lengths}}
  %r0 = onnx.ml.TreeEnsembleRegressor(%x) {n_targets = 1 : i64, nodes_modes = ["BRANCH_LEQ", "LEAF", "LEAF"], nodes_treeids = array<i64: 0, 0, 0>, nodes_nodeids = array<i64: 0, 1, 2>, nodes_truenodeids = array<i64: 1, 0, 0>, nodes_falsenodeids = array<i64: 2, 0, 0>, nodes_featureids = array<i64: 1, 0>, nodes_values = array<f32: 0.5, 0.0, 0.0>, target_ids = array<i64: 0, 0>, target_nodeids = array<i64: 1, 2>, target_treeids = array<i64: 0, 0>, target_weights = array<f32: 1.0, 2.0>} : (tensor<2x3xf32>) -> (tensor<2x1xf32>)
  return %r0 : tensor<2x1xf32>
}

func.func @fewer_weights(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  // expected-error @+1 {{ml.TreeEnsembleRegressor has lists of weights of different lengths, or too long ones}}
  %r0 = onnx.ml.TreeEnsembleRegressor(%x) {n_targets = 1 : i64, nodes_modes = ["BRANCH_LEQ", "LEAF", "LEAF"], nodes_treeids = array<i64: 0, 0, 0>, nodes_nodeids = array<i64: 0, 1, 2>, nodes_truenodeids = array<i64: 1, 0, 0>, nodes_falsenodeids = array<i64: 2, 0, 0>, nodes_featureids = array<i64: 1, 0, 0>, nodes_values = array<f32: 0.5, 0.0, 0.0>, target_ids = array<i64: 0, 0>, target_nodeids = array<i64: 1, 2>, target_treeids = array<i64: 0, 0>, target_weights = array<f32: 1.0>} : (tensor<2x3xf32>) -> (tensor<2x1xf32>)
  return %r0 : tensor<2x1xf32>
}

func.func @unknown_mode(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  // expected-error @+1 {{ml.TreeEnsembleRegressor has a node whose mode, feature or branches do not exist}}
  %r0 = onnx.ml.TreeEnsembleRegressor(%x) {n_targets = 1 : i64, nodes_modes = ["BRANCH_SOMETIMES", "LEAF", "LEAF"], nodes_treeids = array<i64: 0, 0, 0>, nodes_nodeids = array<i64: 0, 1, 2>, nodes_truenodeids = array<i64: 1, 0, 0>, nodes_falsenodeids = array<i64: 2, 0, 0>, nodes_featureids = array<i64: 1, 0, 0>, nodes_values = array<f32: 0.5, 0.0, 0.0>, target_ids = array<i64: 0, 0>, target_nodeids = array<i64: 1, 2>, target_treeids = array<i64: 0, 0>, target_weights = array<f32: 1.0, 2.0>} : (tensor<2x3xf32>) -> (tensor<2x1xf32>)
  return %r0 : tensor<2x1xf32>
}

func.func @branch_to_nowhere(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  // expected-error @+1 {{ml.TreeEnsembleRegressor has a node whose mode, feature or branches do not exist}}
  %r0 = onnx.ml.TreeEnsembleRegressor(%x) {n_targets = 1 : i64, nodes_modes = ["BRANCH_LEQ", "LEAF", "LEAF"], nodes_treeids = array<i64: 0, 0, 0>, nodes_nodeids = array<i64: 0, 1, 2>, nodes_truenodeids = array<i64: 7, 0, 0>, nodes_falsenodeids = array<i64: 2, 0, 0>, nodes_featureids = array<i64: 1, 0, 0>, nodes_values = array<f32: 0.5, 0.0, 0.0>, target_ids = array<i64: 0, 0>, target_nodeids = array<i64: 1, 2>, target_treeids = array<i64: 0, 0>, target_weights = array<f32: 1.0, 2.0>} : (tensor<2x3xf32>) -> (tensor<2x1xf32>)
  return %r0 : tensor<2x1xf32>
}

func.func @feature_out_of_range(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  // expected-error @+1 {{ml.TreeEnsembleRegressor has a node whose mode, feature or branches do not exist}}
  %r0 = onnx.ml.TreeEnsembleRegressor(%x) {n_targets = 1 : i64, nodes_modes = ["BRANCH_LEQ", "LEAF", "LEAF"], nodes_treeids = array<i64: 0, 0, 0>, nodes_nodeids = array<i64: 0, 1, 2>, nodes_truenodeids = array<i64: 1, 0, 0>, nodes_falsenodeids = array<i64: 2, 0, 0>, nodes_featureids = array<i64: 3, 0, 0>, nodes_values = array<f32: 0.5, 0.0, 0.0>, target_ids = array<i64: 0, 0>, target_nodeids = array<i64: 1, 2>, target_treeids = array<i64: 0, 0>, target_weights = array<f32: 1.0, 2.0>} : (tensor<2x3xf32>) -> (tensor<2x1xf32>)
  return %r0 : tensor<2x1xf32>
}

func.func @weight_of_no_node(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  // expected-error @+1 {{ml.TreeEnsembleRegressor has a weight for a node or target that does not exist}}
  %r0 = onnx.ml.TreeEnsembleRegressor(%x) {n_targets = 1 : i64, nodes_modes = ["BRANCH_LEQ", "LEAF", "LEAF"], nodes_treeids = array<i64: 0, 0, 0>, nodes_nodeids = array<i64: 0, 1, 2>, nodes_truenodeids = array<i64: 1, 0, 0>, nodes_falsenodeids = array<i64: 2, 0, 0>, nodes_featureids = array<i64: 1, 0, 0>, nodes_values = array<f32: 0.5, 0.0, 0.0>, target_ids = array<i64: 0, 0>, target_nodeids = array<i64: 1, 9>, target_treeids = array<i64: 0, 0>, target_weights = array<f32: 1.0, 2.0>} : (tensor<2x3xf32>) -> (tensor<2x1xf32>)
  return %r0 : tensor<2x1xf32>
}

func.func @circle(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  // expected-error @+1 {{ml.TreeEnsembleRegressor has a tree that leads in a circle}}
  %r0 = onnx.ml.TreeEnsembleRegressor(%x) {n_targets = 1 : i64, nodes_modes = ["BRANCH_LEQ", "LEAF", "LEAF"], nodes_treeids = array<i64: 0, 0, 0>, nodes_nodeids = array<i64: 0, 1, 2>, nodes_truenodeids = array<i64: 0, 0, 0>, nodes_falsenodeids = array<i64: 2, 0, 0>, nodes_featureids = array<i64: 1, 0, 0>, nodes_values = array<f32: 0.5, 0.0, 0.0>, target_ids = array<i64: 0, 0>, target_nodeids = array<i64: 1, 2>, target_treeids = array<i64: 0, 0>, target_weights = array<f32: 1.0, 2.0>} : (tensor<2x3xf32>) -> (tensor<2x1xf32>)
  return %r0 : tensor<2x1xf32>
}

func.func @base_values_for_others(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  // expected-error @+1 {{ml.TreeEnsembleRegressor expects a base value a target}}
  %r0 = onnx.ml.TreeEnsembleRegressor(%x) {n_targets = 1 : i64, nodes_modes = ["BRANCH_LEQ", "LEAF", "LEAF"], nodes_treeids = array<i64: 0, 0, 0>, nodes_nodeids = array<i64: 0, 1, 2>, nodes_truenodeids = array<i64: 1, 0, 0>, nodes_falsenodeids = array<i64: 2, 0, 0>, nodes_featureids = array<i64: 1, 0, 0>, nodes_values = array<f32: 0.5, 0.0, 0.0>, target_ids = array<i64: 0, 0>, target_nodeids = array<i64: 1, 2>, target_treeids = array<i64: 0, 0>, target_weights = array<f32: 1.0, 2.0>, base_values = array<f32: 1.0, 2.0>} : (tensor<2x3xf32>) -> (tensor<2x1xf32>)
  return %r0 : tensor<2x1xf32>
}

func.func @maximum_of_trees(%x: tensor<2x3xf32>) -> tensor<2x1xf32> {
  // expected-error @+1 {{ml.TreeEnsembleRegressor expects a matrix, sums or averages, and no transform}}
  %r0 = onnx.ml.TreeEnsembleRegressor(%x) {n_targets = 1 : i64, nodes_modes = ["BRANCH_LEQ", "LEAF", "LEAF"], nodes_treeids = array<i64: 0, 0, 0>, nodes_nodeids = array<i64: 0, 1, 2>, nodes_truenodeids = array<i64: 1, 0, 0>, nodes_falsenodeids = array<i64: 2, 0, 0>, nodes_featureids = array<i64: 1, 0, 0>, nodes_values = array<f32: 0.5, 0.0, 0.0>, target_ids = array<i64: 0, 0>, target_nodeids = array<i64: 1, 2>, target_treeids = array<i64: 0, 0>, target_weights = array<f32: 1.0, 2.0>, aggregate_function = "MAX"} : (tensor<2x3xf32>) -> (tensor<2x1xf32>)
  return %r0 : tensor<2x1xf32>
}

func.func @labels_that_are_texts(%x: tensor<2x3xf32>) -> (tensor<2xi64>, tensor<2x2xf32>) {
  // expected-error @+1 {{ml.TreeEnsembleClassifier expects a matrix, and labels that are integers}}
  %r0, %r1 = onnx.ml.TreeEnsembleClassifier(%x) {classlabels_strings = ["a", "b"]} : (tensor<2x3xf32>) -> (tensor<2xi64>, tensor<2x2xf32>)
  return %r0, %r1 : tensor<2xi64>, tensor<2x2xf32>
}
