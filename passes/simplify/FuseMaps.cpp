//===- FuseMaps.cpp - Elementwise layers move into their producers --------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A map whose operand has no other user, and is read once an element, moves
// into the region of the layer that computes it:
//
//     %c = nn.contract ... epilogue { yield %acc }
//     %y = nn.map ins(%c, %residual) body { relu(%0 + %1) }
// becomes
//     %y = nn.contract ... extras(%residual) epilogue { relu(%acc + %0) }
//
// The same moves a map into a map, and a map that a reduction reads once an
// element into its combiner. Of several producers the last one takes it, so
// that the others' values are there.
//
// Where layers write the operand part by part, each of them takes a copy.
//
// A layer that reads very many values, or computes very much, gains nothing
// from more: its registers are full. It stays as it is, so that the work of
// fusion grows with the network and not with its square.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Affine.h"
#include "dialects/nn/LayerSpec.h"
#include "passes/simplify/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_FUSEMAPSPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

/// Inputs and operations of a fused layer.
static constexpr size_t kMaxInputs = 32;
static constexpr size_t kMaxOperations = 256;

/// Whether one layer may take the inputs and the operations of both; the
/// consumer reads the producer in `numShared` of its inputs.
static bool isSmallEnough(LayerOpInterface producer, LayerOpInterface consumer,
                          size_t numShared) {
  size_t numInputs =
      producer.getFirstOutput() + consumer.getFirstOutput() - numShared;
  size_t numOperations = 0;
  for (LayerOpInterface layer : {producer, consumer})
    for (Region &region : layer->getRegions())
      for (Block &block : region)
        numOperations += block.getOperations().size();
  return numInputs <= kMaxInputs && numOperations <= kMaxOperations;
}

/// Whether `written` takes each value from 0 to size - 1 once: 34 * g + o for
/// g < 4 and o < 34 does for 136. Its dimensions are then paired.
static bool coversOnce(const LinearExpr &written, int64_t size,
                       ArrayRef<int64_t> bounds, MutableArrayRef<bool> paired) {
  SmallVector<unsigned> dims;
  for (auto [dim, coefficient] : llvm::enumerate(written.coefficients)) {
    if (coefficient == 0 || bounds[dim] == 1)
      continue;
    if (dim >= paired.size() || paired[dim])
      return false;
    paired[dim] = true;
    dims.push_back(dim);
  }
  llvm::sort(dims, [&](unsigned a, unsigned b) {
    return written.coefficients[a] < written.coefficients[b];
  });
  int64_t next = 1;
  for (unsigned dim : dims) {
    if (written.coefficients[dim] != next)
      return false;
    next *= bounds[dim];
  }
  return written.constant == 0 && next == size;
}

/// The index of `consumer`'s dimensions as expressions of `producer`'s, such
/// that the point of the consumer reads (through `read`) what the point of the
/// producer wrote (through `written`); none where points do not pair up.
static std::optional<SmallVector<AffineExpr>>
pairPoints(AffineMap written, ArrayRef<int64_t> producerBounds,
           unsigned numParallel, AffineMap read,
           ArrayRef<int64_t> consumerBounds) {
  MLIRContext *context = written.getContext();
  AffineExpr zero = getAffineConstantExpr(0, context);
  SmallVector<AffineExpr> result(consumerBounds.size());
  SmallVector<bool> paired(numParallel, false);
  for (auto [w, r] : llvm::zip_equal(written.getResults(), read.getResults())) {
    std::optional<LinearExpr> from = getLinear(w, producerBounds.size());
    auto to = dyn_cast<AffineDimExpr>(r);
    // An index of size 1 may be a constant instead of a dimension.
    int64_t size = to ? consumerBounds[to.getPosition()] : 1;
    if (!from || (!to && r != 0) || (to && result[to.getPosition()]) ||
        !coversOnce(*from, size, producerBounds, paired))
      return std::nullopt;
    if (to)
      result[to.getPosition()] = size == 1 ? zero : w;
  }
  for (auto [dim, bound] : llvm::enumerate(consumerBounds)) {
    if (!result[dim] && bound != 1)
      return std::nullopt;
    if (!result[dim])
      result[dim] = zero;
  }
  for (unsigned dim = 0; dim < numParallel; ++dim)
    if (!paired[dim] && producerBounds[dim] != 1)
      return std::nullopt;
  return result;
}

