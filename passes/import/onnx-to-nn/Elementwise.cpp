//===- Elementwise.cpp - Operators on single elements ---------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One row per operator. Operands are broadcast to the result (numpy's rules).
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

//===----------------------------------------------------------------------===//
// Operators that depend on the types of more than one operand
//===----------------------------------------------------------------------===//

/// x^y for integers, by the bits of y: 64 and more only make sense where
/// x is -1, 0 or 1.
static Scalar integerPower(Scalar x, Scalar y) {
  Scalar result = x.likeInt(1);
  for (int bit = 0; bit < 6; ++bit) {
    result = select((y & y.likeInt(1 << bit)) != 0, result * x, result);
    x = x * x;
  }
  return result;
}

static Scalar power(Scalar x, Scalar y) {
  if (!x.isFloat() && !y.isFloat())
    return integerPower(x, y.cast(x.getType()));
  // Integers of up to 32 bits are exact at f64.
  Type type =
      x.isFloat() ? getComputeType(x.getType()) : x.getBuilder().getF64Type();
  return pow(x.cast(type), y.cast(type));
}

static Scalar lowerMod(onnx::ModOp op, Scalar x, Scalar y) {
  Scalar rest = x % y;
  if (op.getFmod() || x.isUnsigned())
    return rest;
  // The sign of the divisor, also of a zero.
  Scalar differs = (rest < 0.0) ^ (y < 0.0);
  Scalar zero = x.isFloat() ? y * 0.0 : rest;
  return select(rest == 0.0, zero, select(differs, rest + y, rest));
}

static Lowered lowerClip(onnx::ClipOp op, LayerBuilder &b) {
  SmallVector<Value> inputs = {op.getInput()};
  for (Value bound : {op.getMin(), op.getMax()})
    if (bound)
      inputs.push_back(bound);
  return b.elementwise(getType(op.getOutput()), inputs,
                       [&](Scalars x) -> Yield {
                         Scalar result = op.getMin() ? max(x[0], x[1]) : x[0];
                         return op.getMax() ? min(result, x.back()) : result;
                       });
}

/// Inputs of one layer: a sum of more is several, from left to right.
static constexpr size_t kMaxInputs = 32;

/// A variadic operator: folds its operands by `combine`.
template <typename OpT>
static Lowering variadic(Scalar (*combine)(Scalar, Scalar)) {
  return [combine](Operation *op, LayerBuilder &b) -> Lowered {
    SmallVector<Value> left(op->getOperands());
    size_t count = left.size();
    while (true) {
      size_t taken = std::min(left.size(), kMaxInputs);
      bool isLast = taken == left.size();
      Value folded = b.elementwise(getType(op->getResult(0)),
                                   ArrayRef(left).take_front(taken),
                                   [&](Scalars x) -> Yield {
                                     Scalar result = x[0];
                                     for (Scalar next : x.drop_front())
                                       result = combine(result, next);
                                     if (isa<onnx::MeanOp>(op) && isLast)
                                       result = result / double(count);
                                     return result;
                                   });
      if (isLast)
        return folded;
      left.erase(left.begin() + 1, left.begin() + taken);
      left.front() = folded;
    }
  };
}

//===----------------------------------------------------------------------===//
// Casts
//===----------------------------------------------------------------------===//

Scalar lowering::castSaturating(Scalar x, Type to, bool saturate) {
  auto type = dyn_cast<FloatType>(to);
  if (type && type.getWidth() == 8 && saturate && x.isFloat()) {
    APFloat largest = APFloat::getLargest(type.getFloatSemantics());
    bool losesInfo;
    largest.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                    &losesInfo);
    double bound = largest.convertToDouble();
    return max(min(x, bound), -bound).cast(to);
  }
  return x.cast(to);
}

static Lowered lowerCast(onnx::CastOp op, LayerBuilder &b) {
  auto type = getType(op.getOutput());
  if (getElement(op.getInput()) == type.getElementType())
    return op.getInput();
  return b.elementwise(type, op.getInput(), [&](Scalars x) {
    return castSaturating(x[0], type.getElementType(), op.getSaturate());
  });
}

