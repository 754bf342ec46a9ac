//===- CppControl.cpp - How control flow and hooks are written in C++ -----===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppPrinter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::cpp;

/// Declares variables: what a loop carries with its first values, results of a
/// branch without.
static void declare(CppPrinter &p, ValueRange values, ValueRange inits) {
  for (auto [i, value] : llvm::enumerate(values)) {
    p.os() << p.getDeclaration(value, p.getName(value), /*isConst=*/false);
    if (!inits.empty())
      p.os() << " = " << p.get(inits[i]);
    p.os() << ";\n";
  }
}

static void forLoop(CppPrinter &p, scf::ForOp op) {
  declare(p, op.getRegionIterArgs(), op.getInits());
  std::string iv = p.getName(op.getInductionVar());
  p.os() << "for (" << p.getType(op.getInductionVar().getType()) << " " << iv
         << " = " << p.get(op.getLowerBound()) << "; " << iv << " < "
         << p.get(op.getUpperBound(), Prec::Shift) << "; ";
  bool isOne = matchPattern(op.getStep(), m_One());
  p.os() << (isOne ? "++" + iv : iv + " += " + p.get(op.getStep())) << ") {\n";
  p.os().indent();
  p.printBlock(*op.getBody());
  p.printAssignments(op.getYieldedValues(), op.getRegionIterArgs());
  p.os().unindent() << "}\n";
}

static void branch(CppPrinter &p, scf::IfOp op) {
  declare(p, op.getResults(), {});
  p.os() << "if (" << p.get(op.getCondition()) << ") {\n";
  for (Region &region : op->getRegions()) {
    if (region.empty())
      continue;
    p.os() << (&region == &op.getElseRegion() ? "} else {\n" : "");
    p.os().indent();
    p.printBlock(region.front());
    p.printAssignments(region.front().getTerminator()->getOperands(),
                       op.getResults());
    p.os().unindent();
  }
  p.os() << "}\n";
}

static void whileLoop(CppPrinter &p, scf::WhileOp op) {
  declare(p, op.getBeforeArguments(), op.getInits());
  declare(p, op.getResults(), {});
  p.os() << "while (true) {\n";
  p.os().indent();
  p.printBlock(*op.getBeforeBody());
  scf::ConditionOp condition = op.getConditionOp();
  p.printAssignments(condition.getArgs(), op.getResults());
  p.os() << "if (!" << p.get(condition.getCondition(), Prec::Unary)
         << ")\n  break;\n";
  p.printBlock(*op.getAfterBody());
  p.printAssignments(op.getYieldOp().getOperands(), op.getBeforeArguments());
  p.os().unindent() << "}\n";
}

static void returnOp(CppPrinter &p, func::ReturnOp op) {
  if (op.getNumOperands() == 0)
    return;
  Value value = op.getOperand(0);
  std::string cast, text = p.get(value);
  if (isa<MemRefType>(value.getType())) {
    cast = "(" + p.getResultType(op->getParentOfType<func::FuncOp>()) + ")";
    text = p.get(value, Prec::Unary);
  }
  p.os() << "return " << cast << text << ";\n";
}

/// A public function takes pointers to the types of its header.
static Expr callOp(CppPrinter &p, func::CallOp op) {
  auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      op, op.getCalleeAttr());
  SmallVector<std::string> arguments;
  for (auto [i, operand] : llvm::enumerate(op.getOperands())) {
    bool isConst = bool(callee.getArgAttr(i, kernel::kReadOnlyAttrName));
    if (auto ctype =
            callee.getArgAttrOfType<StringAttr>(i, kernel::kCTypeAttrName))
      arguments.push_back((isConst ? "(const " : "(") + ctype.str() + " *)" +
                          p.get(operand, Prec::Unary));
    else
      arguments.push_back(p.get(operand));
  }
  return getCall(op.getCallee().str(), llvm::join(arguments, ", "));
}

//===----------------------------------------------------------------------===//
// The caller's hooks
//===----------------------------------------------------------------------===//

static Expr fail(CppPrinter &p, kernel::FailOp op) {
  return {"if (" + p.get(op.getStatus(), Prec::Shift) + " != 0)\n  return " +
          p.get(op.getStatus())};
}

static Expr nullContext(CppPrinter &p, kernel::NullOp op) {
  return {"(" + p.getType(op.getType()) + ")NULL", Prec::Unary};
}

static Expr mark(CppPrinter &p, kernel::MarkOp op) {
  return getCall(p.useHelper("mark_layer", Type()),
                 p.get(op.getHooks()) + ", " + std::to_string(op.getLayer()) +
                     ", " + std::to_string(int(op.getKind())));
}

/// The hook takes one pointer: the arguments travel in a structure on the
/// stack, and a task unpacks them and finds its part of the range.
static void parallel(CppPrinter &p, kernel::ParallelOp op) {
  std::string callee = op.getCallee().str(), members, arguments, values;
  auto function = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      op, op.getCalleeAttr());
  for (auto [i, arg] : llvm::enumerate(op.getArgs())) {
    BlockArgument parameter = function.getArgument(i);
    std::string name = p.getName(parameter);
    members += p.getDeclaration(parameter, name, false) + ";\n  ";
    arguments += "args->" + name + (i + 1 < op.getArgs().size() ? ", " : ",");
    values += p.get(arg) + ", ";
  }
  p.useHelper("part_begin", Type());
  p.tasks.try_emplace(callee,
                      substitute(getHelperSection("task"), [&](StringRef key) {
                        return key == "callee"    ? callee
                               : key == "members" ? members
                               : key == "arguments"
                                   ? arguments
                                   : p.getType(IndexType::get(op.getContext()));
                      }) + "\n");
  values += std::to_string(op.getRange());
  std::string context = p.get(op.getHooks(), Prec::Postfix);
  p.os() << substitute(getHelperSection("parallel"), [&](StringRef key) {
    return key == "callee" ? callee : key == "context" ? context : values;
  }) << "\n";
}

void cpp::addControlEntries(EntryTable &t) {
  t.add<scf::ForOp>(forLoop);
  t.add<scf::IfOp>(branch);
  t.add<scf::WhileOp>(whileLoop);
  t.add<func::ReturnOp>(returnOp);
  t.add<func::CallOp>(callOp);
  t.add<kernel::FailOp>(fail);
  t.add<kernel::NullOp>(nullContext);
  t.add<kernel::MarkOp>(mark);
  t.add<kernel::ParallelOp>(parallel);
}