/// Appends a copy of the consumer's body to `region`: arguments that read the
/// producer stand for the values that `region` yields, others are new
/// arguments. `dims` renames `nn.index`.
static void appendBody(OpBuilder &builder, Region &region, Region &body,
                       ArrayRef<bool> readsProducer,
                       ArrayRef<AffineExpr> dims) {
  Block &block = region.front();
  Operation *yield = block.getTerminator();
  IRMapping mapping;
  for (auto [argument, reads] :
       llvm::zip_equal(body.getArguments(), readsProducer))
    mapping.map(argument, reads ? yield->getOperand(0)
                                : block.addArgument(argument.getType(),
                                                    argument.getLoc()));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(yield);
  for (Operation &op : body.front()) {
    Operation *clone = builder.clone(op, mapping);
    if (auto index = dyn_cast<IndexOp>(clone))
      index.setDim(cast<AffineDimExpr>(dims[index.getDim()]).getPosition());
  }
  yield->erase();
}

static bool readsUnpairedIndex(Region &body, ArrayRef<AffineExpr> dims) {
  bool found = false;
  body.walk(
      [&](IndexOp op) { found |= !isa<AffineDimExpr>(dims[op.getDim()]); });
  return found;
}

static LogicalResult fuseIntoProducer(MapOp consumer, LayerOpInterface producer,
                                      PatternRewriter &rewriter) {
  auto layer = cast<LayerOpInterface>(*consumer);
  Value value = producer->getResult(0);
  LayerSpec from = LayerSpec::get(producer), to = LayerSpec::get(layer);
  if (!from.outputs[0].value.getDefiningOp<tensor::EmptyOp>())
    return failure();
  std::optional<AffineMap> read;
  SmallVector<bool> readsProducer;
  for (const MappedOperand &input : to.inputs) {
    readsProducer.push_back(input.value == value);
    if (input.value != value)
      continue;
    if (read && *read != input.map)
      return failure();
    read = input.map;
  }
  if (!isSmallEnough(producer, layer, llvm::count(readsProducer, true)))
    return failure();
  auto dims = pairPoints(from.outputs[0].map, from.getBounds(),
                         from.parallel.size(), *read, to.parallel);
  if (!dims || readsUnpairedIndex(consumer.getBody(), *dims))
    return failure();

  unsigned numDims = from.getBounds().size();
  auto rename = [&](AffineMap map) {
    return map.replaceDimsAndSymbols(*dims, {}, numDims, 0);
  };
  bool hasEpilogue = producer.getEpilogueOrNull();
  for (auto [input, reads] : llvm::zip_equal(to.inputs, readsProducer))
    if (!reads)
      (hasEpilogue ? from.extras : from.inputs)
          .push_back({input.value, rename(input.map)});
  from.outputs.clear();
  for (const MappedOperand &output : to.outputs)
    from.outputs.push_back({output.value, rename(output.map)});

  rewriter.setInsertionPoint(consumer);
  Location loc = fuseLocations({producer.getLoc(), consumer.getLoc()});
  LayerOpInterface fused = from.create(rewriter, loc, producer);
  Region &region =
      hasEpilogue ? *fused.getEpilogueOrNull() : fused->getRegion(0);
  appendBody(rewriter, region, consumer.getBody(), readsProducer, *dims);
  rewriter.replaceOp(consumer, fused);
  rewriter.eraseOp(producer);
  return success();
}

