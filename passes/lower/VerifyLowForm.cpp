//===- VerifyLowForm.cpp - Checks the contract between plan and codegen ---===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Both emitters take what this pass lets through and nothing else. The list is
// closed; docs/rationale/low-form.md gives it with its reasons. All faults are
// reported, each with the ONNX node that it comes from:
//
//   %y = math.exp %x : f32 loc("Softmax_7")
//   error: node 'Softmax_7': 'math.exp' is not in the low form
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Kernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "passes/lower/LowForm.h"
#include "passes/lower/Passes.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tenon;

namespace tenon {
#define GEN_PASS_DEF_VERIFYLOWFORMPASS
#include "passes/lower/Passes.h.inc"
} // namespace tenon

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

static bool isElement(Type type) {
  return type.isF32() || type.isF64() || type.isInteger(8) ||
         type.isInteger(16) || type.isInteger(32) || type.isInteger(64);
}

static bool isScalar(Type type) {
  return isElement(type) || isa<IndexType>(type) || type.isInteger(1);
}

static bool isMask(Type type) {
  auto vector = dyn_cast<VectorType>(type);
  return vector && vector.getElementType().isInteger(1);
}

/// Rank 1, a power of two of lanes, at most one register of the target.
static bool isVector(Type type, kernel::TargetAttr target) {
  auto vector = dyn_cast<VectorType>(type);
  if (!vector || vector.getRank() != 1 || vector.isScalable())
    return false;
  int64_t lanes = vector.getNumElements();
  if (lanes < 2 || !llvm::isPowerOf2_64(lanes))
    return false;
  unsigned bits = isMask(type) ? 8 : vector.getElementTypeBitWidth();
  return (isMask(type) || isElement(vector.getElementType())) &&
         lanes * bits <= target.getVectorBits();
}

static bool isBuffer(Type type) {
  auto memref = dyn_cast<MemRefType>(type);
  return memref && memref.getRank() == 1 && memref.getLayout().isIdentity() &&
         !memref.getMemorySpace() && isElement(memref.getElementType());
}

static bool isLowType(Type type, kernel::TargetAttr target) {
  return isScalar(type) || isBuffer(type) || isVector(type, target) ||
         isa<kernel::ContextType>(type);
}

//===----------------------------------------------------------------------===//
// What C++ and LLVM leave undefined is proven not to happen
//===----------------------------------------------------------------------===//

static std::optional<APInt> getConstant(Value value) {
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)))
    return constant;
  return std::nullopt;
}

bool tenon::isProvenShiftAmount(Value amount) {
  Type type = getElementTypeOrSelf(amount.getType());
  uint64_t width = isa<IndexType>(type) ? 32 : type.getIntOrFloatBitWidth();
  auto isBelow = [&](Value value) {
    auto constant = getConstant(value);
    return constant && constant->ult(width);
  };
  if (isBelow(amount))
    return true;
  Operation *op = amount.getDefiningOp();
  return isa_and_nonnull<arith::AndIOp, arith::MinUIOp>(op) &&
         llvm::any_of(op->getOperands(), isBelow);
}

