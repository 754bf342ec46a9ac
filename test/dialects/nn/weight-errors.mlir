// RUN: tenon-opt %s --split-input-file -verify-diagnostics

func.func @global_is_missing() -> tensor<2xf32> {
  // expected-error @+1 {{names no kernel.global: @bias}}
  %0 = nn.weight @bias : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

kernel.global @bias = dense<[1.0, -2.0]> : tensor<2xf32>

func.func @number_of_elements_differs_from_the_global() -> tensor<3xf32> {
  // expected-error @+1 {{expected the element type and number of elements of the global, 'tensor<2xf32>', got 'tensor<3xf32>'}}
  %0 = nn.weight @bias : tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

kernel.global @bias = dense<[1.0, -2.0]> : tensor<2xf32>

func.func @element_type_differs_from_the_global() -> tensor<2xi32> {
  // expected-error @+1 {{expected the element type and number of elements of the global, 'tensor<2xf32>', got 'tensor<2xi32>'}}
  %0 = nn.weight @bias : tensor<2xi32>
  return %0 : tensor<2xi32>
}