/// The same bits under another type.
static Lowered lowerBitCast(onnx::BitCastOp op, LayerBuilder &b) {
  auto type = getType(op.getOutput());
  Type to = type.getElementType(), from = getElement(op.getInput());
  if (!to.isIntOrFloat() || !from.isIntOrFloat())
    return b.refuse("has a float that is stored as a code");
  // A bool is a byte.
  auto getWidth = [](Type t) {
    return t.isInteger(1) ? 8 : t.getIntOrFloatBitWidth();
  };
  if (getWidth(to) != getWidth(from))
    return b.refuse("changes the number of bits");
  return b.elementwise(type, op.getInput(), [&](Scalars x) -> Yield {
    if (isa<IntegerType>(to) && isa<IntegerType>(from))
      return x[0].cast(to);
    if (from.isInteger(1))
      return x[0].cast(b.getIntegerType(8)).bitcast(to);
    if (to.isInteger(1))
      return x[0].bitcast(b.getIntegerType(8)) != 0;
    return x[0].bitcast(to);
  });
}

static Lowered lowerDropout(onnx::DropoutOp op, LayerBuilder &b) {
  std::optional<Ints> training = b.getInts(op.getTrainingMode());
  std::optional<SmallVector<double>> ratio = b.getFloats(op.getRatio());
  bool drops = op.getTrainingMode() && !(training && training->front() == 0);
  if (drops && !(ratio && ratio->front() == 0))
    return b.refuse("training mode is not supported");
  if (!op.getMask())
    return op.getData();
  return {op.getData(), b.numbers(getType(op.getMask()), 1)};
}

static Lowered lowerIdentity(onnx::IdentityOp op, LayerBuilder &b) {
  return op.getInput();
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

static Scalar gelu(onnx::GeluOp op, Scalar x) {
  if (op.getApproximate() == "tanh") // sqrt(2 / pi)
    return 0.5 * x *
           (1.0 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)));
  return 0.5 * x * (1.0 + erf(x * 0.7071067811865476)); // 1 / sqrt(2)
}

static double f(const APFloat &value) { return value.convertToFloat(); }

static void populateActivations(LoweringTable &table) {
  table.map<onnx::ReluOp>([](Scalar x) { return max(x, 0); });
  table.map<onnx::SigmoidOp>(sigmoid);
  table.map<onnx::TanhOp>(tanh);
  table.map<onnx::GeluOp>(gelu);
  table.map<onnx::SoftplusOp>(softplus);
  table.map<onnx::SoftsignOp>([](Scalar x) { return x / (1.0 + abs(x)); });
  table.map<onnx::MishOp>([](Scalar x) { return x * tanh(softplus(x)); });
  table.map<onnx::HardSwishOp>(
      [](Scalar x) { return x * max(0.0, min(1.0, x * (1.0 / 6) + 0.5)); });
  table.map<onnx::HardSigmoidOp>([](onnx::HardSigmoidOp op, Scalar x) {
    return max(0.0, min(1.0, x * f(op.getAlpha()) + f(op.getBeta())));
  });
  table.map<onnx::SwishOp>([](onnx::SwishOp op, Scalar x) {
    return x * sigmoid(x * f(op.getAlpha()));
  });
  table.map<onnx::LeakyReluOp>([](onnx::LeakyReluOp op, Scalar x) {
    return select(x < 0, x * f(op.getAlpha()), x);
  });
  table.map<onnx::PReluOp>(
      [](Scalar x, Scalar slope) { return select(x < 0, x * slope, x); });
  table.map<onnx::ThresholdedReluOp>([](onnx::ThresholdedReluOp op, Scalar x) {
    return select(x > f(op.getAlpha()), x, 0);
  });
  table.map<onnx::EluOp>([](onnx::EluOp op, Scalar x) {
    return select(x < 0, (exp(x) - 1) * f(op.getAlpha()), x);
  });
  table.map<onnx::SeluOp>([](onnx::SeluOp op, Scalar x) {
    Scalar negative = (exp(x) - 1) * f(op.getAlpha());
    return select(x > 0, x, negative) * f(op.getGamma());
  });
  table.map<onnx::CeluOp>([](onnx::CeluOp op, Scalar x) {
    double alpha = f(op.getAlpha());
    return max(x, 0) + min(0, (exp(x / alpha) - 1) * alpha);
  });
  table.map<onnx::ShrinkOp>([](onnx::ShrinkOp op, Scalar x) {
    double bound = f(op.getLambd()), bias = f(op.getBias());
    return select(x < -bound, x + bias, select(x > bound, x - bias, 0));
  });
}