/// map -> its producer, the last of several.
static LogicalResult fuseMapIntoProducer(MapOp consumer,
                                         PatternRewriter &rewriter) {
  SmallVector<LayerOpInterface> producers;
  for (Value input : consumer.getInputs()) {
    auto producer = input.getDefiningOp<LayerOpInterface>();
    if (!producer || producer->getNumResults() != 1 ||
        producer->getBlock() != consumer->getBlock() ||
        llvm::is_contained(producers, producer) ||
        !llvm::all_of(input.getUsers(),
                      [&](Operation *user) { return user == consumer; }))
      continue;
    producers.push_back(producer);
  }
  llvm::sort(producers, [](LayerOpInterface a, LayerOpInterface b) {
    return b->isBeforeInBlock(a);
  });
  for (LayerOpInterface producer : producers)
    if (succeeded(fuseIntoProducer(consumer, producer, rewriter)))
      return success();
  return rewriter.notifyMatchFailure(consumer, "no producer takes it");
}

/// The layers that write parts of what `consumer` reads as its one operand of
/// them, the first one first; none where somebody else reads it, too.
static SmallVector<LayerOpInterface> getParts(MapOp consumer, Value value) {
  SmallVector<LayerOpInterface> parts;
  Operation *user = consumer;
  while (auto part = value.getDefiningOp<LayerOpInterface>()) {
    if (part->getNumResults() != 1 || part->getBlock() != user->getBlock() ||
        !isa<ContractOp, MapOp, ReduceOp>(*part) ||
        !llvm::all_of(value.getUsers(),
                      [&](Operation *other) { return other == user; }) ||
        (user != consumer.getOperation() &&
         llvm::count(user->getOperands(), value) != 1))
      return {};
    parts.insert(parts.begin(), part);
    user = part;
    value = LayerSpec::get(part).outputs[0].value;
  }
  if (parts.size() < 2 || !value.getDefiningOp<tensor::EmptyOp>())
    return {};
  return parts;
}

/// map -> the layers that write its operand part by part, as the phases of a
/// transposed convolution do: each of them takes the map.
static LogicalResult fuseMapIntoParts(MapOp consumer,
                                      PatternRewriter &rewriter) {
  auto layer = cast<LayerOpInterface>(*consumer);
  LayerSpec to = LayerSpec::get(layer);
  if (to.inputs.empty() || to.outputs.size() != 1 ||
      !to.outputs[0].map.isIdentity() ||
      !to.outputs[0].value.getDefiningOp<tensor::EmptyOp>())
    return rewriter.notifyMatchFailure(consumer, "is not elementwise");
  SmallVector<LayerOpInterface> parts;
  Value value;
  for (const MappedOperand &input : to.inputs)
    if (parts.empty())
      parts = getParts(consumer, value = input.value);
  SmallVector<bool> readsParts;
  for (const MappedOperand &input : to.inputs) {
    readsParts.push_back(input.value == value);
    if (input.value == value && !input.map.isIdentity())
      return rewriter.notifyMatchFailure(consumer, "moves what it reads");
  }
  bool readsIndex = false;
  consumer.getBody().walk([&](IndexOp) { readsIndex = true; });
  auto takesMap = [&](LayerOpInterface part) {
    return isSmallEnough(part, layer, llvm::count(readsParts, true));
  };
  if (parts.empty() || readsIndex || !llvm::all_of(parts, takesMap))
    return rewriter.notifyMatchFailure(consumer, "reads nothing in parts");
  rewriter.setInsertionPoint(consumer);
  Value result = to.outputs[0].value;
  for (LayerOpInterface part : parts) {
    LayerSpec spec = LayerSpec::get(part);
    AffineMap written = spec.outputs[0].map;
    spec.outputs[0].value = result;
    Region *epilogue = part.getEpilogueOrNull();
    for (auto [input, reads] : llvm::zip_equal(to.inputs, readsParts))
      if (!reads)
        (epilogue ? spec.extras : spec.inputs)
            .push_back({input.value, input.map.compose(written)});
    LayerOpInterface fused = spec.create(
        rewriter, fuseLocations({part.getLoc(), consumer.getLoc()}), part);
    Region *region = fused.getEpilogueOrNull();
    appendBody(rewriter, region ? *region : fused->getRegion(0),
               consumer.getBody(), readsParts, {});
    result = fused->getResult(0);
  }
  rewriter.replaceOp(consumer, result);
  for (LayerOpInterface part : llvm::reverse(parts))
    rewriter.eraseOp(part);
  return success();
}

