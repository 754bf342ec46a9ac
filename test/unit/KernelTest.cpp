//===- KernelTest.cpp - The kernel dialect's helpers ----------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Kernel.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace tenon;

TEST(Kernel, RawBytesOfDenseAttributeAreItsElements) {
  MLIRContext context;
  auto type = RankedTensorType::get({3}, IntegerType::get(&context, 8));
  auto value = DenseElementsAttr::get(type, ArrayRef<int8_t>{1, -2, 3});
  ArrayRef<char> bytes = kernel::getRawBytes(value);
  ASSERT_EQ(bytes.size(), 3u);
  EXPECT_EQ(bytes[1], static_cast<char>(-2));
}

TEST(Kernel, ModuleWithoutTargetHasNone) {
  MLIRContext context;
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  EXPECT_FALSE(kernel::getTarget(*module));
}
