// RUN: tenon-opt %s --record-interface --split-input-file -verify-diagnostics

// All that is wrong is said at once.
// expected-error @+3 {{input 'x' has an open dimension: 'tensor<?x4xf32>'}}
// expected-note @+2 {{hint: fix the dimensions of the inputs by --dim NAME=VALUE}}
// expected-error @+1 {{output 'z' has elements of type 'complex<f32>', which a compiled model cannot have at its interface}}
func.func @model(%x: tensor<?x4xf32> {onnx.name = "x"}, %y: tensor<4xcomplex<f32>> {onnx.name = "y"})  // expected-error {{input 'y' has elements}}
    -> (tensor<4xcomplex<f32>> {onnx.name = "z"}) {
  return %y : tensor<4xcomplex<f32>>
}

// -----

// expected-error @+1 {{input 'x' is of type 'tensor<*xf32>'; only tensors of known rank can be inputs of a compiled model}}
func.func @unranked(%x: tensor<*xf32> {onnx.name = "x"}) {
  return
}

// -----

// expected-error @+1 {{expected one public function with one block}}
module {
}
