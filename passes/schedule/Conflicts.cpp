//===- Conflicts.cpp - Whether a write destroys what is still read --------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/Conflicts.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

/// At the step that reads `read` and writes `written`: each element is read
/// before it is overwritten.
static bool isSafeInPlace(const Network &network, const Aliasing &aliasing,
                          int written, int read, const Read &access) {
  auto layer = dyn_cast<nn::LayerOpInterface>(network.steps[access.step].op);
  if (!layer || access.operand < 0)
    return false;
  const Layout &from = aliasing.layouts[read], &to = aliasing.layouts[written];
  unsigned output = network.getOutputOperand(written);
  if (access.operand == int(output))
    return from.isSameAs(to);
  if (!isReadWhenFinished(layer, access.operand))
    return false;
  return isSameElement(layer, access.operand, from, output, to);
}

/// `read` is made of what `written` writes, among others: the bytes of
/// `footprint` go over what another one has written before.
///
///     %c = nn.map ins(%m)                       the first 2 of 3 elements
///     %y = nn.assemble (%c at [0], %r at [2])
///
/// With %m in the place of %c, its third element is the first one of %r.
static bool isOverOtherPart(const Network &network, const Aliasing &aliasing,
                            int written, const Layout &footprint, int read) {
  auto holdsWritten = [&](int value) {
    return llvm::is_contained(aliasing.writers[value], written);
  };
  auto isWrittenBefore = [&](int value) {
    bool found = false;
    for (int writer : aliasing.writers[value])
      if (network.values[writer].step <= network.values[written].step)
        aliasing.forEachWrite(network, writer, [&](const Layout &bytes) {
          found |= mayOverlap(bytes, footprint);
        });
    return found;
  };
  ArrayRef<int> ties = aliasing.tiesInto[read];
  for (int index : ties) {
    const Tie &tie = network.ties[index];
    if (!aliasing.taken[index] || !holdsWritten(tie.source))
      continue;
    if (isOverOtherPart(network, aliasing, written, footprint, tie.source))
      return true;
    if (tie.kind == Tie::Part && llvm::any_of(ties, [&](int other) {
          int source = network.ties[other].source;
          return aliasing.taken[other] && !holdsWritten(source) &&
                 mayOverlap(footprint, aliasing.layouts[source]) &&
                 isWrittenBefore(source);
        }))
      return true;
  }
  return false;
}

/// Writing the bytes of `footprint` at the step of `written` destroys what some
/// read of `read` needs.
static bool isOverwritten(const Network &network, const Aliasing &aliasing,
                          int written, const Layout &footprint, int read) {
  const Layout &layout = aliasing.layouts[read];
  ArrayRef<int> writers = aliasing.writers[read];
  if (!mayOverlap(footprint, layout))
    return false;
  if (llvm::is_contained(writers, written))
    return written != read &&
           isOverOtherPart(network, aliasing, written, footprint, read);
  int time = network.values[written].step;
  auto isLost = [&] {
    bool lost = false;
    for (int writer : writers)
      if (network.values[writer].step <= time)
        aliasing.forEachWrite(network, writer, [&](const Layout &bytes) {
          lost |= mayOverlap(bytes, footprint);
        });
    return lost;
  };
  for (const Read &access : aliasing.reads[read]) {
    if (access.step < time)
      continue;
    const std::optional<Box> &box = access.touched;
    if (box && !mayOverlap(footprint, getBox(layout, box->offsets, box->shape)))
      continue;
    if (access.step > time
            ? isLost()
            : !isSafeInPlace(network, aliasing, written, read, access))
      return true;
  }
  return false;
}

static bool mayWrite(const Network &network, const AliasOptions &options,
                     const Aliasing &aliasing, const Storage &storage,
                     int written) {
  if (aliasing.isInArena(storage) || network.values[written].step < 0)
    return true;
  if (storage.kind != Storage::Output)
    return false;
  return llvm::any_of(storage.values, [&](int value) {
    const TensorInfo &info = network.values[value];
    if (info.output != storage.index)
      return false;
    if (options.outputsAsScratch)
      return info.getType().getElementType() ==
             network.values[written].getType().getElementType();
    return llvm::is_contained(aliasing.writers[value], written);
  });
}

bool schedule::hasConflict(const Network &network, const AliasOptions &options,
                           const Aliasing &aliasing, const Storage &storage,
                           ArrayRef<int> writing, ArrayRef<int> reading) {
  bool found = false;
  for (int written : writing)
    aliasing.forEachWrite(network, written, [&](const Layout &footprint) {
      found =
          found || !mayWrite(network, options, aliasing, storage, written) ||
          llvm::any_of(reading, [&](int read) {
            return isOverwritten(network, aliasing, written, footprint, read);
          });
    });
  return found;
}
