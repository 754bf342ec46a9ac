//===- CppArith.cpp - How arith and math are written in C++ ---------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppPrinter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::cpp;

static bool isVector(Value value) { return isa<VectorType>(value.getType()); }
static bool isBool(Value value) { return value.getType().isInteger(1); }

/// C++'s precedence of a binary operator; what is left-associative wants its
/// right operand tighter. Compilers warn about `a & b == c` and `a << b + c`:
/// operands of these are always in parentheses.
static Prec getPrec(StringRef sign) {
  return llvm::StringSwitch<Prec>(sign)
      .Cases("*", "/", "%", Prec::Multiply)
      .Cases("+", "-", Prec::Add)
      .Cases("<<", ">>", Prec::Shift)
      .Cases("<", ">", "<=", ">=", Prec::Relation)
      .Cases("==", "!=", Prec::Equality)
      .Case("&&", Prec::And)
      .Case("||", Prec::Or)
      .Default(Prec::Bits);
}

static Expr binary(CppPrinter &p, Operation *op, StringRef sign,
                   bool isUnsigned = false, bool wrapped = false) {
  Prec prec = getPrec(sign), left = prec, right = Prec(int(prec) + 1);
  if (prec == Prec::Shift || prec == Prec::Bits)
    left = right = Prec::Unary;
  else if (prec == Prec::Relation || prec == Prec::Equality)
    left = right = Prec::Shift;
  else if (prec == Prec::And || prec == Prec::Or)
    left = right = Prec::Equality;
  auto side = [&](unsigned i, Prec least) {
    Value value = op->getOperand(i);
    return isUnsigned ? p.getUnsigned(value, least) : p.get(value, least);
  };
  std::string lhs = side(0, left), rhs = side(1, right);
  // a + -1 is a - 1, of floats too.
  if (sign == "+" && rhs[0] == '-') {
    sign = "-";
    rhs.erase(0, 1);
  }
  return {lhs + " " + sign.str() + " " + rhs, prec, wrapped};
}

/// Sums and products wrap. Index arithmetic never does (a rule of the low
/// form), and what is promoted to `int` is exact there: both are plain.
static Expr wrapping(CppPrinter &p, Operation *op, StringRef sign) {
  Type type = op->getResult(0).getType();
  if (isa<IndexType>(type))
    return binary(p, op, sign);
  bool isPromoted = type.isInteger(8) || type.isInteger(16);
  return binary(p, op, sign, /*isUnsigned=*/!isPromoted, /*wrapped=*/true);
}

/// On bool the logical operators say the same, without a promotion to int.
static Expr bits(CppPrinter &p, Operation *op, StringRef sign) {
  if (!isBool(op->getResult(0)))
    return binary(p, op, sign);
  if (sign == "^" && matchPattern(op->getOperand(1), m_One()))
    return {"!" + p.get(op->getOperand(0), Prec::Unary), Prec::Unary};
  return binary(p, op, sign == "^" ? "!=" : sign == "&" ? "&&" : "||");
}

static Expr negate(CppPrinter &p, Operation *op) {
  std::string text = p.get(op->getOperand(0), Prec::Unary);
  return {text[0] == '-' ? "-(" + text + ")" : "-" + text, Prec::Unary};
}

static Expr call(CppPrinter &p, Operation *op, StringRef helper) {
  return {p.useHelper(helper, op->getOperand(0).getType()) + "(" +
          p.getList(op->getOperands()) + ")"};
}

//===----------------------------------------------------------------------===//
// Comparisons and selections
//===----------------------------------------------------------------------===//

/// A comparison of vectors gives a vector of integers of the same width, whose
/// C++ type depends on the compiler.
static Expr asMask(CppPrinter &p, Value result, Expr expr) {
  if (!isVector(result))
    return expr;
  return {"(" + p.getValueType(result) + ")(" + expr.text + ")", Prec::Unary};
}

static Expr compareIntegers(CppPrinter &p, arith::CmpIOp op) {
  StringRef name = stringifyCmpIPredicate(op.getPredicate());
  bool isUnsigned = name[0] == 'u' && !isBool(op.getLhs());
  StringRef sign = llvm::StringSwitch<StringRef>(name)
                       .Case("eq", "==")
                       .Case("ne", "!=")
                       .Cases("slt", "ult", "<")
                       .Cases("sle", "ule", "<=")
                       .Cases("sgt", "ugt", ">")
                       .Default(">=");
  return asMask(p, op, binary(p, op, sign, isUnsigned));
}

/// Where NaN compares as C++'s operators have it, these; else a helper.
static Expr compareFloats(CppPrinter &p, arith::CmpFOp op) {
  StringRef text =
      llvm::StringSwitch<StringRef>(stringifyCmpFPredicate(op.getPredicate()))
          .Case("oeq", "==")
          .Case("une", "!=")
          .Case("olt", "<")
          .Case("ole", "<=")
          .Case("ogt", ">")
          .Case("oge", ">=")
          .Case("one", "less_greater")
          .Case("ueq", "equal_or_nan")
          .Case("ult", "less_or_nan")
          .Case("ule", "less_equal_or_nan")
          .Case("ugt", "greater_or_nan")
          .Case("uge", "greater_equal_or_nan")
          .Case("ord", "no_nan")
          .Default("any_nan");
  bool isOperator = !llvm::isAlpha(text[0]);
  return asMask(p, op, isOperator ? binary(p, op, text) : call(p, op, text));
}

