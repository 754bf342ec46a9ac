// RUN: tenon-opt %s --plan-memory=print-plan 2>&1 >/dev/null | FileCheck %s --check-prefix=TABLE
// RUN: tenon-opt %s --plan-memory=remarks -verify-diagnostics | FileCheck %s

#id = affine_map<(i) -> (i)>
#back = affine_map<(i) -> (7 - i)>

// The names of the layers are those of ONNX's nodes, whatever they contain.

// TABLE: arena: 64 bytes, lower bound 64
// TABLE-NEXT: offset      bytes  steps         values
// TABLE-NEXT: input 0         32      0..0      input 0
// TABLE-NEXT: 0         32      0..1      conv\n1
// TABLE-NEXT: 32         32      1..2      flip 2
// TABLE-NEXT: output 0         32      2..2      flip3
// TABLE-NEXT: step  bytes in use  layer
// TABLE-NEXT: 0            32  conv\n1
// TABLE-NEXT: 1            64* flip 2
// TABLE-NEXT: 2            32  flip3

// CHECK: module attributes {kernel.arena_bound = 64 : i64, kernel.arena_size = 64 : i64, kernel.peak_layers = ["flip 2"]}
// expected-remark @below {{needs an arena of 64 bytes, at least 64, for flip 2}}
func.func @three_layers(%x: tensor<8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8xf32>
  %a = nn.map parallel [8] ins(%x : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#id, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32> loc("conv\n1")
  %b = nn.map parallel [8] ins(%a : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#back, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32> loc("flip 2")
  %c = nn.map parallel [8] ins(%b : tensor<8xf32>) outs(%e : tensor<8xf32>) maps [#back, #id] body {
  ^bb0(%v: f32):
    %n = arith.negf %v : f32
    nn.yield %n : f32
  } -> tensor<8xf32> loc("flip3")
  return %c : tensor<8xf32>
}
