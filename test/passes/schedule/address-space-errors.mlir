// RUN: not tenon-opt %s --split-input-file --set-target=name=cortex-m0 --plan-memory -o /dev/null 2>&1 | FileCheck %s
// RUN: tenon-opt %s --split-input-file --set-target=name=aarch64 --plan-memory -o /dev/null

// A machine of 32 bits holds no tensor and no arena of 2 GiB; one of 64 does.

// CHECK: error: input 'image': a tensor of 2147483648 bytes, where the target holds 2147483647 at most: 'tensor<2147483648xi8>'
func.func @input(%x: tensor<2147483648xi8> {onnx.name = "image"}) -> tensor<2147483648xi8> {
  return %x : tensor<2147483648xi8>
}

// -----

#row = affine_map<(d0, d1) -> (d0)>
#all = affine_map<(d0, d1) -> (d0, d1)>
// CHECK: offset :8:{{.*}} error: a tensor of 17179869184 bytes
func.func @result(%x: tensor<65536xf32>) -> tensor<65536x65536xf32> {
  %e = tensor.empty() : tensor<65536x65536xf32>
  %y = nn.map parallel [65536, 65536] ins(%x : tensor<65536xf32>) outs(%e : tensor<65536x65536xf32>) maps [#row, #all] body {
  ^bb0(%a: f32):
    nn.yield %a : f32
  } -> tensor<65536x65536xf32>
  return %y : tensor<65536x65536xf32>
}

// -----

#id = affine_map<(i) -> (i)>
#back = affine_map<(i) -> (1499999999 - i)>
#all = affine_map<(o, i) -> (i)>
#at = affine_map<(o, i) -> (o)>
// CHECK: error: node 'turn': an arena of 3000000000 bytes, where the target holds 2147483647 at most
func.func @arena(%x: tensor<1xi8>) -> tensor<1xi8> {
  %e = tensor.empty() : tensor<1500000000xi8>
  %e1 = tensor.empty() : tensor<1xi8>
  %a = nn.map parallel [1500000000] ins(%x : tensor<1xi8>) outs(%e : tensor<1500000000xi8>) maps [affine_map<(i) -> (0)>, #id] body {
  ^bb0(%v: i8):
    nn.yield %v : i8
  } -> tensor<1500000000xi8> loc("fill")
  %b = nn.map parallel [1500000000] ins(%a : tensor<1500000000xi8>) outs(%e : tensor<1500000000xi8>) maps [#back, #id] body {
  ^bb0(%v: i8):
    nn.yield %v : i8
  } -> tensor<1500000000xi8> loc("turn")
  %s = nn.reduce parallel [1] reduction [1500000000] ins(%b : tensor<1500000000xi8>) outs(%e1 : tensor<1xi8>) maps [#all, #at] init [0 : i8] combine {
  ^bb0(%v: i8, %acc: i8):
    %n = arith.addi %v, %acc : i8
    nn.yield %n : i8
  } epilogue {
  ^bb0(%acc: i8):
    nn.yield %acc : i8
  } -> tensor<1xi8> loc("sum")
  return %s : tensor<1xi8>
}
