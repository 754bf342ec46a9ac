//===- ConvertOnnxToNn.cpp - The pass from operators to layers ------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One walk in the order of the program. An operation of the onnx dialect is
// replaced by what the table of lowerings makes of it, and the walk goes on
// with the first operation that is new:
//
//   %y = onnx.Relu(%x)    ->    %y = nn.map ... { max(x, 0) }
//
// A refused operation stays, so that all refusals are found; then all of them
// are reported.
//
//===----------------------------------------------------------------------===//

#include "passes/import/Passes.h"
#include "passes/import/onnx-to-nn/CodedFloats.h"
#include "passes/import/onnx-to-nn/Families.h"

#include "dialects/nn/Evaluate.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

namespace tenon {
#define GEN_PASS_DEF_CONVERTONNXTONNPASS
#include "passes/import/Passes.h.inc"
} // namespace tenon

const LoweringTable &lowering::getLowerings() {
  static const LoweringTable table = [] {
    LoweringTable table;
#define TENON_FAMILY(name) populate##name(table);
    TENON_FAMILIES
#undef TENON_FAMILY
    return table;
  }();
  return table;
}

bool tenon::hasOnnxLowering(StringRef operationName) {
  return getLowerings().lookup(operationName) != nullptr;
}

/// Why values of this type are beyond all lowerings; empty if they are not.
static std::string refuseType(Type type) {
  std::string text;
  llvm::raw_string_ostream os(text);
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor && isa<TensorType>(type))
    os << "has a tensor of unknown rank";
  else if (!tensor)
    os << "has a value of type " << type;
  else if (!tensor.hasStaticShape())
    os << "has a tensor of unknown size: " << type;
  else if (!tensor.getElementType().isIntOrFloat() && !getCodeType(type))
    os << "has a tensor of " << tensor.getElementType();
  return text;
}

/// Floats that are codes become f32 for as long as `op` is lowered.
static void replaceCodedTypes(Operation *op, LayerBuilder &b) {
  for (OpOperand &operand : op->getOpOperands())
    if (getCodeType(operand.get().getType()))
      operand.set(decode(b, operand.get()));
  for (Value result : op->getResults())
    if (RankedTensorType codes = getCodeType(result.getType()))
      result.setType(codes.clone(b.getF32Type()));
}

LogicalResult lowering::lower(Operation *op, LayerBuilder &b,
                              std::string &why) {
  const Lowering *lowering =
      getLowerings().lookup(op->getName().getStringRef());
  if (!lowering) {
    why = "is not supported";
    return failure();
  }
  for (TypeRange types :
       {TypeRange(op->getOperandTypes()), TypeRange(op->getResultTypes())})
    for (Type type : types)
      if (why = refuseType(type); !why.empty())
        return failure();
  b.start(op);
  SmallVector<Type> types(op->getResultTypes());
  if (!isa<onnx::BitCastOp>(op)) // which is about codes
    replaceCodedTypes(op, b);
  Lowered lowered = (*lowering)(op, b);
  if (lowered.isRefused()) {
    why = b.getReason();
    return failure();
  }
  for (auto [result, value, type] :
       llvm::zip_equal(op->getResults(), lowered.getValues(), types))
    if (value)
      result.replaceAllUsesWith(getCodeType(type) ? encode(b, value, type, op)
                                                  : value);
  op->erase();
  return success();
}

/// The location is the node's name.
static void report(Operation *op, StringRef why) {
  InFlightDiagnostic error = op->emitError();
  if (auto name = dyn_cast<NameLoc>(op->getLoc()))
    error << "node '" << name.getName().getValue() << "': ";
  error << op->getName().stripDialect() << " " << why;
}

static bool hasOpenSizes(Operation *op) {
  auto isOpen = [](Type type) {
    auto tensor = dyn_cast<TensorType>(type);
    return tensor && !(tensor.hasRank() && tensor.hasStaticShape());
  };
  return llvm::any_of(op->getOperandTypes(), isOpen) ||
         llvm::any_of(op->getResultTypes(), isOpen);
}

/// Whether the layer would run for days. Later stages count its steps.
static bool isTooLong(Operation *op) {
  return isa<nn::LayerOpInterface>(op) &&
         !nn::getNumPoints(op, int64_t(1) << 48);
}

static void eraseDead(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op))
      op.erase();
}

namespace {
struct ConvertOnnxToNnPass
    : tenon::impl::ConvertOnnxToNnPassBase<ConvertOnnxToNnPass> {
  using ConvertOnnxToNnPassBase::ConvertOnnxToNnPassBase;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    LayerBuilder b(symbols);
    for (auto function : getOperation().getOps<func::FuncOp>())
      for (Block &block : function.getBody())
        lowerBlock(block, b);
    if (refused || openSizes)
      signalPassFailure();
  }

  bool isToldElsewhere(Operation *op) {
    return openSizes &&
           (hasOpenSizes(op) || !hasOnnxLowering(op->getName().getStringRef()));
  }

  void lowerBlock(Block &block, LayerBuilder &b) {
    eraseDead(block);
    for (Operation *op = block.empty() ? nullptr : &block.front(); op;) {
      Operation *before = op->getPrevNode(), *next = op->getNextNode();
      bool isReplaced = false;
      if (isa_and_nonnull<onnx::OnnxDialect>(op->getDialect())) {
        std::string why;
        isReplaced = succeeded(lower(op, b, why));
        if (!isReplaced && !isToldElsewhere(op))
          report(op, why);
        refused |= !isReplaced;
      } else {
        isReplaced = b.fold(op);
        if (!isReplaced && isTooLong(op)) {
          report(op, "takes more than 2^48 steps");
          refused = true;
        }
      }
      op = !isReplaced ? next : before ? before->getNextNode() : &block.front();
    }
    eraseDead(block);
  }

  bool refused = false;
};
} // namespace
