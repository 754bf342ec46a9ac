//===- OrderSearchTest.cpp - Orders that need little memory
//----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/OrderSearch.h"
#include "gtest/gtest.h"
#include <numeric>
#include <random>

using namespace tenon::schedule;

/// A network in which each node makes one buffer from some earlier ones, and
/// may take the place of the first.
static OrderProblem getRandomProblem(unsigned seed, int size) {
  std::mt19937 random(seed);
  OrderProblem problem;
  for (int node = 0; node < size; ++node) {
    problem.predecessors.emplace_back();
    problem.buffers.push_back({int64_t(1 + random() % 100), {node}, {node}});
    for (int reads = random() % 3; reads >= 0 && node > 0; --reads) {
      int from = std::max<int>(0, node - 1 - random() % 5);
      problem.predecessors[node].push_back(from);
      problem.buffers[from].users.push_back(node);
      if (random() % 3 == 0)
        problem.reuses.push_back({node, from, node});
    }
  }
  return problem;
}

static bool isPossible(const OrderProblem &problem, llvm::ArrayRef<int> order) {
  std::vector<bool> done(problem.getNumNodes());
  for (int node : order) {
    for (int before : problem.predecessors[node])
      if (!done[before])
        return false;
    done[node] = true;
  }
  return int(order.size()) == problem.getNumNodes();
}

static int64_t getLeastPeak(const OrderProblem &problem) {
  std::vector<int> order(problem.getNumNodes());
  std::iota(order.begin(), order.end(), 0);
  int64_t least = getPeak(problem, order);
  while (std::next_permutation(order.begin(), order.end()))
    if (isPossible(problem, order))
      least = std::min(least, getPeak(problem, order));
  return least;
}

TEST(OrderSearch, WideBranchDiesFirst) {
  // 0 feeds 1 and 2, which are wide; 3 and 4 make them narrow; 5 joins.
  OrderProblem problem;
  problem.predecessors = {{}, {0}, {0}, {1}, {2}, {3, 4}};
  problem.buffers = {{10, {0}, {0, 1, 2}}, {100, {1}, {1, 3}},
                     {90, {2}, {2, 4}},    {5, {3}, {3, 5}},
                     {5, {4}, {4, 5}},     {5, {5}, {5}}};
  EXPECT_EQ(getPeak(problem, {0, 1, 2, 3, 4, 5}), 200);
  EXPECT_EQ(getPeak(problem, findOrder(problem, 1000)), 115);
}

TEST(OrderSearch, OrderThatIsBestStays) {
  OrderProblem problem;
  problem.predecessors = {{}, {0}, {0}, {1, 2}};
  problem.buffers = {{10, {0}, {0, 1, 2}},
                     {10, {1}, {1, 3}},
                     {10, {2}, {2, 3}},
                     {10, {3}, {3}}};
  EXPECT_EQ(findOrder(problem, 1000), (std::vector<int>{0, 1, 2, 3}));
}

TEST(OrderSearch, MemoryThatIsTakenOverCountsOnce) {
  OrderProblem problem;
  problem.predecessors = {{}, {0}};
  problem.buffers = {{10, {0}, {0, 1}}, {10, {1}, {1}}};
  EXPECT_EQ(getPeak(problem, {0, 1}), 20);
  problem.reuses = {{1, 0, 1}};
  EXPECT_EQ(getPeak(problem, {0, 1}), 10);
}

TEST(OrderSearch, IsAsGoodAsAllPermutations) {
  for (unsigned seed = 0; seed < 150; ++seed) {
    OrderProblem problem = getRandomProblem(seed, 8);
    std::vector<int> order = findOrder(problem, 100000);
    ASSERT_TRUE(isPossible(problem, order)) << "seed " << seed;
    ASSERT_EQ(getPeak(problem, order), getLeastPeak(problem))
        << "seed " << seed;
  }
}

TEST(OrderSearch, BeamIsNeverWorseThanTheGivenOrder) {
  int better = 0;
  for (unsigned seed = 0; seed < 20; ++seed) {
    OrderProblem problem = getRandomProblem(seed, 200);
    std::vector<int> given(200);
    std::iota(given.begin(), given.end(), 0);
    std::vector<int> order = findOrder(problem, 10);
    ASSERT_TRUE(isPossible(problem, order)) << "seed " << seed;
    ASSERT_LE(getPeak(problem, order), getPeak(problem, given)) << seed;
    better += getPeak(problem, order) < getPeak(problem, given);
  }
  EXPECT_GT(better, 10);
}

TEST(OrderSearch, ManyThatCouldBeNextAreNoReasonToStop) {
  // 0 feeds wide nodes, which each feed a narrow one; the last node joins them.
  const int count = 400, size = 2 * count + 2;
  OrderProblem problem;
  problem.predecessors.resize(size);
  problem.buffers.push_back({10, {0}, {0}});
  for (int i = 1; i <= count; ++i) {
    problem.predecessors[i] = {0};
    problem.predecessors[count + i] = {i};
    problem.predecessors.back().push_back(count + i);
    problem.buffers.front().users.push_back(i);
    problem.buffers.push_back({100, {i}, {i, count + i}});
    problem.buffers.push_back({1, {count + i}, {count + i, size - 1}});
  }
  std::vector<int> order = findOrder(problem, 1000);
  ASSERT_TRUE(isPossible(problem, order));
  // The last wide buffer beside all narrow ones but its own.
  EXPECT_EQ(getPeak(problem, order), 10 + 100 + count - 1);
}
