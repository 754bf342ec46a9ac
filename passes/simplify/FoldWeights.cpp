//===- FoldWeights.cpp - Compute what depends on weights alone ------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Batch norm in front of a convolution, a transposed filter, the arithmetic of
// shapes: what has only constant operands becomes a constant.
//
//     %w = nn.weight @w_4fd1                     %t = nn.weight @w_90ab
//     %t = nn.map ins(%w) ...             ->
//
// Three steps: evaluate from operands to users, freeing what no later step
// reads; put constants in place of the results that are still used; erase the
// globals that are not.
//
// What only blows up data stays in the program. Its value is known all the
// same, so that a user that makes it small again, or is as large anyway, folds.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Evaluate.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "passes/simplify/Passes.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

namespace tenon {
#define GEN_PASS_DEF_FOLDWEIGHTSPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

/// Below this a broadcast is cheaper stored than computed.
static constexpr int64_t kMaxBlownUpBytes = 64 * 1024;
/// Values that are not stored are not computed either from this size on.
static constexpr int64_t kMaxUnstoredBytes = 16 * 1024 * 1024;
/// Integer weights that a conversion widens to no more than this are not worth
/// a conversion at run time.
static constexpr int64_t kMaxWidenedBytes = 256;
/// Some seconds of evaluation, for all layers together: a small file must not
/// ask for more, while weights have to be walked a few times.
static constexpr int64_t kMaxPoints = int64_t(1) << 26;
static constexpr int64_t kMaxPointsPerByte = 64;

namespace {
class WeightFolder {
public:
  WeightFolder(ModuleOp module, bool foldDequantize)
      : module(module), symbols(module), foldDequantize(foldDequantize) {}
  void run() {
    for (auto global : module.getOps<kernel::GlobalOp>())
      pointsLeft += kMaxPointsPerByte *
                    getByteSize(cast<ShapedType>(global.getValue().getType()))
                        .value_or(0);
    module.walk<WalkOrder::PreOrder>([&](Operation *op) { visit(op); });
    replaceResults();
    moveLargeConstants();
    eraseGlobals();
  }

private:
  /// A value that the evaluator knows.
  struct Known {
    Buffer buffer;
    /// Bytes of the constants that stand for it in the program.
    int64_t cost;
    /// Uses that are not folded yet.
    unsigned uses;
  };
  struct Folded {
    Operation *op;
    /// Its results are known, but it stays.
    bool stays;
  };
  Known *lookup(Value value);
  bool isKnown(OpOperand &operand);
  void visit(Operation *op);
  void replaceResults();
  void moveLargeConstants();
  void eraseGlobals();

