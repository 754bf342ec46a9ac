//===- AssignLayouts.cpp - The order of dimensions in memory --------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels want the channel innermost: the dimension along which weights change
// and windows do not. ONNX puts it second. Each value between layers may have
// its dimensions in any order, since all accesses are maps, so this pass moves
// the channel last, with the rest in order ([N][H][W][C]: rows stay outermost):
//
//     %y = nn.contract ... outs(%e : tensor<1x16x8x8xf32>)
//                      maps [..., (n, h, w, o, ...) -> (n, o, h, w)]
// becomes
//     %y = nn.contract ... outs(%e : tensor<1x8x8x16xf32>)
//                      maps [..., (n, h, w, o, ...) -> (n, h, w, o)]
//
// Layers vote for the dimension of each operand that should be innermost, with
// the elements of the operand as weight; values of one elementwise layer or one
// concatenation vote together. Values that a reshape, the caller or a partial
// writer sees keep their order.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Affine.h"
#include "dialects/nn/Constants.h"
#include "dialects/nn/LayerSpec.h"
#include "passes/simplify/Passes.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/MapVector.h"

namespace tenon {
#define GEN_PASS_DEF_ASSIGNLAYOUTSPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

namespace {
/// What is known about the layout of one group of values.
struct Votes {
  bool fixed = false;
  /// By dimension of the value.
  SmallVector<int64_t> weights;
};

struct Layouts {
  llvm::EquivalenceClasses<void *> groups;
  llvm::MapVector<void *, Votes> votes;

