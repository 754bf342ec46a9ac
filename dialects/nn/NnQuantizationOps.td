//===- NnQuantizationOps.td - Quantized numbers in regions --*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An integer q stands for the number (q - zero) * scale. These operations say
// what is computed, so that passes need not recognize it in arithmetic;
// Quantization.cpp has the arithmetic of each, once, for the evaluator and for
// programs.
//
//===----------------------------------------------------------------------===//

#ifndef NN_QUANTIZATION_OPS
#define NN_QUANTIZATION_OPS

def Nn_DequantizeOp : Nn_Op<"dequantize", [Pure]> {
  let summary = "The number that an integer stands for";
  let description = [{
    `(input - zero) * scale`, the difference as an integer of 32 bits, one
    rounding when it becomes a float, one in the product
    ([DequantizeLinear](https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html)).
    A scale of another type is converted first. `zero` is of 32 bits; without
    one it is 0. `unsigned` is about the input.

    ```mlir
    %x = nn.dequantize %q scale %s zero %z : i8, f32 -> f32
    ```
  }];
  let arguments = (ins AnySignlessInteger:$input, AnyFloat:$scale, Optional<I32>:$zero,
      UnitAttr:$isUnsigned);
  let results = (outs AnyFloat:$result);
  let assemblyFormat = [{
    (`unsigned` $isUnsigned^)? $input `scale` $scale (`zero` $zero^)? attr-dict
    `:` type($input) `,` type($scale) `->` type($result)
  }];
}

def Nn_QuantizeOp : Nn_Op<"quantize", [Pure]> {
  let summary = "The integer that stands for a number best";
  let description = [{
    `input / scale`, rounded to the nearest integer, half to even, plus `zero`,
    no less than `low` and no more than `high`; `low` for NaN
    ([QuantizeLinear](https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html)).

    ```mlir
    %q = nn.quantize %x scale %s zero %z in [-128, 127] : f32, f32 -> i8
    ```
  }];
  let arguments = (ins AnyFloat:$input, AnyFloat:$scale, Optional<I32>:$zero,
      I64Attr:$low, I64Attr:$high);
  let results = (outs AnySignlessInteger:$result);
  let assemblyFormat = [{
    $input `scale` $scale (`zero` $zero^)? `in` ` ` `[` $low `,` $high `]` attr-dict
    `:` type($input) `,` type($scale) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Nn_RequantizeOp : Nn_Op<"requantize", [Pure]> {
  let summary = "A sum of products at the scale of the result";
  let description = [{
    `input * factor` at f32, the input converted first, rounded to the nearest
    integer, half to even, plus `zero`, no less than `low` and no more than
    `high`: two roundings to f32 and one to an integer, whatever the target.

    ```mlir
    %q = nn.requantize %sum by %factor zero %z in [-128, 127] -> i8
    ```
  }];
  let arguments = (ins I32:$input, F32:$factor, Optional<I32>:$zero,
      I64Attr:$low, I64Attr:$high);
  let results = (outs AnySignlessInteger:$result);
  let assemblyFormat = [{
    $input `by` $factor (`zero` $zero^)? `in` ` ` `[` $low `,` $high `]` attr-dict
    `->` type($result)
  }];
  let hasVerifier = 1;
}

def Nn_RoundProductOp : Nn_Op<"round_product", [Pure]> {
  let summary = "A product at f32, rounded to an integer, for targets without floats";
  let description = [{
    What `nn.requantize` makes of its input, where the target has no float unit:
    `input * factor` at f32, the input converted first, rounded to the nearest
    integer, half to even. The factor is a word, m * 256 + t, for m * 2^-(24 + t):
    m of 24 bits, the highest of them 1, or 0, and t from 3 to 31. So it holds 0
    and each f32 from 2^-32 to less than 1/8.

    The input is less than 2^29 in magnitude. Where it is more than 2^24, of the
    result is only known that it is no less than what 2^24 gives, less one.

    ```mlir
    %n = nn.round_product %sum by %factor
    ```
  }];
  let arguments = (ins I32:$input, I32:$factor);
  let results = (outs I32:$result);
  let assemblyFormat = "$input `by` $factor attr-dict";
}

#endif // NN_QUANTIZATION_OPS
