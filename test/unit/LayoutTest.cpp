//===- LayoutTest.cpp - Strided views of bytes
//-----------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/Layout.h"
#include "gtest/gtest.h"
#include <random>
#include <set>

using namespace tenon::schedule;

/// The bytes of a layout, in the order of its elements.
static std::vector<int64_t> getBytes(const Layout &layout) {
  std::vector<int64_t> bytes;
  forEachRun(layout, [&](int64_t begin, int64_t length) {
    for (int64_t byte = begin; byte < begin + length; ++byte)
      bytes.push_back(byte);
  });
  return bytes;
}

static Layout getRandomBox(std::mt19937 &random, const Layout &layout) {
  llvm::SmallVector<int64_t> offsets, shape;
  for (int64_t size : layout.shape) {
    offsets.push_back(random() % size);
    shape.push_back(1 + random() % (size - offsets.back()));
  }
  return getBox(layout, offsets, shape);
}

TEST(Layout, RunsOfABoxAreItsRows) {
  Layout box = getBox(Layout::getContiguous({4, 5}, 2), {1, 2}, {2, 3});
  std::vector<std::pair<int64_t, int64_t>> runs;
  forEachRun(box, [&](int64_t begin, int64_t length) {
    runs.emplace_back(begin, length);
  });
  EXPECT_EQ(runs, (std::vector<std::pair<int64_t, int64_t>>{{14, 6}, {24, 6}}));
}

TEST(Layout, RowsOfFullWidthAreOneRun) {
  Layout rows =
      getBox(Layout::getContiguous({4, 5, 3}, 4), {1, 0, 0}, {2, 5, 3});
  EXPECT_TRUE(rows.isContiguous());
  EXPECT_EQ(coalesce(rows).shape.size(), 1u);
}

TEST(Layout, ColumnsFirstIsNotRowMajor) {
  Layout columns = Layout::getContiguous({1, 3, 2}, 4);
  columns.strides = {24, 4, 12};
  EXPECT_EQ(columns.getEnd(), columns.getNumBytes());
  EXPECT_FALSE(columns.isContiguous());
}

TEST(Layout, WindowsThatOverlapAreNotInjective) {
  Layout windows;
  windows.shape = {6, 3};
  windows.elementBytes = 4;
  windows.strides = {4, 4};
  EXPECT_FALSE(isInjective(windows));
  windows.strides = {12, 4};
  EXPECT_TRUE(isInjective(windows));
  windows.strides = {4, 24};
  EXPECT_TRUE(isInjective(windows));
}

TEST(Layout, ReshapeOfChannelsKeepsPixels) {
  Layout channels =
      getBox(Layout::getContiguous({4, 4, 8}, 4), {0, 0, 2}, {4, 4, 3});
  // Pixels may be counted through; a pixel and its channels may not.
  EXPECT_TRUE(reshape(channels, {16, 3}).has_value());
  EXPECT_TRUE(reshape(channels, {2, 2, 2, 2, 3, 1}).has_value());
  EXPECT_FALSE(reshape(channels, {48}).has_value());
  EXPECT_FALSE(reshape(channels, {4, 12}).has_value());
}

TEST(Layout, RandomReshapesKeepTheOrderOfBytes) {
  std::mt19937 random(1);
  int kept = 0;
  for (int i = 0; i < 2000; ++i) {
    Layout box = getRandomBox(random, Layout::getContiguous({4, 6, 4}, 4));
    int64_t count = box.getNumElements(), first = 1 + random() % count;
    if (count % first != 0)
      continue;
    std::optional<Layout> other = reshape(box, {first, count / first});
    kept += other.has_value();
    if (other)
      ASSERT_EQ(getBytes(*other), getBytes(box)) << i;
    else
      ASSERT_FALSE(box.isContiguous()) << i;
  }
  EXPECT_GT(kept, 100);
}

TEST(Layout, RandomComposeIsCompositionOfBytes) {
  std::mt19937 random(2);
  int kept = 0;
  for (int i = 0; i < 2000; ++i) {
    Layout outer = getRandomBox(random, Layout::getContiguous({3, 4, 5}, 2));
    Layout whole = Layout::getContiguous(outer.shape, 2);
    Layout inner = getRandomBox(random, whole);
    std::optional<Layout> both = compose(inner, outer);
    ASSERT_TRUE(both.has_value()) << i;
    std::vector<int64_t> outerBytes = getBytes(outer), expected;
    for (int64_t byte : getBytes(inner))
      expected.push_back(outerBytes[byte]);
    ASSERT_EQ(getBytes(*both), expected) << i;
    ++kept;
  }
  EXPECT_EQ(kept, 2000);
}

TEST(Layout, RandomBoxesThatDoNotOverlapAreNearlyAllSeen) {
  std::mt19937 random(3);
  int apart = 0, seen = 0;
  for (int i = 0; i < 5000; ++i) {
    Layout whole = Layout::getContiguous({4, 5, 6}, 4);
    whole.offset = 4 * (random() % 50);
    Layout a = getRandomBox(random, whole), b = getRandomBox(random, whole);
    std::set<int64_t> bytes;
    for (int64_t byte : getBytes(a))
      bytes.insert(byte);
    bool overlap = llvm::any_of(
        getBytes(b), [&](int64_t byte) { return bytes.count(byte) != 0; });
    if (overlap) {
      ASSERT_TRUE(mayOverlap(a, b)) << i;
      continue;
    }
    ++apart;
    seen += !mayOverlap(a, b);
  }
  EXPECT_GT(apart, 500);
  EXPECT_GE(seen, apart * 99 / 100) << apart;
}

TEST(Layout, UncoveredBorderIsRowsThenColumns) {
  llvm::SmallVector<Box> border =
      getUncovered({6, 8, 3}, {{{1, 2, 0}, {4, 5, 3}}});
  ASSERT_EQ(border.size(), 4u);
  EXPECT_EQ(border[0].shape, (llvm::SmallVector<int64_t>{1, 8, 3}));
  EXPECT_EQ(border[1].shape, (llvm::SmallVector<int64_t>{4, 2, 3}));
  EXPECT_EQ(border[2].shape, (llvm::SmallVector<int64_t>{4, 1, 3}));
  EXPECT_EQ(border[3].shape, (llvm::SmallVector<int64_t>{1, 8, 3}));
}

TEST(Layout, RandomUncoveredBoxesCoverTheRestOnce) {
  std::mt19937 random(4);
  for (int i = 0; i < 500; ++i) {
    Layout whole = Layout::getContiguous({5, 4, 3}, 1);
    std::vector<int> covered(60);
    std::vector<Box> parts;
    for (int tries = 0; tries < 4; ++tries) {
      Box box;
      for (int64_t size : whole.shape) {
        box.offsets.push_back(random() % size);
        box.shape.push_back(1 + random() % (size - box.offsets.back()));
      }
      std::vector<int64_t> bytes =
          getBytes(getBox(whole, box.offsets, box.shape));
      if (llvm::any_of(bytes, [&](int64_t byte) { return covered[byte] != 0; }))
        continue;
      for (int64_t byte : bytes)
        ++covered[byte];
      parts.push_back(box);
    }
    for (const Box &box : getUncovered(whole.shape, parts))
      for (int64_t byte : getBytes(getBox(whole, box.offsets, box.shape)))
        ++covered[byte];
    ASSERT_EQ(covered, std::vector<int>(60, 1)) << i;
  }
}
