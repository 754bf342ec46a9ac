//===- Aliasing.cpp - Which values share memory ---------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Takes ties, one after the other, as long as no read loses what was meant for
// it; the rule is in Aliasing.h, Network.h lists the kinds of ties.
//
//     %a = nn.map ... ins(%x)                  4 elements
//     %b = nn.map ... ins(%y)                  4 elements
//     %c = nn.assemble (%a at [0], %b at [4])  8 elements
//     %d = nn.map ... ins(%c)                  8 elements
//
// Both parts are written where %c has them, and %d, which reads an element of
// %c just before it writes the same one, goes over it: one storage of 8
// elements, and nothing is copied. Had a later layer read %c, %d would get its
// own.
//
// Whether a tie does harm shows when its values lie in one storage: `merge`
// moves them there, looks for conflicts, and puts all back if there is one.
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/Aliasing.h"
#include "passes/schedule/Conflicts.h"
#include "passes/schedule/Packing.h"
#include "passes/schedule/TieLayout.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

std::pair<int, int> Aliasing::getLifetime(const Storage &storage,
                                          const Network &network) const {
  int last = std::min(storage.last, network.getEnd() - 1);
  if (storage.kind == Storage::Input)
    last = std::max(last, 0);
  return {std::max(storage.first, 0), last};
}

int64_t Aliasing::getPeak(const Network &network) const {
  std::vector<MemoryBlock> blocks;
  for (const Storage &storage : storages)
    if (isInArena(storage)) {
      auto [first, last] = getLifetime(storage, network);
      blocks.push_back({storage.bytes, first, last});
    }
  return getLowerBound(blocks);
}

void Aliasing::forEachWrite(
    const Network &network, int value,
    llvm::function_ref<void(const Layout &)> visit) const {
  const TensorInfo &info = network.values[value];
  const Layout &layout = layouts[value];
  if (info.kind == TensorInfo::Empty || info.kind == TensorInfo::Reshape)
    return;
  if (info.kind != TensorInfo::Result)
    return visit(layout);
  const Step &step = network.steps[info.step];
  auto assemble = dyn_cast<nn::AssembleOp>(step.op);
  for (int index : tiesInto[value]) {
    const Tie &tie = network.ties[index];
    if (tie.kind == Tie::Slice && taken[index])
      return;
    if (assemble && !taken[index])
      visit(getBox(layout, assemble.getPartOffsets(tie.index),
                   network.values[tie.source].getShape()));
  }
  for (const Box &box : step.filled)
    visit(getBox(layout, box.offsets, box.shape));
  if (assemble)
    return;
  visit(info.written
            ? getBox(layout, info.written->offsets, info.written->shape)
            : layout);
}

bool Aliasing::isWritten(const Network &network, int value) const {
  bool found = false;
  forEachWrite(network, value, [&](const Layout &) { found = true; });
  return found;
}

namespace {
class Solver {
public:
  Solver(const Network &network, const AliasOptions &options,
         const llvm::BitVector &refused)
      : network(network), options(options), refused(refused) {
    size_t size = network.values.size();
    result.ioInArena = options.ioInArena;
    result.taken.resize(network.ties.size());
    result.storages.resize(size);
    result.storageOf.resize(size);
    result.writers.resize(size);
    result.tiesInto.resize(size);
    for (auto [id, value] : llvm::enumerate(network.values)) {
      Storage &storage = result.storages[id];
      storage.bytes = value.bytes;
      storage.values.push_back(id);
      storage.index = id;
      if (value.kind == TensorInfo::Constant)
        storage.kind = Storage::Constant;
      if (value.kind == TensorInfo::Input) {
        storage.kind = Storage::Input;
        storage.index = cast<BlockArgument>(value.value).getArgNumber();
      }
      result.storageOf[id] = id;
      result.layouts.push_back(
          Layout::getContiguous(value.getShape(), value.elementBytes));
      result.reads.push_back(value.reads);
      if (value.output >= 0)
        result.reads.back().push_back({network.getEnd(), -1, {}});
    }
    for (auto [index, tie] : llvm::enumerate(network.ties)) {
      if (!tie.sharesContent())
        continue;
      result.tiesInto[tie.target].push_back(index);
      if (tie.kind != Tie::Reshape)
        result.reads[tie.source].push_back({tie.step, -1, {}});
    }
    for (size_t id = 0; id < size; ++id)
      updateWriters(id);
    for (size_t id = 0; id < size; ++id)
      updateLifetime(id);
  }

