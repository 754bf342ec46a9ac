//===- Aliasing.h - Which values share memory -------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each value gets a storage and a layout in it. Two values are put into one
// storage by a tie; a tie is taken only if, afterwards, every read still finds
// what was meant for it (Conflicts.h).
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_ALIASING_H
#define TENON_PASSES_SCHEDULE_ALIASING_H

#include "passes/schedule/Network.h"
#include "llvm/ADT/BitVector.h"

namespace tenon::schedule {

struct Storage {
  enum Kind { Arena, Input, Output, Constant };
  Kind kind = Arena;
  /// Of the argument or the result of the function; the id of the constant.
  int index = 0;
  int64_t bytes = 0;
  llvm::SmallVector<int> values;
  /// The steps of the first write and of the last read or write.
  int first = 0, last = -1;
};

struct AliasOptions {
  /// Results of the function may hold other values before their own.
  bool outputsAsScratch = false;
  /// Only what costs a copy otherwise; nothing in place.
  bool inPlace = true;
  /// Inputs and results of the function lie in the arena, too; before and after
  /// their time, their memory may hold other values.
  bool ioInArena = false;
};

struct Aliasing {
  std::vector<Storage> storages; // without values: merged into others
  std::vector<int> storageOf;    // of each value
  std::vector<Layout> layouts;   // of each value
  llvm::BitVector taken;         // of each tie
  /// The ties that share content, by their target.
  std::vector<llvm::SmallVector<int>> tiesInto;
  /// Reads by layers, and by the copies for ties that were not taken.
  std::vector<llvm::SmallVector<Read, 2>> reads;
  /// Whose steps write what each value holds: the value itself, and through
  /// ties that share content, those that it is made of. Sorted.
  std::vector<llvm::SmallVector<int>> writers;
  bool ioInArena = false;

  /// The storage gets a place in the arena.
  bool isInArena(const Storage &storage) const {
    return storage.kind == Storage::Arena ||
           (ioInArena && storage.kind != Storage::Constant);
  }
  /// The steps at which it is in use. What the caller writes is there at the
  /// first one, whoever reads it.
  std::pair<int, int> getLifetime(const Storage &storage,
                                  const Network &network) const;

  /// The most bytes of arena storages in use at once.
  int64_t getPeak(const Network &network) const;
  /// Calls `visit` for the bytes that the value's own step (or the caller)
  /// writes, in its storage. There are none where it is only made of others.
  void forEachWrite(const Network &network, int value,
                    llvm::function_ref<void(const Layout &)> visit) const;
  bool isWritten(const Network &network, int value) const;
};

/// Decides for all ties but those of `refused`. Deterministic.
Aliasing solveAliasing(const Network &network, const AliasOptions &options,
                       const llvm::BitVector &refused);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_ALIASING_H
