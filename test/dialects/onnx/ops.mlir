// RUN: tenon-opt %s | tenon-opt | FileCheck %s
// The generic form and back: segments and attributes survive.
// RUN: tenon-opt %s --mlir-print-op-generic | tenon-opt | FileCheck %s

// CHECK-LABEL: @attributes_and_a_trailing_input_left_out
func.func @attributes_and_a_trailing_input_left_out(%x: tensor<1x3x8x8xf32>, %w: tensor<4x3x3x3xf32>) -> tensor<1x4x6x6xf32> {
  // CHECK: onnx.Conv(%{{.*}}, %{{.*}}) {kernel_shape = array<i64: 3, 3>} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> (tensor<1x4x6x6xf32>)
  %y = onnx.Conv(%x, %w) {kernel_shape = array<i64: 3, 3>} : (tensor<1x3x8x8xf32>, tensor<4x3x3x3xf32>) -> (tensor<1x4x6x6xf32>)
  return %y : tensor<1x4x6x6xf32>
}

// CHECK-LABEL: @input_omitted_in_the_middle
func.func @input_omitted_in_the_middle(%x: tensor<4xf32>, %max: tensor<f32>) -> tensor<4xf32> {
  // CHECK: onnx.Clip(%[[X:.*]], _, %[[MAX:.*]]) : (tensor<4xf32>, tensor<f32>) -> (tensor<4xf32>)
  %y = onnx.Clip(%x, _, %max) : (tensor<4xf32>, tensor<f32>) -> (tensor<4xf32>)
  return %y : tensor<4xf32>
}

// CHECK-LABEL: @output_omitted_in_the_middle
func.func @output_omitted_in_the_middle(%x: tensor<5x1x3xf32>, %w: tensor<1x8x3xf32>, %r: tensor<1x8x2xf32>) -> tensor<1x1x2xf32> {
  // CHECK: onnx.LSTM(%{{.*}}, %{{.*}}, %{{.*}}) {hidden_size = 2 : i64} : (tensor<5x1x3xf32>, tensor<1x8x3xf32>, tensor<1x8x2xf32>) -> (_, tensor<1x1x2xf32>)
  %h = onnx.LSTM(%x, %w, %r) {hidden_size = 2 : i64} : (tensor<5x1x3xf32>, tensor<1x8x3xf32>, tensor<1x8x2xf32>) -> (_, tensor<1x1x2xf32>)
  return %h : tensor<1x1x2xf32>
}

// CHECK-LABEL: @variadic_inputs_and_outputs
func.func @variadic_inputs_and_outputs(%a: tensor<2xf32>, %b: tensor<4xf32>) -> (tensor<3xf32>, tensor<3xf32>) {
  // CHECK: %[[C:.*]] = onnx.Concat(%{{.*}}, %{{.*}}) {axis = 0 : i64} : (tensor<2xf32>, tensor<4xf32>) -> (tensor<6xf32>)
  %c = onnx.Concat(%a, %b) {axis = 0 : i64} : (tensor<2xf32>, tensor<4xf32>) -> (tensor<6xf32>)
  // CHECK: onnx.Split(%[[C]]) {num_outputs = 2 : i64} : (tensor<6xf32>) -> (tensor<3xf32>, tensor<3xf32>)
  %d:2 = onnx.Split(%c) {num_outputs = 2 : i64} : (tensor<6xf32>) -> (tensor<3xf32>, tensor<3xf32>)
  return %d#0, %d#1 : tensor<3xf32>, tensor<3xf32>
}

// CHECK-LABEL: @subgraphs_see_values_around_them
func.func @subgraphs_see_values_around_them(%c: tensor<i1>, %x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: onnx.If(%{{.*}}) else_branch {
  // CHECK-NEXT: %[[Y:.*]] = onnx.Relu(%{{.*}}) : (tensor<4xf32>) -> (tensor<4xf32>)
  // CHECK-NEXT: onnx.Yield %[[Y]] : tensor<4xf32>
  // CHECK-NEXT: } then_branch {
  // CHECK-NEXT: onnx.Yield %{{.*}} : tensor<4xf32>
  // CHECK-NEXT: } : (tensor<i1>) -> (tensor<4xf32>)
  %r = onnx.If(%c) then_branch {
    onnx.Yield %x : tensor<4xf32>
  } else_branch {
    %y = onnx.Relu(%x) : (tensor<4xf32>) -> (tensor<4xf32>)
    onnx.Yield %y : tensor<4xf32>
  } : (tensor<i1>) -> (tensor<4xf32>)
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @other_domains
func.func @other_domains(%x: tensor<2x3xi64>) -> tensor<2x3xf32> {
  // CHECK: onnx.ml.Scaler(%{{.*}}) {scale = array<f32: 5.000000e-01>} : (tensor<2x3xi64>) -> (tensor<2x3xf32>)
  %y = onnx.ml.Scaler(%x) {scale = array<f32: 0.5>} : (tensor<2x3xi64>) -> (tensor<2x3xf32>)
  return %y : tensor<2x3xf32>
}

// CHECK-LABEL: @types_that_are_no_builtin_ones
// CHECK-SAME: tensor<2x!onnx.string>
// CHECK-SAME: !onnx.seq<tensor<?xf32>>
// CHECK-SAME: !onnx.optional<!onnx.seq<tensor<*xi64>>>
// CHECK-SAME: !onnx.map<!onnx.string, tensor<f32>>
// CHECK-SAME: !onnx.sparse<tensor<3xf32>>
// CHECK-SAME: tensor<2x!onnx.f4E2M1FN>
func.func private @types_that_are_no_builtin_ones(tensor<2x!onnx.string>, !onnx.seq<tensor<?xf32>>, !onnx.optional<!onnx.seq<tensor<*xi64>>>, !onnx.map<!onnx.string, tensor<f32>>, !onnx.sparse<tensor<3xf32>>, tensor<2x!onnx.f4E2M1FN>)
