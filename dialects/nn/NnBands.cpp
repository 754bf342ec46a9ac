//===- NnBands.cpp - Layers that are computed row by row ------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Nn.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

SmallVector<LayerOpInterface> BandsOp::getLayers() {
  return llvm::to_vector(getBody().front().getOps<LayerOpInterface>());
}

MutableOperandRange BandsOp::getDpsInitsMutable() {
  return getOutputsMutable();
}

void BandsOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  if (getNumResults() != 0)
    return;
  for (OpOperand &operand : getInputsMutable())
    effects.emplace_back(MemoryEffects::Read::get(), &operand,
                         SideEffects::DefaultResource::get());
  for (OpOperand &operand : getOutputsMutable())
    effects.emplace_back(MemoryEffects::Write::get(), &operand,
                         SideEffects::DefaultResource::get());
}

LogicalResult BandsOp::verify() {
  if (getOutputs().size() != 2 || getInputs().empty())
    return emitOpError()
           << "expected rows to read, a result and scratch memory";
  bool onTensors = getNumResults() != 0;
  if (onTensors && getResultTypes() != getOutputs().getTypes())
    return emitOpError() << "expected results of the types of the outputs";
  for (Type type : getOperandTypes())
    if (isa<RankedTensorType>(type) != onTensors)
      return emitOpError() << "expected all operands to be "
                           << (onTensors ? "tensors" : "memrefs");
  Block &block = getBody().front();
  if (block.getNumArguments() != getInputs().size())
    return emitOpError() << "expected " << getInputs().size()
                         << " arguments of the body, got "
                         << block.getNumArguments();
  auto getShape = [](Type type) { return cast<ShapedType>(type).getShape(); };
  for (auto [argument, input] :
       llvm::zip_equal(block.getArguments(), getInputs()))
    if (!isa<RankedTensorType>(argument.getType()) ||
        getShape(argument.getType()) != getShape(input.getType()))
      return emitOpError()
             << "expected the body to take tensors like the inputs";
  Operation *yield = block.getTerminator();
  SmallVector<LayerOpInterface> layers = getLayers();
  if (layers.empty() || yield->getNumOperands() != 1 ||
      yield->getOperand(0).getDefiningOp() != layers.back() ||
      getShape(yield->getOperand(0).getType()) !=
          getShape(getOutputs()[0].getType()))
    return emitOpError() << "expected the body to yield its last layer, the "
                            "first output";
  for (LayerOpInterface layer : ArrayRef(layers).drop_back())
    if (layer->use_empty() ||
        !llvm::all_of(layer->getUsers(),
                      llvm::IsaPred<LayerOpInterface, AssembleOp>))
      return layer->emitOpError() << "is read by no other layer of the body";
  return success();
}
