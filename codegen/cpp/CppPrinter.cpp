//===- CppPrinter.cpp - Functions, blocks and values as C++ ---------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppPrinter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::cpp;

EntryTable::EntryTable() {
  addArithEntries(*this);
  addVectorEntries(*this);
  addMemoryEntries(*this);
  addControlEntries(*this);
}

const Entry *EntryTable::lookup(Operation *op) const {
  auto found = entries.find(op->getName().getTypeID());
  return found == entries.end() ? nullptr : &found->second;
}

const EntryTable &cpp::getEntries() {
  static const EntryTable table;
  return table;
}

CppPrinter::CppPrinter(ModuleOp module, const CppOptions &options)
    : options(options), module(module), target(kernel::getTarget(module)) {}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

std::string CppPrinter::getName(Operation *op, unsigned index) {
  auto names = op->getAttrOfType<ArrayAttr>(kernel::kNamesAttrName);
  if (names && index < names.size())
    if (auto name = dyn_cast<StringAttr>(names[index]))
      return name.str();
  return "unnamed";
}

/// Loops name the induction variable first, then what they carry; a result is
/// the variable that carries it. `scf.while` names what goes into `before`
/// first, then its results, which are also what goes into `after`.
std::string CppPrinter::getName(Value value) {
  if (auto result = dyn_cast<OpResult>(value)) {
    Operation *op = result.getOwner();
    unsigned before = 0;
    if (isa<scf::ForOp>(op))
      before = 1;
    else if (auto loop = dyn_cast<scf::WhileOp>(op))
      before = loop.getInits().size();
    return getName(op, before + result.getResultNumber());
  }
  auto arg = cast<BlockArgument>(value);
  Operation *parent = arg.getOwner()->getParentOp();
  unsigned index = arg.getArgNumber();
  if (auto function = dyn_cast<func::FuncOp>(parent)) {
    auto name =
        function.getArgAttrOfType<StringAttr>(index, kernel::kNameAttrName);
    return name ? name.str() : "unnamed";
  }
  auto loop = dyn_cast<scf::WhileOp>(parent);
  if (loop && arg.getOwner() == loop.getAfterBody())
    index += loop.getInits().size();
  return getName(parent, index);
}

Expr CppPrinter::getExpr(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || !(op->hasAttr(kernel::kInlineAttrName) ||
               op->hasTrait<OpTrait::ConstantLike>()))
    return {getName(value)};
  const Entry *entry = getEntries().lookup(op);
  if (!entry || !entry->expression)
    return {getName(value)};
  return entry->expression(op, *this);
}

static std::string parenthesize(Expr expr, Prec least) {
  return expr.prec < least ? "(" + expr.text + ")" : expr.text;
}

std::string CppPrinter::get(Value value, Prec least) {
  Expr expr = getExpr(value);
  if (expr.wrapped)
    expr = {"(" + getValueType(value) + ")" + parenthesize(expr, Prec::Unary),
            Prec::Unary};
  return parenthesize(expr, least);
}

std::string CppPrinter::getUnsigned(Value value, Prec least) {
  Type type = value.getType();
  auto integer = dyn_cast<IntegerType>(type);
  IntegerAttr constant;
  if (integer && matchPattern(value, m_Constant(&constant)))
    return parenthesize(
        {getIntegerLiteral(constant.getValue(), /*isUnsigned=*/true)}, least);
  Expr expr = getExpr(value);
  bool isWide = !integer || integer.getWidth() >= 32;
  if (!(expr.wrapped && isWide))
    expr = {"(" + getUnsignedType(type) + ")" + parenthesize(expr, Prec::Unary),
            Prec::Unary};
  return parenthesize(expr, least);
}

std::string CppPrinter::getAddress(Value memref, Value index, Prec least) {
  IntegerAttr constant;
  if (matchPattern(index, m_Constant(&constant)) &&
      constant.getValue().isZero())
    return get(memref, least);
  return parenthesize(
      {get(memref, Prec::Add) + " + " + get(index, Prec::Add), Prec::Add},
      least);
}

std::string CppPrinter::getElement(Value memref, Value index) {
  return get(memref, Prec::Postfix) + "[" + get(index) + "]";
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
  const Entry *entry = getEntries().lookup(&op);
  if (!entry)
    return op.emitOpError() << "cannot be printed as C++";
  if (isa<func::FuncOp>(op.getParentOp()) &&
      !op.hasTrait<OpTrait::IsTerminator>())
    printComment(op);
  if (entry->statement)
    return entry->statement(&op, *this);
  Value result = op.getResult(0);
  Expr expr = entry->expression(&op, *this);
  if (expr.wrapped && isa<VectorType>(result.getType()))
    expr.text =
        "(" + getValueType(result) + ")" + parenthesize(expr, Prec::Unary);
  os() << getDeclaration(result, getName(result), /*isConst=*/true) << " = "
       << expr.text << ";\n";
  return success();
}

