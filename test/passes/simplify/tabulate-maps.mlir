// RUN: tenon-opt %s --set-target=name=cortex-m4 --tabulate-maps | FileCheck %s
// RUN: tenon-opt %s --set-target=name=x86-64-v4 --tabulate-maps | FileCheck %s --check-prefix=WIDE

#id = affine_map<(i) -> (i)>

// The whole chain is one table, also where its bytes have no sign.
// CHECK-LABEL: @chain
// CHECK: %[[TABLE:.*]] = arith.constant dense<"0x{{[0-9A-F]*}}"> : tensor<256xi8>
// CHECK-NOT: nn.map
// CHECK: nn.gather parallel [64] ins(%[[TABLE]] : tensor<256xi8>) indices(%arg0 : tensor<64xui8>)
// Sixteen at a time, the function is cheaper.
// WIDE-LABEL: @chain
// WIDE-NOT: nn.gather
func.func @chain(%q: tensor<64xui8>) -> tensor<64xi8> {
  %e = tensor.empty() : tensor<64xf32>
  %x = nn.map parallel [64] ins(%q : tensor<64xui8>) outs(%e : tensor<64xf32>) maps [#id, #id] body {
  ^bb0(%a: i8):
    %scale = arith.constant 0.05 : f32
    %zero = arith.constant 128 : i32
    %n = nn.dequantize unsigned %a scale %scale zero %zero : i8, f32 -> f32
    nn.yield %n : f32
  } -> tensor<64xf32>
  %t = nn.map parallel [64] ins(%x : tensor<64xf32>) outs(%e : tensor<64xf32>) maps [#id, #id] body {
  ^bb0(%a: f32):
    %n = math.tanh %a : f32
    nn.yield %n : f32
  } -> tensor<64xf32>
  %b = tensor.empty() : tensor<64xi8>
  %y = nn.map parallel [64] ins(%t : tensor<64xf32>) outs(%b : tensor<64xi8>) maps [#id, #id] body {
  ^bb0(%a: f32):
    %scale = arith.constant 0.0078125 : f32
    %n = nn.quantize %a scale %scale in [-128, 127] : f32, f32 -> i8
    nn.yield %n : i8
  } -> tensor<64xi8>
  return %y : tensor<64xi8>
}

// x * sigmoid(x), whose second factor became bytes between: two tables in one.
// CHECK-LABEL: @product_with_part
// CHECK-NOT: nn.map
// CHECK-COUNT-1: nn.gather
// CHECK-NOT: nn.gather
// CHECK: return
func.func @product_with_part(%q: tensor<64xi8>) -> tensor<64xi8> {
  %b = tensor.empty() : tensor<64xi8>
  %s = nn.map parallel [64] ins(%q : tensor<64xi8>) outs(%b : tensor<64xi8>) maps [#id, #id] body {
  ^bb0(%a: i8):
    %scale = arith.constant 0.05 : f32
    %n = nn.dequantize %a scale %scale : i8, f32 -> f32
    %m = math.exp %n : f32
    %p = nn.quantize %m scale %scale in [-128, 127] : f32, f32 -> i8
    nn.yield %p : i8
  } -> tensor<64xi8>
  %y = nn.map parallel [64] ins(%q, %s : tensor<64xi8>, tensor<64xi8>) outs(%b : tensor<64xi8>) maps [#id, #id, #id] body {
  ^bb0(%a: i8, %c: i8):
    %scale = arith.constant 0.05 : f32
    %n = nn.dequantize %a scale %scale : i8, f32 -> f32
    %m = nn.dequantize %c scale %scale : i8, f32 -> f32
    %p = arith.mulf %n, %m : f32
    %r = nn.quantize %p scale %scale in [-128, 127] : f32, f32 -> i8
    nn.yield %r : i8
  } -> tensor<64xi8>
  return %y : tensor<64xi8>
}

// A function of two bytes.
// CHECK-LABEL: @of_two
// CHECK-NOT: nn.gather
func.func @of_two(%q: tensor<64xi8>, %s: tensor<64xi8>) -> tensor<64xi8> {
  %b = tensor.empty() : tensor<64xi8>
  %y = nn.map parallel [64] ins(%q, %s : tensor<64xi8>, tensor<64xi8>) outs(%b : tensor<64xi8>) maps [#id, #id, #id] body {
  ^bb0(%a: i8, %c: i8):
    %scale = arith.constant 0.05 : f32
    %n = nn.dequantize %a scale %scale : i8, f32 -> f32
    %m = nn.dequantize %c scale %scale : i8, f32 -> f32
    %p = math.powf %n, %m : f32
    %r = nn.quantize %p scale %scale in [-128, 127] : f32, f32 -> i8
    nn.yield %r : i8
  } -> tensor<64xi8>
  return %y : tensor<64xi8>
}

// Integer arithmetic does this.
// CHECK-LABEL: @requantizes
// CHECK-NOT: nn.gather
func.func @requantizes(%q: tensor<64xi8>) -> tensor<64xi8> {
  %b = tensor.empty() : tensor<64xi8>
  %y = nn.map parallel [64] ins(%q : tensor<64xi8>) outs(%b : tensor<64xi8>) maps [#id, #id] body {
  ^bb0(%a: i8):
    %scale = arith.constant 0.05 : f32
    %to = arith.constant 0.07 : f32
    %zero = arith.constant 0.0 : f32
    %n = nn.dequantize %a scale %scale : i8, f32 -> f32
    %m = arith.maximumf %n, %zero : f32
    %p = nn.quantize %m scale %to in [-128, 127] : f32, f32 -> i8
    nn.yield %p : i8
  } -> tensor<64xi8>
  return %y : tensor<64xi8>
}

// Ten elements are computed faster than a table.
// CHECK-LABEL: @few
// CHECK-NOT: nn.gather
func.func @few(%q: tensor<10xi8>) -> tensor<10xi8> {
  %b = tensor.empty() : tensor<10xi8>
  %y = nn.map parallel [10] ins(%q : tensor<10xi8>) outs(%b : tensor<10xi8>) maps [#id, #id] body {
  ^bb0(%a: i8):
    %scale = arith.constant 0.05 : f32
    %n = nn.dequantize %a scale %scale : i8, f32 -> f32
    %m = math.exp %n : f32
    %p = nn.quantize %m scale %scale in [-128, 127] : f32, f32 -> i8
    nn.yield %p : i8
  } -> tensor<10xi8>
  return %y : tensor<10xi8>
}