  void *find(Value value) {
    void *key = value.getAsOpaquePointer();
    groups.insert(key);
    return groups.getLeaderValue(key);
  }
};
} // namespace

/// The parallel dimension that a kernel should run along: the one with which
/// some input changes while the windowed or broadcast ones stay, that is the
/// output channel of a convolution, the channel of a pool.
static std::optional<unsigned> getChannel(const LayerSpec &spec) {
  if (spec.reduction.empty())
    return std::nullopt;
  std::optional<unsigned> channel;
  unsigned numParallel = spec.parallel.size();
  for (unsigned dim = 0; dim < numParallel; ++dim) {
    if (spec.parallel[dim] == 1)
      continue;
    // A dimension inside a window (h + kh) is a row or a column; a group and
    // the outputs of a group (34 * g + o) are both channels.
    bool windowed = false, constantInput = false, used = false;
    for (const MappedOperand &input : spec.inputs) {
      for (AffineExpr expr : input.map.getResults()) {
        if (!expr.isFunctionOfDim(dim))
          continue;
        used = true;
        windowed |= usesDimsFrom(expr, numParallel);
        constantInput |= isConstant(input.value);
      }
    }
    if (!used || windowed)
      continue;
    // Weights decide; without any, the largest dimension.
    bool hasWeights = spec.inputs.size() > 1;
    if (hasWeights && !constantInput)
      continue;
    if (!channel || spec.parallel[dim] > spec.parallel[*channel])
      channel = dim;
  }
  return channel;
}

static std::optional<unsigned> getPosition(AffineMap map, unsigned dim) {
  for (auto [position, expr] : llvm::enumerate(map.getResults()))
    if (expr.isFunctionOfDim(dim))
      return position;
  return std::nullopt;
}

static bool isIntermediate(Value value) {
  Operation *def = value.getDefiningOp();
  return def && isa<LayerOpInterface, AssembleOp>(def);
}

static void vote(LayerOpInterface layer, Layouts &layouts) {
  LayerSpec spec = LayerSpec::get(layer);
  std::optional<unsigned> channel = getChannel(spec);
  if (!channel)
    return;
  auto add = [&](Value value, AffineMap map) {
    if (!isIntermediate(value))
      return;
    std::optional<unsigned> position = getPosition(map, *channel);
    auto type = cast<RankedTensorType>(value.getType());
    if (!position)
      return;
    Votes &votes = layouts.votes[layouts.find(value)];
    votes.weights.resize(type.getRank());
    votes.weights[*position] += type.getNumElements();
  };
  for (auto [result, output] :
       llvm::zip_equal(layer->getResults(), spec.outputs))
    add(result, output.map);
  for (const MappedOperand &input : spec.inputs)
    add(input.value, input.map);
}

/// Operands that one elementwise layer reads and writes at the same index.
static void unite(LayerOpInterface layer, Layouts &layouts) {
  LayerSpec spec = LayerSpec::get(layer);
  AffineMap written = spec.outputs[0].map;
  auto join = [&](Value value, AffineMap map) {
    if (isIntermediate(value) && map == written)
      layouts.groups.unionSets(layouts.find(value),
                               layouts.find(layer->getResult(0)));
  };
  for (Value result : layer->getResults().drop_front())
    join(result, written);
  for (const MappedOperand &extra : spec.extras)
    join(extra.value, extra.map);
  if (spec.reduction.empty())
    for (const MappedOperand &input : spec.inputs)
      join(input.value, input.map);
}

static void unite(AssembleOp assemble, Layouts &layouts) {
  for (Value part : assemble.getParts())
    if (isIntermediate(part))
      layouts.groups.unionSets(layouts.find(part),
                               layouts.find(assemble.getResult()));
}

static void fix(Value value, Layouts &layouts) {
  layouts.votes[layouts.find(value)].fixed = true;
}

/// Fixes the results of `op` whose order someone else sees.
static void fixSeen(Operation *op, Layouts &layouts) {
  for (Value result : op->getResults())
    for (Operation *user : result.getUsers())
      if (!isa<LayerOpInterface, AssembleOp>(user))
        fix(result, layouts);
  if (auto layer = dyn_cast<LayerOpInterface>(op)) {
    for (auto [init, result] :
         llvm::zip_equal(layer.getOutputs(), op->getResults())) {
      if (init.getDefiningOp<tensor::EmptyOp>())
        continue;
      fix(result, layouts);
      if (isIntermediate(init))
        fix(init, layouts);
    }
    return;
  }
  // A part that is no intermediate value pins the whole.
  auto assemble = cast<AssembleOp>(op);
  for (Value part : assemble.getParts())
    if (!isIntermediate(part))
      fix(assemble.getResult(), layouts);
}

/// The permutation that moves the dimension with most votes last; empty for
/// none. Position i of the new order holds dimension p[i].
static SmallVector<int64_t> chooseOrder(const Votes &votes, unsigned rank) {
  if (votes.fixed || votes.weights.empty())
    return {};
  auto best = std::max_element(votes.weights.begin(), votes.weights.end());
  int64_t last = best - votes.weights.begin();
  if (*best == 0 || last == rank - 1)
    return {};
  SmallVector<int64_t> order;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (dim != last)
      order.push_back(dim);
  order.push_back(last);
  return order;
}

static RankedTensorType permuteType(RankedTensorType type,
                                    ArrayRef<int64_t> order) {
  SmallVector<int64_t> shape;
  for (int64_t dim : order)
    shape.push_back(type.getDimSize(dim));
  return RankedTensorType::get(shape, type.getElementType());
}

static AffineMap permuteResults(AffineMap map, ArrayRef<int64_t> order) {
  SmallVector<AffineExpr> results;
  for (int64_t dim : order)
    results.push_back(map.getResult(dim));
  return AffineMap::get(map.getNumDims(), map.getNumSymbols(), results,
                        map.getContext());
}

/// The new order of the dimensions of a value; values that keep theirs are not
/// in it.
using Orders = llvm::DenseMap<Value, SmallVector<int64_t>>;

static Orders chooseOrders(ArrayRef<Operation *> ops, Layouts &layouts) {
  Orders orders;
  for (Operation *op : ops)
    for (Value result : op->getResults()) {
      auto votes = layouts.votes.find(layouts.find(result));
      if (votes == layouts.votes.end())
        continue;
      SmallVector<int64_t> order = chooseOrder(
          votes->second, cast<RankedTensorType>(result.getType()).getRank());
      if (!order.empty())
        orders.try_emplace(result, std::move(order));
    }
  return orders;
}

/// Permutes the maps of a layer, and the types of its results.
static void permute(LayerOpInterface layer, const Orders &orders) {
  OpBuilder builder(layer);
  SmallVector<AffineMap> maps;
  unsigned firstOutput = layer.getFirstOutput();
  for (OpOperand &operand : layer->getOpOperands()) {
    maps.push_back(layer.getMap(operand));
    unsigned position = operand.getOperandNumber();
    bool isOutput = position >= firstOutput;
    Value value = isOutput ? Value(layer->getResult(position - firstOutput))
                           : operand.get();
    auto order = orders.find(value);
    if (order == orders.end())
      continue;
    maps.back() = permuteResults(maps.back(), order->second);
    if (!isOutput)
      continue;
    auto type =
        permuteType(cast<RankedTensorType>(value.getType()), order->second);
    value.setType(type);
    operand.set(builder.create<tensor::EmptyOp>(layer.getLoc(), type.getShape(),
                                                type.getElementType()));
  }
  layer->setAttr("maps", builder.getAffineMapArrayAttr(maps));
}

static void permute(AssembleOp assemble, const Orders &orders) {
  auto found = orders.find(assemble.getResult());
  if (found == orders.end())
    return;
  ArrayRef<int64_t> order = found->second;
  OpBuilder builder(assemble);
  SmallVector<Attribute> offsets;
  for (unsigned part = 0; part < assemble.getParts().size(); ++part)
    offsets.push_back(builder.getDenseI64ArrayAttr(
        llvm::map_to_vector(order, [&](int64_t dim) {
          return assemble.getPartOffsets(part)[dim];
        })));
  assemble.setOffsetsAttr(builder.getArrayAttr(offsets));
  assemble.getResult().setType(
      permuteType(cast<RankedTensorType>(assemble.getType()), order));
}

namespace {
struct AssignLayoutsPass
    : tenon::impl::AssignLayoutsPassBase<AssignLayoutsPass> {
  void runOnOperation() override;
};
} // namespace

void AssignLayoutsPass::runOnOperation() {
  SmallVector<Operation *> ops;
  getOperation().walk([&](Operation *op) {
    if (isa<LayerOpInterface, AssembleOp>(op) && op->getNumResults())
      ops.push_back(op);
  });
  auto forEach = [&](auto &&function) {
    for (Operation *op : ops)
      if (auto layer = dyn_cast<LayerOpInterface>(op))
        function(layer);
      else
        function(cast<AssembleOp>(op));
  };
  Layouts layouts;
  forEach([&](auto op) { unite(op, layouts); });
  for (Operation *op : ops) {
    if (auto layer = dyn_cast<LayerOpInterface>(op))
      vote(layer, layouts);
    fixSeen(op, layouts);
  }
  // All orders first: types change then.
  Orders orders = chooseOrders(ops, layouts);
  forEach([&](auto op) { permute(op, orders); });
}
