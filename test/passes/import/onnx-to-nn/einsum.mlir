// RUN: tenon-opt %s --convert-onnx-to-nn --split-input-file -verify-diagnostics | FileCheck %s

// CHECK-DAG: #[[A:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>
// CHECK-DAG: #[[B:.*]] = affine_map<(d0, d1, d2, d3) -> (0, d3, d2)>
// CHECK-LABEL: @ellipsis_is_broadcast
func.func @ellipsis_is_broadcast(%a: tensor<5x2x3xf32>, %b: tensor<1x3x4xf32>) -> tensor<5x2x4xf32> {
  // CHECK: nn.contract parallel [5, 2, 4] reduction [3] {{.*}} maps [#[[A]], #[[B]]
  %y = onnx.Einsum(%a, %b) {equation = "...ij, ...jk -> ...ik"} : (tensor<5x2x3xf32>, tensor<1x3x4xf32>) -> (tensor<5x2x4xf32>)
  return %y : tensor<5x2x4xf32>
}

// -----

func.func @term_has_too_few_letters(%a: tensor<2x3xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{Einsum has a term that does not fit its input: i}}
  %y = onnx.Einsum(%a) {equation = "i->i"} : (tensor<2x3xf32>) -> (tensor<2xf32>)
  return %y : tensor<2xf32>
}
