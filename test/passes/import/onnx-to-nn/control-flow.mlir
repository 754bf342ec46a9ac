// RUN: tenon-opt %s --convert-onnx-to-nn --split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: @loop_with_known_count_is_unrolled
func.func @loop_with_known_count_is_unrolled(%x: tensor<2x4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // The number of the iteration is known to what it indexes.
  // CHECK-NOT: nn.gather
  // CHECK-COUNT-2: arith.addf
  // CHECK-NOT: arith.addf
  %count = arith.constant dense<2> : tensor<i64>
  %z = onnx.Loop(%count, _, %y) body {
  ^bb0(%i: tensor<i64>, %cond: tensor<i1>, %s: tensor<4xf32>):
    %row = onnx.Gather(%x, %i) : (tensor<2x4xf32>, tensor<i64>) -> (tensor<4xf32>)
    %next = onnx.Add(%s, %row) : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>)
    onnx.Yield %cond, %next : tensor<i1>, tensor<4xf32>
  } : (tensor<i64>, tensor<4xf32>) -> (tensor<4xf32>)
  return %z : tensor<4xf32>
}

// -----

// CHECK-LABEL: @scan_backwards_stacks_its_outputs
func.func @scan_backwards_stacks_its_outputs(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // CHECK: %[[EXP1:.*]] = nn.map {{.*}}
  // CHECK: nn.assemble (%{{.*}} at [0, 0], %{{.*}} at [1, 0])
  %z = onnx.Scan(%x) body {
  ^bb0(%row: tensor<4xf32>):
    %e = onnx.Exp(%row) : (tensor<4xf32>) -> (tensor<4xf32>)
    onnx.Yield %e : tensor<4xf32>
  } {num_scan_inputs = 1 : i64, scan_input_directions = array<i64: 1>} : (tensor<2x4xf32>) -> (tensor<2x4xf32>)
  return %z : tensor<2x4xf32>
}

// -----

func.func @count_is_not_constant(%count: tensor<i64>, %y: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{Loop has a number of iterations that is not constant}}
  %z = onnx.Loop(%count, _, %y) body {
  ^bb0(%i: tensor<i64>, %cond: tensor<i1>, %s: tensor<4xf32>):
    onnx.Yield %cond, %s : tensor<i1>, tensor<4xf32>
  } : (tensor<i64>, tensor<4xf32>) -> (tensor<4xf32>)
  return %z : tensor<4xf32>
}
