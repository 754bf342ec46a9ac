//===- CppControl.cpp - How control flow and hooks are written in C++ -----===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppPrinter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::cpp;

static SmallVector<std::string> getNames(CppPrinter &p, ValueRange values) {
  SmallVector<std::string> names;
  for (Value value : values)
    names.push_back(p.getName(value));
  return names;
}

/// What a loop carries is a variable that outlives it as the result. The cast
/// tells the compiler that nobody need read it.
static void printUnused(CppPrinter &p, ValueRange results) {
  for (Value result : results)
    if (result.use_empty())
      p.os() << "(void)" << p.getName(result) << ";\n";
}

static LogicalResult forLoop(scf::ForOp op, CppPrinter &p) {
  for (auto [init, arg] : llvm::zip(op.getInits(), op.getRegionIterArgs()))
    p.os() << p.getDeclaration(arg, p.getName(arg), /*isConst=*/false) << " = "
           << p.get(init) << ";\n";
  std::string iv = p.getName(op.getInductionVar());
  p.os() << "for (" << p.getType(op.getInductionVar().getType()) << " " << iv
         << " = " << p.get(op.getLowerBound()) << "; " << iv << " < "
         << p.get(op.getUpperBound(), Prec::Shift) << "; ";
  if (matchPattern(op.getStep(), m_One()))
    p.os() << "++" << iv;
  else
    p.os() << iv << " += " << p.get(op.getStep());
  p.os() << ") {\n";
  p.os().indent();
  if (failed(p.printBlock(*op.getBody(), false)))
    return failure();
  p.printAssignments(op.getYieldedValues(), getNames(p, op.getRegionIterArgs()),
                     op.getRegionIterArgs());
  p.os().unindent();
  p.os() << "}\n";
  printUnused(p, op.getResults());
  return success();
}

static LogicalResult branch(scf::IfOp op, CppPrinter &p) {
  SmallVector<std::string> names = getNames(p, op.getResults());
  for (auto [result, name] : llvm::zip(op.getResults(), names))
    p.os() << p.getDeclaration(result, name, false) << ";\n";
  p.os() << "if (" << p.get(op.getCondition()) << ") {\n";
  for (Region *region : {&op.getThenRegion(), &op.getElseRegion()}) {
    bool isElse = region == &op.getElseRegion();
    if (isElse &&
        (region->empty() ||
         (region->front().without_terminator().empty() && names.empty())))
      continue;
    if (isElse)
      p.os() << "} else {\n";
    p.os().indent();
    if (failed(p.printRegion(*region)))
      return failure();
    p.printAssignments(region->front().getTerminator()->getOperands(), names,
                       {});
    p.os().unindent();
  }
  p.os() << "}\n";
  printUnused(p, op.getResults());
  return success();
}

static LogicalResult whileLoop(scf::WhileOp op, CppPrinter &p) {
  SmallVector<std::string> before = getNames(p, op.getBeforeArguments());
  SmallVector<std::string> results = getNames(p, op.getResults());
  for (auto [arg, name, init] :
       llvm::zip(op.getBeforeArguments(), before, op.getInits()))
    p.os() << p.getDeclaration(arg, name, false) << " = " << p.get(init)
           << ";\n";
  for (auto [result, name] : llvm::zip(op.getResults(), results))
    p.os() << p.getDeclaration(result, name, false) << ";\n";
  p.os() << "while (true) {\n";
  p.os().indent();
  if (failed(p.printBlock(*op.getBeforeBody(), false)))
    return failure();
  scf::ConditionOp condition = op.getConditionOp();
  p.printAssignments(condition.getArgs(), results, {});
  p.os() << "if (!" << p.get(condition.getCondition(), Prec::Unary)
         << ")\n  break;\n";
  if (failed(p.printBlock(*op.getAfterBody(), false)))
    return failure();
  p.printAssignments(op.getYieldOp().getOperands(), before,
                     op.getBeforeArguments());
  p.os().unindent();
  p.os() << "}\n";
  printUnused(p, op.getResults());
  return success();
}

