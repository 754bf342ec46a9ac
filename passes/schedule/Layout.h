//===- Layout.h - Strided views of bytes ------------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_LAYOUT_H
#define TENON_PASSES_SCHEDULE_LAYOUT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <optional>

namespace tenon::schedule {

/// Where the elements of a tensor lie in a storage: element (i0, i1, ...) at
/// byte offset + i0 * strides[0] + i1 * strides[1] + ... Strides are positive.
struct Layout {
  int64_t offset = 0;
  llvm::SmallVector<int64_t> shape, strides;
  int64_t elementBytes = 1;

  /// Row-major without gaps, from byte 0 on.
  static Layout getContiguous(llvm::ArrayRef<int64_t> shape,
                              int64_t elementBytes);

  bool isEmpty() const;
  int64_t getNumElements() const;
  int64_t getNumBytes() const { return getNumElements() * elementBytes; }
  /// One past the last byte; the offset where there is no element.
  int64_t getEnd() const;
  /// Row-major without gaps, at any offset.
  bool isContiguous() const;
  /// The same bytes in the same order.
  bool isSameAs(const Layout &other) const;
};

/// The fewest dimensions that give the same bytes in the same order; one at
/// least.
Layout coalesce(const Layout &layout);

/// `inner` speaks of the elements of `outer` in row-major order, as if they
/// lay without gaps: the layout of the same elements where `outer` puts them.
/// None where that is not strided.
std::optional<Layout> compose(const Layout &inner, const Layout &outer);

/// The same elements, in row-major order, under another shape.
std::optional<Layout> reshape(const Layout &layout,
                              llvm::ArrayRef<int64_t> shape);

/// The box of `shape` at `offsets`.
Layout getBox(const Layout &layout, llvm::ArrayRef<int64_t> offsets,
              llvm::ArrayRef<int64_t> shape);

/// No two elements share a byte: each stride passes over all smaller ones.
bool isInjective(const Layout &layout);

/// False where no byte can belong to both; true is a guess where the strides
/// have nothing in common.
bool mayOverlap(const Layout &a, const Layout &b);

/// How many runs `forEachRun` visits.
int64_t countRuns(const Layout &layout);

/// Calls `visit(byte offset, bytes)` for the longest runs without a gap, in
/// row-major order.
void forEachRun(const Layout &layout,
                llvm::function_ref<void(int64_t, int64_t)> visit);

/// A box of the index space of a tensor.
struct Box {
  llvm::SmallVector<int64_t> offsets, shape;
};

/// Boxes that cover what `parts`, which do not overlap, leave of `shape`:
/// whole rows first, so that the most bytes lie in the longest runs.
llvm::SmallVector<Box> getUncovered(llvm::ArrayRef<int64_t> shape,
                                    llvm::ArrayRef<Box> parts);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_LAYOUT_H
