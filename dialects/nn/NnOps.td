//===- NnOps.td - Operations of the nn dialect -------------*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NN_OPS
#define NN_OPS

include "dialects/nn/NnDialect.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Nn_Op<string mnemonic, list<Trait> traits = []>
    : Op<Nn_Dialect, mnemonic, traits>;

def Nn_WeightOp : Nn_Op<"weight", [Pure,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "A constant tensor of the model, by symbol";
  let description = [{
    The tensor that the `kernel.global` of this name defines. It is not
    `ConstantLike`: upstream folders must not see it, since they skip resources
    or crash on them.

    ```mlir
    %w = nn.weight @w_3f2a : tensor<16x3x3x3xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$global);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "$global attr-dict `:` type($result)";
}

#endif // NN_OPS