static void populateFunctions(LoweringTable &table) {
  table.map<onnx::AbsOp>(abs);
  table.map<onnx::NegOp>([](Scalar x) { return -x; });
  table.map<onnx::ReciprocalOp>([](Scalar x) { return 1.0 / x; });
  table.map<onnx::SignOp>(
      [](Scalar x) { return select(x > 0, 1, select(x < 0, -1, x)); });
  table.map<onnx::CeilOp>(ceil);
  table.map<onnx::FloorOp>(floor);
  table.map<onnx::RoundOp>(roundEven);
  table.map<onnx::SqrtOp>(sqrt);
  table.map<onnx::ExpOp>(exp);
  table.map<onnx::LogOp>(log);
  table.map<onnx::ErfOp>(erf);
  table.map<onnx::SinOp>(sin);
  table.map<onnx::CosOp>(cos);
  table.map<onnx::TanOp>(tan);
  table.map<onnx::AsinOp>(asin);
  table.map<onnx::AcosOp>(acos);
  table.map<onnx::AtanOp>(atan);
  table.map<onnx::SinhOp>(sinh);
  table.map<onnx::CoshOp>(cosh);
  table.map<onnx::AsinhOp>(asinh);
  table.map<onnx::AcoshOp>(acosh);
  table.map<onnx::AtanhOp>(atanh);
  table.map<onnx::IsNaNOp>(isNaN);
  table.map<onnx::IsInfOp>([](onnx::IsInfOp op, Scalar x) {
    Scalar positive = x == x.highest(), negative = x == x.lowest();
    Scalar none = positive & (positive ^ positive);
    return (op.getDetectPositive() ? positive : none) |
           (op.getDetectNegative() ? negative : none);
  });
}

static void populateArithmetic(LoweringTable &table) {
  table.map<onnx::AddOp>([](Scalar x, Scalar y) { return x + y; });
  table.map<onnx::SubOp>([](Scalar x, Scalar y) { return x - y; });
  table.map<onnx::MulOp>([](Scalar x, Scalar y) { return x * y; });
  table.map<onnx::DivOp>([](Scalar x, Scalar y) { return x / y; });
  table.map<onnx::ModOp>(lowerMod);
  table.map<onnx::PowOp>(power);
  table.add<onnx::SumOp>(
      variadic<onnx::SumOp>([](Scalar x, Scalar y) { return x + y; }));
  table.add<onnx::MeanOp>(
      variadic<onnx::MeanOp>([](Scalar x, Scalar y) { return x + y; }));
  table.add<onnx::MaxOp>(variadic<onnx::MaxOp>(max));
  table.add<onnx::MinOp>(variadic<onnx::MinOp>(min));
  table.add(lowerClip);
}

static void populateLogic(LoweringTable &table) {
  table.map<onnx::EqualOp>([](Scalar x, Scalar y) { return x == y; });
  table.map<onnx::LessOp>([](Scalar x, Scalar y) { return x < y; });
  table.map<onnx::LessOrEqualOp>([](Scalar x, Scalar y) { return x <= y; });
  table.map<onnx::GreaterOp>([](Scalar x, Scalar y) { return x > y; });
  table.map<onnx::GreaterOrEqualOp>([](Scalar x, Scalar y) { return x >= y; });
  table.map<onnx::NotOp>([](Scalar x) { return ~x; });
  table.map<onnx::AndOp>([](Scalar x, Scalar y) { return x & y; });
  table.map<onnx::OrOp>([](Scalar x, Scalar y) { return x | y; });
  table.map<onnx::XorOp>([](Scalar x, Scalar y) { return x ^ y; });
  table.map<onnx::BitwiseNotOp>([](Scalar x) { return ~x; });
  table.map<onnx::BitwiseAndOp>([](Scalar x, Scalar y) { return x & y; });
  table.map<onnx::BitwiseOrOp>([](Scalar x, Scalar y) { return x | y; });
  table.map<onnx::BitwiseXorOp>([](Scalar x, Scalar y) { return x ^ y; });
  table.map<onnx::BitShiftOp>([](onnx::BitShiftOp op, Scalar x, Scalar y) {
    return op.getDirection() == "LEFT" ? shiftLeft(x, y) : shiftRight(x, y);
  });
  table.map<onnx::WhereOp>([](Scalar condition, Scalar x, Scalar y) {
    return select(condition, x, y);
  });
}

void lowering::populateElementwise(LoweringTable &table) {
  populateActivations(table);
  populateFunctions(table);
  populateArithmetic(table);
  populateLogic(table);
  table.add(lowerCast);
  table.add(lowerBitCast);
  table.add(lowerDropout);
  table.add(lowerIdentity);
}
