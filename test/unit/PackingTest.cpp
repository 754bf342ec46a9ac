//===- PackingTest.cpp - Offsets for blocks with lifetimes ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/Packing.h"
#include "gtest/gtest.h"
#include <random>

using namespace tenon::schedule;

static std::vector<MemoryBlock> getRandomBlocks(unsigned seed, int count,
                                                int steps, int64_t maxSize) {
  std::mt19937 random(seed);
  std::vector<MemoryBlock> blocks;
  for (int i = 0; i < count; ++i) {
    int first = random() % steps;
    int last = std::min<int>(steps - 1, first + random() % 4);
    int64_t alignment = int64_t(1) << (random() % 4);
    blocks.push_back({int64_t(random() % maxSize), first, last, alignment});
  }
  return blocks;
}

/// `i` dies where `j` begins, and lies as far behind it as it must.
static bool mayShare(const std::vector<MemoryOverlap> &overlaps,
                     const Packing &packing, size_t i, size_t j) {
  for (const MemoryOverlap &overlap : overlaps)
    if (size_t(overlap.dying) == i && size_t(overlap.beginning) == j)
      return packing.offsets[i] - packing.offsets[j] >= overlap.lag;
  return false;
}

/// Offsets are aligned, and no two blocks have a byte at the same step.
static bool isValid(const std::vector<MemoryBlock> &blocks,
                    const Packing &packing,
                    const std::vector<MemoryOverlap> &overlaps = {}) {
  for (size_t i = 0; i < blocks.size(); ++i) {
    const MemoryBlock &a = blocks[i];
    int64_t begin = packing.offsets[i], end = begin + a.size;
    if (begin < 0 || begin % a.alignment != 0 || end > packing.size)
      return false;
    for (size_t j = 0; j < i; ++j) {
      const MemoryBlock &b = blocks[j];
      bool meet = a.first <= b.last && b.first <= a.last && a.size && b.size;
      if (meet && begin < packing.offsets[j] + b.size &&
          packing.offsets[j] < end && !mayShare(overlaps, packing, i, j) &&
          !mayShare(overlaps, packing, j, i))
        return false;
    }
  }
  return true;
}

TEST(Packing, BlocksThatNeverMeetShareBytes) {
  Packing packing = pack({{100, 0, 1}, {100, 2, 3}, {100, 4, 5}});
  EXPECT_EQ(packing.size, 100);
}

TEST(Packing, BlocksThatMeetAtOneStepDoNot) {
  Packing packing = pack({{100, 0, 2}, {50, 2, 3}});
  EXPECT_EQ(packing.size, 150);
}

TEST(Packing, ABlockLiesOverOneThatDies) {
  std::vector<MemoryBlock> blocks = {{96, 0, 1, 8}, {96, 1, 2, 8}};
  Packing packing = pack(blocks, {{0, 1, 16}});
  EXPECT_EQ(packing.size, 112);
  EXPECT_EQ(packing.offsets[0] - packing.offsets[1], 16);
}

TEST(Packing, SmallAndLargeBlocksLieOverOnesThatDie) {
  EXPECT_EQ(pack({{96, 0, 1}, {32, 1, 2}}, {{0, 1, 8}}).size, 104);
  EXPECT_EQ(pack({{32, 0, 1}, {96, 1, 2}}, {{0, 1, 8}}).size, 96);
  EXPECT_EQ(pack({{32, 0, 1}, {96, 1, 2}}, {{0, 1, 80}}).size, 112);
}

TEST(Packing, AChainOfOverlapsNeedsOneBlockAndTheLag) {
  std::vector<MemoryBlock> blocks = {
      {64, 0, 1, 8}, {64, 1, 2, 8}, {64, 2, 3, 8}, {64, 3, 4, 8}};
  std::vector<MemoryOverlap> overlaps = {{0, 1, 8}, {1, 2, 8}, {2, 3, 8}};
  EXPECT_EQ(getLowerBound(blocks, overlaps), 72);
  Packing packing = pack(blocks, overlaps);
  EXPECT_TRUE(isValid(blocks, packing, overlaps));
  EXPECT_LE(packing.size, 88);
}