bool tenon::isProvenDivisor(Value divisor, bool isSigned) {
  if (auto constant = getConstant(divisor))
    return !constant->isZero() && !(isSigned && constant->isAllOnes());
  Operation *op = divisor.getDefiningOp();
  bool isMaximum = isSigned ? isa_and_nonnull<arith::MaxSIOp>(op)
                            : isa_and_nonnull<arith::MaxUIOp>(op);
  return isMaximum && llvm::any_of(op->getOperands(), [&](Value value) {
           auto constant = getConstant(value);
           return constant && (isSigned ? constant->isStrictlyPositive()
                                        : !constant->isZero());
         });
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

/// Masks have the width of what was compared: two of different width cannot be
/// joined. They live between operations only.
static StringRef checkMasks(Operation *op) {
  auto isMaskValue = [](Value value) { return isMask(value.getType()); };
  if (!llvm::any_of(op->getOperands(), isMaskValue) &&
      !llvm::any_of(op->getResults(), isMaskValue))
    return "";
  if (!isa<arith::CmpIOp, arith::CmpFOp, arith::AndIOp, arith::OrIOp,
           arith::XOrIOp, arith::SelectOp, arith::ExtUIOp, arith::ExtSIOp>(op))
    return "cannot take or give a vector of i1";
  if (isa<arith::CmpIOp>(op) && isMaskValue(op->getOperand(0)))
    return "cannot compare vectors of i1";
  unsigned width = 0;
  for (Value value : op->getOperands()) {
    if (!isMaskValue(value))
      continue;
    unsigned next = kernel::getMaskBits(value);
    if (next == 0 || (width != 0 && next != width))
      return "has vectors of i1 that come from comparisons of different width";
    width = next;
  }
  auto select = dyn_cast<arith::SelectOp>(op);
  if (select && isMaskValue(select.getCondition()) &&
      !isMask(select.getType()) &&
      width != getElementTypeOrSelf(select.getType()).getIntOrFloatBitWidth())
    return "selects lanes of another width than was compared";
  return "";
}

/// Vectors convert between float and integer lane by lane, at one width.
static StringRef checkConversion(Operation *op) {
  Type from = op->getOperand(0).getType(), to = op->getResult(0).getType();
  if (isa<VectorType>(from) &&
      getElementTypeOrSelf(from).getIntOrFloatBitWidth() !=
          getElementTypeOrSelf(to).getIntOrFloatBitWidth())
    return "converts a vector to lanes of another width";
  if (getElementTypeOrSelf(from).isInteger(1))
    return "converts an i1: extend it first";
  return "";
}

static bool isOfDoubles(Operation *op) {
  return op->getNumResults() == 1 &&
         getElementTypeOrSelf(op->getResult(0).getType()).isF64();
}

/// A core without vectors may have a float unit for f32 alone.
static StringRef checkMath(Operation *op, bool isThere) {
  if (isThere && !(isOfDoubles(op) && kernel::getTarget(op).getLanes() == 1))
    return "";
  return "needs an instruction that the target lacks";
}

static StringRef checkLoop(Operation *op, TypeRange carried) {
  for (Type type : carried)
    if (isMask(type) || !(isScalar(type) || isa<VectorType>(type)))
      return "carries what is neither a scalar nor a vector of numbers";
  return "";
}

/// Why the operation is not in the low form; empty where it is.
static StringRef checkOp(Operation *op, kernel::TargetAttr target) {
  constexpr StringLiteral kUnknown = "is not in the low form";
  StringRef fault =
      llvm::TypeSwitch<Operation *, StringRef>(op)
          .Case<arith::AddIOp, arith::SubIOp, arith::MulIOp>([](auto sum) {
            return sum.getOverflowFlags() == arith::IntegerOverflowFlags::none
                       ? ""
                       : "has overflow flags";
          })
          .Case<arith::ShLIOp, arith::ShRSIOp, arith::ShRUIOp>([](auto shift) {
            return isProvenShiftAmount(shift.getRhs())
                       ? ""
                       : "shifts by an amount that is not proven to be below "
                         "the "
                         "width";
          })
          .Case<arith::DivSIOp, arith::RemSIOp>([](auto division) {
            return isProvenDivisor(division.getRhs(), true)
                       ? ""
                       : "divides by what is not proven to be neither 0 nor -1";
          })
          .Case<arith::DivUIOp, arith::RemUIOp>([](auto division) {
            return isProvenDivisor(division.getRhs(), false)
                       ? ""
                       : "divides by what is not proven to be other than 0";
          })
          .Case<arith::CmpFOp>([](auto compare) {
            return compare.getPredicate() == arith::CmpFPredicate::AlwaysTrue ||
                           compare.getPredicate() ==
                               arith::CmpFPredicate::AlwaysFalse
                       ? "does not depend on its operands"
                       : "";
          })
          .Case<arith::SIToFPOp, arith::UIToFPOp, arith::FPToSIOp,
                arith::FPToUIOp>(
              [](auto conversion) { return checkConversion(conversion); })
          .Case<arith::AndIOp, arith::OrIOp, arith::XOrIOp, arith::CmpIOp,
                arith::SelectOp, arith::MinSIOp, arith::MaxSIOp, arith::MinUIOp,
                arith::MaxUIOp, arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp,
                arith::IndexCastOp, arith::IndexCastUIOp, arith::AddFOp,
                arith::SubFOp, arith::MulFOp, arith::DivFOp, arith::NegFOp,
                arith::ExtFOp, arith::TruncFOp, arith::BitcastOp,
                arith::ConstantOp>([](Operation *) { return ""; })
          .Case<math::FmaOp>(
              [&](Operation *fma) { return checkMath(fma, target.getFma()); })
          .Case<math::SqrtOp>([&](Operation *sqrt) {
            return checkMath(sqrt, target.getSqrt());
          })
          .Case<memref::LoadOp, memref::StoreOp>([](Operation *) { return ""; })
          .Case<vector::LoadOp>([](auto load) {
            return load.getVectorType().getElementType() ==
                           load.getMemRefType().getElementType()
                       ? ""
                       : "loads another type than the buffer has";
          })
          .Case<vector::StoreOp>([](auto store) {
            return store.getVectorType().getElementType() ==
                           store.getMemRefType().getElementType()
                       ? ""
                       : "stores another type than the buffer has";
          })
          .Case<vector::BroadcastOp>([](vector::BroadcastOp broadcast) {
            return isa<VectorType>(broadcast.getSourceType())
                       ? "broadcasts a vector"
                       : "";
          })
          .Case<vector::ExtractOp, vector::InsertOp>([](auto lane) {
            return lane.getNumIndices() == 1 && !lane.hasDynamicPosition()
                       ? ""
                       : "needs one static lane";
          })
          .Case<vector::SplatOp, vector::ShuffleOp>(
              [](Operation *) { return ""; })
          .Case<scf::ForOp>([](scf::ForOp loop) {
            return checkLoop(loop, loop.getResultTypes());
          })
          .Case<scf::WhileOp>([](scf::WhileOp loop) {
            StringRef before = checkLoop(loop, loop.getInits().getTypes());
            return before.empty() ? checkLoop(loop, loop.getResultTypes())
                                  : before;
          })
          .Case<scf::IfOp>([](scf::IfOp branch) {
            return checkLoop(branch, branch.getResultTypes());
          })
          .Case<scf::YieldOp, scf::ConditionOp, func::CallOp, func::ReturnOp>(
              [](Operation *) { return ""; })
          .Case<kernel::ConstantOp, kernel::WeightsOp, kernel::WeightsSizeOp,
                kernel::SliceOp, kernel::LoadOp, kernel::StoreOp,
                kernel::CopyOp, kernel::FillOp, kernel::LoadWordOp,
                kernel::WidenOp, kernel::DotShortsOp, kernel::DotBytesOp,
                kernel::DotLanesOp, kernel::MisalignedOp, kernel::FailOp,
                kernel::NullOp, kernel::MarkOp, kernel::ParallelOp>(
              [](Operation *) { return ""; })
          .Default(StringRef(kUnknown));
  if (!fault.empty())
    return fault;
  if (auto fast = dyn_cast<arith::ArithFastMathInterface>(op))
    if (fast.getFastMathFlagsAttr() &&
        fast.getFastMathFlagsAttr().getValue() != arith::FastMathFlags::none)
      return "has fast-math flags";
  return checkMasks(op);
}

//===----------------------------------------------------------------------===//
// The module
//===----------------------------------------------------------------------===//

namespace {
struct VerifyLowFormPass
    : public tenon::impl::VerifyLowFormPassBase<VerifyLowFormPass> {
  using VerifyLowFormPassBase::VerifyLowFormPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    target = kernel::getTarget(module);
    if (!target) {
      mlir::emitError(module.getLoc()) << "the module names no target";
      return signalPassFailure();
    }
    for (Operation &op : *module.getBody()) {
      if (auto function = dyn_cast<func::FuncOp>(op))
        verifyFunction(function);
      else if (!isa<kernel::GlobalOp>(op))
        fault(&op) << "is not in the low form";
    }
    verifyNoRecursion(module);
    if (failed)
      signalPassFailure();
  }

private:
  InFlightDiagnostic fault(Operation *op) {
    failed = true;
    InFlightDiagnostic diag = mlir::emitError(op->getLoc());
    StringRef node = kernel::getNodeName(op->getLoc());
    if (!node.empty())
      diag << "node '" << node << "': ";
    diag << "'" << op->getName() << "' ";
    return diag;
  }

  /// Of a user's making, where other faults are of a pass's.
  void refuseDoubles(Operation *op) {
    failed = true;
    StringRef name = op->getName().stripDialect();
    InFlightDiagnostic diag = mlir::emitError(op->getLoc());
    StringRef node = kernel::getNodeName(op->getLoc());
    if (!node.empty())
      diag << "node '" << node << "': ";
    diag << name << " of f64 is not supported for " << target.getName();
    diag.attachNote() << "hint: cast to float before it: there is " << name
                      << " of f32";
  }

  /// The description of a model is the one buffer that is returned.
  static bool returnsConstant(func::FuncOp function) {
    Operation *end = function.front().getTerminator();
    return function.isPublic() &&
           llvm::all_of(end->getOperands(), [](Value value) {
             return value.getDefiningOp<kernel::ConstantOp>();
           });
  }

  void verifyFunction(func::FuncOp function) {
    if (!llvm::hasSingleElement(function.getBody())) {
      fault(function) << "@" << function.getName()
                      << " does not have a body of one block";
      return;
    }
    if (function.getNumResults() > 1 ||
        llvm::any_of(function.getResultTypes(), [&](Type type) {
          return isa<kernel::ContextType>(type) ||
                 (isa<MemRefType>(type) && !returnsConstant(function));
        }))
      fault(function) << "@" << function.getName()
                      << " may return one scalar or vector, not "
                      << function.getResultTypes();
    if (function.isPublic() &&
        llvm::any_of(function.getArgumentTypes(), llvm::IsaPred<VectorType>))
      fault(function) << "@" << function.getName()
                      << " is public and takes a vector";
    verifyTypes(function, function.getArgumentTypes());
    function.getBody().walk([&](Operation *op) {
      StringRef reason = checkOp(op, target);
      if (!reason.empty()) {
        if (isa<math::MathDialect>(op->getDialect()) && isOfDoubles(op))
          return refuseDoubles(op);
        fault(op) << reason;
        return;
      }
      verifyTypes(op, op->getOperandTypes());
      verifyTypes(op, op->getResultTypes());
      for (Region &region : op->getRegions())
        for (Block &block : region)
          verifyTypes(op, block.getArgumentTypes());
    });
  }

  void verifyTypes(Operation *op, TypeRange types) {
    for (Type type : types)
      if (!isLowType(type, target)) {
        fault(op) << "has the type " << type
                  << ", which is not in the low form of " << target.getName();
        return;
      }
  }

  /// Walks the calls depth first, with a stack of its own.
  void verifyNoRecursion(ModuleOp module) {
    llvm::DenseMap<StringRef, SmallVector<std::pair<StringRef, Operation *>>>
        callees;
    for (auto function : module.getOps<func::FuncOp>())
      function.walk([&, name = function.getName()](Operation *op) {
        if (auto call = dyn_cast<func::CallOp>(op))
          callees[name].push_back({call.getCallee(), op});
        else if (auto parallel = dyn_cast<kernel::ParallelOp>(op))
          callees[name].push_back({parallel.getCallee(), op});
      });
    enum State { Unseen, Open, Done };
    llvm::DenseMap<StringRef, State> states;
    for (auto function : module.getOps<func::FuncOp>()) {
      SmallVector<std::pair<StringRef, size_t>> stack;
      if (states[function.getName()] == Unseen)
        stack.push_back({function.getName(), 0});
      while (!stack.empty()) {
        auto &[name, next] = stack.back();
        states[name] = Open;
        auto &calls = callees[name];
        if (next == calls.size()) {
          states[name] = Done;
          stack.pop_back();
          continue;
        }
        auto [callee, op] = calls[next++];
        if (states[callee] == Open)
          fault(op) << "calls @" << callee << ", which leads back here";
        else if (states[callee] == Unseen)
          stack.push_back({callee, 0});
      }
    }
  }

  kernel::TargetAttr target;
  bool failed = false;
};
} // namespace
