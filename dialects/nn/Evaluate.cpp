//===- Evaluate.cpp - Operations of nn on constant data -------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The meaning of nn, executable: folds constants, computes the values that lit
// tests check, and is what `tenon verify --layers` compares layers with. It
// walks the plain loop nest of each layer and knows nothing of schedules, tiles
// and memory, so that what these do wrong shows as a difference.
//
// Buffers are shared, not copied: a reshape is the operand's bytes under
// another type. Layers go to EvaluateLayer.cpp; here are reshape, assemble and
// blocks.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Evaluate.h"

#include "dialects/nn/EvaluateLayer.h"
#include "dialects/nn/EvaluateProgram.h"
#include "dialects/nn/EvaluateWalk.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

using Results = FailureOr<SmallVector<Buffer>>;

bool tenon::nn::canEvaluate(Operation *op) {
  if (isa<LayerOpInterface>(op))
    return op->getNumResults() != 0;
  return isa<ReshapeOp, AssembleOp>(op);
}

std::optional<int64_t> tenon::nn::getNumPoints(Operation *op, int64_t limit) {
  SmallVector<int64_t> sizes;
  if (auto layer = dyn_cast<LayerOpInterface>(op))
    sizes = layer.getBounds();
  else if (op->getNumResults() == 1)
    sizes = llvm::to_vector(
        cast<ShapedType>(op->getResult(0).getType()).getShape());
  int64_t points = 1;
  for (int64_t size : sizes)
    if (llvm::MulOverflow(points, size, points) || points > limit)
      return std::nullopt;
  return points;
}

static FailureOr<Buffer> allocate(Type type, std::string &reason) {
  FailureOr<Buffer> buffer = Buffer::allocate(cast<RankedTensorType>(type));
  if (failed(buffer))
    reason = "a result without a size, or of more than 4 GiB";
  return buffer;
}

static Results evaluateLayerOp(LayerOpInterface layer,
                               ArrayRef<Buffer> operands, std::string &reason) {
  SmallVector<Buffer> results;
  ArrayRef<Buffer> outputs = operands.take_back(layer.getOutputs().size());
  for (auto [output, type] : llvm::zip(outputs, layer->getResultTypes())) {
    FailureOr<Buffer> result = allocate(type, reason);
    if (failed(result))
      return failure();
    llvm::copy(output.bytes, result->getData());
    results.push_back(*result);
  }
  if (failed(evaluateLayer(layer, operands, results, reason)))
    return failure();
  return results;
}

