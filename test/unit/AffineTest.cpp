//===- AffineTest.cpp - Affine maps of layers, as numbers -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Affine.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace tenon;

TEST(Affine, RangeOfALinearExpressionIsExact) {
  MLIRContext context;
  AffineExpr i, j;
  bindDims(&context, i, j);
  auto range = nn::getRange(i * 2 - j * 3 + 1, {4, 5});
  ASSERT_TRUE(range);
  EXPECT_EQ(range->low, -11);
  EXPECT_EQ(range->high, 7);
}

TEST(Affine, WhatOverflowsHasNoRange) {
  MLIRContext context;
  AffineExpr i;
  bindDims(&context, i);
  constexpr int64_t kHuge = int64_t(1) << 62;
  EXPECT_FALSE(nn::getRange(i * kHuge, {4}));
  EXPECT_FALSE(nn::getRange(i * kHuge + kHuge, {2}));
  EXPECT_FALSE(nn::getLinear((i * kHuge + 1) * 4, 1));
  EXPECT_TRUE(nn::getRange(i * kHuge, {2}));
}
