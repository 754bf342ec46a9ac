//===- GridSample.cpp - Sampling at computed places -----------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The grid gives a place in each dimension of the input. Tables of indices and
// weights of its neighbours are computed, a dimension at a time; then one
// gather sums over all combinations:
//
//   y[n, c, p] = sum over i of rowWeights[i, n, p] *
//       sum over j of columnWeights[j, n, p] *
//           x[n, c, rows[i, n, p], columns[j, n, p]]
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

#include <cmath>

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

/// More would be a gather of thousands of operands.
static constexpr double kMaxCombinations = 64;

namespace {
/// A dimension of the input.
struct Dimension {
  onnx::GridSampleOp op;
  double size;
  int64_t taps;

  /// The first place, and the distance to the last.
  double low = op.getAlignCorners() ? 0 : -0.5, length = size - 1 - 2 * low;

  /// Back and forth between the borders.
  Scalar reflect(Scalar place) {
    if (length == 0)
      return place * 0.0;
    Scalar away = abs(place - low);
    away = away - floor(away / (2 * length)) * (2 * length);
    return min(away, 2 * length - away) + low;
  }
  Scalar clamp(Scalar place) { return min(max(place, 0), size - 1); }
  /// From the coordinate between -1 and 1.
  Scalar getPlace(Scalar coordinate) {
    Scalar place = (coordinate + 1.0) * (length / 2) + low;
    if (taps == 1)
      place = roundEven(place);
    if (op.getPaddingMode() == "border")
      return clamp(place);
    return op.getPaddingMode() == "reflection" ? reflect(place) : place;
  }
  /// Neighbour `tap`, not yet inside the input.
  Scalar getNeighbour(Scalar place, Scalar tap) {
    return taps == 1 ? roundEven(place)
                     : floor(place) + tap + double(1 - taps / 2);
  }
  Scalar getIndex(Scalar neighbour) {
    return clamp(op.getPaddingMode() == "reflection" ? reflect(neighbour)
                                                     : neighbour);
  }
  Scalar getWeight(Scalar place, Scalar neighbour) {
    Scalar weight = taps == 1
                        ? place.like(1)
                        : getTapWeight(taps == 4, -0.75, neighbour - place);
    if (op.getPaddingMode() != "zeros")
      return weight;
    return select((neighbour < 0) | (neighbour > size - 1), 0, weight);
  }
};
} // namespace

static Lowered lowerGridSample(onnx::GridSampleOp op, LayerBuilder &b) {
  Value x = op.getX(), grid = op.getGrid();
  int64_t dims = getRank(x) - 2;
  int64_t taps = op.getMode() == "nearest" ? 1
                 : op.getMode() == "cubic" ? 4
                                           : 2;
  if (dims < 1 || getShape(grid).back() != dims || getRank(grid) != dims + 2 ||
      getType(x).getNumElements() == 0 ||
      std::pow(taps, dims) > kMaxCombinations)
    return b.refuse("expects a place for each of at most three dimensions");
  Ints shape = {taps}; // [taps][n][places...]
  llvm::append_range(shape, getShape(grid).drop_back());
  Type compute = getComputeType(getElement(x));
  SmallVector<Access> indices, weights, inputs = {{x, {b.d(0), b.d(1)}}};
  for (int64_t dim = 0; dim < dims; ++dim) {
    Dimension dimension{op, double(getShape(x)[2 + dim]), taps};
    Access coordinate{grid, b.dims(dims + 1, 1)};
    coordinate.index.push_back(b.c(dims - 1 - dim)); // x comes first
    auto addTable = [&](SmallVector<Access> &to, Type type, auto element) {
      Value table =
          b.map(b.over(RankedTensorType::get(shape, type)), coordinate,
                [&](Scalars in) {
                  Type type = getComputeType(in[0].getType());
                  Scalar place = dimension.getPlace(in[0].cast(type));
                  return element(place, dimension.getNeighbour(
                                            place, b.index(0).cast(type)));
                });
      for (int64_t tap = 0; tap < taps; ++tap) {
        to.push_back({table, {b.c(tap), b.d(0)}});
        llvm::append_range(to.back().index, b.dims(dims, 2));
      }
    };
    addTable(indices, b.getI64Type(), [&](Scalar, Scalar neighbour) {
      return dimension.getIndex(neighbour);
    });
    addTable(weights, compute, [&](Scalar place, Scalar neighbour) {
      return dimension.getWeight(place, neighbour);
    });
    // Each combination so far, with each neighbour in this dimension.
    SmallVector<Access> combinations;
    for (const Access &input : inputs)
      for (int64_t tap = 0; tap < taps; ++tap) {
        combinations.push_back(input);
        combinations.back().index.push_back(b.s(dim * taps + tap));
      }
    inputs = combinations;
  }
  int64_t combinations = inputs.size();
  llvm::append_range(inputs, weights);
  return b.gather(b.over(getType(op.getY())), inputs, indices, [&](Scalars in) {
    Scalars weights = in.drop_front(combinations);
    SmallVector<Scalar> sums =
        llvm::map_to_vector(in.take_front(combinations),
                            [&](Scalar value) { return value.cast(compute); });
    // The last dimension varies fastest.
    for (; !weights.empty(); weights = weights.drop_back(taps)) {
      SmallVector<Scalar> terms = std::exchange(sums, {});
      for (auto [index, term] : llvm::enumerate(terms)) {
        term = term * weights.take_back(taps)[index % taps];
        if (index % taps == 0)
          sums.push_back(term);
        else
          sums.back() = sums.back() + term;
      }
    }
    return sums[0];
  });
}

void lowering::populateGridSample(LoweringTable &table) {
  table.add(lowerGridSample);
}
