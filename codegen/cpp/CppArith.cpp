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

/// C++'s precedence of a binary operator, and the least of its operands: what
/// is left-associative wants its right one tighter. Compilers warn about
/// `a & b == c` and `a << b + c`: operands of these are always in parentheses.
struct Precs {
  Prec self, left, right;
};
static Precs getPrecs(StringRef sign) {
  return llvm::StringSwitch<Precs>(sign)
      .Cases("*", "/", "%", {Prec::Multiply, Prec::Multiply, Prec::Unary})
      .Cases("+", "-", {Prec::Add, Prec::Add, Prec::Multiply})
      .Cases("<<", ">>", {Prec::Shift, Prec::Unary, Prec::Unary})
      .Cases("<", ">", "<=", ">=", {Prec::Relation, Prec::Shift, Prec::Shift})
      .Cases("==", "!=", {Prec::Equality, Prec::Shift, Prec::Shift})
      .Case("&&", {Prec::And, Prec::Equality, Prec::Equality})
      .Case("||", {Prec::Or, Prec::Equality, Prec::Equality})
      .Default({Prec::Bits, Prec::Unary, Prec::Unary});
}

static Expr binary(CppPrinter &p, Operation *op, StringRef sign,
                   bool isUnsigned = false, bool wrapped = false) {
  Precs precs = getPrecs(sign);
  auto side = [&](unsigned i, Prec least) {
    Value value = op->getOperand(i);
    return isUnsigned ? p.getUnsigned(value, least) : p.get(value, least);
  };
  std::string lhs = side(0, precs.left), rhs = side(1, precs.right);
  // a + -1 is a - 1, of floats too.
  if (sign == "+" && rhs[0] == '-') {
    sign = "-";
    rhs.erase(0, 1);
  }
  return {lhs + " " + sign.str() + " " + rhs, precs.self, wrapped};
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
  return getCall(p.useHelper(helper, op->getOperand(0).getType()),
                 p.getList(op->getOperands()));
}

/// min(max(a, low), high) is one instruction where the bounds are those of a
/// type.
static Expr minimum(CppPrinter &p, arith::MinSIOp op) {
  auto low = op.getLhs().getDefiningOp<arith::MaxSIOp>();
  if (!low || !low->hasAttr(kernel::kInlineAttrName) ||
      !op.getType().isInteger(32))
    return call(p, op, "min");
  return getCall(p.useHelper("clamp", op.getType()),
                 p.getList({low.getLhs(), low.getRhs(), op.getRhs()}));
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

/// C++'s sign for what the name of a predicate ends in: `ult`, `olt`.
static StringRef getSign(StringRef predicate) {
  return llvm::StringSwitch<StringRef>(predicate.take_back(2))
      .Case("eq", "==")
      .Case("ne", "!=")
      .Case("lt", "<")
      .Case("le", "<=")
      .Case("gt", ">")
      .Default(">=");
}

static Expr compareIntegers(CppPrinter &p, arith::CmpIOp op) {
  StringRef name = stringifyCmpIPredicate(op.getPredicate());
  bool isUnsigned = name[0] == 'u' && !isBool(op.getLhs());
  return asMask(p, op, binary(p, op, getSign(name), isUnsigned));
}

/// Where NaN compares as C++'s operators have it, these; else a helper.
static Expr compareFloats(CppPrinter &p, arith::CmpFOp op) {
  StringRef name = stringifyCmpFPredicate(op.getPredicate());
  StringRef helper = llvm::StringSwitch<StringRef>(name)
                         .Cases("oeq", "une", "olt", "ole", "ogt", "oge", "")
                         .Case("one", "less_greater")
                         .Case("ueq", "equal_or_nan")
                         .Case("ult", "less_or_nan")
                         .Case("ule", "less_equal_or_nan")
                         .Case("ugt", "greater_or_nan")
                         .Case("uge", "greater_equal_or_nan")
                         .Case("ord", "no_nan")
                         .Default("any_nan");
  return asMask(p, op,
                helper.empty() ? binary(p, op, getSign(name))
                               : call(p, op, helper));
}

static Expr selection(CppPrinter &p, arith::SelectOp op) {
  if (isVector(op.getCondition())) {
    Type type = getElementTypeOrSelf(op.getType()).isInteger(1)
                    ? p.getMaskType(op)
                    : op.getType();
    return getCall(p.useHelper("select", type), p.getList(op.getOperands()));
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
  Type to = op->getResult(0).getType();
  return getCall(p.useHelper("to", from.getType(), kNone, to, isUnsigned),
                 p.get(from));
}

static Expr bitcast(CppPrinter &p, arith::BitcastOp op) {
  if (isVector(op))
    return {"(" + p.getType(op.getType()) + ")" +
                p.get(op.getIn(), Prec::Unary),
            Prec::Unary};
  return getCall(p.useHelper("bits", op.getType()), p.get(op.getIn()));
}

static Expr constant(CppPrinter &p, arith::ConstantOp op) {
  std::string text = p.getLiteral(op.getValue());
  return {text, text[0] == '-' ? Prec::Unary : Prec::Postfix};
}

void cpp::addArithEntries(EntryTable &t) {
  t.add<arith::ConstantOp>(constant);
  t.add<arith::AddIOp>(wrapping, "+");
  t.add<arith::SubIOp>(wrapping, "-");
  t.add<arith::MulIOp>(wrapping, "*");
  t.add<arith::AndIOp>(bits, "&");
  t.add<arith::OrIOp>(bits, "|");
  t.add<arith::XOrIOp>(bits, "^");
  t.add<arith::DivSIOp>(binary, "/", false, false);
  t.add<arith::RemSIOp>(binary, "%", false, false);
  t.add<arith::DivUIOp>(binary, "/", true, true);
  t.add<arith::RemUIOp>(binary, "%", true, true);
  t.add<arith::ShLIOp>(binary, "<<", true, true);
  t.add<arith::ShRUIOp>(binary, ">>", true, true);
  t.add<arith::ShRSIOp>(binary, ">>", false, false);
  t.add<arith::AddFOp>(binary, "+", false, false);
  t.add<arith::SubFOp>(binary, "-", false, false);
  t.add<arith::MulFOp>(binary, "*", false, false);
  t.add<arith::DivFOp>(binary, "/", false, false);
  t.add<arith::NegFOp>(negate);
  t.add<arith::CmpIOp>(compareIntegers);
  t.add<arith::CmpFOp>(compareFloats);
  t.add<arith::SelectOp>(selection);
  t.add<arith::MinSIOp>(minimum);
  t.add<arith::MaxSIOp>(call, "max");
  t.add<arith::MinUIOp>(call, "unsigned_min");
  t.add<arith::MaxUIOp>(call, "unsigned_max");
  t.add<arith::ExtSIOp>(convert, false);
  t.add<arith::ExtUIOp>(convert, true);
  t.add<arith::TruncIOp>(truncate);
  t.add<arith::IndexCastOp>(convert, false);
  t.add<arith::IndexCastUIOp>(convert, true);
  t.add<arith::SIToFPOp>(convert, false);
  t.add<arith::UIToFPOp>(convert, true);
  t.add<arith::ExtFOp>(convert, false);
  t.add<arith::TruncFOp>(convert, false);
  t.add<arith::FPToSIOp>(toInteger, false);
  t.add<arith::FPToUIOp>(toInteger, true);
  t.add<arith::BitcastOp>(bitcast);
  t.add<math::FmaOp>(call, "fma");
  t.add<math::SqrtOp>(call, "sqrt");
}
