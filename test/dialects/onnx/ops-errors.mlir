// RUN: tenon-opt %s --split-input-file -verify-diagnostics

func.func @input_is_missing(%x: tensor<4xf32>) {
  // expected-error @+1 {{input 'B' is missing}}
  %y = onnx.Add(%x) : (tensor<4xf32>) -> (tensor<4xf32>)
}

// -----

func.func @too_many_inputs(%x: tensor<4xf32>) {
  // expected-error @+1 {{takes at most 1 inputs, got 2}}
  %y = onnx.Relu(%x, %x) : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>)
}

// -----

func.func @required_input_is_omitted(%x: tensor<4xf32>) {
  // expected-error @+1 {{input 'input' is missing}}
  %y = onnx.Clip(_, %x) : (tensor<4xf32>) -> (tensor<4xf32>)
}

// -----

func.func @variadic_input_has_too_few_values() {
  // expected-error @+1 {{input 'inputs' expects at least 1 values, got 0}}
  %y = onnx.Concat() {axis = 0 : i64} : () -> (tensor<4xf32>)
}

// -----

func.func @element_type_is_not_allowed(%x: tensor<4xi1>) {
  // expected-error @+1 {{'onnx.Relu' op operand #0 must be tensor of}}
  %y = onnx.Relu(%x) : (tensor<4xi1>) -> (tensor<4xi1>)
}

// -----

func.func @attribute_has_another_type(%x: tensor<4xf32>) {
  // expected-error @+1 {{attribute 'alpha' failed to satisfy constraint: 32-bit float attribute}}
  %y = onnx.LeakyRelu(%x) {alpha = 1 : i64} : (tensor<4xf32>) -> (tensor<4xf32>)
}

// -----

func.func @required_attribute_is_missing(%x: tensor<4xf32>) {
  // expected-error @+1 {{requires attribute 'to'}}
  %y = onnx.Cast(%x) : (tensor<4xf32>) -> (tensor<4xi32>)
}

// -----

func.func @subgraph_is_missing(%c: tensor<i1>) {
  // expected-error @+1 {{'onnx.If' op region #0 ('else_branch') failed to verify constraint: region with 1 blocks}}
  %y = onnx.If(%c) : (tensor<i1>) -> (tensor<4xf32>)
}

// -----

func.func @subgraph_has_an_unknown_name(%c: tensor<i1>) {
  // expected-error @+1 {{has no subgraph 'otherwise'}}
  %y = onnx.If(%c) otherwise {} : (tensor<i1>) -> (tensor<4xf32>)
}

// -----

func.func @operator_is_unknown(%x: tensor<4xf32>) {
  // expected-error @+1 {{unregistered operation 'onnx.Frobnicate'}}
  %y = "onnx.Frobnicate"(%x) : (tensor<4xf32>) -> tensor<4xf32>
}
