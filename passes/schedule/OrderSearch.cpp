//===- OrderSearch.cpp - The order that needs the least memory ------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two chains W -> A and O -> B, where W makes 1000 bytes, O 900, A and B 10
// each:
//
//     sets on the way          in use after each      peak
//     W, WO, WOA, WOAB         1000, 1900, 910, 20    1910
//     W, WA, WAO, WAOB         1000, 10, 910, 20      1010
//
// `Model` says what one more node does to the bytes in use, `Piece` searches
// between two cuts, `findOrder` makes the cuts. A piece is only asked for
// orders with a lower peak than the given one, which stays where there is none:
// the result is never worse, and the bound cuts the search short.
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/OrderSearch.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/STLExtras.h"
#include <limits>
#include <numeric>
#include <queue>
#include <unordered_map>

using namespace llvm;
using namespace tenon::schedule;

/// States of one level that the beam keeps.
static constexpr size_t kBeamWidth = 64;
/// States that it looks at in all: with more of them to come, it gets narrower,
/// and in the end gives up.
static constexpr size_t kBeamStates = 1 << 20;
static constexpr size_t kMaxBeamStates = 1 << 24;

namespace {
/// What one more node does.
struct Effect {
  int64_t during; // bytes in use while it runs, over those before it
  int64_t after;  // and after it
};

/// Buffers by the nodes that touch them.
class Model {
public:
  explicit Model(const OrderProblem &problem)
      : problem(problem), touched(problem.getNumNodes()),
        reuses(problem.getNumNodes()) {
    for (auto [index, buffer] : enumerate(problem.buffers)) {
      for (int node : buffer.users)
        touched[node].push_back(index);
    }
    for (SmallVector<int> &list : touched) {
      llvm::sort(list);
      list.erase(std::unique(list.begin(), list.end()), list.end());
    }
    for (const OrderProblem::Reuse &reuse : problem.reuses)
      reuses[reuse.node].push_back(reuse);
  }

  template <typename Done> Effect getEffect(int node, Done isDone) const {
    auto begins = [&](const OrderProblem::Buffer &buffer) {
      return is_contained(buffer.writers, node) &&
             none_of(buffer.writers, isDone);
    };
    // The last ones first: they tell soonest.
    auto ends = [&](const OrderProblem::Buffer &buffer) {
      return all_of(reverse(buffer.users),
                    [&](int user) { return user == node || isDone(user); });
    };
    Effect effect = {0, 0};
    for (int index : touched[node]) {
      const OrderProblem::Buffer &buffer = problem.buffers[index];
      if (begins(buffer)) {
        effect.during += buffer.bytes;
        effect.after += buffer.bytes;
      }
      if (ends(buffer))
        effect.after -= buffer.bytes;
    }
    SmallVector<int> used;
    for (const OrderProblem::Reuse &reuse : reuses[node]) {
      const auto &from = problem.buffers[reuse.from];
      const auto &to = problem.buffers[reuse.to];
      if (is_contained(used, reuse.from) || is_contained(used, reuse.to) ||
          to.bytes > from.bytes || !ends(from) || !begins(to))
        continue;
      used.push_back(reuse.from);
      used.push_back(reuse.to);
      effect.during -= to.bytes;
    }
    return effect;
  }

  /// No order uses fewer bytes while the node runs, without those of buffers
  /// that `isCounted`.
  template <typename Counted>
  int64_t getLeast(int node, Counted isCounted) const {
    int64_t least = 0;
    for (int index : touched[node])
      if (!isCounted(index))
        least += problem.buffers[index].bytes;
    SmallVector<int> reused;
    for (const OrderProblem::Reuse &reuse : reuses[node]) {
      int64_t bytes = problem.buffers[reuse.to].bytes;
      if (is_contained(reused, reuse.to) ||
          bytes > problem.buffers[reuse.from].bytes)
        continue;
      reused.push_back(reuse.to);
      least -= bytes;
    }
    return least;
  }

