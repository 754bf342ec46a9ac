//===- CppPrinter.h - What the entries of the printer share -----*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The printer reads the low form after `legalize-for-cpp`, which named every
// value (`kernel.names`) and marked what is written inside of its user's
// expression (`kernel.inline`). Each operation has one entry in a table: either
// an expression, with its precedence, or a statement.
//
//   %0 = memref.load %x[%i]       {kernel.inline}
//   %1 = arith.addf %0, %b        {kernel.names = ["v"]}  const float v =
//                                                             x[i] + b;
//   memref.store %1, %y[%i]                               y[i] = v;
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_CPP_CPPPRINTER_H
#define TENON_CODEGEN_CPP_CPPPRINTER_H

#include "codegen/cpp/CppEmitter.h"
#include "dialects/kernel/Kernel.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Support/IndentedOstream.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"

namespace tenon::cpp {

/// C++'s precedences, loosest first.
enum class Prec {
  Ternary,
  Or,
  And,
  Bits,
  Equality,
  Relation,
  Shift,
  Add,
  Multiply,
  Unary,
  Postfix
};

/// The text of a value. Integer arithmetic is printed through unsigned: an
/// expression that is `wrapped` has the right bits but, in C++, the unsigned
/// type (i32, i64, vectors) or `int` (i8, i16); a cast makes it exact.
struct Expr {
  std::string text;
  Prec prec = Prec::Postfix;
  bool wrapped = false;
};

/// Texts by name, each once, in the order of their first use.
using Texts =
    llvm::MapVector<std::string, std::string, llvm::StringMap<unsigned>>;

constexpr unsigned kNone = ~0u;

class CppPrinter {
public:
  CppPrinter(mlir::ModuleOp module, const CppOptions &options)
      : options(options), module(module), target(kernel::getTarget(module)) {}

  /// Prints all functions, and so finds out what must stand before them.
  mlir::LogicalResult printFunctions(llvm::raw_ostream &os);
  /// All but the terminators of regions, which are for what holds the region.
  void printBlock(mlir::Block &block);
  /// Assigns the operands of a terminator to variables, as if at once.
  void printAssignments(mlir::ValueRange values, mlir::ValueRange variables);

  /// A value as an operand: exact, in parentheses unless it binds as tightly.
  std::string get(mlir::Value value, Prec least = Prec::Ternary);
  /// The same with the unsigned type; of i8 and i16 the value, not an `int`.
  std::string getUnsigned(mlir::Value value, Prec least = Prec::Unary);
  /// Values with commas between them.
  std::string getList(mlir::ValueRange values);
  std::string getName(mlir::Value value);
  std::string getLiteral(mlir::TypedAttr value);
  /// Type and name, with `const` where nothing changes it.
  std::string getDeclaration(mlir::Value value, llvm::StringRef name,
                             bool isConst);
  bool isReadOnly(mlir::Value memref);
  std::string getResultType(mlir::FunctionOpInterface function);

  std::string getType(mlir::Type type, bool isUnsigned = false);
  /// The type that an access to memory uses: `f32` or `f32x4_mem`.
  std::string getMemoryType(mlir::Type type);
  /// `f32`, `i32x4`, `u8`, `index`: the ends of the names of helpers.
  static std::string getShortName(mlir::Type type, bool isUnsigned = false);
  /// The type of the lanes of a vector of i1: as wide as what was compared.
  mlir::VectorType getMaskType(mlir::Value value);
  /// The C++ type of a value; masks are vectors of integers.
  std::string getValueType(mlir::Value value);

  /// Notes that a helper is used for a type, and returns its name.
  std::string useHelper(llvm::StringRef section, mlir::Type type,
                        unsigned number = kNone, mlir::Type result = {},
                        bool isUnsigned = false);

  mlir::raw_indented_ostream &os() { return *stream; }
  const CppOptions &options;
  mlir::ModuleOp module;
  kernel::TargetAttr target;
  /// What the code turned out to need: typedefs; helpers; declarations or
  /// definitions of constants; what stands between prototypes and functions.
  Texts types, definitions, constants, tasks;
  bool usesContext = false;

private:
  Expr getExpr(mlir::Value value);
  std::string addVectorType(mlir::VectorType type, bool isUnsigned,
                            bool isMemory);
  void printOp(mlir::Operation &op);
  void printFunction(mlir::FunctionOpInterface function);
  std::string getSignature(mlir::FunctionOpInterface function,
                           bool isDefinition);
  void printComment(mlir::Operation &op);

  mlir::raw_indented_ostream *stream = nullptr;
  std::string lastComment;
  mlir::LogicalResult status = mlir::success();
};

/// `callee(arguments)`
inline Expr getCall(const std::string &callee, const std::string &arguments) {
  return {callee + "(" + arguments + ")"};
}

/// One entry of the table. An expression whose value nobody uses becomes a
/// statement by a semicolon; a statement prints all of itself.
struct Entry {
  std::function<Expr(CppPrinter &, mlir::Operation *)> expression;
  std::function<void(CppPrinter &, mlir::Operation *)> statement;
};

class EntryTable {
public:
  /// `print` takes the printer, the operation, and what is given here; an
  /// expression returns itself, a statement nothing.
  template <typename Op, typename Print, typename... Args>
  void add(Print print, Args... args) {
    auto function = [=](CppPrinter &p, mlir::Operation *op) {
      return print(p, llvm::cast<Op>(op), args...);
    };
    Entry &entry = entries[mlir::TypeID::get<Op>()];
    if constexpr (std::is_void_v<decltype(function(std::declval<CppPrinter &>(),
                                                   nullptr))>)
      entry.statement = function;
    else
      entry.expression = function;
  }
  const Entry *lookup(mlir::Operation *op) const {
    auto found = entries.find(op->getName().getTypeID());
    return found == entries.end() ? nullptr : &found->second;
  }

private:
  llvm::DenseMap<mlir::TypeID, Entry> entries;
};

// Each file of entries has one of these.
void addArithEntries(EntryTable &table);
void addMemoryEntries(EntryTable &table);
void addControlEntries(EntryTable &table);

/// The address of a constant: its array, or its place in the blob.
Expr getConstant(CppPrinter &p, kernel::ConstantOp op);

} // namespace tenon::cpp

#endif // TENON_CODEGEN_CPP_CPPPRINTER_H
