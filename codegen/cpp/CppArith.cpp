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

/// The next tighter precedence: for the right operand of what is
/// left-associative.
static Prec tighter(Prec prec) { return Prec(int(prec) + 1); }

static bool isVector(Value value) { return isa<VectorType>(value.getType()); }
static bool isBool(Value value) { return value.getType().isInteger(1); }

/// Integers that are narrower than `int`, to which C++ promotes them.
static bool isPromoted(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  return integer && integer.getWidth() < 32;
}

static Expr call(CppPrinter &p, StringRef base, Type type, ValueRange args) {
  std::string text = p.useHelper(base, type) + "(";
  for (auto [i, arg] : llvm::enumerate(args))
    text += (i ? ", " : "") + p.get(arg);
  return {text + ")"};
}

static Expr binary(CppPrinter &p, Operation *op, StringRef sign, Prec prec) {
  return {p.get(op->getOperand(0), prec) + " " + sign.str() + " " +
              p.get(op->getOperand(1), tighter(prec)),
          prec};
}

/// Sums and products wrap. Index arithmetic never does (a rule of the low
/// form), and what is promoted to `int` is exact there: both are plain.
static Expr wrapping(CppPrinter &p, Operation *op, StringRef sign, Prec prec) {
  Type type = op->getResult(0).getType();
  if (isa<IndexType>(type))
    return binary(p, op, sign, prec);
  if (isPromoted(type)) {
    Expr expr = binary(p, op, sign, prec);
    expr.wrapped = true;
    return expr;
  }
  return {p.getUnsigned(op->getOperand(0), prec) + " " + sign.str() + " " +
              p.getUnsigned(op->getOperand(1), tighter(prec)),
          prec, /*wrapped=*/true};
}

template <typename Op, char Sign>
static Expr wrappingSign(Op op, CppPrinter &p) {
  return wrapping(p, op,
                  StringRef(&"+-*"[Sign == '+'   ? 0
                                   : Sign == '-' ? 1
                                                 : 2],
                            1),
                  Sign == '*' ? Prec::Multiply : Prec::Add);
}

template <typename Op, char Sign> static Expr floatSign(Op op, CppPrinter &p) {
  static constexpr char sign[] = {Sign, 0};
  return binary(p, op, sign,
                Sign == '*' || Sign == '/' ? Prec::Multiply : Prec::Add);
}

/// Compilers warn about `a & b == c` and `a << b + c`: operands of these are
/// always in parentheses. On bool the logical operators say the same.
template <typename Op, char Sign> static Expr bits(Op op, CppPrinter &p) {
  static constexpr char sign[] = {Sign, 0};
  if (!isBool(op))
    return {p.get(op.getLhs(), Prec::Unary) + " " + sign + " " +
                p.get(op.getRhs(), Prec::Unary),
            Prec::Bits};
  if (Sign == '^' && matchPattern(op.getRhs(), m_One()))
    return {"!" + p.get(op.getLhs(), Prec::Unary), Prec::Unary};
  Prec prec = Sign == '^' ? Prec::Equality : Sign == '&' ? Prec::And : Prec::Or;
  StringRef text = Sign == '^' ? " != " : Sign == '&' ? " && " : " || ";
  Prec least = Sign == '^' ? Prec::Shift : Prec::Equality;
  return {p.get(op.getLhs(), least) + text.str() + p.get(op.getRhs(), least),
          prec};
}

template <typename Op, char Sign>
static Expr signedDivision(Op op, CppPrinter &p) {
  static constexpr char sign[] = {Sign, 0};
  return binary(p, op, sign, Prec::Multiply);
}

template <typename Op, char Sign>
static Expr unsignedDivision(Op op, CppPrinter &p) {
  return {p.getUnsigned(op.getLhs(), Prec::Multiply) + " " + Sign + " " +
              p.getUnsigned(op.getRhs(), Prec::Unary),
          Prec::Multiply, /*wrapped=*/true};
}

