//===- Passes.td - Passes of the lowering stage ------------*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LOWER_PASSES
#define LOWER_PASSES

include "mlir/Pass/PassBase.td"

def ExpandMathPass : Pass<"expand-math"> {
  let summary = "Replace math functions by arithmetic of the low form";
  let description = [{
    Clones the body of the function of the same name in `passes/lower/math/`,
    at the type of the operation: a scalar, or a vector by mapping each value
    to a vector and splatting the constants. docs/math.md states the error of
    each function; none calls libm or reads a table. One that branches is
    called instead.

    ```mlir
    %y = math.exp %x : vector<8xf32>
    // becomes
    %0 = arith.mulf %x, %log2e : vector<8xf32>
    ...
    ```

    Also expanded: minimum and maximum (with their NaN rules), absf, copysign,
    the roundings, float to integer (saturating), f16 and bf16 by bits, and
    `math.fma` where the target has none.
  }];
  let dependentDialects = ["mlir::arith::ArithDialect", "mlir::func::FuncDialect",
                           "mlir::math::MathDialect", "mlir::scf::SCFDialect",
                           "mlir::vector::VectorDialect"];
}

def ExpandArithPass : Pass<"expand-arith"> {
  let summary = "Replace arithmetic that the low form lacks";
  let description = [{
    Divisors are checked where they are not proven (by zero, quotient and
    remainder are 0); absolute values of integers and divisions that round up
    or down become what they are made of; conversions go by f32 and i32.

    ```mlir
    %q = arith.remui %a, %b : i32
    // becomes
    %safe = arith.maxui %b, %one : i32
    %q0 = arith.remui %a, %safe : i32
    %is_zero = arith.cmpi eq, %b, %zero : i32
    %q = arith.select %is_zero, %zero, %q0 : i32
    ```
  }];
  let dependentDialects = ["mlir::arith::ArithDialect", "mlir::math::MathDialect"];
}

def ExpandTypesPass : Pass<"expand-types"> {
  let summary = "Hold values of types that the low form lacks in ones that it has";
  let description = [{
    f16, bf16 and floats of 8 bits become the integers of their bits; integers
    of 2, 4 and other odd numbers of bits become the next wider ones, without
    sign. After `expand-math`, which makes arithmetic on bits of conversions.

    ```mlir
    %y = arith.trunci %x : i32 to i4
    // becomes
    %0 = arith.trunci %x : i32 to i8
    %y = arith.andi %0, %c15 : i8
    ```
  }];
  let dependentDialects = ["mlir::arith::ArithDialect"];
}

def VerifyLowFormPass : Pass<"verify-low-form", "mlir::ModuleOp"> {
  let summary = "Check the contract between plan and codegen";
  let description = [{
    Both emitters take what this pass lets through and nothing else: the closed
    list of docs/rationale/low-form.md, for the target of the module. All faults
    are reported, each with the ONNX node that it comes from.
  }];
}

def LegalizeForCppPass : Pass<"legalize-for-cpp", "mlir::ModuleOp"> {
  let summary = "Make the low form printable as C++";
  let description = [{
    Does every change to the IR that C++ wants, so that the printer only reads:
    drops what nothing uses, marks pointers to what is only read
    (`kernel.readonly`) and operations that are written inside of their user's
    expression (`kernel.inline`), and names functions, constants and values
    (`kernel.names`) after nodes, dimensions and roles.

    ```mlir
    %0 = memref.load %x[%i] : memref<4xf32>
    %1 = arith.addf %0, %b : f32
    memref.store %1, %y[%i] : memref<4xf32>
    // becomes, and prints as  y[i] = x[i] + b;
    %0 = memref.load %x[%i] {kernel.inline} : memref<4xf32>
    %1 = arith.addf %0, %b {kernel.inline} : f32
    memref.store %1, %y[%i] : memref<4xf32>
    ```
  }];
}

