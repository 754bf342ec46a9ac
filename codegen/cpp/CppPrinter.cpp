//===- CppPrinter.cpp - Functions, blocks and values as C++ ---------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A value is asked for with the least precedence that its place allows, so that
// parentheses stand only where C++ needs them: as a factor, a sum that is
// written inside of the expression is "(a + b)".
//
// Functions are printed into a string first. What has to stand before them
// (vector types, helpers, constants, tasks) is what their printing turned out
// to use.
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppPrinter.h"

#include "dialects/kernel/ValueNames.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::cpp;

static const Entry *lookupEntry(Operation *op) {
  static const EntryTable table = [] {
    EntryTable table;
    addArithEntries(table);
    addMemoryEntries(table);
    addControlEntries(table);
    return table;
  }();
  return table.lookup(op);
}

/// Whether an operation is written where its value is used.
static bool isInline(Operation *op) {
  return op->hasAttr(kernel::kInlineAttrName) ||
         op->hasTrait<OpTrait::ConstantLike>();
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

std::string CppPrinter::getName(Value value) {
  StringAttr name = kernel::getValueName(value);
  return name ? name.str() : "unnamed";
}

Expr CppPrinter::getExpr(Value value) {
  Operation *op = value.getDefiningOp();
  const Entry *entry = op && isInline(op) ? lookupEntry(op) : nullptr;
  if (!entry || !entry->expression)
    return {getName(value)};
  return entry->expression(*this, op);
}

static std::string parenthesize(const Expr &expr, Prec least) {
  return expr.prec < least ? "(" + expr.text + ")" : expr.text;
}

/// `(type)x`
static Expr castTo(StringRef type, const Expr &expr) {
  return {("(" + type + ")").str() + parenthesize(expr, Prec::Unary),
          Prec::Unary};
}

std::string CppPrinter::get(Value value, Prec least) {
  Expr expr = getExpr(value);
  return parenthesize(expr.wrapped ? castTo(getValueType(value), expr) : expr,
                      least);
}

std::string CppPrinter::getUnsigned(Value value, Prec least) {
  APInt constant;
  auto integer = dyn_cast<IntegerType>(value.getType());
  if (integer && matchPattern(value, m_ConstantInt(&constant)))
    return getIntegerLiteral(constant, /*isUnsigned=*/true);
  Expr expr = getExpr(value);
  bool isPromoted = integer && integer.getWidth() < 32;
  if (!expr.wrapped || isPromoted)
    expr = castTo(getType(value.getType(), /*isUnsigned=*/true), expr);
  return parenthesize(expr, least);
}

std::string CppPrinter::getList(ValueRange values) {
  return llvm::join(llvm::map_range(values, [&](Value v) { return get(v); }),
                    ", ");
}

bool CppPrinter::isReadOnly(Value memref) {
  while (auto slice = memref.getDefiningOp<kernel::SliceOp>())
    memref = slice.getSource();
  if (memref.getDefiningOp())
    return true; // constants and mapped weights
  auto arg = cast<BlockArgument>(memref);
  auto function = dyn_cast<func::FuncOp>(arg.getOwner()->getParentOp());
  return function &&
         function.getArgAttr(arg.getArgNumber(), kernel::kReadOnlyAttrName);
}

std::string CppPrinter::getDeclaration(Value value, StringRef name,
                                       bool isConst) {
  if (auto memref = dyn_cast<MemRefType>(value.getType()))
    return (isReadOnly(value) ? "const " : "") +
           getMemoryType(memref.getElementType()) + " *" + name.str();
  return (isConst ? "const " : "") + getValueType(value) + " " + name.str();
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

/// The node that the code comes from, where it changes.
void CppPrinter::printComment(Operation &op) {
  std::string comment = escapeComment(kernel::getNodeName(op.getLoc()));
  if (comment.empty() || comment == lastComment)
    return;
  lastComment = comment;
  os() << "// " << comment << "\n";
}

void CppPrinter::printOp(Operation &op) {
  const Entry *entry = lookupEntry(&op);
  bool isTerminator = op.hasTrait<OpTrait::IsTerminator>();
  if (isa<FunctionOpInterface>(op.getParentOp()) && !isTerminator)
    printComment(op);
  if (!entry) {
    status = op.emitOpError() << "cannot be printed as C++";
  } else if (entry->statement) {
    entry->statement(*this, &op);
    // What a loop carries outlives it. The cast tells the compiler that nobody
    // need read it.
    for (Value result : op.getResults())
      if (result.use_empty())
        os() << "(void)" << getName(result) << ";\n";
  } else if (op.getNumResults() > 1) {
    status = op.emitOpError() << "has more than one result";
  } else if (Expr expr = entry->expression(*this, &op); op.use_empty()) {
    os() << expr.text << ";\n";
  } else {
    Value result = op.getResult(0);
    if (expr.wrapped && isa<VectorType>(result.getType()))
      expr = castTo(getValueType(result), expr);
    os() << getDeclaration(result, getName(result), /*isConst=*/true) << " = "
         << expr.text << ";\n";
  }
}

void CppPrinter::printBlock(Block &block) {
  for (Operation &op : block)
    if (!isInline(&op) &&
        (!op.hasTrait<OpTrait::IsTerminator>() || isa<func::ReturnOp>(op)))
      printOp(op);
}

/// Whether the text of `value` holds the name of one of the variables.
static bool mentions(Value value, ArrayRef<Value> variables) {
  Operation *op = value.getDefiningOp();
  return llvm::is_contained(variables, value) ||
         (op && isInline(op) &&
          llvm::any_of(op->getOperands(), [&](Value operand) {
            return mentions(operand, variables);
          }));
}

/// What mentions a variable that is assigned before it is computed first.
void CppPrinter::printAssignments(ValueRange values, ValueRange variables) {
  SmallVector<Value> assigned;
  SmallVector<std::string> texts;
  for (auto [value, variable] : llvm::zip_equal(values, variables)) {
    texts.push_back(get(value));
    if (mentions(value, assigned)) {
      std::string next = getName(variable) + "_next";
      os() << getDeclaration(value, next, true) << " = " << texts.back()
           << ";\n";
      texts.back() = next;
    }
    if (value != variable)
      assigned.push_back(variable);
  }
  for (auto [variable, text] : llvm::zip_equal(variables, texts))
    if (getName(variable) != text)
      os() << getName(variable) << " = " << text << ";\n";
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

/// `int` for the status of a public function; a pointer is one to a constant.
std::string CppPrinter::getResultType(FunctionOpInterface function) {
  ArrayRef<Type> results = function.getResultTypes();
  if (results.empty())
    return "void";
  auto memref = dyn_cast<MemRefType>(results[0]);
  if (!memref)
    return function.isPublic() && results[0].isInteger(32)
               ? "int"
               : getType(results[0]);
  auto ctype =
      function.getResultAttrOfType<StringAttr>(0, kernel::kCTypeAttrName);
  return "const " +
         (ctype ? ctype.str() : getMemoryType(memref.getElementType())) + " *";
}

/// Of a public function the types of its header: the plain element types or
/// what `kernel.ctype` says.
std::string CppPrinter::getSignature(FunctionOpInterface function,
                                     bool isDefinition) {
  SmallVector<std::string> arguments;
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes())) {
    std::string &text = arguments.emplace_back();
    auto ctype =
        function.getArgAttrOfType<StringAttr>(i, kernel::kCTypeAttrName);
    if (auto memref = dyn_cast<MemRefType>(type)) {
      Type element = memref.getElementType();
      text = function.getArgAttr(i, kernel::kReadOnlyAttrName) ? "const " : "";
      text += ctype                 ? ctype.str()
              : function.isPublic() ? getType(element)
                                    : getMemoryType(element);
      text += function.getArgAttr(i, kernel::kNoAliasAttrName) ? " *__restrict "
                                                               : " *";
    } else {
      text = getType(type);
    }
    if (!isDefinition)
      continue;
    text += StringRef(" *").contains(text.back()) ? "" : " ";
    text += getName(function.getArgument(i)) + (ctype ? "_mem" : "");
  }
  std::string result = getResultType(function);
  if (arguments.empty())
    arguments.push_back("void");
  return (function.isPublic() ? "" : "static ") + result +
         (result.back() == '*' ? "" : " ") +
         getCall(function.getName().str(), llvm::join(arguments, ", ")).text;
}

void CppPrinter::printFunction(FunctionOpInterface function) {
  if (!llvm::hasSingleElement(function.getFunctionBody())) {
    status = emitError(function.getLoc())
             << "@" << function.getName() << " has more than one block";
    return;
  }
  os() << "\n";
  lastComment.clear();
  printComment(*function);
  os() << getSignature(function, /*isDefinition=*/true) << " {\n";
  os().indent();
  for (BlockArgument arg : function.getArguments()) {
    bool hasOtherType =
        bool(function.getArgAttr(arg.getArgNumber(), kernel::kCTypeAttrName));
    std::string name = getName(arg);
    if (arg.use_empty()) {
      os() << "(void)" << name << (hasOtherType ? "_mem" : "") << ";\n";
    } else if (hasOtherType) {
      std::string declaration = getDeclaration(arg, name, true);
      os() << declaration << " = ("
           << StringRef(declaration).drop_back(name.size()) << ")" << name
           << "_mem;\n";
    }
  }
  printBlock(function.getFunctionBody().front());
  os().unindent() << "}\n";
}

LogicalResult CppPrinter::printFunctions(llvm::raw_ostream &out) {
  std::string bodies, declarations;
  llvm::raw_string_ostream text(bodies);
  raw_indented_ostream indented(text);
  stream = &indented;
  for (auto function : module.getOps<FunctionOpInterface>()) {
    if (!function.isExternal())
      printFunction(function);
    // A kernel has the registers for itself.
    if (function.isPrivate())
      declarations +=
          (kernel::isKernel(function) ? "__attribute__((noinline)) " : "") +
          getSignature(function, false) + ";\n";
  }
  if (!declarations.empty())
    out << "\n" << declarations;
  for (const auto &[callee, task] : tasks)
    out << "\n" << task;
  out << bodies;
  return status;
}
