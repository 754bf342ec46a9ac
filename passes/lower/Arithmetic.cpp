//===- Arithmetic.cpp - Whether layers compute in integers ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/lower/Arithmetic.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "passes/schedule/Passes.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

static Value skipViews(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<ViewLikeOpInterface, ReshapeOp>(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}

bool tenon::isConstantData(Value value) {
  Operation *op = skipViews(value).getDefiningOp();
  return op && (isa<kernel::ConstantOp, WeightOp>(op) ||
                op->hasTrait<OpTrait::ConstantLike>());
}

namespace {
/// An operand of a layer that is no constant, with the type that its region
/// knows the elements by: memory has no signs and no small floats.
struct Element {
  Value operand;
  Type type;

  bool isFloat() const { return isa<FloatType>(type); }
};
} // namespace

/// The region that yields what is stored.
static Region &getLastRegion(LayerOpInterface layer) {
  Region *epilogue = layer.getEpilogueOrNull();
  return epilogue ? *epilogue : layer->getRegion(0);
}

static SmallVector<Element> getRead(LayerOpInterface layer) {
  SmallVector<Element> elements;
  auto contract = dyn_cast<ContractOp>(*layer);
  Block &first = layer->getRegion(0).front();
  for (auto [i, input] : llvm::enumerate(layer.getInputs()))
    if (!isConstantData(input))
      elements.push_back({input, contract ? contract.getElementType(i)
                                          : first.getArgument(i).getType()});
  unsigned sums = layer.getInitialValues().size();
  for (auto [i, extra] : llvm::enumerate(layer.getExtras()))
    if (!isConstantData(extra))
      elements.push_back(
          {extra, getLastRegion(layer).getArgument(sums + i).getType()});
  return elements;
}

static SmallVector<Element> getWritten(LayerOpInterface layer) {
  SmallVector<Element> elements;
  for (auto [output, value] :
       llvm::zip(layer.getOutputs(),
                 getLastRegion(layer).front().getTerminator()->getOperands()))
    elements.push_back({output, value.getType()});
  return elements;
}

static bool sumsFloats(LayerOpInterface layer) {
  Region &last = getLastRegion(layer);
  for (unsigned i = 0, e = layer.getInitialValues().size(); i < e; ++i)
    if (isa<FloatType>(last.getArgument(i).getType()))
      return true;
  return false;
}

static bool isFloat(const Element &element) { return element.isFloat(); }

bool tenon::hasFloats(LayerOpInterface layer) {
  return sumsFloats(layer) || llvm::any_of(getRead(layer), isFloat) ||
         llvm::any_of(getWritten(layer), isFloat);
}

std::string tenon::getArithmetic(LayerOpInterface layer) {
  SmallVector<Element> read = getRead(layer), written = getWritten(layer);
  // What follows sums of integers does not make them floats.
  bool isContract = isa<ContractOp>(*layer);
  if (isContract ? sumsFloats(layer) : hasFloats(layer))
    return "float";
  const Element &element = read.empty() ? written.front() : read.front();
  if (auto integer = dyn_cast<IntegerType>(element.type))
    return "int" + std::to_string(integer.getWidth());
  return "index";
}

//===----------------------------------------------------------------------===//
// Constraints
//===----------------------------------------------------------------------===//

/// The function, such as exp, that the layer computes of floats.
static StringRef getFunction(LayerOpInterface layer) {
  StringRef name;
  layer->walk([&](Operation *op) {
    if (isa_and_nonnull<math::MathDialect>(op->getDialect()) &&
        isa<FloatType>(op->getOperand(0).getType()) &&
        !isa<math::AbsFOp, math::CopySignOp, math::FmaOp, math::FloorOp,
             math::CeilOp, math::RoundOp, math::RoundEvenOp, math::TruncOp>(op))
      name = op->getName().stripDialect();
  });
  return name;
}

/// Floats of the caller's, not in the arena, nor in an output before it is due.
static bool isPort(const Element &element) {
  auto argument = dyn_cast<BlockArgument>(skipViews(element.operand));
  if (!argument || !isa<FloatType>(getElementTypeOrSelf(argument.getType())))
    return false;
  auto func = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
  unsigned number = argument.getArgNumber();
  return func && (func.getArgAttr(number, schedule::kInputAttrName) ||
                  func.getArgAttr(number, schedule::kOutputAttrName));
}

std::string tenon::getFloatReason(LayerOpInterface layer) {
  SmallVector<Element> read = getRead(layer), written = getWritten(layer);
  StringRef function = getFunction(layer);
  if (!function.empty())
    return (function + " is computed of floats").str();
  if (sumsFloats(layer) && llvm::none_of(read, isFloat)) {
    if (!isa<ContractOp>(*layer))
      return "only sums and maxima are taken of integers";
    int64_t terms = 1;
    for (int64_t size : layer.getReduction())
      terms *= size;
    return llvm::formatv("a sum of {0} products may not fit 32 bits", terms);
  }
  bool hasScale = false;
  for (const Element &element : read) {
    if (!element.isFloat())
      continue;
    if (isPort(element))
      return "an input of the model is in floats";
    if (cast<ShapedType>(element.operand.getType()).getNumElements() != 1)
      return "the model does not quantize what it reads";
    hasScale = true;
  }
  if (hasScale)
    return "a scale is known only when the program runs";
  if (llvm::any_of(written, [](const Element &element) {
        return element.isFloat() && isPort(element);
      }))
    return "an output of the model is in floats";
  return "the model does not quantize its result";
}
