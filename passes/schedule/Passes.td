//===- Passes.td - Passes of the scheduling stage ----------*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SCHEDULE_PASSES
#define SCHEDULE_PASSES

include "mlir/Pass/PassBase.td"

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
    Option<"inPlace", "in-place", "bool", "true",
           "Let layers write over operands that die">,
    Option<"printPlan", "print-plan", "bool", "false",
           "Print the plan as a table to the standard error">,
    Option<"remarks", "remarks", "bool", "false",
           "Report the arena's size, its bound and the layers at the peak">,
    Option<"keepReference", "keep-reference", "bool", "false",
           "Keep the function on tensors, for verify-plan">,
  ];
  let dependentDialects = ["::mlir::memref::MemRefDialect",
                           "::tenon::kernel::KernelDialect"];
}

def VerifyPlanPass : Pass<"verify-plan", "::mlir::ModuleOp"> {
  let summary = "Check that every layer reads what was meant for it";
  let description = [{
    Replays each function that has an attribute `nn.reference` beside the
    function on tensors of that name, and reports the first read that finds
    other contents. `plan-memory` does the same on its own. See Verify.cpp.
  }];
}

#endif // SCHEDULE_PASSES
