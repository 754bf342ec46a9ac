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
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_CPP_CPPPRINTER_H
#define TENON_CODEGEN_CPP_CPPPRINTER_H

#include "codegen/cpp/CppEmitter.h"
#include "dialects/kernel/Kernel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Support/IndentedOstream.h"
#include "llvm/ADT/StringSet.h"

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
struct Texts {
  std::vector<std::string> texts;
  llvm::StringSet<> names;

  void add(llvm::StringRef name, const std::string &text) {
    if (names.insert(name).second)
      texts.push_back(text);
  }
};

class CppPrinter {
public:
  CppPrinter(mlir::ModuleOp module, const CppOptions &options);

  /// Prints all functions to `os`, and finds out what the prelude needs.
  mlir::LogicalResult printFunctions(llvm::raw_ostream &os);
  /// What stands before the functions: pragmas, types, helpers.
  void printPrelude(llvm::raw_ostream &os);
  void printEpilogue(llvm::raw_ostream &os);

  //===- For the entries
  //---------------------------------------------------===//

  /// A value as an operand: exact, in parentheses unless it binds as tightly.
  std::string get(mlir::Value value, Prec least = Prec::Ternary);
  /// The same with the unsigned type; of i8 and i16 the value, not an `int`.
  std::string getUnsigned(mlir::Value value, Prec least = Prec::Unary);
  /// `pointer + index` and `pointer[index]`.
  std::string getAddress(mlir::Value memref, mlir::Value index,
                         Prec least = Prec::Add);
  std::string getElement(mlir::Value memref, mlir::Value index);
  /// The name of a result, of an argument, of a symbol.
  std::string getName(mlir::Value value);
  std::string getName(mlir::Operation *op, unsigned index);

  std::string getType(mlir::Type type);
  std::string getUnsignedType(mlir::Type type);
  /// The type that an access to memory uses; `f32` or `f32x4_mem`.
  std::string getMemoryType(mlir::Type type);
  /// The type of the lanes of a vector of i1, whose width is that of what was
  /// compared.
  mlir::VectorType getMaskType(mlir::Value value);
  /// The C++ type of a value; masks are vectors of integers.
  std::string getValueType(mlir::Value value);
  /// Type and name, with `const` where nothing changes it.
  std::string getDeclaration(mlir::Value value, llvm::StringRef name,
                             bool isConst);
  bool isReadOnly(mlir::Value memref);

  std::string getLiteral(mlir::TypedAttr value);

  /// Notes that a helper is used and returns its name: `base_type`. Helpers
  /// stand in CppHelpers.cpp.
  std::string useHelper(llvm::StringRef base, mlir::Type type);
  mlir::LogicalResult printBlock(mlir::Block &block, bool isFunctionBody);
  mlir::LogicalResult printRegion(mlir::Region &region);
  /// Assigns the operands of a terminator to variables, as if at once.
  void printAssignments(mlir::ValueRange values,
                        llvm::ArrayRef<std::string> names,
                        mlir::ValueRange changed);
  std::string getContextType();
  std::string getFunctionName(llvm::StringRef symbol);
  std::string getResultType(mlir::func::FuncOp function);
  /// The address of a constant: its array, or its place in the blob.
  Expr getConstant(kernel::ConstantOp op);
  /// A number of elements in bytes.
  std::string getByteCount(mlir::Value count, unsigned elementBytes);
  /// `f32`, `i32x4`, `u8`, `index`: the ends of the names of helpers.
  static std::string getShortName(mlir::Type type, bool isUnsigned = false);
  /// What the code turned out to need: typedefs; helpers; declarations or
  /// definitions of constants; what stands between prototypes and functions.
  Texts types, definitions, constants, tasks;

  mlir::raw_indented_ostream &os() { return *stream; }
  const CppOptions &options;
  mlir::ModuleOp module;
  kernel::TargetAttr target;
  /// Where constants are: in this file, in the weights file, or in the blob,
  /// at these offsets.
  enum class Constants { Here, Extern, Blob } constantsAre = Constants::Here;
  llvm::DenseMap<mlir::Operation *, uint64_t> blobOffsets;

private:
  Expr getExpr(mlir::Value value);
  std::string getVectorType(mlir::VectorType type, char kind);
  mlir::LogicalResult printOp(mlir::Operation &op);
  mlir::LogicalResult printFunction(mlir::Operation *function);
  std::string getSignature(mlir::Operation *function, bool isDefinition);
  void printComment(mlir::Operation &op);

  mlir::raw_indented_ostream *stream = nullptr;
  std::string lastComment;
  bool usesContext = false;
};

/// One entry of the table.
struct Entry {
  std::function<Expr(mlir::Operation *, CppPrinter &)> expression;
  std::function<mlir::LogicalResult(mlir::Operation *, CppPrinter &)> statement;
};

class EntryTable {
public:
  EntryTable();
  const Entry *lookup(mlir::Operation *op) const;

  /// An expression of an operation with one result.
  template <typename Op> void expression(Expr (*print)(Op, CppPrinter &)) {
    entries[mlir::TypeID::get<Op>()].expression = [print](mlir::Operation *op,
                                                          CppPrinter &p) {
      return print(llvm::cast<Op>(op), p);
    };
  }
  template <typename Op>
  void statement(mlir::LogicalResult (*print)(Op, CppPrinter &)) {
    entries[mlir::TypeID::get<Op>()].statement = [print](mlir::Operation *op,
                                                         CppPrinter &p) {
      return print(llvm::cast<Op>(op), p);
    };
  }

private:
  llvm::DenseMap<mlir::TypeID, Entry> entries;
};

const EntryTable &getEntries();

// Each file of entries has one of these.
void addArithEntries(EntryTable &table);
void addVectorEntries(EntryTable &table);
void addMemoryEntries(EntryTable &table);
void addControlEntries(EntryTable &table);

/// Text for a comment: printable, on one line, without what ends a comment.
std::string escapeComment(llvm::StringRef text);

/// `0.1f`, `-0.0f`; null where a literal cannot say it (infinities, NaN).
std::optional<std::string> getFloatLiteral(const llvm::APFloat &value);
std::string getIntegerLiteral(const llvm::APInt &value, bool isUnsigned);

/// What a helper of `base` for `type` is, in C++; empty if there is none.
std::string getHelperText(CppPrinter &p, llvm::StringRef base,
                          llvm::StringRef name, mlir::Type type);

/// The type of the array that holds a constant, and its elements.
struct ArrayText {
  std::string type;
  uint64_t count;
};
ArrayText getArray(kernel::GlobalOp global);
void printArrayElements(kernel::GlobalOp global, llvm::raw_ostream &os);
/// The data as it lies in memory.
std::vector<char> getConstantData(kernel::GlobalOp global);
uint64_t getConstantAlignment(kernel::GlobalOp global);

} // namespace tenon::cpp

#endif // TENON_CODEGEN_CPP_CPPPRINTER_H
