//===- EvaluateTest.cpp - The evaluator on large data ---------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What it computes is tested in test/dialects/nn/. Its speed, which no machine
// of CI promises, is printed by
//
//     tenon-unit-tests --gtest_also_run_disabled_tests
//     --gtest_filter='EvaluateSpeed.*'
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Evaluate.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"
#include <chrono>

using namespace mlir;
using namespace tenon;

namespace {
/// The last layer of a function whose arguments are the layer's operands.
struct Layer {
  Layer(StringRef text) {
    context
        .loadDialect<arith::ArithDialect, func::FuncDialect, math::MathDialect,
                     nn::NnDialect, tensor::TensorDialect>();
    module = parseSourceString<ModuleOp>(text, &context);
    if (module)
      module->walk([&](nn::LayerOpInterface layer) { op = layer; });
  }
  /// Evaluates it on zeros and ones.
  FailureOr<SmallVector<nn::Buffer>> evaluate(double *seconds = nullptr) {
    SmallVector<nn::Buffer> operands;
    for (Type type : op->getOperandTypes()) {
      operands.push_back(*nn::Buffer::allocate(cast<RankedTensorType>(type)));
      char *data = operands.back().getData();
      for (size_t i = 0; i < operands.back().bytes.size(); i += 8)
        data[i] = 1;
    }
    auto begin = std::chrono::steady_clock::now();
    auto results = nn::evaluate(op, operands, reason);
    if (seconds)
      *seconds = std::chrono::duration<double>(
                     std::chrono::steady_clock::now() - begin)
                     .count();
    return results;
  }
  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  Operation *op = nullptr;
  std::string reason;
};

/// An operand of a map: `4x2xf32`, and the results of its map, `i, j`.
struct Input {
  StringRef type, index;
};
} // namespace

