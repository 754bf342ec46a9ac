//===- EvaluateLayer.cpp - The loop nest of a layer -----------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Knows no operation, only `LayerOpInterface`. Parallel points are computed a
// row of lanes at a time; each of them walks the reduction in its order, so
// that the result is that of the plain loop nest.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/EvaluateLayer.h"

#include "dialects/nn/EvaluateProgram.h"
#include "dialects/nn/EvaluateWalk.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

namespace {
/// How one operand is read or written.
struct Access {
  unsigned number;
  ElementType type;
  char *data;
  Quantity offset;
  /// Indices that might leave their dimension, with its size.
  struct Check {
    Quantity index;
    int64_t size;
  };
  SmallVector<Check> checks;
};

/// A region as a program, and the dimensions that it reads after its other
/// arguments.
struct Body {
  Program program;
  unsigned firstIndex;
  SmallVector<Quantity> indices;
};

class LayerEvaluator {
public:
  LayerEvaluator(LayerOpInterface layer, ArrayRef<Buffer> operands,
                 MutableArrayRef<Buffer> results, std::string &reason)
      : layer(layer), operands(operands), results(results), reason(reason),
        space(layer.getBounds(), layer.getNumParallel()) {}

  LogicalResult run();

private:
  LogicalResult fail(const Twine &why) {
    reason = why.str();
    return failure();
  }
  LogicalResult addAccesses();
  LogicalResult addAccess(unsigned number, char *data,
                          SmallVectorImpl<Access> &accesses);
  using BuildFn = function_ref<SmallVector<Value>(
      OpBuilder &, ValueRange, function_ref<Value(unsigned)>)>;
  LogicalResult compile(TypeRange arguments, BuildFn build,
                        std::optional<Body> &body);
  LogicalResult compileBodies();
  LogicalResult move();
  LogicalResult runChunk();
  LogicalResult reduceChunk();
  LogicalResult storeChunk(const Program &program);
  LogicalResult readIndices();
  LogicalResult findInside(MutableArrayRef<Access> accesses, bool mayLeave);
  void load(Access &access, Lanes &lanes);
  LogicalResult runBody(Body &body);

  LayerOpInterface layer;
  ArrayRef<Buffer> operands;
  MutableArrayRef<Buffer> results;
  std::string &reason;
  PointWalk space;
  SmallVector<Access> inputs, extras, indices, outputs;
  SmallVector<TypedAttr> initial;
  std::optional<Body> combine, epilogue;
  /// At the current point: values of the index operands, and the lanes whose
  /// inputs are all inside.
  std::vector<Lanes> symbols;
  bool anyInside = true, allInside = true;
  bool inside[kNumLanes];
};
} // namespace

//===----------------------------------------------------------------------===//
// Preparation
//===----------------------------------------------------------------------===//

LogicalResult LayerEvaluator::addAccess(unsigned number, char *data,
                                        SmallVectorImpl<Access> &accesses) {
  RankedTensorType tensor = operands[number].type;
  std::optional<ElementType> type = ElementType::get(tensor.getElementType());
  if (!type)
    return fail("an unknown element type");
  // Moves keep every bit, those of NaNs too.
  if (isMove(layer))
    type =
        ElementType::getBits(kernel::getElementBytes(tensor.getElementType()));
  AffineMap map = layer.getMap(number);
  SmallVector<int64_t> bounds = layer.getBounds();
  AffineExpr offset = getAffineConstantExpr(0, map.getContext());
  SmallVector<Access::Check> checks;
  int64_t stride = 1;
  for (int64_t dim = tensor.getRank() - 1; dim >= 0; --dim) {
    int64_t size = tensor.getDimSize(dim);
    AffineExpr index = map.getResult(dim);
    offset = offset + index * stride;
    stride *= size;
    std::optional<Interval> range = getRange(index, bounds);
    if (range && range->low >= 0 && range->high < size)
      continue;
    std::optional<Quantity> quantity =
        Quantity::get(space, index, bounds.size());
    if (!quantity)
      return fail("a map that divides by no constant");
    checks.push_back({std::move(*quantity), size});
  }
  std::optional<Quantity> quantity =
      Quantity::get(space, offset, bounds.size());
  if (!quantity)
    return fail("a map that divides by no constant");
  accesses.push_back(
      {number, *type, data, std::move(*quantity), std::move(checks)});
  return success();
}

