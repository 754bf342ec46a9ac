//===- InferShapes.cpp - Types of onnx operations -------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One walk in order suffices: the types of a result follow from operands, and
// operands come first. A constant takes the place of an operation as soon as
// its value is known, so that the operations behind it see the value:
//
//   Shape -> Gather -> Concat -> Reshape    =>    constant -> Reshape
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Constants.h"
#include "dialects/nn/Nn.h"
#include "dialects/onnx/Inference.h"
#include "dialects/onnx/Onnx.h"
#include "passes/import/Passes.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace tenon;

namespace tenon {
#define GEN_PASS_DEF_ONNXINFERSHAPESPASS
#include "passes/import/Passes.h.inc"
} // namespace tenon

/// How many operations may be visited in attempts that are given up.
static constexpr unsigned kMaxAttempted = 100000;

namespace {
class ShapeInferrer {
public:
  ShapeInferrer(onnx::InferenceSession &session, const FoldFunction &fold)
      : session(session), fold(fold) {}

  LogicalResult visit(Block &block);

  /// Erases what was replaced: last, since the session knows values by address.
  unsigned eraseReplaced() {
    for (Operation *op : llvm::reverse(folded))
      op->erase();
    for (Operation *op : discarded)
      op->erase();
    return folded.size();
  }

private:
  LogicalResult visit(Operation *op);
  llvm::Expected<SmallVector<Type>> visit(Region &region,
                                          ArrayRef<Type> argumentTypes);
  Attribute evaluate(Operation *op);
  Block *inlineBranch(onnx::IfOp op);
  bool keepShapesOfLoop(Operation *op);

  onnx::InferenceSession &session;
  const FoldFunction &fold;
  SmallVector<Operation *> folded;
  llvm::SetVector<Operation *> discarded; // inner ones first
  unsigned numAttempted = 0;
  unsigned branchDepth = 0; // branches of If around the operation
};
} // namespace

/// The value of a constant or weight; null for any other value.
static Attribute getConstant(Value value) {
  if (auto constant = value.getDefiningOp<arith::ConstantOp>())
    return constant.getValue();
  auto weight = value.getDefiningOp<nn::WeightOp>();
  if (!weight)
    return {};
  auto global = SymbolTable::lookupNearestSymbolFrom<kernel::GlobalOp>(
      weight, weight.getGlobalAttr());
  return global ? global.getValue() : Attribute();
}

/// The value of an operation's only result if it is known and small: whatever
/// is large is a weight, and `fold-weights` is the pass for those.
Attribute ShapeInferrer::evaluate(Operation *op) {
  if (op->getNumResults() != 1 || !isMemoryEffectFree(op))
    return {};
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!type || !type.hasStaticShape() ||
      !type.getElementType().isIntOrFloat() ||
      type.getNumElements() * type.getElementTypeBitWidth() / 8 >
          nn::kMaxDenseBytes)
    return {};
  auto integer = dyn_cast<IntegerType>(type.getElementType());
  if (auto known = session.getKnown(op->getResult(0)); known && integer) {
    auto values = llvm::map_to_vector(*known, [&](int64_t value) {
      return APInt(64, value).sextOrTrunc(integer.getWidth());
    });
    return DenseElementsAttr::get(type, values);
  }
  if (!fold || op->getNumRegions())
    return {};
  SmallVector<Attribute> operands;
  for (Value operand : op->getOperands()) {
    operands.push_back(getConstant(operand));
    if (!operands.back())
      return {};
  }
  auto value = dyn_cast_if_present<TypedAttr>(fold(op, operands));
  return value && value.getType() == type ? Attribute(value) : Attribute();
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

/// Moves the branch that is taken before `op` if that is known; the operations
/// of the other one need not make sense. Null where it is not known.
Block *ShapeInferrer::inlineBranch(onnx::IfOp op) {
  auto condition =
      dyn_cast_if_present<DenseElementsAttr>(getConstant(op.getCond()));
  if (!condition || condition.getNumElements() != 1 ||
      !condition.getElementType().isInteger(1))
    return nullptr;
  Region &branch =
      *condition.value_begin<bool>() ? op.getThenBranch() : op.getElseBranch();
  auto yield = dyn_cast<onnx::YieldOp>(branch.front().getTerminator());
  if (!yield || yield.getNumOperands() != op->getNumResults())
    return nullptr;
  op->replaceAllUsesWith(yield.getOperands());
  Block &body = branch.front(), *block = op->getBlock();
  block->getOperations().splice(Block::iterator(op), body.getOperations(),
                                body.begin(), Block::iterator(yield));
  discarded.insert(op);
  return block;
}

