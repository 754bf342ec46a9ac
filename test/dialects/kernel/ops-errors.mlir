// RUN: tenon-opt %s --split-input-file -verify-diagnostics

func.func @constant_names_no_global() {
  // expected-error @+1 {{names no kernel.global: @w}}
  %0 = kernel.constant @w : memref<4xf32>
  return
}

// -----

kernel.global @w = dense<1.0> : tensor<2x3xf32>
func.func @constant_has_another_size() {
  // expected-error @+1 {{expected the number of elements of 'tensor<2x3xf32>', got 'memref<5xf32>'}}
  %0 = kernel.constant @w : memref<5xf32>
  return
}

// -----

kernel.global @w = dense<1.0> : tensor<6xf32>
func.func @constant_has_another_element_size() {
  // expected-error @+1 {{expected elements 'f32' of the global, or integers of that size, got 'i16'}}
  %0 = kernel.constant @w : memref<6xi16>
  return
}

// -----

// expected-error @+1 {{expected a power of two as alignment, got 12}}
kernel.global @w {alignment = 12} = dense<1.0> : tensor<6xf32>

// -----

func.func @slice_is_misaligned(%arena: memref<64xi8>) {
  // expected-error @+1 {{expected an offset that is a multiple of 4, the size of an element, got 6}}
  %0 = kernel.slice %arena, 6 : memref<64xi8> to memref<4xf32>
  return
}

// -----

func.func @slice_leaves_the_buffer(%arena: memref<64xi8>) {
  // expected-error @+1 {{reaches byte 68 of a buffer of 64 bytes}}
  %0 = kernel.slice %arena, 32 : memref<64xi8> to memref<9xf32>
  return
}

// -----

func.func @partial_load_of_all_lanes(%m: memref<8xf32>, %i: index) {
  // expected-error @+1 {{expected fewer than 4 lanes, got 4}}
  %0 = kernel.load %m[%i], 4 : memref<8xf32>, vector<4xf32>
  return
}

// -----

func.func @partial_store_of_another_type(%m: memref<8xf32>, %i: index, %v: vector<4xi32>) {
  // expected-error @+1 {{expected a vector of 'f32', got 'vector<4xi32>'}}
  kernel.store %v, %m[%i], 1 : memref<8xf32>, vector<4xi32>
  return
}

// -----

func.func @copy_between_types(%a: memref<8xf32>, %b: memref<8xi32>, %i: index) {
  // expected-error @+1 {{expected equal element types, got 'f32' and 'i32'}}
  kernel.copy %a[%i], %b[%i], %i : memref<8xf32>, memref<8xi32>
  return
}

// -----

func.func @misaligned_to_no_power_of_two(%m: memref<8xf32>) {
  // expected-error @+1 {{that is a power of two}}
  %0 = kernel.misaligned %m, 48 : memref<8xf32>
  return
}

// -----

func.func @five_bytes_of_a_word(%m: memref<16xi8>, %i: index) {
  // expected-error @+1 {{attribute 'count' failed to satisfy constraint}}
  %0 = kernel.load_word %m[%i], 5 : memref<16xi8>
  return
}

// -----

func.func @fail_in_a_loop(%status: i32, %n: index) -> i32 {
  %zero = arith.constant 0 : index
  scf.for %i = %zero to %n step %n {
    // expected-error @+1 {{stands inside of 'scf.for', expected to stand directly in a function}}
    kernel.fail %status : i32
  }
  return %status : i32
}

// -----

func.func @fail_in_a_void_function(%status: i32) {
  // expected-error @+1 {{stands in a function that does not return an i32}}
  kernel.fail %status : i32
  return
}

// -----

// expected-note @+1 {{the callee has the type '(memref<4xf32>, index) -> ()'}}
func.func private @part(memref<4xf32>, index)
func.func @parallel_callee_takes_no_part(%x: memref<4xf32>, %context: !kernel.context) {
  // expected-error @+1 {{expected a callee of type '(memref<4xf32>, index, index) -> ()'}}
  kernel.parallel @part(%x) range(4) context %context : memref<4xf32>
  return
}

// -----

// expected-error @+1 {{has 'kernel.readonly' on argument 0, which is no memref}}
func.func private @readonly_scalar(f32 {kernel.readonly})

// -----

// expected-error @+1 {{has the unknown argument attribute 'kernel.fast'}}
func.func private @unknown_argument_attribute(f32 {kernel.fast})

// -----

// expected-error @+1 {{expected a #kernel.target as 'kernel.target', got "host"}}
module attributes {kernel.target = "host"} {}

// -----

// expected-error @below {{expected a place in the weights file on a kernel.global as 'kernel.file_offset', got -1 : i64}}
kernel.global @w {kernel.file_offset = -1 : i64} = dense<1.0> : tensor<2x3xf32>
