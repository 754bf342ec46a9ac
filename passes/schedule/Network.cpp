//===- Network.cpp - A function as steps and values -----------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the function once, from top to bottom, and lists its tensors, who reads
// them when, and why two of them may share memory:
//
//     %e = tensor.empty()                       value 1: Empty
//     %a = nn.map ... ins(%x) outs(%e)          value 2, step 0, reads value 0;
//                                               tie InPlace 0 -> 2
//     %r = nn.reshape %a                        value 3; tie Reshape 2 -> 3
//
// The planner decides about these steps, values and ties.
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/Network.h"
#include "dialects/nn/Constants.h"
#include "dialects/onnx/Schema.h"
#include "passes/schedule/MemoryTypes.h"
#include "passes/schedule/Passes.h"
#include "passes/schedule/Trail.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

int64_t tenon::schedule::getMaxBytes(Operation *op) {
  // Differences of addresses are signed, and so are loops in C++.
  kernel::TargetAttr target = kernel::getTarget(op);
  if (target && target.getIndexBits() == 32)
    return std::numeric_limits<int32_t>::max();
  // No plan is worth making beyond this: offsets stay far from overflow.
  return int64_t(1) << 40;
}

/// An error at the node that makes the value, or about the input that it is.
static InFlightDiagnostic emitErrorAt(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument)
    return emitError(value.getLoc());
  auto func = cast<func::FuncOp>(argument.getOwner()->getParentOp());
  auto name = func.getArgAttrOfType<StringAttr>(argument.getArgNumber(),
                                                tenon::onnx::kNameAttrName);
  // The graph's name, where the function is, would be taken for a node's.
  return emitError(UnknownLoc::get(value.getContext()))
         << "input '"
         << (name ? name.getValue().str()
                  : std::to_string(argument.getArgNumber()))
         << "': ";
}

namespace {
class NetworkBuilder {
public:
  explicit NetworkBuilder(func::FuncOp func) : maxBytes(getMaxBytes(func)) {
    network.func = func;
  }

  FailureOr<Network> run(ArrayRef<Operation *> sequence) {
    for (BlockArgument argument : network.func.getArguments())
      if (failed(addValue(argument, TensorInfo::Input, network.func)))
        return failure();
    for (Operation *op : sequence)
      if (failed(addOperation(op)))
        return failure();
    for (OpOperand &result :
         network.func.front().getTerminator()->getOpOperands())
      network.values[network.getId(result.get())].output =
          result.getOperandNumber();
    return std::move(network);
  }

private:
  LogicalResult addValue(Value value, TensorInfo::Kind kind, Operation *op) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    std::optional<int64_t> bytes;
    if (type && type.hasStaticShape())
      bytes = nn::getByteSize(type);
    if (!bytes)
      return op->emitError() << "cannot be planned: expected tensors of a "
                                "static shape and of at most "
                             << maxBytes << " bytes, got " << value.getType();
    // An Empty is the result of a layer, which has a name.
    if (*bytes > maxBytes && kind != TensorInfo::Empty)
      return emitErrorAt(value)
             << "a tensor of " << *bytes << " bytes, where the target holds "
             << maxBytes << " at most: " << value.getType();
    int step = kind == TensorInfo::Result ? network.getEnd() - 1 : -1;
    network.ids[value] = network.values.size();
    network.values.push_back({value,
                              kind,
                              step,
                              kernel::getElementBytes(type.getElementType()),
                              *bytes,
                              {},
                              {}});
    return success();
  }

  int addStep(Operation *op) {
    int step = network.getEnd();
    std::string name = kernel::getNodeName(op->getLoc()).str();
    if (name.empty())
      name = (op->getName().stripDialect() + "#" + Twine(step)).str();
    network.steps.push_back({op, name, {}, {}});
    return step;
  }

  LogicalResult addResults(Operation *op, TensorInfo::Kind kind) {
    for (Value result : op->getResults()) {
      if (failed(addValue(result, kind, op)))
        return failure();
      if (kind == TensorInfo::Result)
        network.steps.back().results.push_back(network.getId(result));
    }
    return success();
  }

  LogicalResult addLayer(nn::LayerOpInterface layer) {
    if (layer->getNumResults() == 0)
      return layer->emitError() << "is on memrefs: it has been planned already";
    int step = addStep(layer);
    if (failed(addResults(layer, TensorInfo::Result)))
      return failure();
    unsigned firstOutput = layer.getFirstOutput();
    bool slice = isSlice(layer);
    for (OpOperand &operand : layer->getOpOperands()) {
      unsigned index = operand.getOperandNumber();
      int source = network.getId(operand.get());
      if (index >= firstOutput) {
        int target = network.steps.back().results[index - firstOutput];
        if (coversOutput(layer, index))
          continue;
        network.values[target].written = getTouched(layer, index);
        if (network.values[source].kind != TensorInfo::Empty)
          network.ties.push_back({Tie::Outs, source, target, step, index});
        continue;
      }
      if (slice) {
        network.ties.push_back(
            {Tie::Slice, source, network.steps.back().results[0], step, index});
        continue;
      }
      network.values[source].reads.push_back(
          {step, int(index), getTouched(layer, index)});
      if (isReadWhenFinished(layer, index))
        for (int target : network.steps.back().results)
          if (getMemoryType(
                  network.values[source].getType().getElementType()) ==
              getMemoryType(network.values[target].getType().getElementType()))
            network.ties.push_back({Tie::InPlace, source, target, step, index});
    }
    return success();
  }

