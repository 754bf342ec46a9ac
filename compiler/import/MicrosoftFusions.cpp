//===- MicrosoftFusions.cpp - Operators that others are fused to ----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolutions, products and activations of com.microsoft, which ONNX Runtime
// makes of several operators, by those of ONNX.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/FunctionOperators.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <vector>

using namespace tenon::importer;
using llvm::formatv;

/// y = Activation(x), with up to two parameters.
static std::string activate(Call &call, llvm::StringRef activation,
                            llvm::ArrayRef<float> parameters) {
  float first = parameters.empty() ? 0 : parameters[0];
  float second = parameters.size() < 2 ? 0 : parameters[1];
  std::string attributes;
  auto number = [](float value) { return formatv("{0:E8}", value).str(); };
  if (activation.empty())
    activation = "Identity";
  else if (activation == "Clip")
    return "low = Constant <value_float = " + number(first) + "> ()\n" +
           "high = Constant <value_float = " + number(second) +
           "> ()\nY = Clip (y, low, high)";
  else if (activation == "LeakyRelu")
    attributes = "<alpha = " + number(first) + ">";
  else if (activation == "HardSigmoid")
    attributes =
        "<alpha = " + number(first) + ", beta = " + number(second) + ">";
  else if (activation != "Relu" && activation != "Sigmoid" &&
           activation != "Tanh")
    return call.refuse("has an unknown activation '" + activation + "'");
  return formatv("Y = {0} {1} (y)", activation, attributes);
}

static std::string buildFusedConv(Call &call) {
  std::string text = call.has("Z") ? "conv = Conv <@> (X, W, B)\n"
                                     "y = Add (conv, Z)\n"
                                   : "y = Conv <@> (X, W, B)\n";
  return text + activate(call, call.getString("activation"),
                         call.getFloats("activation_params"));
}

static std::string buildFusedGemm(Call &call) {
  return "y = Gemm <@> (A, B, C)\n" +
         activate(call, call.getString("activation"),
                  {call.getFloat("activation_alpha"),
                   call.getFloat("activation_beta")});
}

/// `result`, whose last two dimensions are in the order of a product's.
static std::string orient(Call &call, llvm::StringRef input,
                          llvm::StringRef result, bool isTransposed,
                          bool isBatchLast) {
  if (!isTransposed && !isBatchLast)
    return formatv("{0} = Identity ({1})\n", result, input);
  auto shape = call.getShape(input);
  if (!shape || shape->size() < (isBatchLast ? 3 : 2))
    return shape && shape->size() == 1
               ? formatv("{0} = Identity ({1})\n", result, input).str()
               : call.refuse("expects inputs of known rank");
  std::vector<size_t> order;
  size_t rank = shape->size();
  for (size_t dim = 0; dim < rank; ++dim)
    order.push_back(dim);
  if (isBatchLast) // [rows, batch..., columns]
    std::rotate(order.begin(), order.begin() + 1, order.end() - 1);
  if (isTransposed)
    std::swap(order[rank - 2], order[rank - 1]);
  return formatv("{0} = Transpose <perm = [{1:$[, ]}]> ({2})\n", result,
                 llvm::make_range(order.begin(), order.end()), input);
}

static std::string buildFusedMatMul(Call &call) {
  return orient(call, "A", "a", call.getInt("transA"),
                call.getInt("transBatchA")) +
         orient(call, "B", "b", call.getInt("transB"),
                call.getInt("transBatchB")) +
         "product = MatMul (a, b)\n"
         "alpha = Constant <value_float: float = @alpha> ()\n"
         "alpha_cast = CastLike (alpha, product)\n"
         "Y = Mul (product, alpha_cast)";
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

llvm::ArrayRef<FunctionOperator> tenon::importer::getFusedOperators() {
  static const FunctionOperator rows[] = {
      {"FusedConv <auto_pad: string = NOTSET, kernel_shape: ints, pads: ints, "
       "strides: ints, dilations: ints, group: int = 1, activation: string, "
       "activation_params: floats> (X, W, B?, Z?) => (Y)",
       nullptr, buildFusedConv},
      {"FusedGemm <alpha: float = 1.0, beta: float = 1.0, transA: int = 0, "
       "transB: int = 0, activation: string, activation_alpha: float, "
       "activation_beta: float, activation_gamma: float> (A, B, C?) => (Y)",
       nullptr, buildFusedGemm},
      {"FusedMatMul <alpha: float = 1.0, transA: int = 0, transB: int = 0, "
       "transBatchA: int = 0, transBatchB: int = 0> (A, B) => (Y)",
       nullptr, buildFusedMatMul},

      // Of transformers.
      {"Gelu (X) => (Y)", "Y = Gelu (X)"},
      {"BiasGelu (A, B) => (C)", "x = Add (A, B)\nC = Gelu (x)"},
      {"FastGelu (X, bias?) => (Y)", nullptr,
       [](Call &call) -> std::string {
         return call.has("bias") ? "x = Add (X, bias)\n"
                                   "Y = Gelu <approximate = \"tanh\"> (x)"
                                 : "Y = Gelu <approximate = \"tanh\"> (X)";
       }},
      {"QuickGelu <alpha: float = 1.702> (X) => (Y)",
       "alpha = Constant <value_float: float = @alpha> ()\n"
       "alpha_cast = CastLike (alpha, X)\n"
       "scaled = Mul (X, alpha_cast)\n"
       "gate = Sigmoid (scaled)\n"
       "Y = Mul (X, gate)"},
  };
  return rows;
}