static Expr selection(CppPrinter &p, arith::SelectOp op) {
  if (isVector(op.getCondition())) {
    Type type = getElementTypeOrSelf(op.getType()).isInteger(1)
                    ? p.getMaskType(op)
                    : op.getType();
    return {p.useHelper("select", type) + "(" + p.getList(op.getOperands()) +
            ")"};
  }
  return {p.get(op.getCondition(), Prec::Or) + " ? " +
              p.get(op.getTrueValue(), Prec::Or) + " : " +
              p.get(op.getFalseValue(), Prec::Or),
          Prec::Ternary};
}

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

/// `(type)x`, of a vector `__builtin_convertvector(x, type)`. A bool read as
/// signed is 0 or -1, as the lane of a mask is; read as unsigned 0 or 1.
static Expr convert(CppPrinter &p, Operation *op, bool isUnsigned = false) {
  Value from = op->getOperand(0);
  std::string type = p.getType(op->getResult(0).getType());
  if (isVector(from)) {
    bool isMask = getElementTypeOrSelf(from.getType()).isInteger(1);
    std::string text = isMask && isUnsigned ? p.get(from, Prec::Unary) + " & 1"
                       : isUnsigned         ? p.getUnsigned(from, Prec::Ternary)
                                            : p.get(from);
    return {"__builtin_convertvector(" + text + ", " + type + ")"};
  }
  std::string text = isUnsigned && !isBool(from) ? p.getUnsigned(from)
                                                 : p.get(from, Prec::Unary);
  bool isNegated = isBool(from) && !isUnsigned;
  return {(isNegated ? "-(" : "(") + type + ")" + text, Prec::Unary};
}

static Expr truncate(CppPrinter &p, arith::TruncIOp op) {
  if (!op.getType().isInteger(1))
    return convert(p, op);
  return {"(" + p.get(op.getIn(), Prec::Unary) + " & 1) != 0", Prec::Equality};
}

/// Saturates; NaN gives zero.
static Expr toInteger(CppPrinter &p, Operation *op, bool isUnsigned) {
  Value from = op->getOperand(0);
  return {p.useHelper("to", from.getType(), kNone, op->getResult(0).getType(),
                      isUnsigned) +
          "(" + p.get(from) + ")"};
}

static Expr bitcast(CppPrinter &p, arith::BitcastOp op) {
  if (isVector(op))
    return {"(" + p.getType(op.getType()) + ")" +
                p.get(op.getIn(), Prec::Unary),
            Prec::Unary};
  return {p.useHelper("bits", op.getType()) + "(" + p.get(op.getIn()) + ")"};
}

static Expr constant(CppPrinter &p, arith::ConstantOp op) {
  std::string text = p.getLiteral(op.getValue());
  return {text, text[0] == '-' ? Prec::Unary : Prec::Postfix};
}

void cpp::addArithEntries(EntryTable &t) {
  t.expression<arith::ConstantOp>(constant);
  t.expression<arith::AddIOp>(wrapping, "+");
  t.expression<arith::SubIOp>(wrapping, "-");
  t.expression<arith::MulIOp>(wrapping, "*");
  t.expression<arith::AndIOp>(bits, "&");
  t.expression<arith::OrIOp>(bits, "|");
  t.expression<arith::XOrIOp>(bits, "^");
  t.expression<arith::DivSIOp>(binary, "/", false, false);
  t.expression<arith::RemSIOp>(binary, "%", false, false);
  t.expression<arith::DivUIOp>(binary, "/", true, true);
  t.expression<arith::RemUIOp>(binary, "%", true, true);
  t.expression<arith::ShLIOp>(binary, "<<", true, true);
  t.expression<arith::ShRUIOp>(binary, ">>", true, true);
  t.expression<arith::ShRSIOp>(binary, ">>", false, false);
  t.expression<arith::AddFOp>(binary, "+", false, false);
  t.expression<arith::SubFOp>(binary, "-", false, false);
  t.expression<arith::MulFOp>(binary, "*", false, false);
  t.expression<arith::DivFOp>(binary, "/", false, false);
  t.expression<arith::NegFOp>(negate);
  t.expression<arith::CmpIOp>(compareIntegers);
  t.expression<arith::CmpFOp>(compareFloats);
  t.expression<arith::SelectOp>(selection);
  t.expression<arith::MinSIOp>(call, "min");
  t.expression<arith::MaxSIOp>(call, "max");
  t.expression<arith::MinUIOp>(call, "unsigned_min");
  t.expression<arith::MaxUIOp>(call, "unsigned_max");
  t.expression<arith::ExtSIOp>(convert, false);
  t.expression<arith::ExtUIOp>(convert, true);
  t.expression<arith::TruncIOp>(truncate);
  t.expression<arith::IndexCastOp>(convert, false);
  t.expression<arith::IndexCastUIOp>(convert, true);
  t.expression<arith::SIToFPOp>(convert, false);
  t.expression<arith::UIToFPOp>(convert, true);
  t.expression<arith::ExtFOp>(convert, false);
  t.expression<arith::TruncFOp>(convert, false);
  t.expression<arith::FPToSIOp>(toInteger, false);
  t.expression<arith::FPToUIOp>(toInteger, true);
  t.expression<arith::BitcastOp>(bitcast);
  t.expression<math::FmaOp>(call, "fma");
  t.expression<math::SqrtOp>(call, "sqrt");
}