  /// A chain of layers is one step. Its scratch memory is a result that nobody
  /// reads: it is in use at that step.
  LogicalResult addBands(nn::BandsOp bands) {
    if (bands->getNumResults() == 0)
      return bands->emitError() << "is on memrefs: it has been planned already";
    int step = addStep(bands);
    if (failed(addResults(bands, TensorInfo::Result)))
      return failure();
    for (auto [index, input] : llvm::enumerate(bands.getInputs()))
      network.values[network.getId(input)].reads.push_back(
          {step, int(index), std::nullopt});
    return addTrails(bands);
  }

  void addTrail(Value source, int operand, std::optional<int64_t> lag) {
    if (lag)
      network.trails.push_back({network.getId(source),
                                network.steps.back().results.front(),
                                network.getEnd() - 1, operand, *lag});
  }

  LogicalResult addTrails(nn::BandsOp bands) {
    FailureOr<SmallVector<BandLayer>> layers = getBandLayers(bands);
    if (failed(layers))
      return failure();
    std::optional<BandLayout> layout =
        getBandLayout(*layers, bands.getHeight());
    // The pass that makes the loop says what is wrong.
    if (!layout)
      return success();
    for (unsigned buffer = 0; buffer < layout->numOutside; ++buffer) {
      auto argument = dyn_cast<BlockArgument>(layout->buffers[buffer].value);
      if (!argument)
        continue;
      unsigned index = argument.getArgNumber();
      addTrail(bands.getInputs()[index], index,
               getLag(*layers, *layout, buffer));
    }
    return success();
  }

  LogicalResult addOperation(Operation *op) {
    if (auto layer = dyn_cast<nn::LayerOpInterface>(op))
      return addLayer(layer);
    if (auto bands = dyn_cast<nn::BandsOp>(op))
      return addBands(bands);
    if (auto assemble = dyn_cast<nn::AssembleOp>(op)) {
      int step = addStep(op);
      if (failed(addResults(op, TensorInfo::Result)))
        return failure();
      SmallVector<Box> boxes;
      for (auto [index, part] : llvm::enumerate(assemble.getParts())) {
        network.ties.push_back({Tie::Part, network.getId(part),
                                network.getId(assemble.getResult()), step,
                                unsigned(index)});
        boxes.push_back({SmallVector<int64_t>(assemble.getPartOffsets(index)),
                         SmallVector<int64_t>(
                             cast<ShapedType>(part.getType()).getShape())});
      }
      if (assemble.getFill())
        network.steps[step].filled = getUncovered(
            cast<ShapedType>(assemble.getType()).getShape(), boxes);
      if (!boxes.empty())
        addTrail(assemble.getParts()[0], -1, getLag(assemble));
      return success();
    }
    if (auto reshape = dyn_cast<nn::ReshapeOp>(op)) {
      if (failed(addResults(op, TensorInfo::Reshape)))
        return failure();
      network.ties.push_back({Tie::Reshape, network.getId(reshape.getInput()),
                              network.getId(reshape.getResult()), -1, 0});
      return success();
    }
    if (isa<nn::WeightOp>(op))
      return addResults(op, TensorInfo::Constant);
    if (isa<arith::ConstantOp>(op))
      // A scalar belongs to the regions that use it.
      return isa<TensorType>(op->getResult(0).getType())
                 ? addResults(op, TensorInfo::Constant)
                 : success();
    if (isa<tensor::EmptyOp>(op))
      return addResults(op, TensorInfo::Empty);
    return op->emitError() << "cannot be planned: expected a layer, a view or "
                              "a constant tensor";
  }

  Network network;
  int64_t maxBytes;
};
} // namespace

FailureOr<func::FuncOp> tenon::schedule::getNetworkFunction(ModuleOp module) {
  func::FuncOp found;
  for (auto func : module.getOps<func::FuncOp>()) {
    if (func.isExternal() || func->hasAttr(kReferenceAttrName))
      continue;
    if (found)
      return func.emitError() << "is a second function: expected one a module";
    found = func;
  }
  if (!found)
    return module.emitError() << "expected a function with a body";
  if (!llvm::hasSingleElement(found.getBody()) ||
      !isa<func::ReturnOp>(found.front().getTerminator()))
    return found.emitError() << "expected straight-line code";
  return found;
}

std::vector<Operation *> tenon::schedule::getOperations(func::FuncOp func) {
  std::vector<Operation *> operations;
  for (Operation &op : func.front().without_terminator())
    operations.push_back(&op);
  return operations;
}

FailureOr<Network>
tenon::schedule::buildNetwork(func::FuncOp func,
                              ArrayRef<Operation *> sequence) {
  return NetworkBuilder(func).run(sequence);
}

unsigned Network::getOutputOperand(int value) const {
  auto result = cast<OpResult>(values[value].value);
  auto layer = cast<nn::LayerOpInterface>(result.getOwner());
  return layer.getFirstOutput() + result.getResultNumber();
}
