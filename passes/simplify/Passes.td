//===- Passes.td - Passes of the simplification stage ------*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SIMPLIFY_PASSES
#define SIMPLIFY_PASSES

include "mlir/Pass/PassBase.td"

def ApplyAlgebraPass : Pass<"apply-algebra", "::mlir::func::FuncOp"> {
  let summary = "Simplify the arithmetic in regions of layers";
  let description = [{
    Applies the identities of passes/simplify/Algebra.td. See ApplyAlgebra.cpp.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
}

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
    scale of integer weights becomes part of the epilogue, that of blocks of them
    of the epilogue of a sum for each block. See AbsorbScales.cpp, SumBlocks.cpp.
  }];
  let dependentDialects = ["::tenon::nn::NnDialect", "::mlir::tensor::TensorDialect"];
}

def MoveMapsPass : Pass<"move-maps", "::mlir::func::FuncOp"> {
  let summary = "Quantize before concatenations, dequantize after them";
  let description = [{
    A map that makes elements narrower changes places with the assemble or
    reshape that it reads; a dequantization with the one that reads it, or with
    a gather. See MoveMaps.cpp.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::tenon::nn::NnDialect",
                           "::mlir::tensor::TensorDialect"];
}

def CarryIntegersPass : Pass<"carry-integers", "::mlir::func::FuncOp"> {
  let summary = "Layers read quantized values as integers";
  let description = [{
    A dequantization moves into the layers that read it, and out of their sums.
    See CarryIntegers.cpp.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::tenon::nn::NnDialect",
                           "::mlir::tensor::TensorDialect"];
}

def TabulateMapsPass : Pass<"tabulate-maps", "::mlir::func::FuncOp"> {
  let summary = "Functions of one byte become tables";
  let description = [{
    Maps from a tensor of bytes to another one become a lookup among 256 bytes,
    where that is shorter. See TabulateMaps.cpp.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::tenon::nn::NnDialect",
                           "::mlir::tensor::TensorDialect"];
}

def RequantizePass : Pass<"requantize", "::mlir::func::FuncOp"> {
  let summary = "One multiplication between integer sums and integer results";
  let description = [{
    Biases are added and bounds kept as integers; what is left of scales is one
    factor. See Requantize.cpp.
  }];
  let options = [
    Option<"fixedPoint", "fixed-point", "bool", "false",
           "Factors are TensorFlow Lite's fixed-point numbers">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::tenon::nn::NnDialect",
                           "::mlir::tensor::TensorDialect"];
}

def ExpandQuantizationPass : Pass<"expand-quantization", "::mlir::func::FuncOp"> {
  let summary = "Quantization becomes arithmetic";
  let description = [{
    Replaces nn.quantize, nn.dequantize and nn.requantize by what they compute:
    in integers, if possible, where the target has no float unit. See
    ExpandQuantization.cpp.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
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

def PrepareDotsPass : Pass<"prepare-dots", "::mlir::func::FuncOp"> {
  let summary = "Contractions of bytes as the target's dot products want them";
  let description = [{
    Borders that a dot product would cross become memory, and zero points that
    it cannot subtract become part of a bias. See PrepareDots.cpp.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::tenon::nn::NnDialect",
                           "::mlir::tensor::TensorDialect"];
}

def UseUnsignedBytesPass : Pass<"use-unsigned-bytes", "::mlir::func::FuncOp"> {
  let summary = "Values between layers have the sign that dot products take";
  let description = [{
    A signed byte is stored as the unsigned one that is larger by 128, where the
    target multiplies unsigned bytes. See UseUnsignedBytes.cpp.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::tenon::nn::NnDialect",
                           "::mlir::tensor::TensorDialect"];
}

def SplitSumsPass : Pass<"split-sums", "::mlir::func::FuncOp"> {
  let summary = "Long sums as sums of sums";
  let description = [{
    A sum of more than 16,384 floats is added up in parts of at most 4,096, so
    that its error stays small. See SplitSums.cpp.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::tenon::nn::NnDialect",
                           "::mlir::tensor::TensorDialect"];
}

def FoldWeightsPass : Pass<"fold-weights", "::mlir::ModuleOp"> {
  let summary = "Compute what depends on weights alone";
  let description = [{
    Evaluates each nn operation whose operands are all constant, and puts the
    result in its place: an `arith.constant` up to 1 KiB and for splats, else
    an `nn.weight` of a `kernel.global` that is named by its content. Globals
    that nothing uses any more are erased.

    ```mlir
    %w = nn.weight @w_4fd1 : tensor<64x32xf32>
    %t = nn.map parallel [32, 64] ins(%w) ... // a transpose
    // becomes
    %t = nn.weight @w_90ab : tensor<32x64xf32>
    ```

    What would only blow up data stays: a result of more than 64 KiB and four
    times what it is made of (a broadcast), and integer weights turned into
    floats (a DequantizeLinear), which the consumer does as cheaply.
  }];
  let options = [
    Option<"foldDequantize", "fold-dequantize", "bool", "false",
           "Store as floats what the model stores as narrow integers">
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::tenon::nn::NnDialect"];
}

#endif // SIMPLIFY_PASSES