FailureOr<Buffer> tenon::nn::evaluateElementwise(MapOp map,
                                                 ArrayRef<Buffer> inputs,
                                                 int64_t count,
                                                 std::string &reason) {
  Block &body = map.getBody().front();
  FailureOr<Program> program =
      Program::compile(body, body.getTerminator()->getOperand(0), reason);
  Type element = getElementTypeOrSelf(map.getOutputs()[0].getType());
  FailureOr<Buffer> result =
      allocate(RankedTensorType::get({count}, element), reason);
  if (failed(program) || failed(result))
    return failure();
  auto getElement = [](const Buffer &buffer) {
    return *ElementType::get(buffer.type.getElementType());
  };
  for (int64_t first = 0; first < count; first += kNumLanes) {
    auto lanes = unsigned(std::min<int64_t>(count - first, kNumLanes));
    for (auto [number, input] : llvm::enumerate(inputs)) {
      Places places{nullptr, first, 1};
      if (input.type.getNumElements() == 1)
        places = {nullptr, 0, 0};
      getElement(input).load(program->getArgument(number), input.bytes.data(),
                             places, lanes);
    }
    program->run(lanes);
    getElement(*result).store(program->getResult(0), result->getData(),
                              {nullptr, first, 1}, lanes);
  }
  if (program->hasTrapped()) {
    reason = "a division by zero";
    return failure();
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Assemble
//===----------------------------------------------------------------------===//

static LogicalResult fill(Buffer &buffer, Attribute value) {
  std::optional<ElementType> type =
      ElementType::get(buffer.type.getElementType());
  if (!type)
    return failure();
  Lanes lanes;
  auto integer = dyn_cast<IntegerAttr>(value);
  auto number = dyn_cast<FloatAttr>(value);
  if (integer && type->getKind() == ElementType::Integer)
    lanes.integers[0] = integer.getValue().getSExtValue();
  else if (number && type->getKind() == ElementType::Float)
    lanes.floats[0] = number.getValueAsDouble();
  else if (number && type->getKind() == ElementType::Double)
    lanes.doubles[0] = number.getValueAsDouble();
  else
    return failure();
  int64_t bytes = kernel::getElementBytes(buffer.type.getElementType());
  char *data = buffer.getData();
  type->store(lanes, data, {nullptr, 0, 1}, 1);
  if (llvm::all_of(ArrayRef(data, bytes), [](char byte) { return byte == 0; }))
    return success();
  for (size_t i = bytes; i < buffer.bytes.size(); i += bytes)
    std::memcpy(data + i, data, bytes);
  return success();
}

/// Copies a part to its place, row by row.
static void copyPart(const Buffer &part, ArrayRef<int64_t> offsets,
                     Buffer &result) {
  ArrayRef<int64_t> shape = part.type.getShape(),
                    whole = result.type.getShape();
  LinearExpr from, to;
  from.coefficients.resize(shape.size());
  to.coefficients.resize(shape.size());
  int64_t fromStride = 1, toStride = 1;
  for (int64_t dim = shape.size() - 1; dim >= 0; --dim) {
    from.coefficients[dim] = fromStride;
    to.coefficients[dim] = toStride;
    to.constant += offsets[dim] * toStride;
    fromStride *= shape[dim];
    toStride *= whole[dim];
  }
  PointWalk space(shape, shape.size());
  unsigned source = space.addForm(from), target = space.addForm(to);
  auto type =
      ElementType::getBits(kernel::getElementBytes(part.type.getElementType()));
  Lanes lanes;
  while (space.nextChunk()) {
    type.load(lanes, part.bytes.data(), space.get(source), space.getNumLanes());
    type.store(lanes, result.getData(), space.get(target), space.getNumLanes());
  }
}

static Results evaluateAssemble(AssembleOp op, ArrayRef<Buffer> operands,
                                std::string &reason) {
  FailureOr<Buffer> result = allocate(op.getType(), reason);
  if (failed(result))
    return failure();
  if (op.getFill() && !result->bytes.empty() &&
      failed(fill(*result, *op.getFill()))) {
    reason = "a fill that is no element of the tensor";
    return failure();
  }
  for (auto [index, part] : llvm::enumerate(operands)) {
    if (getByteSize(part.type) != int64_t(part.bytes.size())) {
      reason = "a tensor without contents";
      return failure();
    }
    copyPart(part, op.getPartOffsets(index), *result);
  }
  return SmallVector<Buffer>{*result};
}

//===----------------------------------------------------------------------===//
// Entry points
//===----------------------------------------------------------------------===//

Results tenon::nn::evaluate(Operation *op, ArrayRef<Buffer> operands,
                            std::string &reason) {
  if (auto reshape = dyn_cast<ReshapeOp>(op)) {
    Buffer result = operands[0];
    result.type = cast<RankedTensorType>(reshape.getType());
    return SmallVector<Buffer>{result};
  }
  if (auto assemble = dyn_cast<AssembleOp>(op))
    return evaluateAssemble(assemble, operands, reason);
  auto layer = dyn_cast<LayerOpInterface>(op);
  if (layer && op->getNumResults() != 0)
    return evaluateLayerOp(layer, operands, reason);
  reason = "the evaluator does not know it";
  return failure();
}

Results tenon::nn::evaluateBlock(Block &block, std::string &reason,
                                 ArrayRef<Buffer> arguments) {
  DenseMap<Value, Buffer> known;
  for (auto [argument, buffer] : llvm::zip(block.getArguments(), arguments))
    known[argument] = buffer;
  auto lookup = [&](ValueRange values) {
    return llvm::map_to_vector(
        values, [&](Value value) { return known.lookup(value); });
  };
  for (Operation &op : block.without_terminator()) {
    if (auto empty = dyn_cast<tensor::EmptyOp>(op)) {
      known[empty] = {empty.getType(), {}, nullptr};
      continue;
    }
    // A scalar is for regions, which look it up themselves.
    if (op.hasTrait<OpTrait::ConstantLike>() &&
        !isa<ShapedType>(op.getResult(0).getType()))
      continue;
    if (op.getNumResults() == 1)
      if (std::optional<Buffer> constant = getConstant(op.getResult(0))) {
        known[op.getResult(0)] = *constant;
        continue;
      }
    Results results = failure();
    if (!llvm::all_of(op.getOperands(),
                      [&](Value value) { return known.contains(value); }))
      reason = "an operand that is not known";
    else
      results = evaluate(&op, lookup(op.getOperands()), reason);
    if (failed(results)) {
      reason = op.getName().getStringRef().str() + ": " + reason;
      return failure();
    }
    for (auto [value, buffer] : llvm::zip(op.getResults(), *results))
      known[value] = buffer;
  }
  for (Value value : block.getTerminator()->getOperands()) {
    auto buffer = known.find(value);
    if (buffer == known.end() || getByteSize(buffer->second.type) !=
                                     int64_t(buffer->second.bytes.size())) {
      reason = "the block returns an operand that is not known";
      return failure();
    }
  }
  return lookup(block.getTerminator()->getOperands());
}