static LogicalResult returnOp(func::ReturnOp op, CppPrinter &p) {
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

static LogicalResult callOp(func::CallOp op, CppPrinter &p) {
  if (op.getNumResults() > 1)
    return op.emitOpError() << "has more than one result";
  if (op.getNumResults() == 1 && !op.getResult(0).use_empty())
    p.os() << p.getDeclaration(op.getResult(0), p.getName(op.getResult(0)),
                               true)
           << " = ";
  p.os() << p.getFunctionName(op.getCallee()) << "(";
  for (auto [i, operand] : llvm::enumerate(op.getOperands()))
    p.os() << (i ? ", " : "") << p.get(operand);
  p.os() << ");\n";
  return success();
}

//===----------------------------------------------------------------------===//
// The caller's hooks
//===----------------------------------------------------------------------===//

static LogicalResult fail(kernel::FailOp op, CppPrinter &p) {
  p.os() << "if (" << p.get(op.getStatus(), Prec::Shift) << " != 0)\n  return "
         << p.get(op.getStatus()) << ";\n";
  return success();
}

static Expr null(kernel::NullOp op, CppPrinter &p) {
  return {"(" + p.getContextType() + ")nullptr", Prec::Unary};
}

static LogicalResult mark(kernel::MarkOp op, CppPrinter &p) {
  p.definitions.add(
      "mark_layer",
      "static inline void mark_layer(" + p.getContextType() +
          "context, int layer, int end) {\n"
          "  if (context != nullptr && context->profile != nullptr)\n"
          "    context->profile(context->user, layer, end);\n"
          "}\n");
  p.os() << "mark_layer(" << p.get(op.getHooks()) << ", " << op.getLayer()
         << ", " << int(op.getKind()) << ");\n";
  return success();
}

/// The hook takes one pointer: the arguments travel in a structure on the
/// stack, and a task unpacks them and finds its part of the range.
static LogicalResult parallel(kernel::ParallelOp op, CppPrinter &p) {
  std::string callee = p.getFunctionName(op.getCallee());
  std::string index = p.getType(IndexType::get(op.getContext()));
  std::string members, arguments, values;
  auto function = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      op, op.getCalleeAttr());
  for (auto [i, arg] : llvm::enumerate(op.getArgs())) {
    BlockArgument parameter = function.getArgument(i);
    std::string name = p.getName(parameter);
    members += "  " + p.getDeclaration(parameter, name, false) + ";\n";
    arguments += "args->" + name + ", ";
    values += p.get(arg) + ", ";
  }
  p.definitions.add("part_begin",
                    "/* Where a part of the range 0..range begins. */\n"
                    "static inline " +
                        index + " part_begin(" + index +
                        " range, int part, int parts) {\n  const " + index +
                        " rest = range % parts;\n"
                        "  return range / parts * part + (part < rest ? part : "
                        "rest);\n}\n");
  p.tasks.add(callee + "_args",
              "\nstruct " + callee + "_args {\n" + members + "  " + index +
                  " range;\n};\n\nstatic void " + callee +
                  "_task(void *opaque, int part, int parts) {\n  const " +
                  callee + "_args *args = (const " + callee +
                  "_args *)opaque;\n  " + callee + "(" + arguments +
                  "part_begin(args->range, part, parts),\n      "
                  "part_begin(args->range, part + 1, parts));\n}\n");
  std::string context = p.get(op.getHooks(), Prec::Postfix);
  p.os() << "{\n";
  p.os().indent();
  p.os() << callee << "_args call_args = {" << values << op.getRange() << "};\n"
         << "if (" << context << " != nullptr && " << context
         << "->parallel != nullptr)\n  " << context << "->parallel(" << context
         << "->user, " << callee << "_task, &call_args);\nelse\n  " << callee
         << "_task(&call_args, 0, 1);\n";
  p.os().unindent();
  p.os() << "}\n";
  return success();
}

void cpp::addControlEntries(EntryTable &table) {
  table.statement<scf::ForOp>(forLoop);
  table.statement<scf::IfOp>(branch);
  table.statement<scf::WhileOp>(whileLoop);
  table.statement<func::ReturnOp>(returnOp);
  table.statement<func::CallOp>(callOp);
  table.statement<kernel::FailOp>(fail);
  table.expression<kernel::NullOp>(null);
  table.statement<kernel::MarkOp>(mark);
  table.statement<kernel::ParallelOp>(parallel);
}
