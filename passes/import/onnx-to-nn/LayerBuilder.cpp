//===- LayerBuilder.cpp - Building layers in a line or two ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The example of the header, with a of two and b of three elements, makes
//
//     %0 = tensor.empty() : tensor<2x3xf32>
//     %y = nn.map parallel [2, 3] ins(%a, %b ...) outs(%0 ...)
//         maps [(d0, d1) -> (d0), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)] {
//     ^bb0(%1: f32, %2: f32):
//       %3 = arith.mulf %1, %2
//       nn.yield %3
//
// A region is filled by calling the lowering's function on its arguments as
// `Scalar`s; what it returns is converted to the type that is stored.
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/LayerBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

RankedTensorType lowering::getType(Value value) {
  return cast<RankedTensorType>(value.getType());
}
ArrayRef<int64_t> lowering::getShape(Value value) {
  return getType(value).getShape();
}
Type lowering::getElement(Value value) {
  return getType(value).getElementType();
}
int64_t lowering::getRank(Value value) { return getType(value).getRank(); }
RankedTensorType lowering::withShape(Value value, ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, getElement(value));
}
RankedTensorType lowering::withElement(Value value, Type elementType) {
  return RankedTensorType::get(getShape(value), elementType);
}

Ints lowering::range(int64_t first, int64_t end) {
  return llvm::to_vector<6>(llvm::seq<int64_t>(first, end));
}

FailureOr<int64_t> LayerBuilder::normalizeAxis(int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank)
    return refuse("has an axis out of range");
  return axis < 0 ? axis + rank : axis;
}

FailureOr<Ints> LayerBuilder::normalizeAxes(ArrayRef<int64_t> axes,
                                            int64_t rank) {
  Ints result;
  for (int64_t axis : axes) {
    FailureOr<int64_t> normal = normalizeAxis(axis, rank);
    if (failed(normal))
      return failure();
    result.push_back(*normal);
  }
  return result;
}

std::string LayerBuilder::getReason() const {
  // A lowering that fails without b.refuse() has a bug.
  return reason.empty() ? "is refused without a reason: please report this"
                        : reason;
}

//===----------------------------------------------------------------------===//
// Nests and accesses
//===----------------------------------------------------------------------===//

Exprs LayerBuilder::dims(unsigned count, unsigned first) {
  Exprs result;
  for (unsigned dim = first; dim < first + count; ++dim)
    result.push_back(d(dim));
  return result;
}

Loops LayerBuilder::over(RankedTensorType type, ArrayRef<int64_t> reduction) {
  return {
      type, Ints(type.getShape()), Ints(reduction), dims(type.getRank()), {}};
}

Access LayerBuilder::broadcast(Value value, ArrayRef<int64_t> shape,
                               ArrayRef<AffineExpr> dims) {
  ArrayRef<int64_t> from = getShape(value);
  Access access{value, {}};
  int64_t lead = int64_t(shape.size()) - int64_t(from.size());
  for (int64_t dim = 0; dim < int64_t(from.size()); ++dim) {
    bool repeats = lead + dim < 0 || (from[dim] == 1 && shape[lead + dim] != 1);
    access.index.push_back(repeats ? c(0) : dims[lead + dim]);
  }
  return access;
}

ArrayAttr LayerBuilder::getMaps(const Loops &nest, ArrayRef<Access> accesses,
                                unsigned outputs, unsigned symbols) {
  unsigned numDims = nest.parallel.size() + nest.reduction.size();
  SmallVector<AffineMap> maps;
  for (const Access &access : accesses) {
    unsigned used = 0;
    for (AffineExpr expr : access.index)
      for (unsigned symbol = 0; symbol < symbols; ++symbol)
        if (expr.isFunctionOfSymbol(symbol))
          used = symbols;
    maps.push_back(AffineMap::get(numDims, used, access.index, getContext()));
  }
  maps.append(outputs, AffineMap::get(numDims, 0, nest.output, getContext()));
  return getAffineMapArrayAttr(maps);
}

Value LayerBuilder::getInit(const Loops &nest, Type elementType) {
  if (nest.into)
    return nest.into;
  return create<tensor::EmptyOp>(nest.type.getShape(), elementType);
}

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

