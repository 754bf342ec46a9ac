//===- LegalizeForCppNames.cpp - Names for emitted C++ --------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A value is named after what its producer says (`kernel.name`: a dimension),
// else after the node (buffers), the buffer (what is loaded from it) or its
// role (loop counters, accumulators). Names come from hostile files: only
// letters, digits and single underscores remain, in lower case, so that no
// macro, keyword or helper of the printer can be meant.
//
//===----------------------------------------------------------------------===//

#include "passes/lower/LegalizeForCpp.h"

#include "dialects/kernel/Identifiers.h"
#include "dialects/kernel/Kernel.h"
#include "dialects/kernel/ValueNames.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace tenon;

//===----------------------------------------------------------------------===//
// Names of values
//===----------------------------------------------------------------------===//

namespace {
/// The names that are visible at a place, the innermost scope last.
class Scopes {
public:
  explicit Scopes(const llvm::StringSet<> &globals) : globals(globals) {}
  void push() { scopes.emplace_back(); }
  void pop() { scopes.pop_back(); }

  /// `x`, else `x1`, `x2` ...; `conv1_1` after a digit, and `conv_f_1` since
  /// all of `conv_f1`, `conv_f2` ... are reserved.
  std::string add(StringRef base) {
    bool separates =
        llvm::isDigit(base.back()) || isReservedInCpp((base + "1").str());
    std::string separator = separates ? "_" : "";
    std::string name = base.str();
    unsigned &next = counters[base];
    if (isTaken(name)) {
      // The counter only skips what is surely taken: it is reset per function.
      do {
        name = base.str() + separator + std::to_string(++next);
      } while (isTaken(name));
    }
    scopes.back().insert(name);
    return name;
  }

private:
  bool isTaken(StringRef name) const {
    return globals.contains(name) || isReservedInCpp(name) ||
           llvm::any_of(scopes,
                        [&](auto &scope) { return scope.contains(name); });
  }
  const llvm::StringSet<> &globals;
  std::vector<llvm::StringSet<>> scopes;
  llvm::StringMap<unsigned> counters;
};

class Namer {
public:
  explicit Namer(const llvm::StringSet<> &globals) : scopes(globals) {}
  void nameFunction(func::FuncOp function);

private:
  void nameBlock(Block &block);
  void nameLoop(Operation *op);
  std::string getBase(Value value);
  std::string getBufferBase(Value memref);
  void addCarried(ValueRange args, ValueRange results);
  std::string add(Value value, StringRef base) {
    return names[value] = scopes.add(base);
  }
  void setNames(Operation *op) {
    SmallVector<Attribute> attrs;
    for (Value value : kernel::getNamedValues(op))
      attrs.push_back(StringAttr::get(op->getContext(), names.lookup(value)));
    op->setAttr(kernel::kNamesAttrName,
                ArrayAttr::get(op->getContext(), attrs));
  }

  Scopes scopes;
  DenseMap<Value, std::string> names;
  unsigned depth = 0;
};
} // namespace

/// The name of what a loop counts, by depth, or what its producer says.
static std::string getCounterBase(Operation *op, unsigned depth) {
  if (auto name = op->getAttrOfType<StringAttr>(kernel::kNameAttrName))
    return getCppIdentifier(name, "i");
  static const char *const counters[] = {"i", "j", "k", "l", "m", "n"};
  return counters[std::min<unsigned>(depth, 5)];
}

std::string Namer::getBufferBase(Value memref) {
  if (auto constant = memref.getDefiningOp<kernel::ConstantOp>())
    return getCppIdentifier(constant.getGlobal(), "w");
  auto found = names.find(memref);
  return found == names.end() ? "x" : found->second;
}

std::string Namer::getBase(Value value) {
  Operation *op = value.getDefiningOp();
  if (auto name = op->getAttrOfType<StringAttr>(kernel::kNameAttrName))
    return getCppIdentifier(name, "v");
  if (isa<kernel::SliceOp, kernel::WeightsOp>(op))
    return getCppIdentifier(kernel::getNodeName(op->getLoc()), "buffer");
  if (isa<memref::LoadOp, vector::LoadOp, kernel::LoadOp, kernel::LoadWordOp>(
          op))
    return getCppIdentifier(getBufferBase(op->getOperand(0)), "v");
  if (auto call = dyn_cast<func::CallOp>(op))
    return getCppIdentifier(call.getCallee().str() + "_result", "v");
  Type type = getElementTypeOrSelf(value.getType());
  if (type.isInteger(1))
    return "is";
  if (isa<IndexType>(type))
    return "at";
  return isa<FloatType>(type) ? "v" : "n";
}

