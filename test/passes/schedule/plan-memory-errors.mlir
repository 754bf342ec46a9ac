// RUN: tenon-opt %s --split-input-file --plan-memory -verify-diagnostics

// expected-error @below {{expected a function with a body}}
module {
  func.func private @declaration(tensor<4xf32>) -> tensor<4xf32>
}

// -----

func.func @first(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
// expected-error @below {{is a second function: expected one a module}}
func.func @second(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// expected-error @below {{expected tensors of a static shape and of at most 1099511627776 bytes, got 'tensor<?xf32>'}}
func.func @dynamic_shape(%x: tensor<?xf32>) -> tensor<?xf32> {
  return %x : tensor<?xf32>
}

// -----

// expected-error @below {{got 'tensor<1099511627776x1099511627776xf32>'}}
func.func @bytes_overflow(%x: tensor<1099511627776x1099511627776xf32>) -> tensor<1099511627776x1099511627776xf32> {
  return %x : tensor<1099511627776x1099511627776xf32>
}

// -----

// expected-error @below {{got 'f32'}}
func.func @scalar_argument(%x: f32) {
  return
}

// -----

func.func @operation_that_is_no_layer(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{cannot be planned: expected a layer, a view or a constant tensor}}
  %y = arith.negf %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// expected-error @below {{got 'memref<4xf32>'}}
func.func @is_on_memrefs_already(%x: tensor<4xf32>, %y: memref<4xf32>) {
  return
}
