//===- GridSample.cpp - Sampling at computed places -----------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The grid gives a place in each dimension of the input. Tables of indices and
// weights of its neighbours are computed, a dimension and neighbour at a time;
// then one gather sums over all combinations:
//
//   y[n, c, p] = sum over i, j of
//       x[n, c, rows[i, n, p], columns[j, n, p]] *
//       rowWeights[i, n, p] * columnWeights[j, n, p]
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"
#include "passes/import/onnx-to-nn/Resample.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

/// More would be a gather of thousands of operands.
static constexpr int64_t kMaxCombinations = 64;

namespace {
/// The neighbours of all places in one dimension of the input.
struct Neighbours {
  onnx::GridSampleOp op;
  LayerBuilder &b;
  int64_t dim, size, taps;

  /// The place, from the coordinate between -1 and 1.
  Scalar getPlace(Scalar coordinate);
  /// Back and forth between the borders.
  Scalar reflect(Scalar place);
  /// Neighbour `tap`, not yet inside the input.
  Scalar getNeighbour(Scalar place, Scalar tap);
  Value getTable(Type elementType,
                 function_ref<Scalar(Scalar place, Scalar at)> element);
  Value getIndices();
  Value getWeights();
};
} // namespace

Scalar Neighbours::reflect(Scalar place) {
  double low = op.getAlignCorners() ? 0 : -0.5,
         range = op.getAlignCorners() ? size - 1 : size;
  if (range == 0)
    return place * 0.0;
  Scalar away = abs(place - low);
  away = away - floor(away / (2 * range)) * (2 * range);
  return select(away > range, 2 * range - away, away) + low;
}

Scalar Neighbours::getPlace(Scalar coordinate) {
  Scalar place = op.getAlignCorners()
                     ? (coordinate + 1.0) / 2.0 * double(size - 1)
                     : ((coordinate + 1.0) * double(size) - 1.0) / 2.0;
  if (taps == 1)
    place = roundEven(place);
  if (op.getPaddingMode() == "border")
    return min(max(place, 0.0), double(size - 1));
  return op.getPaddingMode() == "reflection" ? reflect(place) : place;
}

Scalar Neighbours::getNeighbour(Scalar place, Scalar tap) {
  return taps == 1 ? roundEven(place)
                   : floor(place) + tap + double(1 - taps / 2);
}

Value Neighbours::getTable(Type elementType,
                           function_ref<Scalar(Scalar, Scalar)> element) {
  // [taps][n][places...]
  Ints shape = {taps};
  llvm::append_range(shape, getShape(op.getGrid()).drop_back());
  Access coordinate{op.getGrid(), b.dims(shape.size() - 1, 1)};
  int64_t dims = getShape(op.getGrid()).back();
  coordinate.index.push_back(b.c(dims - 1 - dim)); // x comes first
  return b.map(
      b.over(RankedTensorType::get(shape, elementType)), coordinate,
      [&](Scalars x) {
        Scalar place = getPlace(x[0].cast(getComputeType(x[0].getType())));
        return element(place,
                       getNeighbour(place, b.index(0).cast(place.getType())));
      });
}

Value Neighbours::getIndices() {
  return getTable(b.getI64Type(), [&](Scalar, Scalar at) {
    Scalar inside = op.getPaddingMode() == "reflection" ? reflect(at) : at;
    return min(max(inside, 0.0), double(size - 1)).cast(b.getI64Type());
  });
}

Value Neighbours::getWeights() {
  return getTable(getComputeType(getElement(op.getX())), [&](Scalar place,
                                                             Scalar at) {
    Scalar weight =
        taps == 1 ? place * 0.0 + 1.0 : getWeight(taps == 4, -0.75, at - place);
    if (op.getPaddingMode() != "zeros")
      return weight;
    return select(at < 0.0, 0.0, select(at > double(size - 1), 0.0, weight));
  });
}

static Lowered lowerGridSample(onnx::GridSampleOp op, LayerBuilder &b) {
  Value x = op.getX();
  auto type = getType(op.getY());
  int64_t dims = getRank(x) - 2;
  int64_t taps = op.getMode() == "nearest" ? 1
                 : op.getMode() == "cubic" ? 4
                                           : 2;
  int64_t combinations = 1;
  for (int64_t dim = 0; dim < dims && combinations <= kMaxCombinations; ++dim)
    combinations *= taps;
  if (dims < 1 || getShape(op.getGrid()).back() != dims ||
      getRank(op.getGrid()) != dims + 2 || getType(x).getNumElements() == 0 ||
      combinations > kMaxCombinations)
    return b.refuse("expects a place for each of at most three dimensions");
  SmallVector<Access> indices, weights;
  Exprs places = {b.d(0)};
  llvm::append_range(places, b.dims(dims, 2));
  for (int64_t dim = 0; dim < dims; ++dim) {
    Neighbours neighbours{op, b, dim, getShape(x)[2 + dim], taps};
    Value index = neighbours.getIndices(), weight = neighbours.getWeights();
    for (int64_t tap = 0; tap < taps; ++tap) {
      Exprs at = {b.c(tap)};
      llvm::append_range(at, places);
      indices.push_back({index, at});
      weights.push_back({weight, at});
    }
  }
  // The tap of dimension `dim` in a combination.
  auto getTap = [&](int64_t combination, int64_t dim) {
    for (; dim > 0; --dim)
      combination /= taps;
    return combination % taps;
  };
  SmallVector<Access> inputs;
  for (int64_t combination = 0; combination < combinations; ++combination) {
    inputs.push_back({x, {b.d(0), b.d(1)}});
    for (int64_t dim = 0; dim < dims; ++dim)
      inputs.back().index.push_back(b.s(dim * taps + getTap(combination, dim)));
  }
  llvm::append_range(inputs, weights);
  return b.gather(b.over(type), inputs, indices, [&](Scalars in) {
    Scalars weights = in.drop_front(combinations);
    std::optional<Scalar> sum;
    for (int64_t combination = 0; combination < combinations; ++combination) {
      Scalar term = in[combination].cast(weights[0].getType());
      for (int64_t dim = 0; dim < dims; ++dim)
        term = term * weights[dim * taps + getTap(combination, dim)];
      sum = sum ? *sum + term : term;
    }
    return *sum;
  });
}

void lowering::populateGridSample(LoweringTable &table) {
  table.add(lowerGridSample);
}