/// map -> reduce: the combiner computes the map first.
static LogicalResult fuseMapIntoReduce(ReduceOp reduce,
                                       PatternRewriter &rewriter) {
  LayerSpec spec = LayerSpec::get(cast<LayerOpInterface>(*reduce));
  int64_t points = 1;
  for (int64_t bound : spec.getBounds())
    points *= bound;
  for (auto [position, input] : llvm::enumerate(spec.inputs)) {
    auto map = input.value.getDefiningOp<MapOp>();
    auto type = cast<RankedTensorType>(input.value.getType());
    if (!map || map->getNumResults() != 1 || !map->hasOneUse() ||
        points > type.getNumElements() ||
        !isSmallEnough(cast<LayerOpInterface>(*map),
                       cast<LayerOpInterface>(*reduce), /*numShared=*/1))
      continue;
    LayerSpec from = LayerSpec::get(cast<LayerOpInterface>(*map));
    // The point of the map that wrote an index is the index itself.
    if (!from.outputs[0].map.isIdentity() ||
        !from.outputs[0].value.getDefiningOp<tensor::EmptyOp>())
      continue;
    bool indexed = false;
    map.getBody().walk([&](IndexOp) { indexed = true; });
    if (indexed || !staysInside(input, spec.getBounds()))
      continue;

    LayerSpec next = spec;
    next.inputs.erase(next.inputs.begin() + position);
    for (const MappedOperand &operand : from.inputs)
      next.inputs.push_back({operand.value, operand.map.compose(input.map)});
    Location loc = fuseLocations({map.getLoc(), reduce.getLoc()});
    LayerOpInterface layer = next.create(rewriter, loc, reduce->getName());
    auto fused = cast<ReduceOp>(*layer);
    // combine(kept inputs, the map's inputs, accumulators)
    Block *block = rewriter.createBlock(&fused.getCombine());
    IRMapping mapping, mapMapping;
    SmallVector<BlockArgument> old(reduce.getCombine().getArguments());
    for (auto [i, argument] : llvm::enumerate(old))
      if (i != position && i < spec.inputs.size())
        mapping.map(argument, block->addArgument(argument.getType(), loc));
    for (BlockArgument argument : map.getBody().getArguments())
      mapMapping.map(argument, block->addArgument(argument.getType(), loc));
    for (BlockArgument argument : ArrayRef(old).drop_front(spec.inputs.size()))
      mapping.map(argument, block->addArgument(argument.getType(), loc));
    rewriter.setInsertionPointToStart(block);
    for (Operation &op : map.getBody().front().without_terminator())
      rewriter.clone(op, mapMapping);
    mapping.map(old[position],
                mapMapping.lookupOrDefault(
                    map.getBody().front().getTerminator()->getOperand(0)));
    for (Operation &op : reduce.getCombine().front())
      rewriter.clone(op, mapping);
    IRMapping epilogue;
    reduce.getEpilogue().cloneInto(&fused.getEpilogue(), epilogue);
    rewriter.replaceOp(reduce, layer);
    rewriter.eraseOp(map);
    return success();
  }
  return rewriter.notifyMatchFailure(reduce, "reads no map of its own");
}

namespace {
struct FuseMapsPass : tenon::impl::FuseMapsPassBase<FuseMapsPass> {
  void runOnOperation() override {
    // Producers first: a value is written once, but a reduction may read it
    // several times.
    RewritePatternSet producers(&getContext()), both(&getContext());
    producers.add(fuseMapIntoProducer);
    producers.add(fuseMapIntoParts);
    both.add(fuseMapIntoProducer);
    both.add(fuseMapIntoParts);
    both.add(fuseMapIntoReduce);
    if (failed(applyPatternsAndFoldGreedily(getOperation(),
                                            std::move(producers))) ||
        failed(applyPatternsAndFoldGreedily(getOperation(), std::move(both))))
      signalPassFailure();
  }
};
} // namespace
