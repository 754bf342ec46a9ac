//===- ControlFlow.cpp - Loops --------------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A loop whose number of iterations is known becomes a copy of its body for
// each. Bodies of other operators are lowered afterwards, in their turn. (A
// branch that is known to be taken was put in place by infer-shapes.)
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

/// Operations that unrolling may make.
static constexpr int64_t kMaxOperations = 1 << 14;

/// The body, if it may be copied `count` times.
static Block *getBody(LayerBuilder &b, Region &region, int64_t count,
                      size_t arguments, size_t yielded) {
  auto refuse = [&](const Twine &why) -> Block * {
    return (void)b.refuse(why), nullptr;
  };
  Block &body = region.front();
  if (body.getNumArguments() != arguments ||
      body.getTerminator()->getNumOperands() != yielded)
    return refuse("has a body whose inputs or outputs do not fit");
  if (count * int64_t(body.getOperations().size()) > kMaxOperations)
    return refuse("runs its body too often: " + Twine(count) + " times");
  for (Value value : body.getTerminator()->getOperands()) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type || !type.hasStaticShape())
      return refuse("has a body whose outputs have no static shape");
  }
  return &body;
}

/// Copies the operations of `body`, and returns what it yields.
static SmallVector<Value> copyBody(LayerBuilder &b, Block &body,
                                   ValueRange arguments) {
  IRMapping mapping;
  mapping.map(body.getArguments(), arguments);
  for (Operation &op : body.without_terminator())
    b.clone(op, mapping);
  return llvm::map_to_vector(
      body.getTerminator()->getOperands(),
      [&](Value value) { return mapping.lookupOrDefault(value); });
}

/// Puts `parts` together along a new dimension `axis`.
static Value stack(LayerBuilder &b, RankedTensorType type,
                   ArrayRef<Value> parts, int64_t axis) {
  SmallVector<Value> slices;
  Ints shape(type.getShape());
  shape[axis] = 1;
  for (Value part : parts)
    slices.push_back(b.reshape(part, shape));
  if (slices.empty())
    return b.numbers(type, 0.0);
  return b.concat(type, slices, axis);
}

static Lowered lowerScan(onnx::ScanOp op, LayerBuilder &b) {
  OperandRange inputs = op.getInitialStateAndScanInputs();
  size_t scanned = op.getNumScanInputs(), states = inputs.size() - scanned;
  if (scanned < 1 || scanned > inputs.size() || states > op->getNumResults())
    return b.refuse("has fewer inputs or outputs than it needs");
  auto get = [](OptionalInts list, size_t index) {
    return list && index < list->size() ? (*list)[index] : 0;
  };
  // What an iteration reads of each scanned input.
  Ints axes;
  int64_t count = -1;
  for (auto [index, input] : llvm::enumerate(inputs.drop_front(states))) {
    FailureOr<int64_t> axis =
        b.normalizeAxis(get(op.getScanInputAxes(), index), getRank(input));
    if (failed(axis))
      return failure();
    if (count >= 0 && getShape(input)[*axis] != count)
      return b.refuse("has inputs of different lengths");
    count = getShape(input)[*axis];
    axes.push_back(*axis);
  }
  Block *body =
      getBody(b, op.getBody(), count, inputs.size(), op->getNumResults());
  if (!body)
    return failure();
  SmallVector<Value> state(inputs.take_front(states));
  SmallVector<SmallVector<Value>> outputs(op->getNumResults() - states);
  for (int64_t t = 0; t < count; ++t) {
    SmallVector<Value> arguments = state;
    for (auto [index, input] : llvm::enumerate(inputs.drop_front(states))) {
      bool backward = get(op.getScanInputDirections(), index);
      Value slice =
          b.slice(input, axes[index], backward ? count - 1 - t : t, 1);
      Ints shape(getShape(slice));
      shape.erase(shape.begin() + axes[index]);
      arguments.push_back(b.reshape(slice, shape));
    }
    SmallVector<Value> yielded = copyBody(b, *body, arguments);
    for (auto [output, value] :
         llvm::zip(outputs, ArrayRef(yielded).drop_front(states)))
      output.push_back(value);
    yielded.resize(states);
    state = yielded;
  }
  for (auto [index, output] : llvm::enumerate(outputs)) {
    auto type = getType(op->getResult(states + index));
    FailureOr<int64_t> axis =
        b.normalizeAxis(get(op.getScanOutputAxes(), index), type.getRank());
    if (failed(axis))
      return failure();
    if (get(op.getScanOutputDirections(), index))
      std::reverse(output.begin(), output.end());
    state.push_back(stack(b, type, output, *axis));
  }
  return state;
}

/// The condition for the next iteration is never false.
static bool isAlwaysTrue(LayerBuilder &b, onnx::LoopOp op, Block &body) {
  auto isTrue = [&](Value value) {
    std::optional<Ints> constant = b.getInts(value);
    return constant && constant->size() == 1 && constant->front() != 0;
  };
  Value next = body.getTerminator()->getOperand(0);
  while (auto identity = next.getDefiningOp<onnx::IdentityOp>())
    next = identity.getInput();
  return (!op.getCond() || isTrue(op.getCond())) &&
         (next == body.getArgument(1) || isTrue(next));
}

static Lowered lowerLoop(onnx::LoopOp op, LayerBuilder &b) {
  std::optional<Ints> count = b.getInts(op.getM());
  if (!count || count->size() != 1)
    return b.refuse("has a number of iterations that is not constant");
  size_t states = op.getVInitial().size();
  if (states > op->getNumResults())
    return b.refuse("has fewer outputs than it needs");
  int64_t trips = std::max<int64_t>(count->front(), 0);
  Block *body =
      getBody(b, op.getBody(), trips, 2 + states, 1 + op->getNumResults());
  if (!body)
    return failure();
  if (!isAlwaysTrue(b, op, *body))
    return b.refuse("ends by a condition that is not constant");
  auto scalar = [&](Value argument, double number) {
    return b.numbers(getType(argument), number);
  };
  SmallVector<Value> state(op.getVInitial());
  SmallVector<SmallVector<Value>> outputs(op->getNumResults() - states);
  for (int64_t t = 0; t < trips; ++t) {
    SmallVector<Value> arguments = {scalar(body->getArgument(0), double(t)),
                                    scalar(body->getArgument(1), 1)};
    llvm::append_range(arguments, state);
    SmallVector<Value> yielded = copyBody(b, *body, arguments);
    for (auto [index, output] : llvm::enumerate(outputs))
      output.push_back(yielded[1 + states + index]);
    state.assign(yielded.begin() + 1, yielded.begin() + 1 + states);
  }
  for (auto [index, output] : llvm::enumerate(outputs))
    state.push_back(
        stack(b, getType(op->getResult(states + index)), output, 0));
  return state;
}

void lowering::populateControlFlow(LoweringTable &table) {
  table.add(lowerScan);
  table.add(lowerLoop);
}
