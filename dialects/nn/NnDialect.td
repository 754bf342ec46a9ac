//===- NnDialect.td - The nn dialect -----------------------*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NN_DIALECT
#define NN_DIALECT

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpBase.td"

def Nn_Dialect : Dialect {
  let name = "nn";
  let cppNamespace = "::tenon::nn";
  let summary = "The few operations on which everything interesting happens";
  let description = [{
    A network is a graph of *layers*: loop nests over a rectangular iteration
    space, with one affine map per operand and scalar regions for what is
    computed at a point. Fusion, layout, memory planning and kernels are
    derived from the one interface `LayerOpInterface`. See
    docs/rationale/nn.md.
  }];
  let dependentDialects = ["::tenon::kernel::KernelDialect", "::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::vector::VectorDialect"];
}

#endif // NN_DIALECT
