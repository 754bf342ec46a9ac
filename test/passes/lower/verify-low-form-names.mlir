// A fault names the ONNX node that it comes from.
//
// RUN: not tenon-opt %s --verify-low-form 2>&1 | FileCheck %s

module attributes {kernel.target = #kernel.target<name = "v2", lanes = 4, indexBits = 64>} {
  func.func @operation_outside_of_the_list(%x: f32) -> f32 {
    // CHECK: node 'Softmax_7': 'math.exp' is not in the low form
    %y = math.exp %x : f32 loc("Softmax_7")
    return %y : f32
  }
}