namespace {
/// A value that a loop carries from one iteration to the next.
struct Carried {
  Value initial;
  unsigned argument, yielded;
  unsigned result;
};
} // namespace

static SmallVector<Carried> getCarried(Operation *op) {
  SmallVector<Carried> carried;
  unsigned first = 0, count = 0, skipped = 0;
  if (auto loop = dyn_cast<onnx::LoopOp>(op)) {
    // Inputs and arguments begin with two that are not carried on, the count
    // and the condition; the body yields the condition only.
    first = 2;
    count = loop.getVInitial().size();
    skipped = 1;
  } else if (auto scan = dyn_cast<onnx::ScanOp>(op)) {
    unsigned total = op->getNumOperands();
    count = total - std::min<uint64_t>(total, scan.getNumScanInputs());
  }
  for (unsigned i = 0; i < count && i < op->getNumResults(); ++i)
    carried.push_back(
        {onnx::getInput(op, first + i), first + i, skipped + i, i});
  return carried;
}

/// ONNX's inference takes the shape of a carried value for unknown. Mostly it
/// stays the same: assume that on a copy of the loop, and keep the copy if what
/// the body yields has that shape, too.
bool ShapeInferrer::keepShapesOfLoop(Operation *op) {
  SmallVector<Carried> carried = getCarried(op);
  if (carried.empty() || numAttempted > kMaxAttempted ||
      !llvm::hasSingleElement(op->getRegion(0)))
    return false;
  OpBuilder builder(op);
  Operation *copy = builder.clone(*op);
  copy->walk([&](Operation *) { ++numAttempted; });
  Block &body = copy->getRegion(0).front();
  auto yield = dyn_cast<onnx::YieldOp>(body.getTerminator());
  bool isGood = bool(yield);
  for (const Carried &value : carried) {
    isGood = isGood && value.initial &&
             value.argument < body.getNumArguments() &&
             value.yielded < yield.getNumOperands();
    if (isGood)
      body.getArgument(value.argument).setType(value.initial.getType());
  }
  if (isGood) {
    // Errors say only that the assumption was wrong.
    ScopedDiagnosticHandler ignore(op->getContext(),
                                   [](Diagnostic &) { return success(); });
    auto types =
        session.infer(copy, [&](Region &region, ArrayRef<Type> arguments) {
          return visit(region, arguments);
        });
    isGood = bool(types);
    if (!types)
      llvm::consumeError(types.takeError());
    else
      for (auto [result, type] : llvm::zip_equal(copy->getResults(), *types))
        result.setType(type);
  }
  for (const Carried &value : carried) {
    isGood = isGood && yield.getOperand(value.yielded).getType() ==
                           value.initial.getType();
    if (isGood)
      copy->getResult(value.result).setType(value.initial.getType());
  }
  if (isGood)
    op->replaceAllUsesWith(copy);
  discarded.insert(isGood ? op : copy);
  return isGood;
}

//===----------------------------------------------------------------------===//
// The walk
//===----------------------------------------------------------------------===//

LogicalResult ShapeInferrer::visit(Operation *op) {
  if (isa<onnx::LoopOp, onnx::ScanOp>(op) && keepShapesOfLoop(op))
    return success();
  bool isBranch = isa<onnx::IfOp>(op);
  branchDepth += isBranch;
  auto types = session.infer(op, [&](Region &region, ArrayRef<Type> arguments) {
    return visit(region, arguments);
  });
  branchDepth -= isBranch;
  if (!types) {
    if (!branchDepth)
      return op->emitOpError() << llvm::toString(types.takeError());
    // A branch that is never taken may be nonsense.
    llvm::consumeError(types.takeError());
    return success();
  }
  for (auto [result, type] : llvm::zip_equal(op->getResults(), *types))
    result.setType(type);
  if (auto value = dyn_cast_if_present<TypedAttr>(evaluate(op))) {
    OpBuilder builder(op);
    auto constant = builder.create<arith::ConstantOp>(op->getLoc(), value);
    op->getResult(0).replaceAllUsesWith(constant);
    folded.push_back(op);
  }
  return success();
}