LogicalResult CppPrinter::printBlock(Block &block, bool isFunctionBody) {
  for (Operation &op : block) {
    if (op.hasAttr(kernel::kInlineAttrName) ||
        op.hasTrait<OpTrait::ConstantLike>())
      continue;
    if (op.hasTrait<OpTrait::IsTerminator>() && !isFunctionBody)
      continue; // the parent prints it
    if (failed(printOp(op)))
      return failure();
  }
  return success();
}

LogicalResult CppPrinter::printRegion(Region &region) {
  return region.empty() ? success() : printBlock(region.front(), false);
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

void CppPrinter::printAssignments(ValueRange values,
                                  ArrayRef<std::string> names,
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
      std::string next = names[i] + "_next";
      os() << getDeclaration(value, next, true) << " = " << texts.back()
           << ";\n";
      texts.back() = next;
    }
    assigned.set(i);
  }
  for (auto [name, text] : llvm::zip(names, texts))
    if (name != text)
      os() << name << " = " << text << ";\n";
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

std::string CppPrinter::getFunctionName(StringRef symbol) {
  return symbol.str();
}

std::string CppPrinter::getContextType() {
  usesContext = true;
  return "const " + options.prefix + "_context *";
}

std::string CppPrinter::getResultType(func::FuncOp function) {
  ArrayRef<Type> results = function.getResultTypes();
  if (results.empty())
    return "void";
  auto memref = dyn_cast<MemRefType>(results[0]);
  if (!memref)
    return function.isPublic() && results[0].isInteger(32)
               ? "int"
               : getType(results[0]);
  // Only constants can be returned.
  auto ctype =
      function.getResultAttrOfType<StringAttr>(0, kernel::kCTypeAttrName);
  return "const " +
         (ctype ? ctype.str() : getMemoryType(memref.getElementType())) + " *";
}

/// Of a public function the types of its header: `int` for the status, the
/// plain element types or what `kernel.ctype` says.
std::string CppPrinter::getSignature(Operation *op, bool isDefinition) {
  auto function = cast<func::FuncOp>(op);
  std::string text;
  llvm::raw_string_ostream s(text);
  std::string result = getResultType(function);
  s << (function.isPublic() ? "extern \"C\" " : "static ") << result
    << (result.back() == '*' ? "" : " ") << getFunctionName(function.getName())
    << "(";
  for (unsigned i = 0, e = function.getNumArguments(); i < e; ++i) {
    s << (i ? ", " : "");
    Type type = function.getArgumentTypes()[i];
    auto memref = dyn_cast<MemRefType>(type);
    std::string name;
    if (isDefinition && !function.getArgument(i).use_empty())
      name = getName(function.getArgument(i));
    if (!memref) {
      std::string text = getType(type);
      s << text << (text.back() == '*' || name.empty() ? "" : " ") << name;
      continue;
    }
    auto ctype =
        function.getArgAttrOfType<StringAttr>(i, kernel::kCTypeAttrName);
    if (ctype && !name.empty())
      name += "_mem";
    if (function.getArgAttr(i, kernel::kReadOnlyAttrName))
      s << "const ";
    s << (ctype                 ? ctype.str()
          : function.isPublic() ? getType(memref.getElementType())
                                : getMemoryType(memref.getElementType()))
      << " *";
    if (function.getArgAttr(i, kernel::kNoAliasAttrName))
      s << "__restrict ";
    s << name;
  }
  s << ")";
  return text;
}

LogicalResult CppPrinter::printFunction(Operation *op) {
  auto function = cast<func::FuncOp>(op);
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitOpError() << "expected one block";
  os() << "\n";
  lastComment.clear();
  printComment(*function);
  os() << getSignature(function, /*isDefinition=*/true) << " {\n";
  os().indent();
  for (BlockArgument arg : function.getArguments()) {
    if (arg.use_empty() ||
        !function.getArgAttr(arg.getArgNumber(), kernel::kCTypeAttrName))
      continue;
    std::string name = getName(arg);
    std::string declaration = getDeclaration(arg, name, true);
    StringRef type = StringRef(declaration).drop_back(name.size());
    os() << declaration << " = (" << type << ")" << name << "_mem;\n";
  }
  if (failed(printBlock(function.getBody().front(), true)))
    return failure();
  os().unindent();
  os() << "}\n";
  return success();
}

LogicalResult CppPrinter::printFunctions(llvm::raw_ostream &out) {
  std::string bodies, declarations;
  {
    llvm::raw_string_ostream text(bodies);
    raw_indented_ostream indented(text);
    stream = &indented;
    for (auto function : module.getOps<func::FuncOp>())
      if (!function.isExternal() && failed(printFunction(function)))
        return failure();
    stream = nullptr;
  }
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPrivate())
      declarations += getSignature(function, false) + ";\n";
  if (!declarations.empty())
    out << "\n" << declarations;
  for (const std::string &task : tasks.texts)
    out << task;
  out << bodies;
  return success();
}
