//===- LegalizeForCpp.cpp - Makes the low form printable as C++ -----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Does every change that C++ wants, so that the printer only reads: drops what
// nothing uses (compilers warn about it), gives vectors the forms that GCC's
// extensions have, finds out which pointers are `const`,
// marks the operations that are written inside of their user's expression, and
// names functions, constants and values (LegalizeForCppNames.cpp).
//
//   %0 = memref.load %x[%i]       {kernel.inline}
//   %1 = arith.addf %0, %b        {kernel.inline}         y[i] = x[i] + b;
//   memref.store %1, %y[%i]
//
//===----------------------------------------------------------------------===//

#include "passes/lower/LegalizeForCpp.h"

#include "dialects/kernel/Kernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Iterators.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "passes/lower/Passes.h"

using namespace mlir;
using namespace tenon;

namespace tenon {
#define GEN_PASS_DEF_LEGALIZEFORCPPPASS
#include "passes/lower/Passes.h.inc"
} // namespace tenon

//===----------------------------------------------------------------------===//
// What nothing uses
//===----------------------------------------------------------------------===//

static void eraseDeadOps(func::FuncOp function) {
  // Users stand behind what they use: backwards, one walk sees all.
  function.walk<WalkOrder::PostOrder, ReverseIterator>([](Operation *op) {
    if (isOpTriviallyDead(op))
      op->erase();
  });
}

/// Private functions and constants that no other function names.
static void eraseDeadSymbols(ModuleOp module) {
  DenseMap<StringAttr, Operation *> symbols;
  SmallVector<Operation *> worklist;
  llvm::SmallPtrSet<Operation *, 32> alive;
  for (Operation &op : *module.getBody()) {
    auto symbol = dyn_cast<SymbolOpInterface>(op);
    if (!symbol)
      continue;
    symbols[symbol.getNameAttr()] = &op;
    // Code finds what is in the weights file by its place.
    if (auto global = dyn_cast<kernel::GlobalOp>(op);
        global && kernel::getFileOffset(global))
      alive.insert(&op);
    if (isa<func::FuncOp>(op) && symbol.isPublic() && alive.insert(&op).second)
      worklist.push_back(&op);
  }
  while (!worklist.empty()) {
    worklist.pop_back_val()->walk([&](Operation *op) {
      for (NamedAttribute attr : op->getAttrs())
        if (auto name = dyn_cast<FlatSymbolRefAttr>(attr.getValue()))
          if (Operation *used = symbols.lookup(name.getAttr()))
            if (alive.insert(used).second)
              worklist.push_back(used);
    });
  }
  for (auto [name, op] : symbols)
    if (!alive.contains(op))
      op->erase();
}

//===----------------------------------------------------------------------===//
// Pointers to what is only read
//===----------------------------------------------------------------------===//

/// Whether the function writes what the memref points to, given what is known
/// of the functions that it calls.
static bool isWritten(Value memref, SymbolTable &symbols) {
  for (OpOperand &use : memref.getUses()) {
    Operation *op = use.getOwner();
    if (auto view = dyn_cast<ViewLikeOpInterface>(op)) {
      if (isWritten(op->getResult(0), symbols))
        return true;
      continue;
    }
    StringRef callee;
    if (auto call = dyn_cast<func::CallOp>(op))
      callee = call.getCallee();
    else if (auto parallel = dyn_cast<kernel::ParallelOp>(op))
      callee = parallel.getCallee();
    if (!callee.empty()) {
      auto function = symbols.lookup<func::FuncOp>(callee);
      if (!function || !function.getArgAttr(use.getOperandNumber(),
                                            kernel::kReadOnlyAttrName))
        return true;
      continue;
    }
    auto effects = dyn_cast<MemoryEffectOpInterface>(op);
    if (!effects)
      return true;
    SmallVector<MemoryEffects::EffectInstance> found;
    effects.getEffectsOnValue(memref, found);
    if (llvm::any_of(found, [](auto &effect) {
          return !isa<MemoryEffects::Read>(effect.getEffect());
        }))
      return true;
  }
  return false;
}

