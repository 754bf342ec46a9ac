// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @loop_that_may_end_early(%x: tensor<4xf32>, %p: tensor<i1>) -> tensor<4xf32> {
  %n = arith.constant dense<3> : tensor<i64>
  %true = arith.constant dense<true> : tensor<i1>
  // expected-error @+1 {{Loop ends by a condition that is not constant}}
  %y = onnx.Loop(%n, %true, %x) body {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %state: tensor<4xf32>):
    onnx.Yield %p, %state : tensor<i1>, tensor<4xf32>
  } : (tensor<i64>, tensor<i1>, tensor<4xf32>) -> (tensor<4xf32>)
  return %y : tensor<4xf32>
}

func.func @loop_that_runs_too_often(%x: tensor<4xf32>) -> tensor<4xf32> {
  %n = arith.constant dense<100000> : tensor<i64>
  %true = arith.constant dense<true> : tensor<i1>
  // expected-error @+1 {{Loop runs its body too often: 100000 times}}
  %y = onnx.Loop(%n, %true, %x) body {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %state: tensor<4xf32>):
    onnx.Yield %go, %state : tensor<i1>, tensor<4xf32>
  } : (tensor<i64>, tensor<i1>, tensor<4xf32>) -> (tensor<4xf32>)
  return %y : tensor<4xf32>
}

func.func @loop_without_its_state(%x: tensor<4xf32>) -> tensor<4xf32> {
  %n = arith.constant dense<3> : tensor<i64>
  %true = arith.constant dense<true> : tensor<i1>
  // expected-error @+1 {{Loop has a body whose inputs or outputs do not fit}}
  %y = onnx.Loop(%n, %true, %x) body {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>):
    onnx.Yield %go, %x : tensor<i1>, tensor<4xf32>
  } : (tensor<i64>, tensor<i1>, tensor<4xf32>) -> (tensor<4xf32>)
  return %y : tensor<4xf32>
}

func.func @loop_with_fewer_results(%x: tensor<4xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {
  %n = arith.constant dense<3> : tensor<i64>
  %true = arith.constant dense<true> : tensor<i1>
  // expected-error @+1 {{Loop has fewer outputs than it needs}}
  %y = onnx.Loop(%n, %true, %x, %z) body {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %a: tensor<4xf32>, %b: tensor<4xf32>):
    onnx.Yield %go, %a, %b : tensor<i1>, tensor<4xf32>, tensor<4xf32>
  } : (tensor<i64>, tensor<i1>, tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>)
  return %y : tensor<4xf32>
}

func.func @loop_whose_state_has_no_size(%x: tensor<4xf32>) -> tensor<4xf32> {
  %n = arith.constant dense<3> : tensor<i64>
  %true = arith.constant dense<true> : tensor<i1>
  // expected-error @+1 {{Loop has a body whose outputs have no static shape}}
  %y = onnx.Loop(%n, %true, %x) body {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %state: tensor<4xf32>):
    %next = onnx.Identity(%state) : (tensor<4xf32>) -> (tensor<?xf32>)
    onnx.Yield %go, %next : tensor<i1>, tensor<?xf32>
  } : (tensor<i64>, tensor<i1>, tensor<4xf32>) -> (tensor<4xf32>)
  return %y : tensor<4xf32>
}

func.func @scan_of_more_than_its_inputs(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  // expected-error @+1 {{Scan has fewer inputs or outputs than it needs}}
  %y = onnx.Scan(%x) body {
  ^bb0(%in: tensor<4xf32>):
    onnx.Yield %in : tensor<4xf32>
  } {num_scan_inputs = 2 : i64} : (tensor<3x4xf32>) -> (tensor<3x4xf32>)
  return %y : tensor<3x4xf32>
}

func.func @scan_of_different_lengths(%x: tensor<3x4xf32>, %z: tensor<2x4xf32>) -> tensor<3x4xf32> {
  // expected-error @+1 {{Scan has inputs of different lengths}}
  %y = onnx.Scan(%x, %z) body {
  ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>):
    onnx.Yield %a : tensor<4xf32>
  } {num_scan_inputs = 2 : i64} : (tensor<3x4xf32>, tensor<2x4xf32>) -> (tensor<3x4xf32>)
  return %y : tensor<3x4xf32>
}

func.func @scan_output_axis(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  // expected-error @+1 {{Scan has an axis out of range}}
  %y = onnx.Scan(%x) body {
  ^bb0(%in: tensor<4xf32>):
    onnx.Yield %in : tensor<4xf32>
  } {num_scan_inputs = 1 : i64, scan_output_axes = array<i64: 2>} : (tensor<3x4xf32>) -> (tensor<3x4xf32>)
  return %y : tensor<3x4xf32>
}

func.func @scan_input_axis(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {
  // expected-error @+1 {{Scan has an axis out of range}}
  %y = onnx.Scan(%x) body {
  ^bb0(%in: tensor<4xf32>):
    onnx.Yield %in : tensor<4xf32>
  } {num_scan_inputs = 1 : i64, scan_input_axes = array<i64: 2>} : (tensor<3x4xf32>) -> (tensor<3x4xf32>)
  return %y : tensor<3x4xf32>
}
