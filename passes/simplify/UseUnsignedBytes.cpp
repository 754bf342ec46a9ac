//===- UseUnsignedBytes.cpp - Values as the target multiplies them --------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// AVX-512 VNNI multiplies unsigned bytes by signed ones. Quantizers of many
// models prefer signed ones, so that each word of data would have to be changed
// on the way into each product. Between layers a value is the compiler's own:
// there it is larger by 128, with a zero point that is, too.
//
//     %x = nn.map ... { nn.yield (arith.trunci %q : i32 to i8) } : tensor<8xi8>
//     %y = nn.contract ins(%x, %w) zero_points [-128, 0]
// becomes
//     %x = nn.map ... { nn.yield (arith.trunci (%q + 128)) } : tensor<8xui8>
//     %y = nn.contract ins(%x, %w) zero_points [0, 0]
//
// Other layers that widen the value take 128 from it.
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Dots.h"
#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "passes/simplify/Passes.h"
#include "llvm/ADT/SetVector.h"

namespace tenon {
#define GEN_PASS_DEF_USEUNSIGNEDBYTESPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

static constexpr int64_t kShift = 128;

static bool isSignedBytes(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getElementType().isInteger(8) &&
         !type.getElementType().isUnsignedInteger();
}

/// What a layer yields for result `number`, narrowed to a byte; null where it
/// comes about otherwise.
static arith::TruncIOp getNarrowing(LayerOpInterface layer, unsigned number) {
  auto narrow = layer.getLastRegion()
                    .front()
                    .getTerminator()
                    ->getOperand(number)
                    .getDefiningOp<arith::TruncIOp>();
  bool isI32 = narrow && narrow.getIn().getType().isInteger(32);
  return isI32 && narrow->hasOneUse() ? narrow : arith::TruncIOp();
}

/// Whether a layer that reads the value takes it shifted, too.
static bool canRead(LayerOpInterface layer, OpOperand &use) {
  if (isa<ContractOp>(*layer) &&
      use.getOperandNumber() < layer.getInputs().size())
    return true;
  BlockArgument argument = layer.getArgumentOf(use);
  return argument && llvm::all_of(argument.getUsers(), [](Operation *op) {
           return isa<arith::ExtSIOp>(op);
         });
}

/// Whether what computes the value can do so shifted.
static bool canCompute(Value value) {
  auto layer = value.getDefiningOp<LayerOpInterface>();
  if (layer)
    return bool(getNarrowing(layer, cast<OpResult>(value).getResultNumber()));
  return isa_and_nonnull<AssembleOp, ReshapeOp>(value.getDefiningOp());
}

/// `value`, and what is assembled or viewed along with it; none where something
/// does not compute or take one of them shifted.
static std::optional<SmallVector<Value>> findShifted(Value value) {
  llvm::SetVector<Value> shifted;
  shifted.insert(value);
  // Grows on the way.
  for (unsigned i = 0; i < shifted.size(); ++i) {
    value = shifted[i];
    if (!isSignedBytes(value) || !canCompute(value))
      return std::nullopt;
    if (Operation *def = value.getDefiningOp(); isa<AssembleOp, ReshapeOp>(def))
      shifted.insert(def->operand_begin(), def->operand_end());
    for (OpOperand &use : value.getUses()) {
      Operation *user = use.getOwner();
      auto layer = dyn_cast<LayerOpInterface>(user);
      if (isa<AssembleOp, ReshapeOp>(user))
        shifted.insert(user->getResult(0));
      else if (!layer || !canRead(layer, use))
        return std::nullopt;
    }
  }
  return shifted.takeVector();
}

/// The layer computes result `number` larger by 128.
static void shiftResult(LayerOpInterface layer, unsigned number, Type type) {
  arith::TruncIOp narrow = getNarrowing(layer, number);
  OpBuilder builder(narrow);
  Location loc = narrow.getLoc();
  Value shift = buildNumber(builder, loc, kShift);
  narrow.getInMutable().assign(
      builder.create<arith::AddIOp>(loc, narrow.getIn(), shift));
  builder.setInsertionPoint(layer);
  auto shaped = cast<RankedTensorType>(type);
  layer->setOperand(layer.getFirstOutput() + number,
                    builder.create<tensor::EmptyOp>(layer.getLoc(),
                                                    shaped.getShape(),
                                                    shaped.getElementType()));
}

static void shiftRead(LayerOpInterface layer, OpOperand &use) {
  OpBuilder builder(layer);
  unsigned operand = use.getOperandNumber();
  auto contract = dyn_cast<ContractOp>(*layer);
  if (contract && operand < layer.getInputs().size()) {
    SmallVector<int64_t> zeros{contract.getZeroPoint(0),
                               contract.getZeroPoint(1)};
    zeros[operand] += kShift;
    contract.setZeroPointsAttr(builder.getDenseI64ArrayAttr(zeros));
    return;
  }
  for (Operation *op :
       llvm::make_early_inc_range(layer.getArgumentOf(use).getUsers())) {
    builder.setInsertionPoint(op);
    Location loc = op->getLoc();
    Type type = op->getResult(0).getType();
    Value wide = builder.create<arith::ExtUIOp>(loc, type, op->getOperand(0));
    Value shift = builder.create<arith::ConstantOp>(
        loc, builder.getIntegerAttr(type, kShift));
    op->getResult(0).replaceAllUsesWith(
        builder.create<arith::SubIOp>(loc, wide, shift));
    op->erase();
  }
}

static void shift(ArrayRef<Value> values) {
  for (Value value : values) {
    Builder builder(value.getContext());
    Type byte = builder.getIntegerType(8, /*isSigned=*/false);
    Type type = cast<RankedTensorType>(value.getType()).clone(byte);
    Operation *def = value.getDefiningOp();
    if (auto layer = dyn_cast<LayerOpInterface>(def))
      shiftResult(layer, cast<OpResult>(value).getResultNumber(), type);
    if (auto assemble = dyn_cast<AssembleOp>(def))
      if (auto fill = cast_or_null<IntegerAttr>(assemble.getFillAttr()))
        assemble.setFillAttr(
            builder.getIntegerAttr(byte, fill.getInt() + kShift));
    for (OpOperand &use : value.getUses())
      if (auto layer = dyn_cast<LayerOpInterface>(use.getOwner()))
        shiftRead(layer, use);
    value.setType(type);
  }
}

namespace {
struct UseUnsignedBytesPass
    : tenon::impl::UseUnsignedBytesPassBase<UseUnsignedBytesPass> {
  void runOnOperation() override {
    kernel::TargetAttr target = kernel::getTarget(getOperation());
    if (!target || !kernel::getTraits(target.getDot()).takesUnsigned)
      return;
    SmallVector<ContractOp> contracts;
    getOperation()->walk([&](ContractOp op) { contracts.push_back(op); });
    for (ContractOp contract : contracts)
      for (unsigned input : {0, 1}) {
        // What a product would have to change.
        if (contract.getZeroPoint(input) != -kShift)
          continue;
        if (auto shifted = findShifted(contract.getInputs()[input]))
          shift(*shifted);
      }
  }
};
} // namespace