  const OrderProblem &problem;

private:
  std::vector<SmallVector<int>> touched;
  std::vector<SmallVector<OrderProblem::Reuse, 1>> reuses;
};

/// The nodes `first` to `last` - 1, when all before them have run.
class Piece {
public:
  Piece(const Model &model, int first, int last, int64_t live)
      : model(model), first(first), last(last), live(live) {}

  /// An order with a peak below `limit`, or none.
  std::vector<int> find(int64_t limit, int64_t maxStates) {
    std::vector<int> order;
    if (getLeast() < limit && !findBest(limit, maxStates, order))
      findByBeam(limit, order);
    return order;
  }

private:
  using Set = BitVector;
  struct Hash {
    size_t operator()(const Set &set) const {
      return hash_combine_range(set.getData().begin(), set.getData().end());
    }
  };
  struct State {
    Set set;
    int64_t peak, live;
    int parent, node, count;
  };

  /// The most that one of the nodes needs in any order.
  int64_t getLeast() const {
    ArrayRef<OrderProblem::Buffer> buffers = model.problem.buffers;
    BitVector through(buffers.size());
    int64_t bytes = 0, most = 0;
    for (auto [index, buffer] : enumerate(buffers))
      if (any_of(buffer.writers, [&](int node) { return node < first; }) &&
          any_of(buffer.users, [&](int node) { return node >= last; })) {
        through.set(index);
        bytes += buffer.bytes;
      }
    for (int node = first; node < last; ++node)
      most = std::max(most, model.getLeast(node, [&](int index) {
        return through[index];
      }));
    return bytes + most;
  }

  bool isReady(int node, const Set &set) const {
    return !set[node - first] &&
           all_of(reverse(model.problem.predecessors[node]), [&](int before) {
             return before < first || set[before - first];
           });
  }

  /// The states after one more node. Where a node takes nothing, now or later,
  /// there is no need to look at others.
  template <typename Visit> void expand(int index, int64_t limit, Visit visit) {
    SmallVector<State> next;
    const State state = states[index];
    for (int node = first; node < last; ++node) {
      if (!isReady(node, state.set))
        continue;
      Effect effect = model.getEffect(node, [&](int other) {
        return other < first || (other < last && state.set[other - first]);
      });
      int64_t peak = std::max(state.peak, state.live + effect.during);
      if (peak >= limit)
        continue;
      State after = {state.set, peak, state.live + effect.after,
                     index,     node, state.count + 1};
      after.set.set(node - first);
      if (peak == state.peak && effect.after <= 0) {
        visit(std::move(after));
        return;
      }
      next.push_back(std::move(after));
    }
    for (State &after : next)
      visit(std::move(after));
  }

  void start() {
    states.clear();
    states.push_back({Set(last - first), 0, live, -1, -1, 0});
  }

  void trace(int index, std::vector<int> &order) const {
    for (; states[index].parent >= 0; index = states[index].parent)
      order.push_back(states[index].node);
    std::reverse(order.begin(), order.end());
  }

  /// False where there are too many states.
  bool findBest(int64_t limit, int64_t maxStates, std::vector<int> &order) {
    start();
    std::unordered_map<Set, int64_t, Hash> seen; // and the least peak
    auto isLater = [&](int a, int b) {
      return std::make_tuple(states[a].peak, -states[a].count, a) >
             std::make_tuple(states[b].peak, -states[b].count, b);
    };
    std::priority_queue<int, std::vector<int>, decltype(isLater)> queue(
        isLater);
    queue.push(0);
    while (!queue.empty()) {
      int index = queue.top();
      queue.pop();
      if (states[index].count == last - first) {
        trace(index, order);
        return true;
      }
      auto known = seen.find(states[index].set);
      if (known != seen.end() && known->second < states[index].peak)
        continue;
      if (int64_t(states.size()) > maxStates)
        return false;
      expand(index, limit, [&](State state) {
        auto [found, isNew] = seen.try_emplace(state.set, state.peak);
        if (!isNew && found->second <= state.peak)
          return;
        found->second = state.peak;
        states.push_back(std::move(state));
        queue.push(states.size() - 1);
      });
    }
    return true;
  }

