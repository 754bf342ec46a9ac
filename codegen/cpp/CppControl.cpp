//===- CppControl.cpp - How control flow and hooks are written in C++ -----===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppPrinter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

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

/// The variable outlives the loop as its result. The cast tells the compiler
/// that nobody need read it.
static void printUnused(CppPrinter &p, ValueRange results) {
  for (Value result : results)
    if (result.use_empty())
      p.os() << "(void)" << p.getName(result) << ";\n";
}

static LogicalResult forLoop(CppPrinter &p, scf::ForOp op) {
  declare(p, op.getRegionIterArgs(), op.getInits());
  std::string iv = p.getName(op.getInductionVar());
  p.os() << "for (" << p.getType(op.getInductionVar().getType()) << " " << iv
         << " = " << p.get(op.getLowerBound()) << "; " << iv << " < "
         << p.get(op.getUpperBound(), Prec::Shift) << "; ";
  if (matchPattern(op.getStep(), m_One()))
    p.os() << "++" << iv << ") {\n";
  else
    p.os() << iv << " += " << p.get(op.getStep()) << ") {\n";
  p.os().indent();
  if (failed(p.printBlock(*op.getBody())))
    return failure();
  p.printAssignments(op.getYieldedValues(), op.getRegionIterArgs(),
                     op.getRegionIterArgs());
  p.os().unindent() << "}\n";
  printUnused(p, op.getResults());
  return success();
}

static LogicalResult branch(CppPrinter &p, scf::IfOp op) {
  declare(p, op.getResults(), {});
  p.os() << "if (" << p.get(op.getCondition()) << ") {\n";
  for (Region &region : op->getRegions()) {
    bool isElse = &region == &op.getElseRegion();
    if (isElse &&
        (region.empty() || (region.front().without_terminator().empty() &&
                            op.getNumResults() == 0)))
      continue;
    if (isElse)
      p.os() << "} else {\n";
    p.os().indent();
    if (failed(p.printBlock(region.front())))
      return failure();
    p.printAssignments(region.front().getTerminator()->getOperands(),
                       op.getResults(), {});
    p.os().unindent();
  }
  p.os() << "}\n";
  printUnused(p, op.getResults());
  return success();
}

static LogicalResult whileLoop(CppPrinter &p, scf::WhileOp op) {
  declare(p, op.getBeforeArguments(), op.getInits());
  declare(p, op.getResults(), {});
  p.os() << "while (true) {\n";
  p.os().indent();
  if (failed(p.printBlock(*op.getBeforeBody())))
    return failure();
  scf::ConditionOp condition = op.getConditionOp();
  p.printAssignments(condition.getArgs(), op.getResults(), {});
  p.os() << "if (!" << p.get(condition.getCondition(), Prec::Unary)
         << ")\n  break;\n";
  if (failed(p.printBlock(*op.getAfterBody())))
    return failure();
  p.printAssignments(op.getYieldOp().getOperands(), op.getBeforeArguments(),
                     op.getBeforeArguments());
  p.os().unindent() << "}\n";
  printUnused(p, op.getResults());
  return success();
}

static LogicalResult returnOp(CppPrinter &p, func::ReturnOp op) {
  if (op.getNumOperands() == 0)
    return success();
  Value value = op.getOperand(0);
  p.os() << "return ";
  if (isa<MemRefType>(value.getType()))
    p.os() << "(" << p.getResultType(op->getParentOfType<func::FuncOp>()) << ")"
           << p.get(value, Prec::Unary) << ";\n";
  else
    p.os() << p.get(value) << ";\n";
  return success();
}

static LogicalResult callOp(CppPrinter &p, func::CallOp op) {
  if (op.getNumResults() > 1)
    return op.emitOpError() << "has more than one result";
  if (op.getNumResults() == 1 && !op.getResult(0).use_empty())
    p.os() << p.getDeclaration(op.getResult(0), p.getName(op.getResult(0)),
                               true)
           << " = ";
  p.os() << op.getCallee() << "(";
  auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      op, op.getCalleeAttr());
  for (auto [i, operand] : llvm::enumerate(op.getOperands())) {
    p.os() << (i ? ", " : "");
    // A public function takes pointers to the types of its header.
    if (auto ctype =
            callee.getArgAttrOfType<StringAttr>(i, kernel::kCTypeAttrName))
      p.os() << (callee.getArgAttr(i, kernel::kReadOnlyAttrName) ? "(const "
                                                                 : "(")
             << ctype.getValue() << " *)" << p.get(operand, Prec::Unary);
    else
      p.os() << p.get(operand);
  }
  p.os() << ");\n";
  return success();
}

//===----------------------------------------------------------------------===//
// The caller's hooks
//===----------------------------------------------------------------------===//

static LogicalResult fail(CppPrinter &p, kernel::FailOp op) {
  p.os() << "if (" << p.get(op.getStatus(), Prec::Shift) << " != 0)\n  return "
         << p.get(op.getStatus()) << ";\n";
  return success();
}

static Expr nullContext(CppPrinter &p, kernel::NullOp op) {
  return {"(" + p.getType(op.getType()) + ")nullptr", Prec::Unary};
}

static LogicalResult mark(CppPrinter &p, kernel::MarkOp op) {
  p.os() << p.useHelper("mark_layer", Type()) << "(" << p.get(op.getHooks())
         << ", " << op.getLayer() << ", " << int(op.getKind()) << ");\n";
  return success();
}

/// The hook takes one pointer: the arguments travel in a structure on the
/// stack, and a task unpacks them and finds its part of the range.
static LogicalResult parallel(CppPrinter &p, kernel::ParallelOp op) {
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
  p.tasks.add(callee, substitute(getHelperSection("task"), [&](StringRef key) {
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
  return success();
}

void cpp::addControlEntries(EntryTable &t) {
  t.statement<scf::ForOp>(forLoop);
  t.statement<scf::IfOp>(branch);
  t.statement<scf::WhileOp>(whileLoop);
  t.statement<func::ReturnOp>(returnOp);
  t.statement<func::CallOp>(callOp);
  t.statement<kernel::FailOp>(fail);
  t.expression<kernel::NullOp>(nullContext);
  t.statement<kernel::MarkOp>(mark);
  t.statement<kernel::ParallelOp>(parallel);
}
