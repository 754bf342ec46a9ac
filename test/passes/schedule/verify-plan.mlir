// RUN: tenon-opt %s --split-input-file --plan-memory=keep-reference --verify-plan | FileCheck %s

#id = affine_map<(i) -> (i)>

// The function on tensors stays, and the plan is replayed beside it.
// CHECK: func.func @kept_reference({{.*}}) attributes {nn.reference = @kept_reference_tensors}
// CHECK: func.func private @kept_reference_tensors(%{{.*}}: tensor<8xf32>) -> tensor<8xf32>
func.func @kept_reference(%x: tensor<8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %y = nn.map parallel [8] ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32>
  return %y : tensor<8xf32>
}
