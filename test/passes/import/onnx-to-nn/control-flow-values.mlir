// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @loop
// CHECK: dense<[1.200000e+01, 2.000000e+01]> : tensor<2xf32>
// CHECK{LITERAL}: dense<[[2.000000e+00, 4.000000e+00], [4.000000e+00, 8.000000e+00], [1.000000e+01, 1.800000e+01]]> : tensor<3x2xf32>
func.func @loop() -> (tensor<2xf32>, tensor<3x2xf32>) {
  %n = arith.constant dense<3> : tensor<i64>
  %x = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %r:2 = onnx.Loop(%n, _, %x) body {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %state: tensor<2xf32>):
    %f = onnx.Cast(%i) {to = 1 : i64} : (tensor<i64>) -> (tensor<f32>)
    %sum = onnx.Add(%state, %state) : (tensor<2xf32>, tensor<2xf32>) -> (tensor<2xf32>)
    %next = onnx.Add(%sum, %f) : (tensor<2xf32>, tensor<f32>) -> (tensor<2xf32>)
    onnx.Yield %go, %next, %sum : tensor<i1>, tensor<2xf32>, tensor<2xf32>
  } : (tensor<i64>, tensor<2xf32>) -> (tensor<2xf32>, tensor<3x2xf32>)
  return %r#0, %r#1 : tensor<2xf32>, tensor<3x2xf32>
}

// CHECK-LABEL: @scan
// CHECK: dense<7.000000e+00> : tensor<f32>
// CHECK: dense<[4.000000e+00, 6.000000e+00, 7.000000e+00]> : tensor<3xf32>
func.func @scan() -> (tensor<f32>, tensor<3xf32>) {
  %zero = arith.constant dense<0.0> : tensor<f32>
  %x = arith.constant dense<[1.0, 2.0, 4.0]> : tensor<3xf32>
  %r:2 = onnx.Scan(%zero, %x) body {
  ^bb0(%state: tensor<f32>, %element: tensor<f32>):
    %sum = onnx.Add(%state, %element) : (tensor<f32>, tensor<f32>) -> (tensor<f32>)
    onnx.Yield %sum, %sum : tensor<f32>, tensor<f32>
  } {num_scan_inputs = 1 : i64, scan_input_directions = array<i64: 1>} : (tensor<f32>, tensor<3xf32>) -> (tensor<f32>, tensor<3xf32>)
  return %r#0, %r#1 : tensor<f32>, tensor<3xf32>
}
