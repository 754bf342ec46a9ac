//===- RecordLayers.cpp - The layers of the report ------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs between `plan-memory` and `lower-layers`, when the order of layers is
// final and they still are layers. The n-th entry is the n-th layer of the
// program, which is what the profile hook counts:
//
//     nn.contract parallel [32, 32, 16] reduction [3, 3, 3] ... loc("conv1")
//
// becomes, in the module's attributes,
//
//     kernel.layers = [{nodes = ["conv1"], operation = "contract",
//                       arithmetic = "float", macs = 442368,
//                       weight_bytes = 1792, ...}]
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/LayerRecord.h"
#include "dialects/nn/Locations.h"
#include "passes/lower/Arithmetic.h"
#include "passes/lower/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_RECORDLAYERSPASS
#include "passes/lower/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;

static int64_t getBytes(Value value) {
  auto type = dyn_cast<ShapedType>(value.getType());
  if (!type || !type.hasStaticShape())
    return 0;
  return type.getNumElements() * kernel::getElementBytes(type.getElementType());
}

static kernel::LayerRecord describe(nn::LayerOpInterface layer) {
  kernel::LayerRecord record;
  for (StringRef node : nn::getNodeNames(layer.getLoc()))
    record.nodes.push_back(node.str());
  record.operation = layer->getName().stripDialect().str();
  record.arithmetic = getArithmetic(layer);
  record.points = 1;
  for (int64_t size : layer.getBounds())
    record.points *= size;
  record.macs = isa<nn::ContractOp>(layer) ? record.points : 0;
  for (Value operand : layer->getOperands())
    if (isConstantData(operand))
      record.weightBytes += getBytes(operand);
  for (Value output : layer.getOutputs())
    record.outputBytes += getBytes(output);
  // In bands of rows.
  if (auto runs = layer->getAttrOfType<IntegerAttr>(nn::kRunsAttrName))
    for (int64_t *number : {&record.points, &record.macs, &record.outputBytes})
      *number *= runs.getInt();
  return record;
}

/// Sums of products of integers.
static bool isInteger(const kernel::LayerRecord &record) {
  return record.macs != 0 && record.arithmetic != "float";
}

namespace {
struct RecordLayersPass
    : public tenon::impl::RecordLayersPassBase<RecordLayersPass> {
  using RecordLayersPassBase::RecordLayersPassBase;

  void runOnOperation() override {
    SmallVector<nn::LayerOpInterface> layers;
    SmallVector<kernel::LayerRecord> records;
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (func.isPublic())
        func.walk([&](nn::LayerOpInterface layer) {
          layers.push_back(layer);
          records.push_back(describe(layer));
        });
    // Of a model that is not quantized there is nothing to explain.
    if (llvm::any_of(records, isInteger))
      for (auto [layer, record] : llvm::zip(layers, records))
        if (hasFloats(layer))
          record.floatBecause = getFloatReason(layer);
    kernel::setLayers(getOperation(), records);
  }
};
} // namespace
