//===- MathLibrary.cpp - The math functions in MLIR text ------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads passes/lower/math/*.mlir once, and clones the body of a function where
// its operation stands, at the width of the operation's type:
//
//     %y = math.absf %x : vector<4xf32>
//
// becomes
//
//     %mask = arith.constant dense<0x7fffffff> : vector<4xi32>
//     %bits = arith.bitcast %x : vector<4xf32> to vector<4xi32>
//     %magnitude = arith.andi %bits, %mask : vector<4xi32>
//     %y = arith.bitcast %magnitude : vector<4xi32> to vector<4xf32>
//
// Each approximation names its algorithm in its file. Most follow Cody and
// Waite, "Software Manual for the Elementary Functions", 1980: an exact
// reduction of the argument, then a polynomial. The coefficients are mostly by
// Sollya's fpminimax (Brisebarre and Chevillard, "Efficient polynomial
// L-infinity approximations", 2007); Dekker's products of halves (1971) stand
// in for FMA where the target has none.
//
//===----------------------------------------------------------------------===//

#include "passes/lower/MathLibrary.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace tenon;

static const char *const kLibraryText =
#include "passes/lower/MathLibrary.inc"
    ;

/// What is left of a name without its conditions and types:
/// math.fma.nofma.f64 -> math.fma
static StringRef getBaseName(StringRef name) {
  static const StringRef parts[] = {
      "nofma",  "nosqrt",     "number",     "f64", "f16", "bf16", "f8E4M3FN",
      "f8E5M2", "f8E4M3FNUZ", "f8E5M2FNUZ", "i64", "i32", "i16",  "i8"};
  while (llvm::is_contained(parts, name.rsplit('.').second))
    name = name.rsplit('.').first;
  return name;
}

std::shared_ptr<MathLibrary> MathLibrary::load(MLIRContext *context) {
  auto library = std::make_shared<MathLibrary>();
  library->module =
      parseSourceString<ModuleOp>(kLibraryText, ParserConfig(context));
  if (!library->module)
    return nullptr;
  for (auto function : library->module.get().getOps<func::FuncOp>())
    library->functions[getBaseName(function.getName())].push_back(function);
  // Those with more conditions come first. (Types tell the others apart.)
  for (auto &entry : library->functions)
    llvm::sort(entry.second, [](func::FuncOp a, func::FuncOp b) {
      return a.getName().size() > b.getName().size();
    });
  return library;
}

MLIRContext *MathLibrary::getContext() const {
  return module.get().getContext();
}

static bool isNumber(Value value) {
  FloatAttr scalar;
  DenseFPElementsAttr vector;
  if (matchPattern(value, m_Constant(&scalar)))
    return !scalar.getValue().isNaN();
  if (matchPattern(value, m_Constant(&vector)))
    return llvm::none_of(vector, [](const APFloat &x) { return x.isNaN(); });
  return false;
}

/// The element type of a scalar or vector; null for all that the library does
/// not work on.
static Type getScalarType(Type type) {
  if (auto vector = dyn_cast<VectorType>(type))
    return vector.isScalable() ? Type() : vector.getElementType();
  return type.isIntOrFloat() ? type : Type();
}

/// It has an scf.if, so that inlining would cost code at every use.
static bool branches(func::FuncOp function) {
  return llvm::any_of(function.getBody().front(),
                      [](Operation &op) { return op.getNumRegions() != 0; });
}

func::FuncOp MathLibrary::lookup(Operation *op, Target target) const {
  StringRef name = op->getName().getStringRef();
  if (auto call = dyn_cast<func::CallOp>(op))
    name = getBaseName(call.getCallee());
  else if (name == "vector.fma")
    name = "math.fma";
  auto candidates = functions.find(name);
  if (candidates == functions.end())
    return {};
  auto matches = [](ArrayRef<Type> scalars, TypeRange types) {
    return llvm::equal(scalars, types, [](Type scalar, Type type) {
      return scalar == getScalarType(type);
    });
  };
  bool isHere =
      target.hasDoubles || llvm::none_of(op->getResultTypes(), [](Type type) {
        return getElementTypeOrSelf(type).isF64();
      });
  auto applies = [&](StringRef part) {
    return (part != "nofma" || !target.fma || !isHere) &&
           (part != "nosqrt" || !target.sqrt || !isHere) &&
           (part != "number" || isNumber(op->getOperands().back()));
  };
  for (func::FuncOp function : candidates->second) {
    FunctionType type = function.getFunctionType();
    SmallVector<StringRef> parts;
    function.getName().split(parts, '.');
    if (matches(type.getInputs(), op->getOperandTypes()) &&
        matches(type.getResults(), op->getResultTypes()) &&
        llvm::all_of(parts, applies) &&
        !(branches(function) &&
          llvm::any_of(op->getOperandTypes(), llvm::IsaPred<VectorType>)))
      return function;
  }
  return {};
}

void MathLibrary::expand(RewriterBase &rewriter, Operation *op,
                         Target target) const {
  func::FuncOp function = lookup(op, target);
  if (branches(function))
    return call(rewriter, op, function);
  auto shape = dyn_cast<VectorType>(op->getResult(0).getType());
  rewriter.replaceOp(op, inlineAt(rewriter, op->getLoc(), function,
                                  op->getOperands(), shape, target));
}

void MathLibrary::call(RewriterBase &rewriter, Operation *op,
                       func::FuncOp function) const {
  auto module = op->getParentOfType<ModuleOp>();
  // No layer has a name with a dot.
  auto callee = module.lookupSymbol<func::FuncOp>(function.getName());
  if (!callee) {
    callee = function.clone();
    callee.setPrivate();
    module.push_back(callee);
  }
  rewriter.replaceOpWithNewOp<func::CallOp>(op, callee, op->getOperands());
}

SmallVector<Value> MathLibrary::inlineAt(OpBuilder &builder, Location loc,
                                         func::FuncOp function,
                                         ValueRange operands, VectorType shape,
                                         Target target) const {
  auto getType = [&](Type scalar) -> Type {
    return shape ? VectorType::get(shape.getShape(), scalar) : scalar;
  };
  IRMapping mapping;
  mapping.map(function.getArguments(), operands);
  for (Operation &op : function.getBody().front().without_terminator()) {
    if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
      TypedAttr value = constant.getValue();
      if (shape)
        value = DenseElementsAttr::get(
            cast<ShapedType>(getType(value.getType())), Attribute(value));
      mapping.map(constant.getResult(),
                  builder.create<arith::ConstantOp>(loc, value).getResult());
      continue;
    }
    auto mapped = llvm::map_to_vector(op.getOperands(), [&](Value operand) {
      return mapping.lookup(operand);
    });
    func::FuncOp callee = lookup(&op, target);
    // A function may end in the very operation that it makes safe.
    if (callee && callee != function) {
      mapping.map(op.getResults(),
                  inlineAt(builder, loc, callee, mapped, shape, target));
      continue;
    }
    auto types = llvm::map_to_vector(op.getResultTypes(), getType);
    OperationState state(loc, op.getName(), mapped, types, op.getAttrs());
    mapping.map(op.getResults(), builder.create(state)->getResults());
  }
  return llvm::map_to_vector(
      function.getBody().front().getTerminator()->getOperands(),
      [&](Value value) { return mapping.lookup(value); });
}
