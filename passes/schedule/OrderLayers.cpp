//===- OrderLayers.cpp - The order that needs the least memory ------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Moves layers, so that fewer bytes are in use at once. Here %wide dies before
// %other is made:
//
//     %wide = ... ins(%x)  -> tensor<1000xf32>
//     %other = ... ins(%x) -> tensor<900xf32>
//     %a = ... ins(%wide)  -> tensor<10xf32>
//     %b = ... ins(%other) -> tensor<10xf32>
//
// becomes %wide, %a, %other, %b. The search is in OrderSearch.cpp; what the
// planner makes of its order decides, so that no network needs more than in
// the order it came in.
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/OrderSearch.h"
#include "passes/schedule/Passes.h"
#include "passes/schedule/Plan.h"

namespace tenon {
#define GEN_PASS_DEF_ORDERLAYERSPASS
#include "passes/schedule/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

/// The step that makes the value, seen through reshapes; -1 where none does.
static int getStep(const Network &network, Value value) {
  while (auto reshape = value.getDefiningOp<nn::ReshapeOp>())
    value = reshape.getInput();
  return network.values[network.getId(value)].step;
}

/// Buffers are the storages that the planner finds, before any is reused in
/// place; with parts of an assemble in its result, or copied there.
static OrderProblem getProblem(const Network &network, bool copyParts) {
  AliasOptions options;
  options.inPlace = false;
  llvm::BitVector refused(network.ties.size());
  for (auto [index, tie] : llvm::enumerate(network.ties))
    refused[index] = copyParts && tie.kind == Tie::Part;
  Aliasing aliasing = solveAliasing(network, options, refused);
  OrderProblem problem;
  problem.predecessors.resize(network.steps.size());
  for (auto [index, step] : llvm::enumerate(network.steps))
    for (Value operand : step.op->getOperands())
      if (int before = getStep(network, operand); before >= 0)
        problem.predecessors[index].push_back(before);
  // Who reads what a layer overwrites stays before it.
  for (const Tie &tie : network.ties)
    if (tie.kind == Tie::Outs)
      for (const Read &read : aliasing.reads[tie.source])
        if (read.step < tie.step)
          problem.predecessors[tie.step].push_back(read.step);

  std::vector<int> bufferOf(aliasing.storages.size(), -1);
  for (auto [index, storage] : llvm::enumerate(aliasing.storages)) {
    if (storage.kind != Storage::Arena || storage.values.empty())
      continue;
    OrderProblem::Buffer buffer;
    buffer.bytes = storage.bytes;
    for (int value : storage.values) {
      int step = network.values[value].step;
      if (step >= 0 && aliasing.isWritten(network, value))
        buffer.writers.push_back(step);
      for (const Read &read : aliasing.reads[value])
        if (read.step < network.getEnd())
          buffer.users.push_back(read.step);
    }
    if (buffer.writers.empty())
      continue;
    llvm::append_range(buffer.users, buffer.writers);
    llvm::sort(buffer.users);
    buffer.users.erase(std::unique(buffer.users.begin(), buffer.users.end()),
                       buffer.users.end());
    bufferOf[index] = problem.buffers.size();
    problem.buffers.push_back(std::move(buffer));
  }
  for (const Tie &tie : network.ties) {
    int from = bufferOf[aliasing.storageOf[tie.source]];
    int to = bufferOf[aliasing.storageOf[tie.target]];
    if (tie.kind == Tie::InPlace && from >= 0 && to >= 0 && from != to)
      problem.reuses.push_back({tie.step, from, to});
  }
  return problem;
}

/// All operations, with the steps in this order and everything else right
/// before its first user.
static std::vector<Operation *> getSequence(const Network &network,
                                            ArrayRef<int> order,
                                            ArrayRef<Operation *> operations) {
  std::vector<Operation *> sequence;
  llvm::SmallPtrSet<Operation *, 32> placed;
  SmallVector<Operation *> stack;
  auto place = [&](Operation *root) {
    stack.push_back(root);
    while (!stack.empty()) {
      Operation *op = stack.back();
      if (placed.contains(op)) {
        stack.pop_back();
        continue;
      }
      size_t size = stack.size();
      // Regions may use scalar constants from outside.
      op->walk([&](Operation *inner) {
        for (Value operand : inner->getOperands())
          if (Operation *before = operand.getDefiningOp();
              before && before->getBlock() == root->getBlock() &&
              !placed.contains(before))
            stack.push_back(before);
      });
      if (stack.size() != size)
        continue;
      stack.pop_back();
      placed.insert(op);
      sequence.push_back(op);
    }
  };
  for (int step : order)
    place(network.steps[step].op);
  for (Operation *op : operations)
    place(op);
  return sequence;
}

LogicalResult tenon::schedule::orderLayers(func::FuncOp func,
                                           const PlanOptions &options,
                                           int64_t maxStates) {
  std::vector<Operation *> given = getOperations(func), best;
  FailureOr<Network> network = buildNetwork(func, given);
  if (failed(network))
    return failure();
  int64_t least = -1;
  for (bool copyParts : {false, true}) {
    if (copyParts && options.avoidCopies)
      continue;
    std::vector<int> order =
        findOrder(getProblem(*network, copyParts), maxStates);
    if (llvm::is_sorted(order))
      continue;
    std::vector<Operation *> sequence = getSequence(*network, order, given);
    FailureOr<Network> reordered = buildNetwork(func, sequence);
    if (failed(reordered))
      return failure();
    int64_t bytes = planMemory(std::move(*reordered), options).arenaBytes;
    if (least < 0)
      least = planMemory(Network(*network), options).arenaBytes;
    if (bytes >= least)
      continue;
    least = bytes;
    best = std::move(sequence);
  }
  Operation *end = func.front().getTerminator();
  for (Operation *op : best)
    op->moveBefore(end);
  return success();
}

namespace {
struct OrderLayersPass
    : public tenon::impl::OrderLayersPassBase<OrderLayersPass> {
  using OrderLayersPassBase::OrderLayersPassBase;

  void runOnOperation() override {
    PlanOptions options = getPlanOptions(getOperation());
    options.avoidCopies = avoidCopies;
    options.aliasing.ioInArena = ioInArena;
    FailureOr<func::FuncOp> func = getNetworkFunction(getOperation());
    if (failed(func) || failed(orderLayers(*func, options, maxStates)))
      signalPassFailure();
  }
};
} // namespace