static Expr shiftLeft(arith::ShLIOp op, CppPrinter &p) {
  return {p.getUnsigned(op.getLhs()) + " << " + p.getUnsigned(op.getRhs()),
          Prec::Shift, /*wrapped=*/true};
}

static Expr shiftRightUnsigned(arith::ShRUIOp op, CppPrinter &p) {
  return {p.getUnsigned(op.getLhs()) + " >> " + p.getUnsigned(op.getRhs()),
          Prec::Shift, /*wrapped=*/true};
}

static Expr shiftRightSigned(arith::ShRSIOp op, CppPrinter &p) {
  return {p.get(op.getLhs(), Prec::Unary) + " >> " +
              p.get(op.getRhs(), Prec::Unary),
          Prec::Shift};
}

static Expr negate(arith::NegFOp op, CppPrinter &p) {
  std::string text = p.get(op.getOperand(), Prec::Unary);
  if (text.front() == '-')
    text = "(" + text + ")";
  return {"-" + text, Prec::Unary};
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

static Expr compareIntegers(arith::CmpIOp op, CppPrinter &p) {
  using Pred = arith::CmpIPredicate;
  StringRef sign;
  bool isUnsigned = false;
  switch (op.getPredicate()) {
  case Pred::eq:
    sign = "==";
    break;
  case Pred::ne:
    sign = "!=";
    break;
  case Pred::ult:
    isUnsigned = true;
    [[fallthrough]];
  case Pred::slt:
    sign = "<";
    break;
  case Pred::ule:
    isUnsigned = true;
    [[fallthrough]];
  case Pred::sle:
    sign = "<=";
    break;
  case Pred::ugt:
    isUnsigned = true;
    [[fallthrough]];
  case Pred::sgt:
    sign = ">";
    break;
  case Pred::uge:
    isUnsigned = true;
    [[fallthrough]];
  case Pred::sge:
    sign = ">=";
    break;
  }
  Prec prec = sign.ends_with("=") && sign != "<=" && sign != ">="
                  ? Prec::Equality
                  : Prec::Relation;
  auto side = [&](Value value) {
    return isUnsigned && !isBool(value) ? p.getUnsigned(value, Prec::Shift)
                                        : p.get(value, Prec::Shift);
  };
  return asMask(
      p, op,
      {side(op.getLhs()) + " " + sign.str() + " " + side(op.getRhs()), prec});
}

static Expr compareFloats(arith::CmpFOp op, CppPrinter &p) {
  using Pred = arith::CmpFPredicate;
  auto plain = [&](StringRef sign, Prec prec) {
    return asMask(p, op,
                  {p.get(op.getLhs(), Prec::Shift) + " " + sign.str() + " " +
                       p.get(op.getRhs(), Prec::Shift),
                   prec});
  };
  auto helper = [&](StringRef name) {
    return asMask(
        p, op,
        call(p, name, op.getLhs().getType(), {op.getLhs(), op.getRhs()}));
  };
  switch (op.getPredicate()) {
  case Pred::OEQ:
    return plain("==", Prec::Equality);
  case Pred::UNE:
    return plain("!=", Prec::Equality);
  case Pred::OLT:
    return plain("<", Prec::Relation);
  case Pred::OLE:
    return plain("<=", Prec::Relation);
  case Pred::OGT:
    return plain(">", Prec::Relation);
  case Pred::OGE:
    return plain(">=", Prec::Relation);
  case Pred::ONE:
    return helper("less_greater");
  case Pred::UEQ:
    return helper("equal_or_nan");
  case Pred::ULT:
    return helper("less_or_nan");
  case Pred::ULE:
    return helper("less_equal_or_nan");
  case Pred::UGT:
    return helper("greater_or_nan");
  case Pred::UGE:
    return helper("greater_equal_or_nan");
  case Pred::ORD:
    return helper("no_nan");
  case Pred::UNO:
    return helper("any_nan");
  case Pred::AlwaysFalse:
  case Pred::AlwaysTrue:
    break;
  }
  return {"unprintable"};
}

static Expr select(arith::SelectOp op, CppPrinter &p) {
  if (isVector(op.getCondition())) {
    Type type = isVector(op) && op.getType().isInteger(1) ? p.getMaskType(op)
                                                          : op.getType();
    auto shape = cast<VectorType>(op.getType());
    if (shape.getElementType().isInteger(1))
      type = p.getMaskType(op);
    return call(p, "select", type,
                {op.getCondition(), op.getTrueValue(), op.getFalseValue()});
  }
  return {p.get(op.getCondition(), Prec::Or) + " ? " +
              p.get(op.getTrueValue(), Prec::Or) + " : " +
              p.get(op.getFalseValue(), Prec::Or),
          Prec::Ternary};
}

template <typename Op> static Expr minMax(Op op, CppPrinter &p) {
  StringRef name = op->getName().stripDialect().drop_back(2);
  std::string base =
      (op->getName().getStringRef().ends_with("ui") ? "unsigned_" : "") +
      name.str();
  return call(p, base, op.getType(), op->getOperands());
}

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

/// `(type)x`, of a vector `__builtin_convertvector(x, type)`.
static Expr convert(CppPrinter &p, StringRef type, std::string text,
                    bool isVector) {
  if (isVector)
    return {"__builtin_convertvector(" + text + ", " + type.str() + ")"};
  return {"(" + type.str() + ")" + text, Prec::Unary};
}

template <typename Op> static Expr convertSigned(Op op, CppPrinter &p) {
  Value from = op->getOperand(0);
  Value to = op->getResult(0);
  // A mask or a bool counts as -1 when it is read as signed.
  if (!isVector(from) && isBool(from))
    return {"-(" + p.getType(to.getType()) + ")" + p.get(from, Prec::Unary),
            Prec::Unary};
  return convert(p, p.getType(to.getType()),
                 p.get(from, isVector(from) ? Prec::Ternary : Prec::Unary),
                 isVector(from));
}

/// Goes through the unsigned type of the source; a bool is 0 or 1 as it is, a
/// lane of a mask is masked.
template <typename Op> static Expr convertUnsigned(Op op, CppPrinter &p) {
  Value from = op->getOperand(0);
  std::string type = p.getType(op->getResult(0).getType());
  if (!isVector(from))
    return convert(
        p, type, isBool(from) ? p.get(from, Prec::Unary) : p.getUnsigned(from),
        false);
  auto vector = cast<VectorType>(from.getType());
  if (!vector.getElementType().isInteger(1))
    return convert(p, type, p.getUnsigned(from, Prec::Ternary), true);
  return convert(p, type, p.get(from, Prec::Unary) + " & 1", true);
}

static Expr truncate(arith::TruncIOp op, CppPrinter &p) {
  Value from = op.getIn();
  if (isVector(from))
    return convert(p, p.getType(op.getType()), p.get(from), true);
  if (op.getType().isInteger(1))
    return {"(" + p.get(from, Prec::Unary) + " & 1) != 0", Prec::Equality};
  return convert(p, p.getType(op.getType()), p.get(from, Prec::Unary), false);
}

/// Saturates; NaN gives zero.
template <typename Op> static Expr floatToInteger(Op op, CppPrinter &p) {
  Type to = op.getType();
  bool isUnsigned = isa<arith::FPToUIOp>(op);
  std::string base = "to_" + p.getShortName(to, isUnsigned);
  return call(p, base, op.getIn().getType(), op.getIn());
}

static Expr bitcast(arith::BitcastOp op, CppPrinter &p) {
  Type to = op.getType();
  if (isVector(op))
    return {"(" + p.getType(to) + ")" + p.get(op.getIn(), Prec::Unary),
            Prec::Unary};
  return call(p, "bits", to, op.getIn());
}

static Expr constant(arith::ConstantOp op, CppPrinter &p) {
  std::string text = p.getLiteral(op.getValue());
  return {text, text.front() == '-' ? Prec::Unary : Prec::Postfix};
}

static Expr fma(math::FmaOp op, CppPrinter &p) {
  return call(p, "fma", op.getType(), op->getOperands());
}

static Expr sqrt(math::SqrtOp op, CppPrinter &p) {
  return call(p, "sqrt", op.getType(), op->getOperands());
}

void cpp::addArithEntries(EntryTable &table) {
  table.expression<arith::ConstantOp>(constant);
  table.expression<arith::AddIOp>(wrappingSign<arith::AddIOp, '+'>);
  table.expression<arith::SubIOp>(wrappingSign<arith::SubIOp, '-'>);
  table.expression<arith::MulIOp>(wrappingSign<arith::MulIOp, '*'>);
  table.expression<arith::AndIOp>(bits<arith::AndIOp, '&'>);
  table.expression<arith::OrIOp>(bits<arith::OrIOp, '|'>);
  table.expression<arith::XOrIOp>(bits<arith::XOrIOp, '^'>);
  table.expression<arith::DivSIOp>(signedDivision<arith::DivSIOp, '/'>);
  table.expression<arith::RemSIOp>(signedDivision<arith::RemSIOp, '%'>);
  table.expression<arith::DivUIOp>(unsignedDivision<arith::DivUIOp, '/'>);
  table.expression<arith::RemUIOp>(unsignedDivision<arith::RemUIOp, '%'>);
  table.expression<arith::ShLIOp>(shiftLeft);
  table.expression<arith::ShRUIOp>(shiftRightUnsigned);
  table.expression<arith::ShRSIOp>(shiftRightSigned);
  table.expression<arith::AddFOp>(floatSign<arith::AddFOp, '+'>);
  table.expression<arith::SubFOp>(floatSign<arith::SubFOp, '-'>);
  table.expression<arith::MulFOp>(floatSign<arith::MulFOp, '*'>);
  table.expression<arith::DivFOp>(floatSign<arith::DivFOp, '/'>);
  table.expression<arith::NegFOp>(negate);
  table.expression<arith::CmpIOp>(compareIntegers);
  table.expression<arith::CmpFOp>(compareFloats);
  table.expression<arith::SelectOp>(select);
  table.expression<arith::MinSIOp>(minMax<arith::MinSIOp>);
  table.expression<arith::MaxSIOp>(minMax<arith::MaxSIOp>);
  table.expression<arith::MinUIOp>(minMax<arith::MinUIOp>);
  table.expression<arith::MaxUIOp>(minMax<arith::MaxUIOp>);
  table.expression<arith::ExtSIOp>(convertSigned<arith::ExtSIOp>);
  table.expression<arith::ExtUIOp>(convertUnsigned<arith::ExtUIOp>);
  table.expression<arith::TruncIOp>(truncate);
  table.expression<arith::IndexCastOp>(convertSigned<arith::IndexCastOp>);
  table.expression<arith::IndexCastUIOp>(convertUnsigned<arith::IndexCastUIOp>);
  table.expression<arith::SIToFPOp>(convertSigned<arith::SIToFPOp>);
  table.expression<arith::UIToFPOp>(convertUnsigned<arith::UIToFPOp>);
  table.expression<arith::ExtFOp>(convertSigned<arith::ExtFOp>);
  table.expression<arith::TruncFOp>(convertSigned<arith::TruncFOp>);
  table.expression<arith::FPToSIOp>(floatToInteger<arith::FPToSIOp>);
  table.expression<arith::FPToUIOp>(floatToInteger<arith::FPToUIOp>);
  table.expression<arith::BitcastOp>(bitcast);
  table.expression<math::FmaOp>(fma);
  table.expression<math::SqrtOp>(sqrt);
}
