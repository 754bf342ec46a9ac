//===- EvaluateOnnxTest.cpp - Operators on constants ----------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Onnx.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Parser/Parser.h"
#include "passes/import/Passes.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace tenon;

namespace {
/// The value of the last onnx operation of a function, as text.
std::string evaluate(StringRef body) {
  MLIRContext context;
  context
      .loadDialect<arith::ArithDialect, func::FuncDialect, math::MathDialect,
                   nn::NnDialect, onnx::OnnxDialect, tensor::TensorDialect>();
  auto module = parseSourceString<ModuleOp>(
      ("func.func @f() {\n" + body + "\nreturn\n}").str(), &context);
  if (!module)
    return "parse error";
  Operation *last = nullptr;
  SmallVector<Attribute> operands;
  module->walk([&](Operation *op) {
    if (isa<onnx::OnnxDialect>(op->getDialect()))
      last = op;
  });
  for (Value operand : last->getOperands())
    operands.push_back(operand.getDefiningOp<arith::ConstantOp>().getValue());
  std::string text;
  llvm::raw_string_ostream(text) << evaluateOnnx(last, operands);
  return text;
}
} // namespace

TEST(EvaluateOnnx, AddsShapes) {
  EXPECT_EQ(evaluate(R"(
    %a = arith.constant dense<[1, 2]> : tensor<2xi64>
    %b = arith.constant dense<[30]> : tensor<1xi64>
    %c = onnx.Add(%a, %b) : (tensor<2xi64>, tensor<1xi64>) -> (tensor<2xi64>))"),
            "dense<[31, 32]> : tensor<2xi64>");
}

TEST(EvaluateOnnx, KeepsUnsignedNumbersPositive) {
  EXPECT_EQ(evaluate(R"(
    %a = arith.constant dense<[200, 3]> : tensor<2xui8>
    %c = onnx.Cast(%a) {to = 1 : i64} : (tensor<2xui8>) -> (tensor<2xf32>))"),
            "dense<[2.000000e+02, 3.000000e+00]> : tensor<2xf32>");
}

TEST(EvaluateOnnx, LeavesWhatItCannotLower) {
  EXPECT_EQ(evaluate(R"(
    %a = arith.constant dense<[1, 2]> : tensor<2xi64>
    %c = onnx.Abs(%a) : (tensor<2xi64>) -> (tensor<?xi64>))"),
            "<<NULL ATTRIBUTE>>");
}