TEST(Packing, EmptyBlocksNeedNothing) {
  EXPECT_EQ(pack({}).size, 0);
  std::vector<MemoryBlock> blocks = {{0, 0, 5, 8}, {16, 0, 5, 8}, {0, 1, 1, 8}};
  Packing packing = pack(blocks);
  EXPECT_EQ(packing.size, 16);
  EXPECT_TRUE(isValid(blocks, packing));
}

TEST(Packing, OffsetsAreAligned) {
  std::vector<MemoryBlock> blocks = {
      {3, 0, 1, 1}, {64, 0, 1, 64}, {5, 0, 1, 4}};
  Packing packing = pack(blocks);
  EXPECT_EQ(packing.offsets[1] % 64, 0);
  EXPECT_EQ(packing.offsets[2] % 4, 0);
  EXPECT_TRUE(isValid(blocks, packing));
}

TEST(Packing, UnevenBlocksReachTheBound) {
  std::vector<MemoryBlock> blocks = {{4, 0, 1}, {3, 1, 2}, {3, 2, 3},
                                     {4, 3, 4}, {4, 2, 2}, {3, 0, 0}};
  EXPECT_EQ(pack(blocks).size, getLowerBound(blocks));
}

/// The small block lies between two large ones, which must then lie at the same
/// end.
TEST(Packing, ChainWithASmallLinkAlternatesEnds) {
  std::vector<MemoryBlock> blocks = {
      {512, 0, 1, 64}, {512, 1, 2, 64}, {512, 2, 3, 64}, {512, 3, 4, 64},
      {32, 4, 5, 32},  {512, 5, 6, 64}, {512, 6, 7, 64}, {512, 7, 8, 64}};
  Packing packing = pack(blocks);
  EXPECT_EQ(packing.size, 1024);
  EXPECT_TRUE(isValid(blocks, packing));
}

TEST(Packing, IsTheSameTwice) {
  std::vector<MemoryBlock> blocks = getRandomBlocks(7, 80, 40, 1000);
  EXPECT_EQ(pack(blocks).offsets, pack(blocks).offsets);
}

TEST(Packing, RandomBlocksDoNotOverlapAndComeNearTheBound) {
  double sum = 0;
  for (unsigned seed = 0; seed < 100; ++seed) {
    std::vector<MemoryBlock> blocks = getRandomBlocks(seed, 40, 30, 4096);
    Packing packing = pack(blocks);
    ASSERT_TRUE(isValid(blocks, packing)) << "seed " << seed;
    double ratio = double(packing.size) / getLowerBound(blocks);
    EXPECT_GE(ratio, 1) << "seed " << seed;
    EXPECT_LE(ratio, 1.1) << "seed " << seed;
    sum += ratio;
  }
  EXPECT_LE(sum / 100, 1.01);
}

TEST(Packing, RandomOverlapsAreAsFarApartAsTheyMust) {
  int64_t with = 0, without = 0;
  for (unsigned seed = 0; seed < 10; ++seed) {
    std::vector<MemoryBlock> blocks = getRandomBlocks(seed, 40, 30, 4096);
    std::vector<MemoryOverlap> overlaps;
    std::mt19937 random(seed);
    for (int i = 0; i < int(blocks.size()); ++i)
      for (int j = 0; j < int(blocks.size()); ++j)
        if (i != j && blocks[i].last == blocks[j].first && random() % 2)
          overlaps.push_back({i, j, int64_t(random() % 512)});
    Packing packing = pack(blocks, overlaps);
    ASSERT_TRUE(isValid(blocks, packing, overlaps)) << "seed " << seed;
    with += packing.size;
    without += pack(blocks).size;
  }
  EXPECT_LT(with, without);
}

TEST(Packing, ValidityCheckSeesOverlapAndMisalignment) {
  std::vector<MemoryBlock> blocks = {{8, 0, 1, 8}, {8, 1, 2, 8}};
  EXPECT_TRUE(isValid(blocks, {{0, 8}, 16}));
  EXPECT_FALSE(isValid(blocks, {{0, 4}, 16}));
  EXPECT_FALSE(isValid(blocks, {{0, 0}, 8}));
  EXPECT_FALSE(isValid(blocks, {{0, 8}, 12}));
}
