//===- Passes.td - Passes of the simplification stage ------*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SIMPLIFY_PASSES
#define SIMPLIFY_PASSES

include "mlir/Pass/PassBase.td"

def AbsorbMovesPass : Pass<"absorb-moves", "::mlir::func::FuncOp"> {
  let summary = "Read through transposes, slices and reshapes";
  let description = [{
    Layers read the source of a move or reshape through the composed map, and
    write the result of a transpose that follows them. See AbsorbMoves.cpp.
  }];
  let dependentDialects = ["::tenon::nn::NnDialect"];
}

def AbsorbPadsPass : Pass<"absorb-pads", "::mlir::func::FuncOp"> {
  let summary = "Padding becomes part of the window";
  let description = [{
    A border that holds the identity of a reducing layer's combiner goes away,
    and the layer's window leaves its input instead. See AbsorbPads.cpp.
  }];
  let dependentDialects = ["::tenon::nn::NnDialect"];
}

def AbsorbScalesPass : Pass<"absorb-scales", "::mlir::func::FuncOp"> {
  let summary = "Move factors of an output channel into or out of the weights";
  let description = [{
    The scale of a batch normalization is multiplied into float weights; the
    scale of integer weights becomes part of the epilogue. See AbsorbScales.cpp.
  }];
  let dependentDialects = ["::tenon::nn::NnDialect", "::mlir::tensor::TensorDialect"];
}

def FuseMapsPass : Pass<"fuse-maps", "::mlir::func::FuncOp"> {
  let summary = "Move elementwise layers into the layers that feed them";
  let description = [{
    Biases, activations and residual sums become part of an epilogue. See
    FuseMaps.cpp.
  }];
  let dependentDialects = ["::tenon::nn::NnDialect"];
}

def AssignLayoutsPass : Pass<"assign-layouts", "::mlir::func::FuncOp"> {
  let summary = "Choose the order of dimensions in memory";
  let description = [{
    Moves the channel of values between layers last. See AssignLayouts.cpp.
  }];
  let dependentDialects = ["::tenon::nn::NnDialect", "::mlir::tensor::TensorDialect"];
}

def OrderDimensionsPass : Pass<"order-dimensions", "::mlir::func::FuncOp"> {
  let summary = "Number dimensions in the order of memory";
  let description = [{
    Parallel dimensions in the order of the output, reductions in that of the
    input; this fixes the order of every sum. See OrderDimensions.cpp.
  }];
  let dependentDialects = ["::tenon::nn::NnDialect"];
}

#endif // SIMPLIFY_PASSES
