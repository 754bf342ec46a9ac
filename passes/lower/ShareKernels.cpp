//===- ShareKernels.cpp - One function for layers of a shape class --------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels that are the same but for sizes, offsets and floats (a scale) become
// one function, these its parameters:
//
//     func private @pw1(%x: memref<64xf32>)  { for %i = 0 to 64 ... }
//     func private @pw2(%x: memref<256xf32>) { for %i = 0 to 256 ... }
// becomes
//     func private @pw1(%x: memref<?xf32>, %n: index) { for %i = 0 to %n ... }
//     call @pw1(%a, %c64), call @pw1(%b, %c256)
//
// Kernels that are the same altogether are always shared; the others only with
// `parameters`, since bounds that the compiler knows make faster loops. Those
// that run on several threads get no parameters: where threads are, flash is.
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Kernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/SymbolTable.h"
#include "passes/lower/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_SHAREKERNELSPASS
#include "passes/lower/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;

/// A constant that can be a parameter: not one of the other integers, by which
/// shifts and divisions are proven.
static arith::ConstantOp getConstant(Operation *op) {
  auto constant = dyn_cast<arith::ConstantOp>(op);
  bool fits =
      constant && (constant.getType().isIndex() || constant.getType().isF32());
  return fits ? constant : arith::ConstantOp();
}

/// These constants of a function in the order of a walk.
static SmallVector<TypedAttr> getConstants(func::FuncOp func) {
  SmallVector<TypedAttr> values;
  func.walk([&](Operation *op) {
    if (auto constant = getConstant(op))
      values.push_back(constant.getValue());
  });
  return values;
}

/// Types are the same but for the sizes of memrefs.
static bool isSameType(Type a, Type b) {
  auto memA = dyn_cast<MemRefType>(a), memB = dyn_cast<MemRefType>(b);
  if (!memA || !memB)
    return a == b;
  return memA.getElementType() == memB.getElementType() &&
         memA.getRank() == memB.getRank();
}

static bool isSameRegion(Region &a, Region &b, IRMapping &mapping);

static bool isSameOp(Operation &a, Operation &b, IRMapping &mapping) {
  if (a.getName() != b.getName() || a.getNumOperands() != b.getNumOperands() ||
      a.getNumResults() != b.getNumResults() ||
      a.getNumRegions() != b.getNumRegions())
    return false;
  auto getAttributes = [](Operation &op) {
    NamedAttrList attributes(op.getAttrDictionary());
    attributes.erase(kernel::kNameAttrName);
    return attributes;
  };
  if (!getConstant(&a) || !getConstant(&b))
    if (getAttributes(a) != getAttributes(b))
      return false;
  for (auto [x, y] : llvm::zip_equal(a.getOperands(), b.getOperands()))
    if (mapping.lookupOrNull(x) != y)
      return false;
  for (auto [x, y] : llvm::zip_equal(a.getResults(), b.getResults())) {
    if (!isSameType(x.getType(), y.getType()))
      return false;
    mapping.map(x, y);
  }
  for (auto [x, y] : llvm::zip_equal(a.getRegions(), b.getRegions()))
    if (!isSameRegion(x, y, mapping))
      return false;
  return true;
}

static bool isSameRegion(Region &a, Region &b, IRMapping &mapping) {
  if (a.empty() || b.empty() || !a.hasOneBlock() || !b.hasOneBlock())
    return a.empty() && b.empty();
  if (a.getNumArguments() != b.getNumArguments())
    return false;
  for (auto [x, y] : llvm::zip_equal(a.getArguments(), b.getArguments())) {
    if (!isSameType(x.getType(), y.getType()))
      return false;
    mapping.map(x, y);
  }
  auto &left = a.front().getOperations(), &right = b.front().getOperations();
  if (left.size() != right.size())
    return false;
  for (auto [x, y] : llvm::zip_equal(left, right))
    if (!isSameOp(x, y, mapping))
      return false;
  return true;
}

namespace {
/// Functions that are the same but for their constants.
struct Group {
  SmallVector<func::FuncOp> members;
  /// By member: its constants in the order of a walk.
  SmallVector<SmallVector<TypedAttr>> constants;

  /// The constants of one position, by member.
  SmallVector<TypedAttr> getColumn(unsigned position) const {
    return llvm::map_to_vector(
        constants, [&](const auto &values) { return values[position]; });
  }
};

struct ShareKernelsPass : tenon::impl::ShareKernelsPassBase<ShareKernelsPass> {
  using ShareKernelsPassBase::ShareKernelsPassBase;
  void runOnOperation() override;
  void merge(Group &group);

