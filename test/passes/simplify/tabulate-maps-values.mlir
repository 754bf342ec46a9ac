// RUN: tenon-opt %s --set-target=name=cortex-m4 --interpret > %t.maps
// RUN: tenon-opt %s --set-target=name=cortex-m4 --tabulate-maps | FileCheck %s
// RUN: tenon-opt %s --set-target=name=cortex-m4 --tabulate-maps --interpret > %t.table
// RUN: diff %t.maps %t.table

// The table has what the function gives, for all bytes, with a sign and without.
#id = affine_map<(i) -> (i)>

// CHECK-COUNT-2: nn.gather
// CHECK-NOT: nn.gather
func.func @signed() -> tensor<256xi8> {
  %any = arith.constant dense<0> : tensor<256xi8>
  %i = tensor.empty() : tensor<256xi8>
  %q = nn.map parallel [256] ins(%any : tensor<256xi8>) outs(%i : tensor<256xi8>) maps [#id, #id] body {
  ^bb0(%a: i8):
    %at = nn.index 0
    %b = arith.index_cast %at : index to i8
    nn.yield %b : i8
  } -> tensor<256xi8>
  %y = nn.map parallel [256] ins(%q : tensor<256xi8>) outs(%i : tensor<256xi8>) maps [#id, #id] body {
  ^bb0(%a: i8):
    %scale = arith.constant 0.05 : f32
    %zero = arith.constant -3 : i32
    %n = nn.dequantize %a scale %scale zero %zero : i8, f32 -> f32
    %m = math.tanh %n : f32
    %p = nn.quantize %m scale %scale zero %zero in [-128, 127] : f32, f32 -> i8
    nn.yield %p : i8
  } -> tensor<256xi8>
  return %y : tensor<256xi8>
}

func.func @unsigned() -> tensor<256xi8> {
  %any = arith.constant dense<0> : tensor<256xi8>
  %i = tensor.empty() : tensor<256xui8>
  %q = nn.map parallel [256] ins(%any : tensor<256xi8>) outs(%i : tensor<256xui8>) maps [#id, #id] body {
  ^bb0(%a: i8):
    %at = nn.index 0
    %b = arith.index_cast %at : index to i8
    nn.yield %b : i8
  } -> tensor<256xui8>
  %e = tensor.empty() : tensor<256xi8>
  %y = nn.map parallel [256] ins(%q : tensor<256xui8>) outs(%e : tensor<256xi8>) maps [#id, #id] body {
  ^bb0(%a: i8):
    %scale = arith.constant 0.05 : f32
    %zero = arith.constant 128 : i32
    %n = nn.dequantize unsigned %a scale %scale zero %zero : i8, f32 -> f32
    %m = math.tanh %n : f32
    %p = nn.quantize %m scale %scale in [-128, 127] : f32, f32 -> i8
    nn.yield %p : i8
  } -> tensor<256xi8>
  return %y : tensor<256xi8>
}