/// A function with a map over a tensor `output`, whose dimensions are `dims`.
/// The elements of the inputs are %0, %1 ...; `body` computes %y, which is %0
/// if it is empty.
static std::string getMap(StringRef output, StringRef dims,
                          ArrayRef<Input> inputs, StringRef body = "") {
  std::string parameters, names, types, maps, elements;
  auto getAffineMap = [&](StringRef index) {
    return llvm::formatv("affine_map<({0}) -> ({1})>", dims, index).str();
  };
  for (auto [i, input] : llvm::enumerate(inputs)) {
    StringRef comma = i == 0 ? "" : ", ";
    parameters += llvm::formatv("%x{0}: tensor<{1}>, ", i, input.type);
    names += llvm::formatv("{0}%x{1}", comma, i);
    types += llvm::formatv("{0}tensor<{1}>", comma, input.type);
    maps += getAffineMap(input.index) + ", ";
    elements +=
        llvm::formatv("{0}%{1}: {2}", comma, i, input.type.rsplit('x').second);
  }
  auto [shape, element] = output.rsplit('x');
  std::string bounds = llvm::join(llvm::split(shape, 'x'), ", ");
  return llvm::formatv(R"(
    func.func @f({0}%init: tensor<{1}>) -> tensor<{1}> {{
      %r = nn.map parallel [{2}] ins({3} : {4}) outs(%init : tensor<{1}>)
          maps [{5}{6}] body {{
      ^bb0({7}):
        {8}
        nn.yield {9} : {10}
      } -> tensor<{1}>
      return %r : tensor<{1}>
    })",
                       parameters, output, bounds, names, types, maps,
                       getAffineMap(dims), elements, body,
                       body.empty() ? "%0" : "%y", element)
      .str();
}

TEST(Evaluate, RefusesATensorWithoutContents) {
  Layer layer(getMap("2xf32", "i", {{"2xf32", "i"}}));
  ASSERT_TRUE(layer.op);
  auto type = cast<RankedTensorType>(layer.op->getResult(0).getType());
  nn::Buffer empty{type, {}, nullptr};
  EXPECT_TRUE(failed(nn::evaluate(layer.op, {empty, empty}, layer.reason)));
  EXPECT_EQ(layer.reason, "a tensor without contents");
}

TEST(Evaluate, RefusesResultsOfMoreThan4GiB) {
  MLIRContext context;
  Type f32 = Float32Type::get(&context);
  EXPECT_TRUE(failed(
      nn::Buffer::allocate(RankedTensorType::get({int64_t(1) << 40}, f32))));
  EXPECT_TRUE(failed(nn::Buffer::allocate(
      RankedTensorType::get({int64_t(1) << 40, int64_t(1) << 40}, f32))));
}

/// A padded 3x3 sum, against the loops that it stands for. Rows are joined to
/// chunks where they are short, and cut into chunks where they are long.
static void checkWindows(int64_t height, int64_t width, int64_t channels) {
  std::string type =
      llvm::formatv("tensor<{0}x{1}x{2}xi32>", height, width, channels);
  Layer layer(llvm::formatv(R"(
    func.func @f(%x: {0}, %init: {0}) -> {0} {{
      %y = nn.reduce parallel [{1}, {2}, {3}] reduction [3, 3] ins(%x : {0}) outs(%init : {0})
          maps [affine_map<(h, w, c, kh, kw) -> (h + kh - 1, w + kw - 1, c)>,
                affine_map<(h, w, c, kh, kw) -> (h, w, c)>] init [0 : i32] combine {{
      ^bb0(%in: i32, %acc: i32):
        %0 = arith.addi %in, %acc : i32
        nn.yield %0 : i32
      } epilogue {{
      ^bb0(%acc: i32):
        nn.yield %acc : i32
      } -> {0}
      return %y : {0}
    })",
                            type, height, width, channels)
                  .str());
  ASSERT_TRUE(layer.op);
  auto tensor = cast<RankedTensorType>(layer.op->getResult(0).getType());
  nn::Buffer input = *nn::Buffer::allocate(tensor);
  auto *x = reinterpret_cast<int32_t *>(input.getData());
  int64_t count = height * width * channels;
  for (int64_t i = 0; i < count; ++i)
    x[i] = i * 37 % 101;
  auto results =
      nn::evaluate(layer.op, {input, {tensor, {}, nullptr}}, layer.reason);
  ASSERT_TRUE(succeeded(results)) << layer.reason;
  auto *y = reinterpret_cast<const int32_t *>((*results)[0].bytes.data());
  for (int64_t i = 0; i < count; ++i) {
    int64_t h = i / channels / width, w = i / channels % width,
            c = i % channels;
    int32_t sum = 0;
    for (int64_t a = std::max<int64_t>(h - 1, 0); a < std::min(h + 2, height);
         ++a)
      for (int64_t b = std::max<int64_t>(w - 1, 0); b < std::min(w + 2, width);
           ++b)
        sum += x[(a * width + b) * channels + c];
    ASSERT_EQ(y[i], sum) << "at " << h << ", " << w << ", " << c;
  }
}

TEST(Evaluate, WindowsOfShortRows) { checkWindows(40, 9, 3); }
TEST(Evaluate, WindowsOfLongRows) { checkWindows(4, 700, 1); }
TEST(Evaluate, WindowsOfRowsOfChannels) { checkWindows(5, 6, 48); }

static void printTime(const char *name, StringRef text) {
  Layer layer(text);
  ASSERT_TRUE(layer.op);
  double seconds = 0;
  auto results = layer.evaluate(&seconds);
  ASSERT_TRUE(succeeded(results)) << layer.reason;
  double elements =
      cast<ShapedType>(layer.op->getResult(0).getType()).getNumElements();
  printf("%-24s %5.1f M elements in %.3f s\n", name, elements * 1e-6, seconds);
  EXPECT_LT(seconds, 2);
}

TEST(EvaluateSpeed, DISABLED_Of25MWeights) {
  StringRef filters = "2048x1389x3x3xf32";
  printTime("scale by channel",
            getMap(filters, "o, i, h, w",
                   {{filters, "o, i, h, w"}, {"2048xf32", "o"}},
                   "%y = arith.mulf %0, %1 : f32"));
  printTime("scale, short rows",
            getMap(filters, "o, i, h, w",
                   {{filters, "o, i, h, w"}, {"1389xf32", "i"}},
                   "%y = arith.mulf %0, %1 : f32"));
  printTime(
      "filters to channels last",
      getMap("2048x3x3x1389xf32", "o, h, w, i", {{filters, "o, i, h, w"}}));
  printTime("transpose",
            getMap("6250x4096xf32", "i, j", {{"4096x6250xf32", "j, i"}}));
  printTime("f16 to f32, exp",
            getMap("25600000xf32", "i", {{"25600000xf16", "i"}},
                   R"(%wide = arith.extf %0 : f16 to f32
        %y = math.exp %wide : f32)"));
  printTime("panels of 32 columns",
            getMap("196x4096x32xf32", "p, k, c",
                   {{"6272x4096xf32", "p * 32 + c, k"}}));
}
