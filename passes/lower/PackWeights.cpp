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

std::vector<char> tenon::packBytes(const Nest &nest,
                                   const KernelSchedule &schedule,
                                   const NestAccess &access,
                                   ArrayRef<char> source,
                                   unsigned elementBytes) {
  WeightPacking packing = getWeightPacking(nest, schedule, access);
  // Source offsets of every step of the reduction, in order.
  SmallVector<int64_t> steps{access.offset};
  auto extend = [&](SmallVector<int64_t> &offsets, unsigned dim) {
    SmallVector<int64_t> next;
    for (int64_t offset : offsets)
      for (int64_t i = 0; i < nest.dims[dim].size; ++i)
        next.push_back(offset + i * access.strides[dim]);
    offsets = std::move(next);
  };
  for (auto [index, dim] : llvm::enumerate(nest.dims))
    if (dim.reduction)
      extend(steps, index);
  SmallVector<int64_t> rows{0};
  for (unsigned dim : packing.outer)
    extend(rows, dim);

  int64_t size = nest.dims[*schedule.vectorDim].size;
  int64_t stride = access.strides[*schedule.vectorDim];
  // What one lane holds of one step: an element, those of a word, or a word of
  // one short.
  const DotSchedule &dot = schedule.dot;
  int64_t group = dot.getGroup();
  bool widens = dot.form == DotForm::Singles;
  int64_t laneBytes = widens ? kWordBytes : dot.getStep() * elementBytes;
  int64_t zero = dot ? getPackedForm(getContract(nest), dot.weights).zero : 0;
  int64_t next = access.strides.back() / group;
  int64_t lastOfRow = nest.dims.back().size - 1;
  auto getNumber = [&](int64_t at) {
    return getPackedNumber(getContract(nest), dot, source[at]);
  };
  std::vector<char> result(rows.size() * packing.depth * packing.width *
                           laneBytes);
  char *out = result.data();
  auto writeLane = [&](int64_t from, int64_t count) {
    if (!dot && dot.share == 1)
      std::memcpy(out, source.data() + from * elementBytes, elementBytes);
    else if (widens)
      llvm::support::endian::write16le(out, getNumber(from) - zero);
    else
      for (int64_t i = 0; i < group; ++i)
        insertNumber(out[i % dot.getStep()], i / dot.getStep(), dot.share,
                     i < count ? getNumber(from + i * next) : zero);
    out += laneBytes;
  };
  for (int64_t row : rows)
    for (int64_t start = 0; start < size; start += schedule.getPanel()) {
      int64_t valid = std::min(size - start, schedule.getPanel());
      int64_t panel = llvm::alignTo(valid, schedule.lanes);
      for (auto [index, step] : llvm::enumerate(steps)) {
        bool isTail = dot.tail != 0 &&
                      int64_t(index) % nest.dims.back().size == lastOfRow;
        for (int64_t lane = 0; lane < valid; ++lane)
          writeLane(row + step + (start + lane) * stride,
                    isTail ? dot.tail : group);
        out += (panel - valid) * laneBytes;
      }
    }
  return result;
}
