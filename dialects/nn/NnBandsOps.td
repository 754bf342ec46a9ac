//===- NnBandsOps.td - Layers that are computed row by row --*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NN_BANDS_OPS
#define NN_BANDS_OPS

def Nn_BandsOp : Nn_Op<"bands", [
    AttrSizedOperandSegments, SingleBlock,
    DeclareOpInterfaceMethods<DestinationStyleOpInterface, ["getDpsInitsMutable"]>,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "A chain of layers, computed a few rows at a time";
  let description = [{
    The body is the chain on whole tensors: each layer reads the rows of the
    one before it and nothing else does, so that a few rows of each are enough
    at a time. `height` is how many rows of the last layer (of its input, where
    it reduces all rows) one round computes.

    The arguments of the body are the inputs: the tensor whose rows the first
    layer reads, then weights and all else. The first output is the chain's
    result; the second one is scratch memory, in which the rows of each layer
    lie, and whose contents mean nothing. `expand-bands` makes the loop.

    ```mlir
    %y, %rows = nn.bands height 2 ins(%x, %w : tensor<16x8xf32>, tensor<3xf32>)
        outs(%init, %scratch : tensor<16x8xf32>, tensor<448xi8>) body {
    ^bb0(%in: tensor<16x8xf32>, %weights: tensor<3xf32>):
      %e = tensor.empty() : tensor<16x8xf32>
      %a = nn.map ... ins(%in) outs(%e) ... -> tensor<16x8xf32>
      %b = nn.contract ... ins(%a, %weights) outs(%e) ... -> tensor<16x8xf32>
      nn.yield %b : tensor<16x8xf32>
    } -> tensor<16x8xf32>, tensor<448xi8>
    ```
  }];
  let arguments = (ins ConfinedAttr<I64Attr, [IntPositive]>:$height,
      Variadic<Nn_Data>:$inputs, Variadic<Nn_Data>:$outputs);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `height` $height `ins` `(` $inputs `:` type($inputs) `)`
    `outs` `(` $outputs `:` type($outputs) `)` attr-dict `body` $body
    (`->` type($results)^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The layers of the body, in order.
    ::llvm::SmallVector<LayerOpInterface> getLayers();
  }];
}

#endif // NN_BANDS_OPS
