//===- Conflicts.h - Whether a write destroys a value -----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rule that memory is shared by:
//
//   a write W at step t and a read of z at step s, whose bytes overlap, are in
//   conflict unless
//     - z holds what W wrote (W is one of z's writers), and nothing of others
//       that was there before, or
//     - s < t, or
//     - s = t, and the layer reads z at the element that it writes, or
//     - s > t, and what z holds there is written after t.
//
// Memory of the caller has a rule of its own: inputs and constants are never
// written, and a result of the function holds nothing but itself.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_CONFLICTS_H
#define TENON_PASSES_SCHEDULE_CONFLICTS_H

#include "passes/schedule/Aliasing.h"

namespace tenon::schedule {

/// Bytes of a storage.
struct Extent {
  int64_t begin = 0, end = 0;

  void add(const Layout &layout);
  bool meets(const Layout &layout) const;
};

/// Some write of the values `writing`, all in `storage`, is not allowed there
/// or destroys what a read of the values `reading` needs. Only writes that meet
/// `near` are looked at, if it is given.
bool hasConflict(const Network &network, const AliasOptions &options,
                 const Aliasing &aliasing, const Storage &storage,
                 llvm::ArrayRef<int> writing, llvm::ArrayRef<int> reading,
                 std::optional<Extent> near = std::nullopt);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_CONFLICTS_H