def LowerLayersPass : Pass<"lower-layers", "mlir::ModuleOp"> {
  let summary = "Make a function of loops and vectors of every layer";
  let description = [{
    Outlines each layer on memrefs into a private function over flat memory,
    tiled for the target's registers by one builder (passes/lower/
    KernelBuilder.cpp), and packs constant operands of contractions.
  }];
  let options = [
    Option<"forSize", "for-size", "bool", "false",
           "Prefer short code: one copy of each loop">,
    Option<"parallel", "parallel", "bool", "false",
           "Share the work of large layers among the caller's threads">
  ];
  let dependentDialects = ["mlir::arith::ArithDialect", "mlir::func::FuncDialect",
                           "mlir::memref::MemRefDialect", "mlir::scf::SCFDialect",
                           "mlir::vector::VectorDialect", "tenon::kernel::KernelDialect"];
}

def ShareKernelsPass : Pass<"share-kernels", "mlir::ModuleOp"> {
  let summary = "One function for kernels that are the same but for integers";
  let description = [{
    Kernels that are equal become one. With `parameters`, so do those that
    differ in index constants only, which become parameters.
  }];
  let options = [
    Option<"parameters", "parameters", "bool", "false",
           "Share kernels that differ in index constants">
  ];
  let dependentDialects = ["mlir::arith::ArithDialect", "tenon::kernel::KernelDialect"];
}

def RecordLayersPass : Pass<"record-layers", "::mlir::ModuleOp"> {
  let summary = "Write down the layers for the report";
  let description = [{
    Before layers become loops: one entry a layer in the module's
    `kernel.layers`, in the order of the program, with its nodes, operation,
    multiplications and bytes. See RecordLayers.cpp.
  }];
}

def MakeInterfacePass : Pass<"make-interface", "::mlir::ModuleOp"> {
  let summary = "Make the functions of the emitted C interface";
  let description = [{
    The model's function becomes `<model>_run_ex`, with checks of what the
    caller hands over; `<model>_run` joins it. See MakeInterface.cpp.
  }];
  let options = [
    Option<"profile", "profile", "bool", /*default=*/"false",
           "Mark where each layer begins and ends">
  ];
  let dependentDialects = ["mlir::arith::ArithDialect", "mlir::func::FuncDialect",
                           "tenon::kernel::KernelDialect"];
}

def MapWeightsPass : Pass<"map-weights", "::mlir::ModuleOp"> {
  let summary = "Take the weights out of the program into a file";
  let description = [{
    After `make-interface`: the constants of a run get places in one file, which
    the caller maps and hands over in the context; a run checks that it is the
    right one. See MapWeights.cpp.
  }];
  let dependentDialects = ["mlir::arith::ArithDialect", "mlir::memref::MemRefDialect",
                           "mlir::scf::SCFDialect", "tenon::kernel::KernelDialect"];
}

def PlaceInRegionsPass : Pass<"place-in-regions", "::mlir::ModuleOp"> {
  let summary = "Choose the memory of the board that holds arena and constants";
  let description = [{
    Where the module has `kernel.regions`: the arena gets the first region of RAM
    with room for it; constants the first region for them, and those that are
    read least often the next where there is no room. What has no place is an
    error. See PlaceInRegions.cpp.

    ```mlir
    kernel.regions = [{name = "flash", size = 64},
                      {name = "qspi", size = 4096, section = ".qspi"} ]
    kernel.global @dense = dense<1.0> : tensor<64xf32>
    // becomes
    kernel.global @dense {kernel.section = ".qspi"} = dense<1.0> : tensor<64xf32>
    ```
  }];
}

def DescribeInterfacePass : Pass<"describe-interface", "::mlir::ModuleOp"> {
  let summary = "Add the function that says what a model is";
  let description = [{
    `<model>_describe` returns a constant with the names, types and sizes of the
    interface. See DescribeInterface.cpp.
  }];
  let dependentDialects = ["mlir::func::FuncDialect", "tenon::kernel::KernelDialect"];
}

#endif // LOWER_PASSES