LogicalResult ShapeInferrer::visit(Block &block) {
  for (auto it = block.begin(); it != block.end();) {
    Operation *op = &*it;
    Operation *before = op->getPrevNode();
    if (auto branch = dyn_cast<onnx::IfOp>(op);
        branch && inlineBranch(branch)) {
      it = before ? std::next(Block::iterator(before)) : block.begin();
      // What was moved comes next, then the operation, which is empty now.
      if (&*it == op)
        ++it;
      continue;
    }
    ++it;
    if (onnx::getSchema(op) && !discarded.contains(op) && failed(visit(op)))
      return failure();
  }
  return success();
}

/// Takes what inference knows of an argument and its declaration does not.
static Type refine(Type current, Type inferred) {
  auto a = dyn_cast<TensorType>(current);
  auto b = dyn_cast_if_present<RankedTensorType>(inferred);
  if (!a || !b || a.getElementType() != b.getElementType())
    return current;
  if (!a.hasRank())
    return b;
  if (a.getRank() != b.getRank())
    return current;
  SmallVector<int64_t> dims(a.getShape());
  for (auto [dim, other] : llvm::zip_equal(dims, b.getShape()))
    if (ShapedType::isDynamic(dim))
      dim = other;
  return RankedTensorType::get(dims, a.getElementType());
}

llvm::Expected<SmallVector<Type>>
ShapeInferrer::visit(Region &region, ArrayRef<Type> argumentTypes) {
  auto fail = [](const char *message) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
  };
  if (!llvm::hasSingleElement(region))
    return fail("has a subgraph of several blocks");
  Block &block = region.front();
  for (auto [argument, type] : llvm::zip(block.getArguments(), argumentTypes))
    argument.setType(refine(argument.getType(), type));
  if (failed(visit(block)))
    return fail("has errors in a subgraph");
  auto yield = dyn_cast<onnx::YieldOp>(block.getTerminator());
  if (!yield)
    return fail("has a subgraph that yields nothing");
  return llvm::to_vector(yield.getOperandTypes());
}

FailureOr<unsigned> tenon::inferOnnxShapes(func::FuncOp func,
                                           const FoldFunction &fold) {
  auto *dialect = func.getContext()->getOrLoadDialect<onnx::OnnxDialect>();
  auto *interface = dialect->getRegisteredInterface<onnx::InferenceInterface>();
  if (!interface)
    return func.emitError("ONNX's inference is not registered");
  if (func.isExternal() || !llvm::hasSingleElement(func.getBody()))
    return 0u;
  std::unique_ptr<onnx::InferenceSession> session = interface->start();
  ShapeInferrer inferrer(*session, fold);
  Block &body = func.getBody().front();
  if (failed(inferrer.visit(body)))
    return failure();
  unsigned numFolded = inferrer.eraseReplaced();
  func.setType(FunctionType::get(
      func.getContext(), body.getArgumentTypes(),
      llvm::to_vector(body.getTerminator()->getOperandTypes())));
  return numFolded;
}

namespace {
struct OnnxInferShapesPass
    : tenon::impl::OnnxInferShapesPassBase<OnnxInferShapesPass> {
  OnnxInferShapesPass() : fold(evaluateOnnx) {}
  explicit OnnxInferShapesPass(FoldFunction fold) : fold(std::move(fold)) {}

  void runOnOperation() override {
    auto folded = inferOnnxShapes(getOperation(), fold);
    if (failed(folded))
      return signalPassFailure();
    numFolded += *folded;
  }

  FoldFunction fold;
};
} // namespace

std::unique_ptr<Pass> tenon::createOnnxInferShapesPass(FoldFunction fold) {
  return std::make_unique<OnnxInferShapesPass>(std::move(fold));
}