LogicalResult LayerEvaluator::addAccesses() {
  int64_t points = 1;
  constexpr int64_t kMaxPoints = int64_t(1) << 36;
  for (int64_t bound : layer.getBounds())
    if (llvm::MulOverflow(points, bound, points) || points > kMaxPoints)
      return fail("too many points");
  unsigned number = 0;
  auto addAll = [&](OperandRange range, SmallVectorImpl<Access> &accesses) {
    for (size_t i = 0; i < range.size(); ++i, ++number) {
      const Buffer &buffer = operands[number];
      if (getByteSize(buffer.type) != int64_t(buffer.bytes.size()))
        return fail("a tensor without contents");
      if (failed(addAccess(number, const_cast<char *>(buffer.bytes.data()),
                           accesses)))
        return failure();
    }
    return success();
  };
  if (failed(addAll(layer.getInputs(), inputs)) ||
      failed(addAll(layer.getExtras(), extras)) ||
      failed(addAll(layer.getIndices(), indices)))
    return failure();
  for (Buffer &result : results)
    if (failed(addAccess(number++, result.getData(), outputs)))
      return failure();
  symbols.resize(indices.size());
  return success();
}

LogicalResult LayerEvaluator::compile(TypeRange arguments, BuildFn build,
                                      std::optional<Body> &body) {
  Block block;
  SmallVector<Location> locations(arguments.size(), layer.getLoc());
  block.addArguments(arguments, locations);
  OpBuilder builder(layer.getContext());
  builder.setInsertionPointToEnd(&block);
  SmallVector<Value> values(block.getArguments());
  llvm::SmallDenseMap<unsigned, Value> known;
  SmallVector<Quantity> dims;
  bool valid = true;
  auto getIndex = [&](unsigned dim) -> Value {
    Value &value = known[dim];
    if (value)
      return value;
    value = block.addArgument(builder.getIndexType(), layer.getLoc());
    unsigned numDims = layer.getNumDims();
    AffineExpr expr = builder.getAffineConstantExpr(0);
    if (dim < numDims)
      expr = builder.getAffineDimExpr(dim);
    valid &= dim < numDims;
    dims.push_back(*Quantity::get(space, expr, numDims));
    return value;
  };
  SmallVector<Value> yielded = build(builder, values, getIndex);
  if (!valid)
    return fail("an index of a dimension that the layer has not");
  FailureOr<Program> program = Program::compile(block, yielded, reason);
  if (failed(program))
    return failure();
  body.emplace(
      Body{std::move(*program), unsigned(values.size()), std::move(dims)});
  return success();
}

LogicalResult LayerEvaluator::compileBodies() {
  auto getTypes = [](ValueRange values, SmallVectorImpl<Type> &types) {
    for (Value value : values)
      types.push_back(getScalarType(getElementTypeOrSelf(value.getType())));
  };
  SmallVector<Type> types;
  for (TypedAttr attr : layer.getInitialValues()) {
    if (!isa<IntegerAttr, FloatAttr>(attr))
      return fail("an initial value that is no number");
    initial.push_back(attr);
  }
  getTypes(layer.getInputs(), types);
  for (TypedAttr attr : initial)
    types.push_back(attr.getType());
  unsigned numInputs = layer.getInputs().size();
  auto buildCombine = [&](OpBuilder &builder, ValueRange values,
                          function_ref<Value(unsigned)> index) {
    return layer.buildCombine(builder, layer.getLoc(),
                              values.take_front(numInputs),
                              values.drop_front(numInputs), index);
  };
  if (failed(compile(types, buildCombine, combine)))
    return failure();
  Region *region = layer.getEpilogueOrNull();
  if (!region)
    return success();
  types.erase(types.begin(), types.begin() + numInputs);
  getTypes(layer.getExtras(), types);
  auto buildEpilogue = [&](OpBuilder &builder, ValueRange values,
                           function_ref<Value(unsigned)> index) {
    return cloneRegion(builder, *region, values, index);
  };
  return compile(types, buildEpilogue, epilogue);
}

