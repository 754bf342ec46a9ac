// RUN: tenon-opt %s --convert-onnx-to-nn | FileCheck %s

// CHECK-LABEL: @top_k_by_ranks
func.func @top_k_by_ranks(%x: tensor<5xf32>, %k: tensor<1xi64>) -> (tensor<2xf32>, tensor<2xi64>) {
  // CHECK: %[[RANKS:.*]] = nn.reduce parallel [5] reduction [5]
  // CHECK: nn.reduce parallel [2] reduction [5] ins(%arg0, %[[RANKS]] :
  %v, %i = onnx.TopK(%x, %k) : (tensor<5xf32>, tensor<1xi64>) -> (tensor<2xf32>, tensor<2xi64>)
  return %v, %i : tensor<2xf32>, tensor<2xi64>
}
