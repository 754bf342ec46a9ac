//===- Conflicts.cpp - Whether a write destroys a value -------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/Conflicts.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

void Extent::add(const Layout &layout) {
  if (layout.isEmpty())
    return;
  bool isFirst = begin == end;
  begin = isFirst ? layout.offset : std::min(begin, layout.offset);
  end = isFirst ? layout.getEnd() : std::max(end, layout.getEnd());
}

bool Extent::meets(const Layout &layout) const {
  return layout.offset < end && begin < layout.getEnd();
}

/// `written` is one of the writers of what `value` holds.
static bool holds(const Aliasing &aliasing, int value, int written) {
  return llvm::binary_search(aliasing.writers[value], written);
}

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

/// Up to the step of `written`, what `value` holds in the bytes of `footprint`
/// has been written.
static bool isWrittenBefore(const Network &network, const Aliasing &aliasing,
                            int value, const Layout &footprint, int written) {
  bool found = false;
  for (int writer : aliasing.writers[value])
    if (network.values[writer].step <= network.values[written].step)
      aliasing.forEachWrite(network, writer, [&](const Layout &bytes) {
        found |= mayOverlap(bytes, footprint);
      });
  return found;
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
    return holds(aliasing, value, written);
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
                 isWrittenBefore(network, aliasing, source, footprint, written);
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
  if (!mayOverlap(footprint, layout))
    return false;
  if (holds(aliasing, read, written))
    return written != read &&
           isOverOtherPart(network, aliasing, written, footprint, read);
  int time = network.values[written].step;
  for (const Read &access : aliasing.reads[read]) {
    if (access.step < time)
      continue;
    const std::optional<Box> &box = access.touched;
    if (box && !mayOverlap(footprint, getBox(layout, box->offsets, box->shape)))
      continue;
    if (access.step > time
            ? isWrittenBefore(network, aliasing, read, footprint, written)
            : !isSafeInPlace(network, aliasing, written, read, access))
      return true;
  }
  return false;
}

/// `outputs` are the values of the storage that the caller gets.
static bool mayWrite(const Network &network, const AliasOptions &options,
                     const Aliasing &aliasing, const Storage &storage,
                     ArrayRef<int> outputs, int written) {
  if (aliasing.isInArena(storage) || network.values[written].step < 0)
    return true;
  return llvm::any_of(outputs, [&](int value) {
    if (options.outputsAsScratch)
      return network.values[value].getType().getElementType() ==
             network.values[written].getType().getElementType();
    return holds(aliasing, value, written);
  });
}

bool schedule::hasConflict(const Network &network, const AliasOptions &options,
                           const Aliasing &aliasing, const Storage &storage,
                           ArrayRef<int> writing, ArrayRef<int> reading,
                           std::optional<Extent> near) {
  SmallVector<int> outputs;
  if (storage.kind == Storage::Output)
    for (int value : storage.values)
      if (network.values[value].output == storage.index)
        outputs.push_back(value);
  bool found = false;
  for (int written : writing) {
    bool isFirst = true;
    aliasing.forEachWrite(network, written, [&](const Layout &footprint) {
      if (found || (near && !near->meets(footprint)))
        return;
      if (std::exchange(isFirst, false))
        found =
            !mayWrite(network, options, aliasing, storage, outputs, written);
      found =
          found || llvm::any_of(reading, [&](int read) {
            return isOverwritten(network, aliasing, written, footprint, read);
          });
    });
    if (found)
      return true;
  }
  return false;
}
