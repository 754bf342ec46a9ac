//===- NnRoundProduct.td - Products without floats ---------*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NN_ROUND_PRODUCT
#define NN_ROUND_PRODUCT

include "dialects/nn/NnOps.td"

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

#endif // NN_ROUND_PRODUCT