void LayerBuilder::fillRegion(Region &region, TypeRange elementTypes,
                              TypeRange results, Body body) {
  OpBuilder::InsertionGuard guard(*this);
  Block *block = createBlock(&region);
  SmallVector<Scalar> arguments;
  for (Type type : elementTypes)
    arguments.emplace_back(
        *this, block->addArgument(nn::getScalarType(type), getLoc()), type);
  Yield yield = body(arguments);
  SmallVector<Value> values;
  for (auto [scalar, type] : llvm::zip_equal(yield, results))
    values.push_back(scalar.cast(type).get());
  create<nn::YieldOp>(values);
}

static SmallVector<Value> getValues(ArrayRef<Access> accesses) {
  return llvm::map_to_vector(accesses,
                             [](const Access &access) { return access.value; });
}

static SmallVector<Type> getElements(ArrayRef<Access> accesses) {
  return llvm::map_to_vector(
      accesses, [](const Access &access) { return getElement(access.value); });
}

static SmallVector<Access> join(ArrayRef<Access> first,
                                ArrayRef<Access> second) {
  SmallVector<Access> all(first);
  llvm::append_range(all, second);
  return all;
}

Scalar LayerBuilder::index(unsigned dim) {
  return {*this, create<nn::IndexOp>(getIndexType(), getI64IntegerAttr(dim)),
          getIndexType()};
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

Value LayerBuilder::map(const Loops &nest, ArrayRef<Access> inputs, Body body) {
  // Operands of which all elements are equal become constants of the body.
  SmallVector<Access> read;
  SmallVector<TypedAttr> splats;
  for (const Access &input : inputs) {
    DenseElementsAttr constant;
    bool isSplat = !input.isKept &&
                   matchPattern(input.value, m_Constant(&constant)) &&
                   constant.isSplat();
    splats.push_back(isSplat ? constant.getSplatValue<TypedAttr>() : nullptr);
    if (!isSplat)
      read.push_back(input);
  }
  Type element = nest.type.getElementType();
  auto op = create<nn::MapOp>(TypeRange(nest.type), nest.parallel,
                              getMaps(nest, read, 1, 0), getValues(read),
                              getInit(nest, element));
  fillRegion(op.getBody(), ::getElements(read), element, [&](Scalars x) {
    SmallVector<Scalar> all;
    for (auto [input, splat] : llvm::zip(inputs, splats)) {
      if (!splat) {
        all.push_back(x.front());
        x = x.drop_front();
        continue;
      }
      Type type = getElement(input.value);
      if (auto integer = dyn_cast<IntegerAttr>(splat))
        splat = getIntegerAttr(nn::getScalarType(type), integer.getValue());
      all.emplace_back(*this, create<arith::ConstantOp>(splat), type);
    }
    return body(all);
  });
  return op.getResult(0);
}

Value LayerBuilder::move(const Loops &nest, Access input) {
  return map(nest, input, [](Scalars x) { return x[0]; });
}

Value LayerBuilder::elementwise(RankedTensorType type, ValueRange inputs,
                                Body body) {
  SmallVector<Access> accesses;
  for (Value input : inputs)
    accesses.push_back(broadcast(input, type.getShape()));
  return map(over(type), accesses, body);
}

Value LayerBuilder::gather(const Loops &nest, ArrayRef<Access> inputs,
                           ArrayRef<Access> indices, Body body) {
  Type element = nest.type.getElementType();
  auto op = create<nn::GatherOp>(
      TypeRange(nest.type), nest.parallel,
      getMaps(nest, join(inputs, indices), 1, indices.size()),
      getValues(inputs), getValues(indices), getInit(nest, element));
  fillRegion(op.getBody(), ::getElements(inputs), element,
             [&](Scalars x) -> Yield { return body ? body(x) : Yield(x[0]); });
  return op.getResult(0);
}

Value LayerBuilder::contract(const Loops &nest, Access lhs, Access rhs,
                             ArrayRef<Access> extras, Finish finish) {
  Type element = nest.type.getElementType();
  SmallVector<Access> inputs = {lhs, rhs};
  auto op = create<nn::ContractOp>(
      TypeRange(nest.type), nest.parallel, nest.reduction,
      getMaps(nest, join(inputs, extras), 1, 0), /*elements=*/ArrayAttr(),
      /*zero_points=*/DenseI64ArrayAttr(), getValues(inputs), getValues(extras),
      getInit(nest, element));
  SmallVector<Type> types = {getComputeType(element)};
  llvm::append_range(types, ::getElements(extras));
  fillRegion(op.getEpilogue(), types, element, [&](Scalars x) -> Yield {
    return finish ? finish(x.take_front(1), x.drop_front(1)) : Yield(x[0]);
  });
  return op.getResult(0);
}

SmallVector<Value>
LayerBuilder::reduce(const Loops &nest, TypeRange elementTypes,
                     ArrayRef<Access> inputs,
                     ArrayRef<Accumulator> accumulators, Combine combine,
                     ArrayRef<Access> extras, Finish finish) {
  SmallVector<Type> results;
  SmallVector<Value> inits;
  for (Type type : elementTypes) {
    results.push_back(RankedTensorType::get(nest.type.getShape(), type));
    inits.push_back(getInit(nest, type));
  }
  SmallVector<Attribute> initial;
  SmallVector<Type> accumulated;
  for (const Accumulator &accumulator : accumulators) {
    initial.push_back(accumulator.init);
    accumulated.push_back(accumulator.elementType);
  }
  auto op = create<nn::ReduceOp>(
      results, nest.parallel, nest.reduction,
      getMaps(nest, join(inputs, extras), results.size(), 0),
      getArrayAttr(initial), getValues(inputs), getValues(extras), inits);
  SmallVector<Type> types = ::getElements(inputs);
  llvm::append_range(types, accumulated);
  fillRegion(op.getCombine(), types, accumulated, [&](Scalars x) {
    return combine(x.take_front(inputs.size()), x.drop_front(inputs.size()));
  });
  types = accumulated;
  llvm::append_range(types, ::getElements(extras));
  unsigned count = accumulators.size();
  fillRegion(op.getEpilogue(), types, elementTypes, [&](Scalars x) {
    return finish ? finish(x.take_front(count), x.drop_front(count))
                  : Yield(x.take_front(elementTypes.size()));
  });
  return llvm::to_vector_of<Value>(op.getResults());
}

Value LayerBuilder::reduce(const Loops &nest, ArrayRef<Access> inputs,
                           double init, Combine combine,
                           ArrayRef<Access> extras, Finish finish) {
  Type type = getComputeType(nest.type.getElementType());
  return reduce(nest, nest.type.getElementType(), inputs,
                Accumulator{type, getNumber(type, init)}, combine, extras,
                finish)[0];
}

//===----------------------------------------------------------------------===//
// Moves
//===----------------------------------------------------------------------===//

Value LayerBuilder::reshape(Value value, ArrayRef<int64_t> shape) {
  if (getShape(value) == shape)
    return value;
  return create<nn::ReshapeOp>(withShape(value, shape), value);
}

Value LayerBuilder::transpose(Value value, ArrayRef<int64_t> permutation) {
  Ints shape;
  Exprs index(permutation.size());
  for (auto [dim, from] : llvm::enumerate(permutation)) {
    shape.push_back(getShape(value)[from]);
    index[from] = d(dim);
  }
  return move(over(withShape(value, shape)), {value, index});
}

Value LayerBuilder::slice(Value value, int64_t axis, int64_t start,
                          int64_t size, int64_t step) {
  Ints shape(getShape(value));
  if (start == 0 && step == 1 && size == shape[axis])
    return value;
  shape[axis] = size;
  Access access = all(value);
  access.index[axis] = d(axis) * step + start;
  return move(over(withShape(value, shape)), access);
}

Value LayerBuilder::broadcastTo(Value value, ArrayRef<int64_t> shape) {
  if (getShape(value) == shape)
    return value;
  return move(over(withShape(value, shape)), broadcast(value, shape));
}

Value LayerBuilder::cast(Value value, Type elementType) {
  if (getElement(value) == elementType)
    return value;
  return elementwise(withElement(value, elementType), value,
                     [&](Scalars x) { return x[0].cast(elementType); });
}

Value LayerBuilder::concat(RankedTensorType type, ValueRange parts,
                           int64_t axis) {
  SmallVector<Value> used;
  SmallVector<Attribute> offsets;
  int64_t at = 0;
  for (Value part : parts) {
    Ints offset(type.getRank());
    offset[axis] = at;
    at += getShape(part)[axis];
    if (lowering::getType(part).getNumElements() == 0)
      continue;
    used.push_back(part);
    offsets.push_back(getDenseI64ArrayAttr(offset));
  }
  if (used.size() == 1 && used[0].getType() == type)
    return used[0];
  return create<nn::AssembleOp>(type, used, getArrayAttr(offsets), TypedAttr());
}
