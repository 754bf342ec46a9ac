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

TEST(Kernel, DataOfLessThanAByteHaveTheirSign) {
  MLIRContext context;
  context.loadDialect<kernel::KernelDialect>();
  OpBuilder builder(&context);
  auto read = [&](Type type) {
    auto tensor = RankedTensorType::get({2}, type);
    auto value = DenseElementsAttr::get(
        tensor, {APInt(4, 9), APInt(4, 7)}); // the bits of -7, and 7
    OwningOpRef<kernel::GlobalOp> global = builder.create<kernel::GlobalOp>(
        UnknownLoc::get(&context), "w", value, /*alignment=*/IntegerAttr());
    return kernel::getData(*global);
  };
  EXPECT_EQ(read(builder.getIntegerType(4)), (std::vector<char>{-7, 7}));
  EXPECT_EQ(read(builder.getIntegerType(4, /*isSigned=*/false)),
            (std::vector<char>{9, 7}));
}

TEST(Kernel, ModuleWithoutTargetHasNone) {
  MLIRContext context;
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  EXPECT_FALSE(kernel::getTarget(*module));
}
