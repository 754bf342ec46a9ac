//===- PackWeights.cpp - Weights in the order in which a kernel reads -----===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A filter [o][k] of 40 outputs under a schedule of 32-wide panels becomes
//
//     [o 0..31][k][32], then [o 32..39 and 8 zeros][k][16]   (16 lanes)
//
// so that a step of the reduction reads one run of memory. For dot products of
// bytes, a step is a word of four neighbours along the innermost reduction:
//
//     [o 0..31][k / 4][32][4], ...
//
// and for products of shorts lane by lane, a word of one short. Weights of four
// bits lie two to a byte, those of neighbouring steps (SubByte.h):
//
//     [o 0..31][k / 2][32]
//
//===----------------------------------------------------------------------===//

#include "passes/lower/PackWeights.h"
#include "passes/lower/SubByte.h"

#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace tenon;

WeightPacking tenon::getWeightPacking(const Nest &nest,
                                      const KernelSchedule &schedule,
                                      const NestAccess &access) {
  WeightPacking packing;
  for (auto [index, dim] : llvm::enumerate(nest.dims)) {
    if (dim.reduction)
      packing.depth *= dim.size;
    else if (index != schedule.vectorDim && access.strides[index] != 0)
      packing.outer.push_back(index);
  }
  if (schedule.dot.isInSum())
    packing.unit = schedule.dot.getStep() / schedule.dot.getPackedBytes();
  packing.width =
      llvm::alignTo(nest.dims[*schedule.vectorDim].size, schedule.lanes);
  return packing;
}

static nn::ContractOp getContract(const Nest &nest) {
  return cast<nn::ContractOp>(*nest.layer);
}

/// All that `access` addresses along `dims`, the last of them fastest.
static SmallVector<int64_t> getOffsets(const Nest &nest,
                                       const NestAccess &access,
                                       ArrayRef<unsigned> dims,
                                       int64_t offset) {
  SmallVector<int64_t> offsets{offset};
  for (unsigned dim : dims) {
    SmallVector<int64_t> next;
    for (int64_t at : offsets)
      for (int64_t i = 0; i < nest.dims[dim].size; ++i)
        next.push_back(at + i * access.strides[dim]);
    offsets = std::move(next);
  }
  return offsets;
}

std::optional<std::vector<char>> tenon::orderExtra(const Nest &nest,
                                                   NestAccess &access,
                                                   ArrayRef<char> source,
                                                   unsigned elementBytes) {
  ArrayRef<int64_t> results = nest.outputs[0].strides;
  SmallVector<unsigned> dims;
  int64_t count = 1;
  bool isAcross = false;
  for (unsigned dim = 0; dim < nest.getNumParallel(); ++dim) {
    int64_t stride = access.strides[dim];
    if (stride == 0)
      continue;
    dims.push_back(dim);
    count *= nest.dims[dim].size;
    isAcross |= stride != 1 && results[dim] == 1;
  }
  if (!isAcross || count * elementBytes > int64_t(source.size()))
    return std::nullopt;
  llvm::stable_sort(
      dims, [&](unsigned a, unsigned b) { return results[a] > results[b]; });
  std::vector<char> ordered(count * elementBytes);
  char *out = ordered.data();
  for (int64_t at : getOffsets(nest, access, dims, access.offset)) {
    std::memcpy(out, source.data() + at * elementBytes, elementBytes);
    out += elementBytes;
  }
  access.offset = 0;
  int64_t stride = 1;
  for (unsigned dim : llvm::reverse(dims)) {
    access.strides[dim] = stride;
    stride *= nest.dims[dim].size;
  }
  return ordered;
}

std::vector<char> tenon::packBytes(const Nest &nest,
                                   const KernelSchedule &schedule,
                                   const NestAccess &access,
                                   ArrayRef<char> source,
                                   unsigned elementBytes) {
  WeightPacking packing = getWeightPacking(nest, schedule, access);
  // Source offsets of every step of the reduction, in order.
  auto reductions = llvm::to_vector(
      llvm::seq<unsigned>(nest.getNumParallel(), nest.dims.size()));
  SmallVector<int64_t> steps =
      getOffsets(nest, access, reductions, access.offset);
  SmallVector<int64_t> rows = getOffsets(nest, access, packing.outer, 0);

  int64_t size = nest.dims[*schedule.vectorDim].size;
  int64_t stride = access.strides[*schedule.vectorDim];
  // What one lane holds of one step: an element, those of a word, or a word of
  // one short.
  const DotSchedule &dot = schedule.dot;
  int64_t unit = dot.getStep(), groups = nest.dims.back().size;
  int64_t part = dot.getPart(groups);
  bool widens = dot.form == DotForm::Singles;
  int64_t laneBytes = widens ? kWordBytes : unit * elementBytes;
  int64_t zero = dot ? getPackedForm(getContract(nest), dot.weights).zero : 0;
  // From one step of the innermost reduction to the next one, or the next group
  // of them.
  int64_t perGroup = dot.inParts ? unit : dot.getGroup();
  int64_t next = access.strides.back() / perGroup;
  auto getNumber = [&](int64_t at) {
    return getPackedNumber(getContract(nest), dot, source[at]);
  };
  std::vector<char> result(rows.size() * packing.depth * packing.width *
                           laneBytes);
  char *out = result.data();
  auto writeLane = [&](int64_t from, int64_t group) {
    if (!dot && dot.share == 1)
      std::memcpy(out, source.data() + from * elementBytes, elementBytes);
    else if (widens)
      llvm::support::endian::write16le(out, getNumber(from) - zero);
    else
      for (int64_t i = 0; i < dot.getGroup(); ++i) {
        int64_t step = i / unit * part + i % unit;
        bool isThere = group * perGroup + step < dot.length;
        insertNumber(out[i % unit], i / unit, dot.share,
                     isThere ? getNumber(from + step * next) : zero);
      }
    out += laneBytes;
  };
  for (int64_t row : rows)
    for (int64_t start = 0; start < size; start += schedule.getPanel()) {
      int64_t valid = std::min(size - start, schedule.getPanel());
      int64_t panel = llvm::alignTo(valid, schedule.lanes);
      for (auto [index, step] : llvm::enumerate(steps)) {
        for (int64_t lane = 0; lane < valid; ++lane)
          writeLane(row + step + (start + lane) * stride,
                    int64_t(index) % groups);
        out += (panel - valid) * laneBytes;
      }
    }
  return result;
}