  Aliasing run() {
    // A reshape costs nothing and excludes nothing: first. Results of the
    // function are where they are. Then what saves copies, and last what
    // saves memory only.
    takeAll(Tie::Reshape);
    bindOutputs();
    takeAll(Tie::Outs);
    takeAll(Tie::Part);
    takeAll(Tie::Slice);
    if (options.inPlace) {
      takeInPlace(/*equalStorages=*/true);
      takeInPlace(/*equalStorages=*/false);
    }
    return std::move(result);
  }

private:
  void takeAll(Tie::Kind kind) {
    for (auto [index, tie] : llvm::enumerate(network.ties))
      if (tie.kind == kind && !refused[index])
        take(index);
  }

  void takeInPlace(bool equalStorages) {
    for (auto [index, tie] : llvm::enumerate(network.ties)) {
      if (tie.kind != Tie::InPlace || refused[index])
        continue;
      Storage &from = getStorage(tie.source), &to = getStorage(tie.target);
      bool equal = from.kind == Storage::Arena && to.kind == Storage::Arena &&
                   from.bytes == to.bytes;
      if (equal == equalStorages)
        take(index);
    }
  }

  void bindOutputs() {
    for (auto [id, value] : llvm::enumerate(network.values)) {
      Storage &storage = getStorage(id);
      if (value.output < 0 || storage.kind != Storage::Arena || !isWhole(id))
        continue;
      storage.kind = Storage::Output;
      storage.index = value.output;
    }
  }

  Storage &getStorage(int value) {
    return result.storages[result.storageOf[value]];
  }

  bool isWhole(int value) {
    const Layout &layout = result.layouts[value];
    return layout.offset == 0 && layout.isContiguous() &&
           layout.getNumBytes() == getStorage(value).bytes;
  }

  //===--------------------------------------------------------------------===//
  // Writers
  //===--------------------------------------------------------------------===//

  bool isWritten(int value) { return result.isWritten(network, value); }

  void updateWriters(int value) {
    SmallVector<int> found;
    if (isWritten(value))
      found.push_back(value);
    for (int tie : result.tiesInto[value])
      if (result.taken[tie])
        llvm::append_range(found, result.writers[network.ties[tie].source]);
    llvm::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    result.writers[value] = std::move(found);
  }

  void updateLifetime(int storageIndex) {
    Storage &storage = result.storages[storageIndex];
    storage.first = network.getEnd();
    storage.last = -1;
    auto extend = [&](int step) {
      storage.first = std::min(storage.first, step);
      storage.last = std::max(storage.last, step);
    };
    for (int value : storage.values) {
      if (isWritten(value))
        extend(network.values[value].step);
      for (const Read &read : result.reads[value])
        extend(read.step);
    }
  }

  //===--------------------------------------------------------------------===//
  // Ties
  //===--------------------------------------------------------------------===//

  bool take(int index) {
    const Tie &tie = network.ties[index];
    std::optional<Layout> target =
        getTargetLayout(network, tie, result.layouts[tie.source]);
    if (result.storageOf[tie.source] == result.storageOf[tie.target])
      return tie.sharesContent() && target &&
             target->isSameAs(result.layouts[tie.target]) &&
             merge(index, tie.source, tie.target, *target);
    if (target && merge(index, tie.source, tie.target, *target))
      return true;
    std::optional<Layout> source =
        getSourceLayout(network, tie, result.layouts[tie.target]);
    return source && merge(index, tie.target, tie.source, *source);
  }

