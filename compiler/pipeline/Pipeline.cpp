//===- Pipeline.cpp - From an imported model to the low form --------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The compiler's table of contents: every pass, in order. At an odd place a
// comment says what breaks otherwise.
//
//===----------------------------------------------------------------------===//

#include "compiler/pipeline/Pipeline.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "passes/import/Passes.h"
#include "passes/lower/Passes.h"
#include "passes/schedule/Passes.h"
#include "passes/simplify/Passes.h"

using namespace mlir;
using namespace tenon;

void tenon::buildImportPipeline(OpPassManager &pm,
                                const PipelineOptions &options) {
  pm.addNestedPass<func::FuncOp>(createOnnxInferShapesPass());
  // While what tells it is still there.
  pm.addPass(createRecordQuantizationPass());
  pm.addPass(
      createConvertOnnxToNnPass(ConvertOnnxToNnPassOptions{options.openSizes}));
  pm.addPass(createCanonicalizerPass());
  // Shapes are final now, and types still the model's.
  pm.addPass(
      createRecordInterfacePass(RecordInterfacePassOptions{options.name}));
}

void tenon::buildSimplifyPipeline(OpPassManager &pm,
                                  const PipelineOptions &options) {
  OpPassManager &func = pm.nest<func::FuncOp>();
  func.addPass(createApplyAlgebraPass());
  func.addPass(createAbsorbMovesPass());
  func.addPass(createAbsorbPadsPass());
  func.addPass(createMoveMapsPass());
  // Before fold-weights, which would turn integer weights into floats.
  func.addPass(createCarryIntegersPass());
  // Borders hold zero points now.
  func.addPass(createAbsorbPadsPass());
  // Before maps become parts of other layers.
  func.addPass(createTabulateMapsPass());
  func.addPass(createAbsorbScalesPass());
  pm.addPass(createFoldWeightsPass());
  pm.addNestedPass<func::FuncOp>(createFuseMapsPass());
  // A sum and the quantize that reads it are in one region now.
  pm.addNestedPass<func::FuncOp>(
      createRequantizePass(RequantizePassOptions{options.fixedPoint}));
  // Scales of batch normalizations are in epilogues now; weights take them.
  pm.addNestedPass<func::FuncOp>(createAbsorbScalesPass());
  pm.addPass(createFoldWeightsPass());
  pm.addNestedPass<func::FuncOp>(createAbsorbMovesPass());
  pm.addNestedPass<func::FuncOp>(createFuseMapsPass());
  pm.addNestedPass<func::FuncOp>(createExpandQuantizationPass());
  // Regions hold the expressions of several operators now.
  pm.addNestedPass<func::FuncOp>(createApplyAlgebraPass());
  pm.addNestedPass<func::FuncOp>(createAssignLayoutsPass());
  // Sums are in the order of memory from here on.
  pm.addNestedPass<func::FuncOp>(createOrderDimensionsPass());
  // Which elements are neighbours is known, too.
  pm.addNestedPass<func::FuncOp>(createPrepareDotsPass());
  pm.addNestedPass<func::FuncOp>(createUseUnsignedBytesPass());
  pm.addPass(createFoldWeightsPass());
  pm.addNestedPass<func::FuncOp>(createSplitSumsPass());
  pm.addPass(createCSEPass());
}

void tenon::buildSchedulePipeline(OpPassManager &pm,
                                  const PipelineOptions &options) {
  BandRowsPassOptions bands;
  bands.maxRam = options.maxRam;
  bands.ioInArena = options.ioInArena;
  pm.addPass(createBandRowsPass(bands));
  OrderLayersPassOptions order;
  order.ioInArena = options.ioInArena;
  pm.addPass(createOrderLayersPass(order));
  PlanMemoryPassOptions plan;
  plan.ioInArena = options.ioInArena;
  pm.addPass(createPlanMemoryPass(plan));
  pm.addPass(createExpandBandsPass());
}

void tenon::buildLowerPipeline(OpPassManager &pm,
                               const PipelineOptions &options) {
  pm.addPass(createRecordLayersPass());
  bool forSize = options.optimize == OptLevel::Size;
  pm.addPass(
      createLowerLayersPass(LowerLayersPassOptions{forSize, options.parallel}));
  // Before canonicalization, which would make kernels of one shape class look
  // different: it drops a factor of one here and not there.
  pm.addPass(createShareKernelsPass(ShareKernelsPassOptions{forSize}));
  // Constants show: the larger of a number and -inf is the number. And
  // conversions go by way of f32, whose halves are functions of the library.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createExpandArithPass());
  pm.addPass(createExpandMathPass());
  pm.addPass(createExpandTypesPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(
      createMakeInterfacePass(MakeInterfacePassOptions{options.profile}));
  if (options.mapWeights)
    pm.addPass(createMapWeightsPass());
  pm.addPass(createDescribeInterfacePass());
  // After what adds constants or takes them out.
  pm.addPass(createPlaceInRegionsPass());
  // Both emitters take what this lets through; all else is refused here.
  pm.addPass(createVerifyLowFormPass());
}

void tenon::buildCppPipeline(OpPassManager &pm) {
  pm.addPass(createLegalizeForCppPass());
}

void tenon::registerPipelines() {
  PassPipelineRegistration<>(
      "tenon-import", "From the onnx dialect to nn",
      [](OpPassManager &pm) { buildImportPipeline(pm, PipelineOptions()); });
  PassPipelineRegistration<>(
      "tenon-simplify", "Fuse, fold and lay out layers",
      [](OpPassManager &pm) { buildSimplifyPipeline(pm, PipelineOptions()); });
  PassPipelineRegistration<>(
      "tenon-schedule", "Order layers and plan memory",
      [](OpPassManager &pm) { buildSchedulePipeline(pm, PipelineOptions()); });
  PassPipelineRegistration<>(
      "tenon-lower", "From layers on memory to the low form",
      [](OpPassManager &pm) { buildLowerPipeline(pm, PipelineOptions()); });
  PassPipelineRegistration<>("tenon-emit", "From the low form to what prints",
                             buildCppPipeline);
}
