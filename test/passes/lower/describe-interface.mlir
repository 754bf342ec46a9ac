// RUN: tenon-opt %s --describe-interface -split-input-file -verify-diagnostics | FileCheck %s

module attributes {
  kernel.target = #kernel.target<name = "test", lanes = 4, indexBits = 64, alignment = 64>,
  kernel.model_name = "face", kernel.arena_size = 32 : i64, kernel.version = "1.2",
  kernel.inputs = [{name = "image", ident = "image", type = tensor<2x2xf32>}],
  kernel.outputs = [{name = "score", ident = "score", type = tensor<1xui8>}]} {
// The arena's 32 bytes, and no weights file.
// CHECK: kernel.global @description {alignment = 8 : i64} = dense<"0x20000000000000000000000000000000

// CHECK-LABEL: func.func @face_describe() -> (memref<{{[0-9]+}}xi8> {kernel.ctype = "face_info"})
// CHECK: %[[INFO:.*]] = kernel.constant @description
// CHECK: return %[[INFO]]
}

// -----

// The model itself and its constants stay as they are.
module attributes {kernel.model_name = "face", kernel.inputs = [], kernel.outputs = []} {
// CHECK: kernel.global @w = dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
kernel.global @w = dense<[1.0, 2.0]> : tensor<2xf32>
// CHECK-LABEL: func.func @face_run() -> i32 {
// CHECK-NEXT: %[[OK:.*]] = arith.constant 0 : i32
// CHECK-NEXT: return %[[OK]]
func.func @face_run() -> i32 {
  %ok = arith.constant 0 : i32
  return %ok : i32
}
// CHECK: func.func @face_describe()
}

// -----

// A constant of the model is called so, too: each keeps its readers.
module attributes {kernel.model_name = "face", kernel.inputs = [], kernel.outputs = []} {
// CHECK: kernel.global @[[NEW:description_[0-9]+]] {alignment = 8 : i64}
// CHECK: kernel.global @description = dense<1.000000e+00> : tensor<1xf32>
kernel.global @description = dense<1.0> : tensor<1xf32>
// CHECK: kernel.constant @[[NEW]]
}

// -----

// A size that is open cannot be told to a caller.
// expected-error @below {{has a malformed input or output in its recorded interface}}
module attributes {
  kernel.model_name = "face", kernel.outputs = [],
  kernel.inputs = [{name = "image", ident = "image", type = tensor<?x2xf32>}]} {}

// -----

// expected-error @below {{has no recorded interface}}
module {}