  /// Moves the storage of `moved`, which `moved` must fill, into that of
  /// `host`, where `moved` gets `layout`; then takes the tie. Leaves all as it
  /// was where that makes a conflict or costs memory.
  bool merge(int index, int host, int moved, const Layout &layout) {
    const Tie &tie = network.ties[index];
    Storage &into = getStorage(host), &from = getStorage(moved);
    SmallVector<Layout> layouts;
    if (&into != &from) {
      if (from.kind != Storage::Arena || !isWhole(moved) || layout.offset < 0 ||
          layout.getEnd() > into.bytes)
        return false;
      for (int value : from.values) {
        // `moved` itself keeps the strides of its dimensions of size 1.
        std::optional<Layout> composed =
            value == moved ? layout : compose(result.layouts[value], layout);
        if (!composed)
          return false;
        layouts.push_back(*composed);
      }
    }
    bool mayCost = tie.kind == Tie::InPlace &&
                   (into.kind != from.kind || into.bytes != from.bytes);
    int64_t peak = mayCost ? result.getPeak(network) : 0;

    Undo undo = {into, from, result.reads[tie.source], {}, {}};
    if (&into != &from)
      moveValues(into, from, layouts, undo);
    result.taken.set(index);
    if (tie.sharesContent())
      shareContent(tie, into, undo);
    updateLifetime(result.storageOf[host]);
    if (!hasConflicts(tie, into, &into == &from, undo) &&
        (!mayCost || result.getPeak(network) <= peak))
      return true;

    result.taken.reset(index);
    result.reads[tie.source] = undo.reads;
    for (auto &[value, old] : undo.writers)
      result.writers[value] = old;
    into = undo.into;
    from = undo.from;
    for (auto [value, old] : llvm::zip(from.values, undo.layouts)) {
      result.layouts[value] = old;
      result.storageOf[value] = &from - result.storages.data();
    }
    return false;
  }

  /// What a merge changes, as it was before.
  struct Undo {
    Storage into, from;
    SmallVector<Read, 2> reads;
    SmallVector<Layout> layouts;
    SmallVector<std::pair<int, SmallVector<int>>> writers;
  };

  void moveValues(Storage &into, Storage &from, ArrayRef<Layout> layouts,
                  Undo &undo) {
    for (auto [value, layout] : llvm::zip_equal(from.values, layouts)) {
      undo.layouts.push_back(result.layouts[value]);
      result.layouts[value] = layout;
      result.storageOf[value] = &into - result.storages.data();
    }
    llvm::append_range(into.values, from.values);
    from.values.clear();
    from.first = network.getEnd();
    from.last = -1;
  }

  /// The tie's target, and all that is made of it, gets the source's writers.
  void shareContent(const Tie &tie, const Storage &storage, Undo &undo) {
    SmallVector<Read, 2> &reads = result.reads[tie.source];
    auto copy = llvm::find_if(reads, [&](const Read &read) {
      return read.step == tie.step && read.operand == -1;
    });
    // What a layer does not overwrite must last until it does the rest.
    if (tie.kind == Tie::Outs)
      copy->operand = tie.index;
    else if (tie.kind != Tie::Reshape)
      reads.erase(copy);
    SmallVector<int> values(storage.values);
    llvm::sort(values);
    llvm::SmallDenseSet<int> changed = {tie.target};
    for (int value : values) {
      bool depends = llvm::any_of(result.tiesInto[value], [&](int index) {
        return result.taken[index] &&
               changed.contains(network.ties[index].source);
      });
      if (value != tie.target && !depends)
        continue;
      changed.insert(value);
      undo.writers.emplace_back(value, result.writers[value]);
      updateWriters(value);
    }
  }

  /// Pairs of one old storage are as they were, unless the reader has more
  /// writers now: those of the tie's source. What does not meet their bytes
  /// does nothing new to it.
  bool hasConflicts(const Tie &tie, const Storage &storage, bool isSame,
                    const Undo &undo) {
    auto conflicts = [&](ArrayRef<int> writing, ArrayRef<int> reading) {
      return hasConflict(network, options, result, storage, writing, reading);
    };
    SmallVector<int> changed;
    for (auto &[value, old] : undo.writers)
      changed.push_back(value);
    Extent added;
    added.add(result.layouts[tie.source]);
    for (int writer : result.writers[tie.source])
      result.forEachWrite(network, writer,
                          [&](const Layout &bytes) { added.add(bytes); });
    if (!changed.empty() && hasConflict(network, options, result, storage,
                                        storage.values, changed, added))
      return true;
    return !isSame && (conflicts(undo.from.values, undo.into.values) ||
                       conflicts(undo.into.values, undo.from.values));
  }

  const Network &network;
  const AliasOptions &options;
  const llvm::BitVector &refused;
  Aliasing result;
};
} // namespace

Aliasing tenon::schedule::solveAliasing(const Network &network,
                                        const AliasOptions &options,
                                        const llvm::BitVector &refused) {
  return Solver(network, options, refused).run();
}
