// RUN: tenon-opt %s --record-interface --split-input-file | FileCheck %s
// RUN: tenon-opt %s --record-interface=name=face --split-input-file | FileCheck %s --check-prefix=NAME

// CHECK: module attributes
// CHECK-SAME: kernel.inputs = [{ident = "my_input", name = "my input", type = tensor<1x4xui8>},
// CHECK-SAME: {ident = "my_input_2", name = "my/input", type = tensor<3xf16>}]
// CHECK-SAME: kernel.model_name = "my_net"
// CHECK-SAME: kernel.outputs = [{ident = "arena_2", name = "arena", type = tensor<1x4xui8>}]
// CHECK: func.func @my_net(
// NAME: func.func @face(
func.func @"My Net"(%a: tensor<1x4xui8> {onnx.name = "my input"},
                    %b: tensor<3xf16> {onnx.name = "my/input"})
    -> (tensor<1x4xui8> {onnx.name = "arena"}) {
  return %a : tensor<1x4xui8>
}

// -----

// Words of C and C++ cannot be names.
// CHECK: ident = "int_v", name = "int"
// CHECK: kernel.model_name = "model_2_bert"
// CHECK: ident = "output_7", name = "7"
func.func @"2-bert"(%a: tensor<4xi32> {onnx.name = "int"}) -> (tensor<4xi32> {onnx.name = "7"}) {
  return %a : tensor<4xi32>
}

// -----

// CHECK: kernel.inputs = [{ident = "x", name = "x", scale = 5.000000e-01 : f64, type = tensor<4xi8>, zero_point = -3 : i64}]
func.func @quantized(%a: tensor<4xi8> {onnx.name = "x", onnx.scale = 0.5, onnx.zero_point = -3})
    -> (tensor<4xi8> {onnx.name = "y"}) {
  return %a : tensor<4xi8>
}