  /// The operations that name each function: found once, since all of the
  /// module is searched for them.
  DenseMap<StringAttr, SmallVector<Operation *>> users;
  SmallVector<func::FuncOp> replaced;
};
} // namespace

/// Makes the first member the function of all.
void ShareKernelsPass::merge(Group &group) {
  func::FuncOp shared = group.members.front();
  // Parameters for constants that differ; one for those that agree always.
  SmallVector<SmallVector<TypedAttr>> columns;
  SmallVector<std::optional<unsigned>> parameterOf;
  for (unsigned i = 0; i < group.constants.front().size(); ++i) {
    SmallVector<TypedAttr> column = group.getColumn(i);
    if (llvm::all_equal(column)) {
      parameterOf.push_back(std::nullopt);
      continue;
    }
    auto found = llvm::find(columns, column);
    parameterOf.push_back(found - columns.begin());
    if (found == columns.end())
      columns.push_back(column);
  }
  OpBuilder builder(&getContext());
  SmallVector<Type> types;
  for (BlockArgument argument : shared.getArguments()) {
    Type type = argument.getType();
    for (func::FuncOp member : group.members) {
      Type other = member.getArgument(argument.getArgNumber()).getType();
      if (other != type)
        type = MemRefType::get({ShapedType::kDynamic},
                               cast<MemRefType>(type).getElementType());
    }
    argument.setType(type);
    types.push_back(type);
  }
  SmallVector<Value> parameters;
  for (const SmallVector<TypedAttr> &column : columns) {
    types.push_back(column.front().getType());
    // Keeps the list of argument attributes as long as that of arguments.
    shared.insertArgument(shared.getNumArguments(), types.back(), {},
                          shared.getLoc());
    parameters.push_back(shared.getArguments().back());
  }
  unsigned next = 0;
  shared.walk([&](Operation *op) {
    arith::ConstantOp constant = getConstant(op);
    if (!constant)
      return;
    if (std::optional<unsigned> parameter = parameterOf[next++])
      constant.getResult().replaceAllUsesWith(parameters[*parameter]);
  });
  shared.setFunctionType(
      builder.getFunctionType(types, shared.getFunctionType().getResults()));

  for (auto [index, member] : llvm::enumerate(group.members)) {
    for (Operation *user : users.lookup(member.getSymNameAttr())) {
      if (auto parallel = dyn_cast<kernel::ParallelOp>(user)) {
        parallel.setCallee(shared.getSymName());
        continue;
      }
      auto call = cast<func::CallOp>(user);
      builder.setInsertionPoint(call);
      SmallVector<Value> operands;
      for (auto [operand, type] : llvm::zip(call.getOperands(), types)) {
        Value value = operand;
        if (value.getType() != type)
          value = builder.create<kernel::SliceOp>(call.getLoc(), type, value,
                                                  /*offset=*/0);
        operands.push_back(value);
      }
      for (const SmallVector<TypedAttr> &column : columns)
        operands.push_back(
            builder.create<arith::ConstantOp>(call.getLoc(), column[index]));
      auto replacement =
          builder.create<func::CallOp>(call.getLoc(), shared, operands);
      call.replaceAllUsesWith(replacement);
      call.erase();
    }
    if (index != 0)
      replaced.push_back(member);
  }
}

void ShareKernelsPass::runOnOperation() {
  SmallVector<Group> groups;
  for (auto func : getOperation().getOps<func::FuncOp>()) {
    if (!func.isPrivate() || func.isExternal())
      continue;
    SmallVector<TypedAttr> constants = getConstants(func);
    bool hasRange =
        func.getNumArguments() != 0 && func.getArgumentTypes().back().isIndex();
    auto fits = [&](Group &group) {
      func::FuncOp first = group.members.front();
      if ((!parameters || hasRange) &&
          (group.constants.front() != constants ||
           first.getFunctionType() != func.getFunctionType()))
        return false;
      IRMapping mapping;
      return first.getResultTypes() == func.getResultTypes() &&
             isSameRegion(first.getBody(), func.getBody(), mapping);
    };
    auto group = llvm::find_if(groups, fits);
    if (group == groups.end()) {
      groups.emplace_back();
      group = std::prev(groups.end());
    }
    group->members.push_back(func);
    group->constants.push_back(constants);
  }
  std::optional<SymbolTable::UseRange> uses =
      SymbolTable::getSymbolUses(&getOperation().getBodyRegion());
  for (SymbolTable::SymbolUse use : *uses)
    users[use.getSymbolRef().getRootReference()].push_back(use.getUser());
  for (Group &group : groups)
    if (group.members.size() > 1)
      merge(group);
  for (func::FuncOp func : replaced)
    func.erase();
  users.clear();
  replaced.clear();
}
