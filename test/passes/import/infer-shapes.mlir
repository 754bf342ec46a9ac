// RUN: tenon-opt %s -infer-shapes | FileCheck %s

// CHECK-LABEL: @types_follow_in_order
// CHECK-SAME: -> tensor<1x4x3x3xf32>
func.func @types_follow_in_order(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<*xf32> {
  // CHECK: onnx.Conv{{.*}} -> (tensor<1x4x6x6xf32>)
  %c = onnx.Conv(%x, %w) : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> (tensor<*xf32>)
  // CHECK: onnx.MaxPool{{.*}} : (tensor<1x4x6x6xf32>) -> (tensor<1x4x3x3xf32>)
  %y = onnx.MaxPool(%c) {kernel_shape = array<i64: 2, 2>, strides = array<i64: 2, 2>} : (tensor<*xf32>) -> (tensor<*xf32>)
  return %y : tensor<*xf32>
}

// CHECK-LABEL: @shapes_that_the_model_computes
func.func @shapes_that_the_model_computes(%x: tensor<2x3x8xf32>) -> tensor<?x?xf32> {
  %zero = arith.constant dense<0> : tensor<1xi64>
  %rest = arith.constant dense<-1> : tensor<1xi64>
  %s = onnx.Shape(%x) : (tensor<2x3x8xf32>) -> (tensor<3xi64>)
  %n = onnx.Gather(%s, %zero) : (tensor<3xi64>, tensor<1xi64>) -> (tensor<1xi64>)
  // CHECK: %[[SHAPE:.*]] = arith.constant dense<[2, -1]> : tensor<2xi64>
  %t = onnx.Concat(%n, %rest) {axis = 0 : i64} : (tensor<1xi64>, tensor<1xi64>) -> (tensor<2xi64>)
  // CHECK: onnx.Reshape(%{{.*}}, %[[SHAPE]]) : (tensor<2x3x8xf32>, tensor<2xi64>) -> (tensor<2x24xf32>)
  // CHECK-NOT: onnx.
  %y = onnx.Reshape(%x, %t) : (tensor<2x3x8xf32>, tensor<2xi64>) -> (tensor<?x?xf32>)
  return %y : tensor<?x?xf32>
}

// The negative twin: what follows from an input is not known.
// CHECK-LABEL: @shape_from_an_input_stays_open
func.func @shape_from_an_input_stays_open(%x: tensor<2x3x8xf32>, %s: tensor<2xi64>) -> tensor<?x?xf32> {
  // CHECK: onnx.Reshape{{.*}} -> (tensor<?x?xf32>)
  %y = onnx.Reshape(%x, %s) : (tensor<2x3x8xf32>, tensor<2xi64>) -> (tensor<?x?xf32>)
  return %y : tensor<?x?xf32>
}

// CHECK-LABEL: @known_dimensions_are_kept
func.func @known_dimensions_are_kept(%x: tensor<2x3x8xf32>, %s: tensor<2xi64>) -> tensor<?x24xf32> {
  // CHECK: onnx.Reshape{{.*}} -> (tensor<?x24xf32>)
  %y = onnx.Reshape(%x, %s) : (tensor<2x3x8xf32>, tensor<2xi64>) -> (tensor<?x24xf32>)
  return %y : tensor<?x24xf32>
}

// CHECK-LABEL: @large_results_are_no_constants
func.func @large_results_are_no_constants() -> tensor<?xf32> {
  %n = arith.constant dense<300> : tensor<1xi64>
  // CHECK: onnx.ConstantOfShape{{.*}} -> (tensor<300xf32>)
  %y = onnx.ConstantOfShape(%n) : (tensor<1xi64>) -> (tensor<?xf32>)
  return %y : tensor<?xf32>
}

// CHECK-LABEL: @branch_that_is_taken_is_inlined
func.func @branch_that_is_taken_is_inlined(%x: tensor<2x3xf32>) -> tensor<*xf32> {
  %one = arith.constant dense<1> : tensor<1xi64>
  %s = onnx.Shape(%x) {end = 1 : i64} : (tensor<2x3xf32>) -> (tensor<1xi64>)
  %c = onnx.Equal(%s, %one) : (tensor<1xi64>, tensor<1xi64>) -> (tensor<1xi1>)
  // CHECK-NOT: onnx.If
  // CHECK: onnx.Relu(%{{.*}}) : (tensor<2x3xf32>) -> (tensor<2x3xf32>)
  %y = onnx.If(%c) then_branch {
    %zero = arith.constant dense<0> : tensor<1xi64>
    // Nonsense, for the first dimension is not 1.
    %t = onnx.Squeeze(%x, %zero) : (tensor<2x3xf32>, tensor<1xi64>) -> (tensor<3xf32>)
    onnx.Yield %t : tensor<3xf32>
  } else_branch {
    %t = onnx.Relu(%x) : (tensor<2x3xf32>) -> (tensor<*xf32>)
    onnx.Yield %t : tensor<*xf32>
  } : (tensor<1xi1>) -> (tensor<*xf32>)
  return %y : tensor<*xf32>
}

// CHECK-LABEL: @loop_keeps_the_shape_that_it_carries
// CHECK-SAME: -> tensor<4xf32>
func.func @loop_keeps_the_shape_that_it_carries(%m: tensor<i64>, %x: tensor<4xf32>) -> tensor<*xf32> {
  // CHECK: ^bb0(%{{.*}}: tensor<i64>, %{{.*}}: tensor<i1>, %[[V:.*]]: tensor<4xf32>):
  // CHECK: onnx.Relu(%[[V]]) : (tensor<4xf32>) -> (tensor<4xf32>)
  %y = onnx.Loop(%m, _, %x) body {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %v: tensor<*xf32>):
    %w = onnx.Relu(%v) : (tensor<*xf32>) -> (tensor<*xf32>)
    onnx.Yield %go, %w : tensor<i1>, tensor<*xf32>
  } : (tensor<i64>, tensor<4xf32>) -> (tensor<*xf32>)
  return %y : tensor<*xf32>
}

