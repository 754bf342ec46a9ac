// RUN: tenon-opt %s --set-target=name=cortex-m4 --expand-quantization | FileCheck %s
// RUN: tenon-opt %s --set-target=name=x86-64-v3 --expand-quantization | FileCheck %s --check-prefix=WIDE
// RUN: tenon-opt %s --set-target=name=cortex-m4 --interpret > %t.floats
// RUN: tenon-opt %s --set-target=name=cortex-m4 --expand-quantization --interpret > %t.integers
// RUN: diff %t.floats %t.integers

// All pairs of bytes: a sum with a bound, one of them without a sign.
#id = affine_map<(i, j) -> (i, j)>

// CHECK-LABEL: @sum
// CHECK-COUNT-2: arith.muli {{.*}} : i32
// CHECK: arith.shrsi
// CHECK: arith.maxsi
// CHECK: arith.minsi
// CHECK-NOT: arith.divf
// WIDE-LABEL: @sum
// WIDE: arith.divf
func.func @sum() -> tensor<256x256xi8> {
  %any = arith.constant dense<0> : tensor<256x256xi8>
  %e = tensor.empty() : tensor<256x256xi8>
  %y = nn.map parallel [256, 256] ins(%any : tensor<256x256xi8>) outs(%e : tensor<256x256xi8>) maps [#id, #id] body {
  ^bb0(%unused: i8):
    %i = nn.index 0
    %j = nn.index 1
    %a = arith.index_cast %i : index to i8
    %b = arith.index_cast %j : index to i8
    %sa = arith.constant 0.0235 : f32
    %sb = arith.constant 0.0411 : f32
    %sy = arith.constant 0.0523 : f32
    %za = arith.constant 4 : i32
    %zb = arith.constant 128 : i32
    %zy = arith.constant -128 : i32
    %0 = nn.dequantize %a scale %sa zero %za : i8, f32 -> f32
    %1 = nn.dequantize unsigned %b scale %sb zero %zb : i8, f32 -> f32
    %2 = arith.addf %0, %1 : f32
    %none = arith.constant 0.0 : f32
    %3 = arith.maximumf %2, %none : f32
    %q = nn.quantize %3 scale %sy zero %zy in [-128, 127] : f32, f32 -> i8
    nn.yield %q : i8
  } -> tensor<256x256xi8>
  return %y : tensor<256x256xi8>
}

// The product of two bytes is none.
// CHECK-LABEL: @product
// CHECK: arith.divf
func.func @product() -> tensor<256x256xi8> {
  %any = arith.constant dense<0> : tensor<256x256xi8>
  %e = tensor.empty() : tensor<256x256xi8>
  %y = nn.map parallel [256, 256] ins(%any : tensor<256x256xi8>) outs(%e : tensor<256x256xi8>) maps [#id, #id] body {
  ^bb0(%unused: i8):
    %i = nn.index 0
    %j = nn.index 1
    %a = arith.index_cast %i : index to i8
    %b = arith.index_cast %j : index to i8
    %s = arith.constant 0.05 : f32
    %0 = nn.dequantize %a scale %s : i8, f32 -> f32
    %1 = nn.dequantize %b scale %s : i8, f32 -> f32
    %2 = arith.mulf %0, %1 : f32
    %q = nn.quantize %2 scale %s in [-128, 127] : f32, f32 -> i8
    nn.yield %q : i8
  } -> tensor<256x256xi8>
  return %y : tensor<256x256xi8>
}

// Halves of the result on ties, which go to even: no line is that.
// CHECK-LABEL: @ties
// CHECK: arith.divf
func.func @ties() -> tensor<256x256xi8> {
  %any = arith.constant dense<0> : tensor<256x256xi8>
  %e = tensor.empty() : tensor<256x256xi8>
  %y = nn.map parallel [256, 256] ins(%any : tensor<256x256xi8>) outs(%e : tensor<256x256xi8>) maps [#id, #id] body {
  ^bb0(%unused: i8):
    %i = nn.index 0
    %j = nn.index 1
    %a = arith.index_cast %i : index to i8
    %b = arith.index_cast %j : index to i8
    %s = arith.constant 0.5 : f32
    %t = arith.constant 1.0 : f32
    %0 = nn.dequantize %a scale %s : i8, f32 -> f32
    %1 = nn.dequantize %b scale %s : i8, f32 -> f32
    %2 = arith.addf %0, %1 : f32
    %q = nn.quantize %2 scale %t in [-128, 127] : f32, f32 -> i8
    nn.yield %q : i8
  } -> tensor<256x256xi8>
  return %y : tensor<256x256xi8>
}