  ModuleOp module;
  SymbolTable symbols;
  bool foldDequantize;
  int64_t pointsLeft = kMaxPoints;
  DenseMap<Value, Known> known;
  SmallVector<Folded> folded;
};
} // namespace

/// The bytes of a constant in the program.
static int64_t getCost(const Buffer &buffer) {
  return nn::isSplat(buffer)
             ? kernel::getElementBytes(buffer.type.getElementType())
             : buffer.bytes.size();
}

WeightFolder::Known *WeightFolder::lookup(Value value) {
  auto found = known.find(value);
  if (found != known.end())
    return &found->second;
  std::optional<Buffer> buffer = getConstant(value, &symbols);
  if (!buffer)
    return nullptr;
  unsigned uses = std::distance(value.use_begin(), value.use_end());
  return &known.insert({value, {*buffer, getCost(*buffer), uses}})
              .first->second;
}

/// The operand may be in `known`; no constant is expanded to find out, and no
/// splat that is too large at all.
bool WeightFolder::isKnown(OpOperand &operand) {
  Operation *op = operand.get().getDefiningOp();
  if (isa_and_nonnull<arith::ConstantOp>(op) &&
      nn::getByteSize(cast<ShapedType>(operand.get().getType())) >
          kMaxUnstoredBytes)
    return false;
  return isa_and_nonnull<arith::ConstantOp, WeightOp, tensor::EmptyOp>(op) ||
         known.contains(operand.get());
}

/// A conversion of narrow integers: one of `operands` is that, and the result
/// is wider and takes more room than they do.
static bool isWidening(ArrayRef<Buffer> operands, Type result, int64_t bytes,
                       int64_t cost) {
  if (bytes <= kMaxWidenedBytes || 2 * bytes <= 3 * cost)
    return false;
  unsigned width = kernel::getElementBytes(getElementTypeOrSelf(result));
  return llvm::any_of(operands, [&](const Buffer &operand) {
    Type type = operand.type.getElementType();
    return isa<IntegerType>(type) && type.getIntOrFloatBitWidth() <= 16 &&
           kernel::getElementBytes(type) < width;
  });
}

void WeightFolder::visit(Operation *op) {
  std::optional<int64_t> points;
  if (!canEvaluate(op) || !(points = getNumPoints(op, pointsLeft)) ||
      !llvm::all_of(op->getOpOperands(),
                    [&](OpOperand &operand) { return isKnown(operand); }))
    return;
  SmallVector<Buffer> operands;
  int64_t cost = 0, bytes = 0;
  unsigned numOutputs = 0;
  if (auto layer = dyn_cast<LayerOpInterface>(op))
    numOutputs = layer.getOutputs().size();
  for (OpOperand &operand : op->getOpOperands()) {
    bool isOutput =
        operand.getOperandNumber() + numOutputs >= op->getNumOperands();
    if (isOutput && operand.get().getDefiningOp<tensor::EmptyOp>()) {
      operands.push_back(
          {cast<RankedTensorType>(operand.get().getType()), {}, {}});
      continue;
    }
    Known *value = lookup(operand.get());
    if (!value)
      return;
    operands.push_back(value->buffer);
    cost += value->cost;
  }
  for (Type type : op->getResultTypes()) {
    std::optional<int64_t> size = getByteSize(cast<ShapedType>(type));
    if (!size || llvm::AddOverflow(bytes, *size, bytes))
      return;
  }
  if (!foldDequantize &&
      isWidening(operands, op->getResult(0).getType(), bytes, cost))
    return;
  bool blowsUp = bytes > kMaxBlownUpBytes && bytes / 4 > cost;
  if (blowsUp && bytes > kMaxUnstoredBytes)
    return;
  pointsLeft -= *points;
  std::string reason;
  FailureOr<SmallVector<Buffer>> results = evaluate(op, operands, reason);
  if (failed(results))
    return;
  if (blowsUp && llvm::all_of(*results, nn::isSplat))
    blowsUp = false;
  folded.push_back({op, blowsUp});
  for (auto [value, buffer] : llvm::zip(op->getResults(), *results)) {
    unsigned uses = std::distance(value.use_begin(), value.use_end());
    known[value] = {buffer, blowsUp ? cost : getCost(buffer), uses};
  }
  if (blowsUp)
    return;
  for (Value operand : op->getOperands()) {
    auto value = known.find(operand);
    if (value != known.end() && --value->second.uses == 0)
      value->second.buffer = {};
  }
}

void WeightFolder::replaceResults() {
  // From users to operands: what only folded operations used has no uses when
  // its turn comes. Then forward, for globals in the order of the program.
  SmallVector<Operation *> used;
  for (auto [op, stays] : llvm::reverse(folded)) {
    if (op->use_empty()) {
      op->erase();
    } else if (!stays) {
      op->dropAllReferences();
      used.push_back(op);
    }
  }
  for (Operation *op : llvm::reverse(used)) {
    OpBuilder builder(op);
    for (Value result : op->getResults())
      if (!result.use_empty())
        result.replaceAllUsesWith(createConstant(builder, op->getLoc(), symbols,
                                                 known.lookup(result).buffer));
    op->erase();
  }
}

/// The other half of the normal form: no large `arith.constant`.
void WeightFolder::moveLargeConstants() {
  SmallVector<arith::ConstantOp> large;
  module.walk([&](arith::ConstantOp op) {
    auto value = dyn_cast<ElementsAttr>(op.getValue());
    if (value && !value.isSplat() &&
        getByteSize(value.getShapedType()) > kMaxDenseBytes)
      large.push_back(op);
  });
  for (arith::ConstantOp op : large) {
    std::optional<Buffer> buffer = getConstant(op);
    if (!buffer || nn::isSplat(*buffer))
      continue;
    OpBuilder builder(op);
    op.replaceAllUsesWith(
        createConstant(builder, op.getLoc(), symbols, *buffer));
    op.erase();
  }
}

void WeightFolder::eraseGlobals() {
  SmallVector<Operation *> dead;
  module.walk([&](Operation *op) {
    if (isa<WeightOp, arith::ConstantOp, tensor::EmptyOp>(op) &&
        op->use_empty())
      dead.push_back(op);
  });
  for (Operation *op : dead)
    op->erase();
  std::optional<SymbolTable::UseRange> uses =
      SymbolTable::getSymbolUses(&module.getBodyRegion());
  if (!uses)
    return;
  DenseSet<StringAttr> used;
  for (SymbolTable::SymbolUse use : *uses)
    used.insert(use.getSymbolRef().getRootReference());
  for (auto global :
       llvm::make_early_inc_range(module.getOps<kernel::GlobalOp>()))
    if (!used.contains(global.getSymNameAttr()))
      symbols.erase(global);
}

namespace {
struct FoldWeightsPass : tenon::impl::FoldWeightsPassBase<FoldWeightsPass> {
  using FoldWeightsPassBase::FoldWeightsPassBase;
  void runOnOperation() override {
    WeightFolder(getOperation(), foldDequantize).run();
  }
};
} // namespace
