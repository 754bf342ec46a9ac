//===- Passes.td - Passes of the scheduling stage ----------*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SCHEDULE_PASSES
#define SCHEDULE_PASSES

include "mlir/Pass/PassBase.td"

def BandRowsPass : Pass<"band-rows", "::mlir::ModuleOp"> {
  let summary = "Compute chains of layers a few rows at a time, to save memory";
  let description = [{
    Puts chains of layers into `nn.bands`, so that of what lies between them
    only some rows are in memory: as few chains, and as many rows, as an arena
    of `max-ram` bytes allows, or of the largest memory that the module has for
    it. Without these, nothing. See BandRows.cpp.
  }];
  let options = [
    Option<"maxRam", "max-ram", "int64_t", "0",
           "The most bytes that the arena may have; 0: no limit">,
    Option<"height", "height", "int64_t", "0",
           "Instead: all chains, with so many rows (for tests)">,
    Option<"avoidCopies", "avoid-copies", "bool", "false",
           "As that of plan-memory">,
    Option<"ioInArena", "io-in-arena", "bool", "false",
           "As that of plan-memory">,
  ];
  let dependentDialects = ["::mlir::tensor::TensorDialect",
                           "::tenon::nn::NnDialect"];
}

def OrderLayersPass : Pass<"order-layers", "::mlir::ModuleOp"> {
  let summary = "Choose the order of layers that needs the least memory";
  let description = [{
    Where a network branches, the order of its layers decides how much memory
    it needs. See OrderLayers.cpp.
  }];
  let options = [
    Option<"maxStates", "max-states", "int64_t", "100000",
           "States that the exact search may visit; a beam search follows">,
    Option<"avoidCopies", "avoid-copies", "bool", "false",
           "As that of plan-memory">,
    Option<"ioInArena", "io-in-arena", "bool", "false",
           "As that of plan-memory">,
  ];
}

def PlanMemoryPass : Pass<"plan-memory", "::mlir::ModuleOp"> {
  let summary = "Put every value into memory: arena, inputs, outputs, constants";
  let description = [{
    Decides which values share memory, gives each block its place in the arena,
    and rewrites the function on tensors into one on memrefs. See
    PlanMemory.cpp.
  }];
  let options = [
    Option<"outputsAsScratch", "outputs-as-scratch", "bool", "false",
           "Results may hold other values before their own">,
    Option<"ioInArena", "io-in-arena", "bool", "false",
           "Inputs and results lie in the arena, which reuses their space">,
    Option<"inPlace", "in-place", "bool", "true",
           "Let layers write over operands that die">,
    Option<"avoidCopies", "avoid-copies", "bool", "false",
           "Never copy where a view would do, even to save memory">,
    Option<"printPlan", "print-plan", "bool", "false",
           "Print the plan as a table to the standard error">,
    Option<"remarks", "remarks", "bool", "false",
           "Report the arena's size, its bound and the layers at the peak">,
    Option<"keepReference", "keep-reference", "bool", "false",
           "Keep the function on tensors, for verify-plan">,
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect",
                           "::tenon::kernel::KernelDialect",
                           "::tenon::nn::NnDialect"];
}

def ExpandBandsPass : Pass<"expand-bands", "::mlir::ModuleOp"> {
  let summary = "Make loops over rows of chains of layers";
  let description = [{
    Replaces `nn.bands` on memory by a loop around layers on line buffers, with
    copies of rows between them. See ExpandBands.cpp.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect",
                           "::tenon::kernel::KernelDialect",
                           "::tenon::nn::NnDialect"];
}

def VerifyPlanPass : Pass<"verify-plan", "::mlir::ModuleOp"> {
  let summary = "Check that every layer reads what was meant for it";
  let description = [{
    Replays each function that has an attribute `nn.reference` beside the
    function on tensors of that name, and reports the first read that finds
    other contents. `plan-memory` does the same on its own. See VerifyPlan.cpp.

    ```mlir
    %a = kernel.slice %arena, 0 : memref<24xi8> to memref<4xf32>
    %b = kernel.slice %arena, 8 : memref<24xi8> to memref<4xf32>
    nn.map ... outs(%a)
    nn.map ... outs(%b)
    // error: operand 0 is not as planned: at byte 8, expected byte 8 of layer
    // 0, found byte 0 of layer 1
    nn.map ... ins(%a, %b)
    ```
  }];
}

#endif // SCHEDULE_PASSES
