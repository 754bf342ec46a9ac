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
//                       macs = 442368, weight_bytes = 1792, ...}]
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Interface.h"
#include "dialects/nn/Locations.h"
#include "dialects/nn/Nn.h"
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

static bool isConstant(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (isa<kernel::ConstantOp, nn::WeightOp>(op) ||
        op->hasTrait<OpTrait::ConstantLike>())
      return true;
    if (!isa<memref::ReinterpretCastOp, nn::ReshapeOp>(op))
      return false;
    value = op->getOperand(0);
  }
  return false;
}

static DictionaryAttr describe(nn::LayerOpInterface layer) {
  Builder builder(layer.getContext());
  int64_t points = 1, weights = 0, outputs = 0;
  for (int64_t size : layer.getBounds())
    points *= size;
  for (Value operand : layer->getOperands())
    if (isConstant(operand))
      weights += getBytes(operand);
  for (Value output : layer.getOutputs())
    outputs += getBytes(output);
  SmallVector<StringRef> nodes = nn::getNodeNames(layer.getLoc());
  NamedAttrList list;
  list.set("nodes", builder.getStrArrayAttr(nodes));
  list.set("operation", builder.getStringAttr(layer->getName().stripDialect()));
  list.set("macs",
           builder.getI64IntegerAttr(isa<nn::ContractOp>(layer) ? points : 0));
  list.set("points", builder.getI64IntegerAttr(points));
  list.set("weight_bytes", builder.getI64IntegerAttr(weights));
  list.set("output_bytes", builder.getI64IntegerAttr(outputs));
  return list.getDictionary(layer.getContext());
}

namespace {
struct RecordLayersPass
    : public tenon::impl::RecordLayersPassBase<RecordLayersPass> {
  using RecordLayersPassBase::RecordLayersPassBase;

  void runOnOperation() override {
    SmallVector<Attribute> layers;
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (func.isPublic())
        func.walk([&](nn::LayerOpInterface layer) {
          layers.push_back(describe(layer));
        });
    getOperation()->setAttr(kernel::kLayersAttrName,
                            ArrayAttr::get(&getContext(), layers));
  }
};
} // namespace
