// RUN: not tenon-opt %s --record-interface --split-input-file 2>&1 | FileCheck %s

// All that is wrong is said at once.
// CHECK: error: input 'x' has an open dimension: 'tensor<?x4xf32>'
// CHECK: note: hint: give it a value by --dim NAME=VALUE
// CHECK: error: input 'y' has elements of type 'complex<f32>', which a compiled model cannot have at its interface
// CHECK: error: output 'z' has a size that depends on the data: 'tensor<?x4xf32>'
func.func @model(%x: tensor<?x4xf32> {onnx.name = "x"}, %y: tensor<4xcomplex<f32>> {onnx.name = "y"})
    -> (tensor<?x4xf32> {onnx.name = "z"}) {
  return %x : tensor<?x4xf32>
}

// -----

// CHECK: error: input 'x' is of type 'tensor<*xf32>'; only tensors of known rank can be inputs of a compiled model
func.func @unranked(%x: tensor<*xf32> {onnx.name = "x"}) {
  return
}

// -----

// CHECK: error: expected one public function with one block
module {
}