//===----------------------------------------------------------------------===//
// The walk
//===----------------------------------------------------------------------===//

/// Finds the lanes at which all indices of `accesses` are inside.
LogicalResult LayerEvaluator::findInside(MutableArrayRef<Access> accesses,
                                         bool mayLeave) {
  unsigned count = space.getNumLanes();
  anyInside = allInside = true;
  for (Access &access : accesses)
    for (Access::Check &check : access.checks) {
      Places places = check.index.at(space, symbols);
      auto isIn = [&](unsigned lane) {
        return uint64_t(places[lane]) < uint64_t(check.size);
      };
      // A row is inside with its ends.
      if (!places.values && isIn(0) && isIn(count - 1))
        continue;
      bool all = true;
      for (unsigned lane = 0; lane < count; ++lane) {
        bool in = isIn(lane);
        inside[lane] = (allInside || inside[lane]) && in;
        all &= in;
      }
      if (all && allInside)
        continue;
      if (!mayLeave)
        return fail("an index of operand " + Twine(access.number) +
                    " outside its dimension");
      allInside = false;
    }
  if (!allInside)
    anyInside = llvm::is_contained(ArrayRef(inside, count), true);
  return success();
}

void LayerEvaluator::load(Access &access, Lanes &lanes) {
  Places places = access.offset.at(space, symbols);
  unsigned count = space.getNumLanes();
  int64_t safe[kNumLanes];
  if (!allInside) {
    for (unsigned lane = 0; lane < count; ++lane)
      safe[lane] = inside[lane] ? places[lane] : 0;
    places = {safe, 0, 0};
  }
  access.type.load(lanes, access.data, places, count);
}

LogicalResult LayerEvaluator::readIndices() {
  if (indices.empty())
    return success();
  if (failed(findInside(indices, /*mayLeave=*/false)))
    return failure();
  for (auto [access, lanes] : llvm::zip(indices, symbols)) {
    load(access, lanes);
    if (access.type.getWidth() == 8)
      for (int64_t &index : lanes.integers)
        index &= 0xFF;
  }
  return success();
}

LogicalResult LayerEvaluator::runBody(Body &body) {
  unsigned count = space.getNumLanes();
  for (auto [number, index] : llvm::enumerate(body.indices)) {
    Places places = index.at(space, symbols);
    Lanes &lanes = body.program.getArgument(body.firstIndex + number);
    for (unsigned lane = 0; lane < count; ++lane)
      lanes.integers[lane] = places[lane];
  }
  body.program.run(count);
  return body.program.hasTrapped() ? fail("a division by zero") : success();
}

static void fill(Lanes &lanes, TypedAttr value) {
  if (auto integer = dyn_cast<IntegerAttr>(value))
    std::fill_n(lanes.integers, kNumLanes, integer.getValue().getSExtValue());
  else if (value.getType().isF64())
    std::fill_n(lanes.doubles, kNumLanes,
                cast<FloatAttr>(value).getValueAsDouble());
  else
    std::fill_n(lanes.floats, kNumLanes,
                cast<FloatAttr>(value).getValueAsDouble());
}

