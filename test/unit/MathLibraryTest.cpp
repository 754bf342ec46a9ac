//===- MathLibraryTest.cpp - The functions of passes/lower/math/ ----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/lower/MathLibrary.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace tenon;

namespace {
struct MathLibraryTest : testing::Test {
  MathLibraryTest() {
    context
        .loadDialect<arith::ArithDialect, func::FuncDialect, math::MathDialect,
                     scf::SCFDialect, vector::VectorDialect>();
    library = MathLibrary::load(&context);
  }

  /// What remains of `op` on %x, expanded in a function of its own.
  std::string expand(StringRef op, StringRef type, MathLibrary::Target target) {
    std::string text =
        ("func.func @f(%x: " + type + ") -> " + type + " { %y = " + op +
         " %x : " + type + " return %y : " + type + " }")
            .str();
    auto module = parseSourceString<ModuleOp>(text, &context);
    EXPECT_TRUE(module);
    Operation *found = nullptr;
    module.get()->walk([&](Operation *inner) {
      if (inner->getName().getStringRef() == op)
        found = inner;
    });
    if (!library->lookup(found, target))
      return "";
    IRRewriter rewriter(found);
    library->expand(rewriter, found, target);
    EXPECT_TRUE(succeeded(verify(*module)));
    std::string names;
    module.get()->walk([&](Operation *inner) {
      names += inner->getName().getStringRef().str() + " ";
    });
    return names;
  }

  MLIRContext context;
  std::shared_ptr<MathLibrary> library;
};
} // namespace

static const char *const kFunctions[] = {
    "math.exp",   "math.log",  "math.log1p", "math.expm1", "math.tanh",
    "math.erf",   "math.sin",  "math.cos",   "math.tan",   "math.asin",
    "math.acos",  "math.atan", "math.sinh",  "math.cosh",  "math.asinh",
    "math.acosh", "math.atanh"};

TEST_F(MathLibraryTest, LeavesNothingThatACoreWithoutUnitsLacks) {
  ASSERT_TRUE(library);
  for (const char *name : kFunctions) {
    std::string left = expand(name, "vector<4xf32>", {});
    EXPECT_NE(left, "") << name;
    EXPECT_EQ(left.find("math."), std::string::npos) << name << ": " << left;
    EXPECT_EQ(left.find("func.call"), std::string::npos)
        << name << ": " << left;
  }
}

TEST_F(MathLibraryTest, UsesOnlyFmaAndSqrtOfMath) {
  ASSERT_TRUE(library);
  MathLibrary::Target all{true, true};
  for (const char *name : kFunctions) {
    SmallVector<StringRef> left;
    std::string names = expand(name, "f32", all);
    StringRef(names).split(left, ' ');
    for (StringRef op : left)
      EXPECT_TRUE(!op.starts_with("math.") || op == "math.fma" ||
                  op == "math.sqrt")
          << name << " leaves " << op.str();
  }
}

TEST_F(MathLibraryTest, HasNoFunctionForOtherTypes) {
  ASSERT_TRUE(library);
  EXPECT_EQ(expand("math.tanh", "f64", {}), "");
  EXPECT_EQ(expand("math.exp", "tensor<4xf32>", {}), "");
  EXPECT_EQ(expand("math.exp", "vector<[4]xf32>", {}), "");
}