/// All private arguments count as read-only until one is found to be written;
/// then callers are looked at again.
static void markReadOnlyArguments(ModuleOp module) {
  SymbolTable symbols(module);
  auto unit = UnitAttr::get(module.getContext());
  auto forEach = [&](auto visit) {
    for (auto function : module.getOps<func::FuncOp>())
      if (function.isPrivate() && !function.isExternal())
        for (BlockArgument arg : function.getArguments())
          if (isa<MemRefType>(arg.getType()))
            visit(function, arg);
  };
  forEach([&](func::FuncOp function, BlockArgument arg) {
    function.setArgAttr(arg.getArgNumber(), kernel::kReadOnlyAttrName, unit);
  });
  bool changed = true;
  while (changed) {
    changed = false;
    forEach([&](func::FuncOp function, BlockArgument arg) {
      unsigned index = arg.getArgNumber();
      if (function.getArgAttr(index, kernel::kReadOnlyAttrName) &&
          isWritten(arg, symbols)) {
        function.removeArgAttr(index, kernel::kReadOnlyAttrName);
        changed = true;
      }
    });
  }
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

namespace {
/// How large an expression may grow, and how far a load may move.
constexpr unsigned kMaxOpsInExpression = 8;
constexpr unsigned kMaxDistance = 32;

struct Tree {
  unsigned ops = 0;
  bool reads = false;
};
} // namespace

/// Operations that say an operand twice, or in a loop.
static bool repeatsOperands(Operation *user) {
  return isa<kernel::FillOp, kernel::FailOp, kernel::MarkOp,
             kernel::ParallelOp>(user);
}

static bool mayWrite(Operation *op) {
  if (isMemoryEffectFree(op))
    return false;
  auto effects = dyn_cast<MemoryEffectOpInterface>(op);
  return !effects || !effects.onlyHasEffect<MemoryEffects::Read>();
}

static void markInlined(Block &block, UnitAttr unit) {
  DenseMap<Operation *, Tree> trees;
  for (Operation &op : block) {
    if (op.getNumResults() != 1 || op.getNumRegions() != 0 ||
        op.hasTrait<OpTrait::ConstantLike>() || isa<func::CallOp>(op))
      continue;
    Type type = op.getResult(0).getType();
    if (isa<kernel::ConstantOp, kernel::NullOp>(op)) {
      op.setAttr(kernel::kInlineAttrName, unit);
      continue;
    }
    Tree tree{1, !isMemoryEffectFree(&op)};
    if (isa<MemRefType>(type) || mayWrite(&op))
      continue;
    for (Value operand : op.getOperands()) {
      Tree inner = trees.lookup(operand.getDefiningOp());
      tree.ops += inner.ops;
      tree.reads |= inner.reads;
    }
    if (!op.hasOneUse() || tree.ops > kMaxOpsInExpression)
      continue;
    Operation *user = *op.getUsers().begin();
    if (user->getBlock() != &block || repeatsOperands(user))
      continue;
    // The bound of a loop is evaluated again at each step.
    if (isa<scf::ForOp>(user) && (tree.reads || tree.ops > 2))
      continue;
    if (tree.reads) {
      unsigned distance = 0;
      Operation *next = op.getNextNode();
      while (next != user && distance < kMaxDistance && !mayWrite(next)) {
        next = next->getNextNode();
        ++distance;
      }
      if (next != user)
        continue;
    }
    op.setAttr(kernel::kInlineAttrName, unit);
    trees[&op] = tree;
  }
}

namespace {
struct LegalizeForCppPass
    : public tenon::impl::LegalizeForCppPassBase<LegalizeForCppPass> {
  using LegalizeForCppPassBase::LegalizeForCppPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    eraseDeadSymbols(module);
    for (auto function : module.getOps<func::FuncOp>()) {
      eraseDeadOps(function);
      legalizeVectorsForCpp(function);
    }
    markReadOnlyArguments(module);
    auto unit = UnitAttr::get(&getContext());
    module.walk([&](Block *block) {
      if (!isa<ModuleOp>(block->getParentOp()))
        markInlined(*block, unit);
    });
    if (failed(nameForCpp(module)))
      signalPassFailure();
  }
};
} // namespace
