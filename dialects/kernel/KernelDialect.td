//===- KernelDialect.td - The kernel dialect ---------------*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef KERNEL_DIALECT
#define KERNEL_DIALECT

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpBase.td"

def Kernel_Dialect : Dialect {
  let name = "kernel";
  let cppNamespace = "::tenon::kernel";
  let summary = "What the planned program needs beyond upstream dialects";
  let description = [{
    The `kernel` dialect completes the low form (docs/rationale/low-form.md):
    constants by symbol, slices of the arena, partial vectors at the edge of a
    buffer, and the hooks of the emitted interface. Everything else in the low
    form comes from `func`, `scf`, `arith`, `math`, `memref` and `vector`.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
}

#endif // KERNEL_DIALECT
