//===- LayerBuilderTest.cpp - What lowerings are given --------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/LayerBuilder.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace tenon;

TEST(LayerBuilder, AlwaysHasAReason) {
  MLIRContext context;
  context.loadDialect<func::FuncDialect>();
  Location loc = UnknownLoc::get(&context);
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  auto function =
      OpBuilder::atBlockEnd(module->getBody())
          .create<func::FuncOp>(
              loc, "f", FunctionType::get(&context, TypeRange(), TypeRange()));
  SymbolTable symbols(*module);
  lowering::LayerBuilder b(symbols);

  b.start(function);
  EXPECT_TRUE(failed(b.refuse("has no axis")));
  EXPECT_EQ(b.getReason(), "has no axis");
  b.start(function);
  EXPECT_NE(b.getReason(), "");
  EXPECT_NE(b.getReason(), "has no axis");
}