  void findByBeam(int64_t limit, std::vector<int> &order) {
    start();
    std::vector<int> beam = {0};
    for (int count = first; count < last && !beam.empty(); ++count) {
      std::vector<State> level;
      std::unordered_map<Set, int, Hash> seen;
      for (int index : beam)
        expand(index, limit, [&](State state) {
          auto [found, isNew] = seen.try_emplace(state.set, level.size());
          if (isNew)
            level.push_back(std::move(state));
          else if (state.peak < level[found->second].peak)
            level[found->second] = std::move(state);
        });
      SmallVector<int> best(level.size());
      std::iota(best.begin(), best.end(), 0);
      llvm::sort(best, [&](int a, int b) {
        return std::make_tuple(level[a].peak, level[a].live, a) <
               std::make_tuple(level[b].peak, level[b].live, b);
      });
      best.truncate(std::min(
          best.size(), getBeamWidth(level.size() / beam.size(), last - count)));
      // Only the way back is still needed of the level before.
      for (int index : beam)
        states[index].set = Set();
      beam.clear();
      for (int index : best) {
        beam.push_back(states.size());
        states.push_back(std::move(level[index]));
      }
    }
    if (!beam.empty())
      trace(beam.front(), order);
  }

  /// With so many states after each one, on so many levels to come.
  static size_t getBeamWidth(size_t next, size_t levels) {
    size_t expected = std::max<size_t>(next, 1) * levels;
    if (expected > kMaxBeamStates)
      return 0;
    return std::clamp<size_t>(kBeamStates / expected, 1, kBeamWidth);
  }

  const Model &model;
  int first, last;
  int64_t live;
  std::vector<State> states;
};
} // namespace

/// The nodes that come before or after every other one.
static BitVector findCuts(const OrderProblem &problem) {
  int size = problem.getNumNodes();
  std::vector<BitVector> before(size, BitVector(size));
  std::vector<int> related(size);
  for (int node = 0; node < size; ++node) {
    for (int other : problem.predecessors[node]) {
      before[node] |= before[other];
      before[node].set(other);
    }
    related[node] += before[node].count();
    for (int other : before[node].set_bits())
      ++related[other];
  }
  BitVector cuts(size);
  for (int node = 0; node < size; ++node)
    cuts[node] = related[node] == size - 1;
  return cuts;
}

int64_t tenon::schedule::getPeak(const OrderProblem &problem,
                                 ArrayRef<int> order) {
  Model model(problem);
  BitVector done(problem.getNumNodes());
  int64_t live = 0, peak = 0;
  for (int node : order) {
    Effect effect =
        model.getEffect(node, [&](int other) { return done[other]; });
    peak = std::max(peak, live + effect.during);
    live += effect.after;
    done.set(node);
  }
  return peak;
}

std::vector<int> tenon::schedule::findOrder(const OrderProblem &problem,
                                            int64_t maxStates) {
  int size = problem.getNumNodes();
  std::vector<int> result(size);
  std::iota(result.begin(), result.end(), 0);
  // The relation of all pairs takes memory and time.
  if (size > 10000)
    return result;
  Model model(problem);
  BitVector cuts = findCuts(problem);
  int64_t live = 0;
  for (int first = 0; first < size;) {
    int last = first + 1;
    while (!cuts[first] && last < size && !cuts[last])
      ++last;
    // What the given order needs here, and is to be beaten.
    int64_t peak = 0, after = live;
    for (int node = first; node < last; ++node) {
      Effect effect =
          model.getEffect(node, [&](int other) { return other < node; });
      peak = std::max(peak, after + effect.during);
      after += effect.after;
    }
    if (last - first > 1) {
      std::vector<int> order =
          Piece(model, first, last, live).find(peak, maxStates);
      llvm::copy(order, result.begin() + first);
    }
    live = after;
    first = last;
  }
  return result;
}
