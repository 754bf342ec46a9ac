// RUN: tenon-opt %s --convert-onnx-to-nn --split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @all_rows_go_down_a_level_at_a_time
func.func @all_rows_go_down_a_level_at_a_time(%x: tensor<3x2xf32>) -> tensor<3x1xf32> {
  // CHECK-DAG: %[[YES:.*]] = arith.constant dense<[1, 1, 2]>
  // CHECK-DAG: %[[NO:.*]] = arith.constant dense<[2, 1, 2]>
  // CHECK: nn.gather parallel [3, 1] ins(%arg0, %{{.*}}, %[[YES]], %[[NO]]
  // CHECK: nn.gather parallel [3, 1, 1]
  // CHECK: nn.reduce parallel [3, 1] reduction [1]
  %y = onnx.ml.TreeEnsembleRegressor(%x) {n_targets = 1 : i64,
    nodes_treeids = array<i64: 0, 0, 0>, nodes_nodeids = array<i64: 0, 1, 2>, nodes_featureids = array<i64: 1, 0, 0>,
    nodes_modes = ["BRANCH_LEQ", "LEAF", "LEAF"], nodes_values = array<f32: 0.5, 0.0, 0.0>,
    nodes_truenodeids = array<i64: 1, 0, 0>, nodes_falsenodeids = array<i64: 2, 0, 0>,
    target_treeids = array<i64: 0, 0>, target_nodeids = array<i64: 1, 2>, target_ids = array<i64: 0, 0>,
    target_weights = array<f32: 1.0, 2.0>} : (tensor<3x2xf32>) -> (tensor<3x1xf32>)
  return %y : tensor<3x1xf32>
}

// -----

func.func @tree_leads_in_a_circle(%x: tensor<3x2xf32>) -> tensor<3x1xf32> {
  // expected-error @+1 {{ml.TreeEnsembleRegressor has a tree that leads in a circle}}
  %y = onnx.ml.TreeEnsembleRegressor(%x) {n_targets = 1 : i64,
    nodes_treeids = array<i64: 0, 0>, nodes_nodeids = array<i64: 0, 1>, nodes_featureids = array<i64: 1, 0>,
    nodes_modes = ["BRANCH_LEQ", "BRANCH_LEQ"], nodes_values = array<f32: 0.5, 0.0>,
    nodes_truenodeids = array<i64: 1, 0>, nodes_falsenodeids = array<i64: 1, 0>,
    target_treeids = array<i64>, target_nodeids = array<i64>, target_ids = array<i64>,
    target_weights = array<f32>} : (tensor<3x2xf32>) -> (tensor<3x1xf32>)
  return %y : tensor<3x1xf32>
}