// CHECK-LABEL: @loop_that_grows_what_it_carries
// CHECK-SAME: -> tensor<*xf32>
func.func @loop_that_grows_what_it_carries(%m: tensor<i64>, %x: tensor<4xf32>) -> tensor<*xf32> {
  // CHECK-COUNT-1: onnx.Loop
  // CHECK: onnx.Concat{{.*}} -> (tensor<?xf32>)
  // CHECK-NOT: onnx.Loop
  %y = onnx.Loop(%m, _, %x) body {
  ^bb0(%i: tensor<i64>, %go: tensor<i1>, %v: tensor<?xf32>):
    %w = onnx.Concat(%v, %v) {axis = 0 : i64} : (tensor<?xf32>, tensor<?xf32>) -> (tensor<*xf32>)
    onnx.Yield %go, %w : tensor<i1>, tensor<*xf32>
  } : (tensor<i64>, tensor<4xf32>) -> (tensor<*xf32>)
  return %y : tensor<*xf32>
}

// CHECK-LABEL: @operators_that_onnx_does_not_infer
func.func @operators_that_onnx_does_not_infer(%x: tensor<2x3xi64>) -> tensor<*xf32> {
  // CHECK: onnx.ml.Scaler{{.*}} -> (tensor<2x3xf32>)
  %s = onnx.ml.Scaler(%x) {scale = array<f32: 0.5>} : (tensor<2x3xi64>) -> (tensor<*xf32>)
  // CHECK: onnx.ml.LinearRegressor{{.*}} -> (tensor<2x4xf32>)
  %y = onnx.ml.LinearRegressor(%s) {targets = 4 : i64} : (tensor<*xf32>) -> (tensor<*xf32>)
  return %y : tensor<*xf32>
}