/// acc = inside ? combine(inputs, acc) : acc, at every reduction point.
LogicalResult LayerEvaluator::reduceChunk() {
  Program &program = combine->program;
  unsigned firstAcc = inputs.size();
  for (auto [number, value] : llvm::enumerate(initial))
    fill(program.getArgument(firstAcc + number), value);
  bool reduces = epilogue.has_value();
  while (space.nextReduction()) {
    if (failed(readIndices()) || failed(findInside(inputs, reduces)))
      return failure();
    if (!anyInside)
      continue;
    for (auto [number, access] : llvm::enumerate(inputs))
      load(access, program.getArgument(number));
    if (failed(runBody(*combine)))
      return failure();
    for (auto [number, value] : llvm::enumerate(initial)) {
      Lanes &acc = program.getArgument(firstAcc + number);
      const Lanes &next = program.getResult(number);
      auto update = [&](auto *to, const auto *from) {
        unsigned count = space.getNumLanes();
        if (allInside)
          std::copy_n(from, count, to);
        else
          for (unsigned lane = 0; lane < count; ++lane)
            to[lane] = inside[lane] ? from[lane] : to[lane];
      };
      if (isa<FloatAttr>(value) && !value.getType().isF64())
        update(acc.floats, next.floats);
      else
        update(acc.integers, next.integers);
    }
  }
  return success();
}

LogicalResult LayerEvaluator::storeChunk(const Program &program) {
  if (failed(findInside(outputs, /*mayLeave=*/false)))
    return failure();
  for (auto [number, access] : llvm::enumerate(outputs))
    access.type.store(program.getResult(number), access.data,
                      access.offset.at(space, symbols), space.getNumLanes());
  return success();
}

LogicalResult LayerEvaluator::runChunk() {
  if (failed(reduceChunk()))
    return failure();
  if (!epilogue)
    return storeChunk(combine->program);
  for (unsigned number = 0; number < initial.size(); ++number)
    epilogue->program.getArgument(number) =
        combine->program.getArgument(inputs.size() + number);
  if (failed(findInside(extras, /*mayLeave=*/false)))
    return failure();
  for (auto [number, access] : llvm::enumerate(extras))
    load(access, epilogue->program.getArgument(initial.size() + number));
  if (failed(runBody(*epilogue)))
    return failure();
  return storeChunk(epilogue->program);
}

/// Inputs to outputs without a program.
LogicalResult LayerEvaluator::move() {
  Lanes lanes;
  while (space.nextChunk()) {
    space.nextReduction();
    if (failed(readIndices()) || failed(findInside(inputs, false)))
      return failure();
    if (failed(findInside(outputs, false)))
      return failure();
    for (auto [input, output] : llvm::zip(inputs, outputs)) {
      unsigned count = space.getNumLanes();
      Places from = input.offset.at(space, symbols);
      Places to = output.offset.at(space, symbols);
      input.type.load(lanes, input.data, from, count);
      output.type.store(lanes, output.data, to, count);
    }
  }
  return success();
}

LogicalResult LayerEvaluator::run() {
  if (failed(addAccesses()))
    return failure();
  if (isMove(layer))
    return move();
  if (failed(compileBodies()))
    return failure();
  while (space.nextChunk())
    if (failed(runChunk()))
      return failure();
  return success();
}

bool tenon::nn::isMove(LayerOpInterface layer) {
  auto yieldsArguments = [](Region &region) {
    auto yield = cast<YieldOp>(region.front().back());
    return llvm::equal(yield.getValues(), region.getArguments());
  };
  if (auto map = dyn_cast<MapOp>(*layer))
    return yieldsArguments(map.getBody());
  auto gather = dyn_cast<GatherOp>(*layer);
  return gather && yieldsArguments(gather.getBody());
}

LogicalResult tenon::nn::evaluateLayer(LayerOpInterface layer,
                                       ArrayRef<Buffer> operands,
                                       MutableArrayRef<Buffer> results,
                                       std::string &reason) {
  return LayerEvaluator(layer, operands, results, reason).run();
}
