//===- PackWeights.h - Weights in the order of reading ----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_LOWER_PACKWEIGHTS_H
#define TENON_PASSES_LOWER_PACKWEIGHTS_H

#include "passes/lower/KernelSchedule.h"

namespace tenon {

/// Where packed data of an input lie: panels of the schedule's width, each in
/// the order of the reduction loops, one after the other.
struct WeightPacking {
  /// Elements of one panel step, that is the product of the reductions.
  int64_t depth = 1;
  /// Elements that one lane holds of a step.
  int64_t unit = 1;
  /// Elements of a whole row of panels, padded to full vectors.
  int64_t width = 0;
  /// Parallel dimensions other than the vector dimension that select a row of
  /// panels (groups), outermost first.
  llvm::SmallVector<unsigned> outer;
};

/// The packing of `access` under `schedule`.
WeightPacking getWeightPacking(const Nest &nest, const KernelSchedule &schedule,
                               const NestAccess &access);

/// Rearranges `source`, elements of `elementBytes` bytes addressed by
/// `access`, into panels. Padding lanes are zero. Words of a dot product are
/// filled up with the zero point of the weights.
std::vector<char> packBytes(const Nest &nest, const KernelSchedule &schedule,
                            const NestAccess &access,
                            llvm::ArrayRef<char> source, unsigned elementBytes);

/// Lets the elements of an extra, which `source` are, lie in the order of the
/// results that read them; `access` addresses what is returned. None where they
/// do already as far as vectors ask for it, or would become more.
std::optional<std::vector<char>> orderExtra(const Nest &nest,
                                            NestAccess &access,
                                            llvm::ArrayRef<char> source,
                                            unsigned elementBytes);

} // namespace tenon

#endif // TENON_PASSES_LOWER_PACKWEIGHTS_H
