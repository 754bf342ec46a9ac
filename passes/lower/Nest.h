//===- Nest.h - A layer as a loop nest over flat memory ---------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The form on which kernels are scheduled and built: a layer on memrefs with
// all shapes and maps boiled down to integers. Every access is
//
//     base[offset + sum of stride[d] * index of dimension d]
//
// and a window that leaves its operand is a guard, 0 <= linear < size. Unit
// dimensions vanish, neighbours that are contiguous in every operand become
// one (the pixels of a 1x1 convolution; all of an elementwise layer).
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_LOWER_NEST_H
#define TENON_PASSES_LOWER_NEST_H

#include "dialects/nn/Nn.h"

namespace tenon {

struct NestDim {
  int64_t size;
  bool reduction;
  /// The dimension of the layer whose `nn.index` needs this one as it is.
  std::optional<unsigned> indexed;
  /// What the dimension is called in emitted code; empty for a plain counter.
  llvm::StringRef name = {};
};

struct NestAccess {
  unsigned operand;
  mlir::Type elementType;
  /// Of integers that share bytes of memory: what they are (SubByte.h).
  mlir::IntegerType subByte = {};
  int64_t offset = 0;
  llvm::SmallVector<int64_t> strides;
  /// Ordinals of index operands whose elements, times the stride, are added;
  /// the elements must lie in [0, size).
  struct Indirection {
    unsigned index;
    int64_t stride, size;
  };
  llvm::SmallVector<Indirection> indirections;
};

/// 0 <= constant + sum of coefficients[d] * index of d < size, or the point is
/// skipped.
struct NestGuard {
  llvm::SmallVector<int64_t> coefficients;
  int64_t constant, size;
};

struct Nest {
  nn::LayerOpInterface layer;
  /// Parallel dimensions first; reductions in the order of summation.
  llvm::SmallVector<NestDim> dims;
  llvm::SmallVector<NestAccess> inputs, extras, indices, outputs;
  llvm::SmallVector<NestGuard> guards;

  /// The nest of a layer on memrefs with static strides. Fails with an error
  /// at the layer when a map is neither linear nor made so by splitting
  /// dimensions.
  static mlir::FailureOr<Nest> get(nn::LayerOpInterface layer);

  /// Calls `function` on every access.
  void forEachAccess(llvm::function_ref<void(NestAccess &)> function);

  unsigned getNumParallel() const;

  /// Drops unit dimensions and guards that always hold, merges dimensions.
  void simplify();

  /// Narrows dimension `dim` to [low, high), renumbered from 0.
  void restrict(unsigned dim, int64_t low, int64_t high);
};

/// The flat memory that `value` is a view of; null when there is none.
mlir::Value getBase(mlir::Value value);

/// The smallest and largest index of `dim` at which `guard` holds for every
/// value of the other dimensions, as [first, last + 1); empty when first is
/// not less than the second.
std::pair<int64_t, int64_t> getInterior(const Nest &nest,
                                        const NestGuard &guard, unsigned dim);

} // namespace tenon

#endif // TENON_PASSES_LOWER_NEST_H
