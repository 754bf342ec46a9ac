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

// expected-error @below {{has no recorded interface}}
module {}
