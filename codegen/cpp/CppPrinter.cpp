//===- CppPrinter.cpp - Functions, blocks and values as C++ ---------------===//
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

/// Loops name the induction variable first, then what they carry; a result is
/// the variable that carries it. `scf.while` names what goes into `before`
/// first, then its results, which are also what goes into `after`.
std::string CppPrinter::getName(Value value) {
  Operation *op = value.getDefiningOp();
  unsigned index = 0;
  if (auto result = dyn_cast<OpResult>(value)) {
    index = result.getResultNumber();
    if (isa<scf::ForOp>(op))
      index += 1;
    else if (auto loop = dyn_cast<scf::WhileOp>(op))
      index += loop.getInits().size();
  } else {
    auto arg = cast<BlockArgument>(value);
    op = arg.getOwner()->getParentOp();
    index = arg.getArgNumber();
    auto loop = dyn_cast<scf::WhileOp>(op);
    if (loop && arg.getOwner() == loop.getAfterBody())
      index += loop.getInits().size();
    if (auto function = dyn_cast<func::FuncOp>(op)) {
      auto name =
          function.getArgAttrOfType<StringAttr>(index, kernel::kNameAttrName);
      return name ? name.str() : "unnamed";
    }
  }
  auto names = op->getAttrOfType<ArrayAttr>(kernel::kNamesAttrName);
  if (!names || index >= names.size() || !isa<StringAttr>(names[index]))
    return "unnamed";
  return cast<StringAttr>(names[index]).str();
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
  std::string text;
  for (auto [i, value] : llvm::enumerate(values))
    text += (i ? ", " : "") + get(value);
  return text;
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

LogicalResult CppPrinter::printOp(Operation &op) {
  const Entry *entry = lookupEntry(&op);
  if (!entry)
    return op.emitOpError() << "cannot be printed as C++";
  bool isTerminator = op.hasTrait<OpTrait::IsTerminator>();
  if (isa<FunctionOpInterface>(op.getParentOp()) && !isTerminator)
    printComment(op);
  if (entry->statement)
    return entry->statement(*this, &op);
  Value result = op.getResult(0);
  Expr expr = entry->expression(*this, &op);
  if (expr.wrapped && isa<VectorType>(result.getType()))
    expr = castTo(getValueType(result), expr);
  os() << getDeclaration(result, getName(result), /*isConst=*/true) << " = "
       << expr.text << ";\n";
  return success();
}

/// Terminators of regions are printed by what holds the region.
LogicalResult CppPrinter::printBlock(Block &block) {
  for (Operation &op : block) {
    bool isRegionEnd =
        op.hasTrait<OpTrait::IsTerminator>() && !isa<func::ReturnOp>(op);
    if (!isInline(&op) && !isRegionEnd && failed(printOp(op)))
      return failure();
  }
  return success();
}

/// Finds which of the variables in `changed` the text of `value` mentions.
static void findMentioned(Value value, ValueRange changed,
                          llvm::SmallBitVector &mentioned) {
  for (auto [i, variable] : llvm::enumerate(changed))
    if (variable == value)
      mentioned.set(i);
  Operation *op = value.getDefiningOp();
  if (op && op->hasAttr(kernel::kInlineAttrName))
    for (Value operand : op->getOperands())
      findMentioned(operand, changed, mentioned);
}

/// What mentions a variable that is assigned before it is computed first.
void CppPrinter::printAssignments(ValueRange values, ValueRange variables,
                                  ValueRange changed) {
  llvm::SmallBitVector assigned(changed.size());
  SmallVector<std::string> texts;
  for (auto [i, value] : llvm::enumerate(values)) {
    texts.push_back(get(value));
    if (i >= changed.size() || value == changed[i])
      continue;
    llvm::SmallBitVector mentioned(changed.size());
    findMentioned(value, changed, mentioned);
    if (mentioned.anyCommon(assigned)) {
      std::string next = getName(variables[i]) + "_next";
      os() << getDeclaration(value, next, true) << " = " << texts.back()
           << ";\n";
      texts.back() = next;
    }
    assigned.set(i);
  }
  for (auto [variable, text] : llvm::zip(variables, texts))
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
  bool isPublic = function.isPublic();
  std::string result = getResultType(function);
  std::string text = (isPublic ? "extern \"C\" " : "static ") + result +
                     (result.back() == '*' ? "" : " ") +
                     function.getName().str() + "(";
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes())) {
    text += i ? ", " : "";
    std::string name;
    if (isDefinition && !function.getArgument(i).use_empty())
      name = getName(function.getArgument(i));
    auto memref = dyn_cast<MemRefType>(type);
    if (!memref) {
      std::string plain = getType(type);
      text += plain + (plain.back() == '*' || name.empty() ? "" : " ") + name;
      continue;
    }
    auto ctype =
        function.getArgAttrOfType<StringAttr>(i, kernel::kCTypeAttrName);
    text += function.getArgAttr(i, kernel::kReadOnlyAttrName) ? "const " : "";
    text += ctype      ? ctype.str()
            : isPublic ? getType(memref.getElementType())
                       : getMemoryType(memref.getElementType());
    text += function.getArgAttr(i, kernel::kNoAliasAttrName) ? " *__restrict "
                                                             : " *";
    text += name + (ctype && !name.empty() ? "_mem" : "");
  }
  return text + ")";
}

LogicalResult CppPrinter::printFunction(FunctionOpInterface function) {
  if (!llvm::hasSingleElement(function.getFunctionBody()))
    return emitError(function.getLoc())
           << "@" << function.getName() << " has more than one block";
  os() << "\n";
  lastComment.clear();
  printComment(*function);
  os() << getSignature(function, /*isDefinition=*/true) << " {\n";
  os().indent();
  for (BlockArgument arg : function.getArguments()) {
    if (arg.use_empty() ||
        !function.getArgAttr(arg.getArgNumber(), kernel::kCTypeAttrName))
      continue;
    std::string name = getName(arg),
                declaration = getDeclaration(arg, name, true);
    os() << declaration << " = ("
         << StringRef(declaration).drop_back(name.size()) << ")" << name
         << "_mem;\n";
  }
  if (failed(printBlock(function.getFunctionBody().front())))
    return failure();
  os().unindent() << "}\n";
  return success();
}

LogicalResult CppPrinter::printFunctions(llvm::raw_ostream &out) {
  std::string bodies, declarations;
  llvm::raw_string_ostream text(bodies);
  raw_indented_ostream indented(text);
  stream = &indented;
  for (auto function : module.getOps<FunctionOpInterface>()) {
    if (!function.isExternal() && failed(printFunction(function)))
      return failure();
    if (function.isPrivate())
      declarations += getSignature(function, false) + ";\n";
  }
  if (!declarations.empty())
    out << "\n" << declarations;
  for (const std::string &task : tasks.texts)
    out << "\n" << task;
  out << bodies;
  return success();
}