/// Loops over a range accumulate; what others carry as an integer, they count.
static StringRef getCarriedBase(Value value) {
  bool isFloat = isa<FloatType>(getElementTypeOrSelf(value.getType()));
  bool isRange =
      isa_and_nonnull<scf::ForOp>(value.getParentBlock()->getParentOp());
  return isFloat || isRange ? "acc" : "count";
}

/// A result is the variable that carried it.
void Namer::addCarried(ValueRange args, ValueRange results) {
  for (auto [index, arg] : llvm::enumerate(args)) {
    std::string name = add(arg, getCarriedBase(arg));
    if (index < results.size())
      names[results[index]] = name;
  }
}

/// What a loop carries outlives it and is named outside of it; the rest inside.
void Namer::nameLoop(Operation *op) {
  if (auto loop = dyn_cast<scf::ForOp>(op)) {
    addCarried(loop.getRegionIterArgs(), loop.getResults());
    scopes.push();
    add(loop.getInductionVar(), getCounterBase(op, depth));
    setNames(op);
    ++depth;
    nameBlock(*loop.getBody());
    --depth;
    scopes.pop();
    return;
  }
  auto loop = cast<scf::WhileOp>(op);
  addCarried(loop.getBeforeArguments(), {});
  addCarried(loop.getAfterArguments(), loop.getResults());
  setNames(op);
  // Both regions stand in one C++ block.
  scopes.push();
  nameBlock(*loop.getBeforeBody());
  nameBlock(*loop.getAfterBody());
  scopes.pop();
}

void Namer::nameBlock(Block &block) {
  for (Operation &op : block) {
    if (isa<scf::ForOp, scf::WhileOp>(op)) {
      nameLoop(&op);
      continue;
    }
    if (!op.hasAttr(kernel::kInlineAttrName) &&
        !op.hasTrait<OpTrait::ConstantLike>() && op.getNumResults() > 0) {
      for (Value result : op.getResults())
        add(result, getBase(result));
      setNames(&op);
    }
    for (Region &region : op.getRegions()) {
      scopes.push();
      for (Block &inner : region)
        nameBlock(inner);
      scopes.pop();
    }
  }
}

void Namer::nameFunction(func::FuncOp function) {
  scopes.push();
  for (BlockArgument arg : function.getArguments()) {
    unsigned index = arg.getArgNumber();
    auto wanted =
        function.getArgAttrOfType<StringAttr>(index, kernel::kNameAttrName);
    StringRef fallback = isa<MemRefType>(arg.getType()) ? "x" : "n";
    if (isa<kernel::ContextType>(arg.getType()))
      fallback = "ctx";
    std::string base =
        wanted ? getCppIdentifier(wanted, fallback) : fallback.str();
    function.setArgAttr(index, kernel::kNameAttrName,
                        StringAttr::get(function.getContext(), add(arg, base)));
  }
  nameBlock(function.getBody().front());
  scopes.pop();
}

//===----------------------------------------------------------------------===//
// Names of symbols
//===----------------------------------------------------------------------===//

static LogicalResult renameSymbols(ModuleOp module, llvm::StringSet<> &taken) {
  DenseMap<StringAttr, StringAttr> renamed;
  MLIRContext *context = module.getContext();
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isPrivate())
      continue;
    if (!isCppIdentifier(function.getName()))
      return emitError(function.getLoc())
             << "a function cannot have the name '" << function.getName()
             << "' in C++; choose another";
    taken.insert(function.getName());
  }
  for (Operation &op : *module.getBody()) {
    auto symbol = dyn_cast<SymbolOpInterface>(op);
    bool isGlobal = isa<kernel::GlobalOp>(op);
    if (!symbol || (symbol.isPublic() && !isGlobal))
      continue;
    std::string base =
        getCppIdentifier(symbol.getName(), isGlobal ? "w" : "function");
    std::string name = base;
    std::string separator = llvm::isDigit(base.back()) ? "_" : "";
    for (unsigned i = 1; !taken.insert(name).second; ++i)
      name = base + separator + std::to_string(i);
    if (name != symbol.getName())
      renamed[symbol.getNameAttr()] = StringAttr::get(context, name);
    symbol.setName(StringAttr::get(context, name));
  }
  if (renamed.empty())
    return success();
  module.walk([&](Operation *op) {
    for (NamedAttribute attr : op->getAttrs())
      if (auto reference = dyn_cast<FlatSymbolRefAttr>(attr.getValue()))
        if (StringAttr name = renamed.lookup(reference.getAttr()))
          op->setAttr(attr.getName(), FlatSymbolRefAttr::get(name));
  });
  return success();
}

LogicalResult tenon::nameForCpp(ModuleOp module) {
  llvm::StringSet<> taken;
  if (failed(renameSymbols(module, taken)))
    return failure();
  for (auto function : module.getOps<func::FuncOp>())
    if (!function.isExternal())
      Namer(taken).nameFunction(function);
  return success();
}
