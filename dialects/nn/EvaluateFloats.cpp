//===- EvaluateFloats.cpp - Float operations of programs ------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/EvaluateBuilder.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/ADT/bit.h"
#include <cmath>

// What is rounded here must not be fused (GCC needs -ffp-contract=off).
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

using namespace mlir;
using namespace tenon::nn;

/// a * b + c for operands of up to 24 bits, rounded to double such that a
/// second rounding gives what one would: to odd (Boldo and Melquiond,
/// "Emulation of a FMA and correctly rounded sums", 2008).
static double fmaToOdd(double a, double b, double c) {
  double product = a * b, sum = product + c;
  double part = sum - product;
  double error = (product - (sum - part)) + (c - part);
  uint64_t bits = llvm::bit_cast<uint64_t>(sum);
  // An infinite or NaN sum gives no error that compares.
  bool inexact = error < 0 || error > 0;
  int64_t step = (error > 0) == (sum > 0) ? 1 : -1;
  bits += inexact && (bits & 1) == 0 ? step : 0;
  return llvm::bit_cast<double>(bits);
}

/// The same by the machine's instruction, which reductions spend their time in.
#if defined(__x86_64__)
__attribute__((target("avx2,fma")))
#endif
static void
fmaByInstruction(unsigned count, float *out, const float *a, const float *b,
                 const float *c) {
  for (unsigned i = 0; i < count; ++i)
    out[i] = __builtin_fmaf(a[i], b[i], c[i]);
}

static bool hasFmaInstruction() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#elif defined(__aarch64__)
  return true;
#else
  return false;
#endif
}

template <typename T> static T maximum(T a, T b) {
  if (a != a || b != b)
    return a + b;
  return a > b || (a == b && !std::signbit(a)) ? a : b;
}

template <typename T> static T minimum(T a, T b) {
  if (a != a || b != b)
    return a + b;
  return a < b || (a == b && std::signbit(a)) ? a : b;
}

template <typename T> void ProgramBuilder::compareFloats(arith::CmpFOp op) {
  auto with = [&](auto f) {
    emit<2, int64_t, T>(*op, [=](T a, T b) { return -int64_t(f(a, b)); });
  };
  using P = arith::CmpFPredicate;
  switch (op.getPredicate()) {
  case P::AlwaysFalse:
    return with([](T, T) { return false; });
  case P::OEQ:
    return with([](T a, T b) { return a == b; });
  case P::OGT:
    return with([](T a, T b) { return a > b; });
  case P::OGE:
    return with([](T a, T b) { return a >= b; });
  case P::OLT:
    return with([](T a, T b) { return a < b; });
  case P::OLE:
    return with([](T a, T b) { return a <= b; });
  case P::ONE:
    return with([](T a, T b) { return a < b || a > b; });
  case P::ORD:
    return with([](T a, T b) { return a == a && b == b; });
  case P::UEQ:
    return with([](T a, T b) { return !(a < b || a > b); });
  case P::UGT:
    return with([](T a, T b) { return !(a <= b); });
  case P::UGE:
    return with([](T a, T b) { return !(a < b); });
  case P::ULT:
    return with([](T a, T b) { return !(a >= b); });
  case P::ULE:
    return with([](T a, T b) { return !(a > b); });
  case P::UNE:
    return with([](T a, T b) { return a != b; });
  case P::UNO:
    return with([](T a, T b) { return a != a || b != b; });
  case P::AlwaysTrue:
    return with([](T, T) { return true; });
  }
}

template <typename T> void ProgramBuilder::select(arith::SelectOp op) {
  unsigned out = define(op.getResult()), condition = get(op.getCondition()),
           yes = get(op.getTrueValue()), no = get(op.getFalseValue());
  program.steps.push_back([=](State &state, unsigned count) {
    Lanes *lanes = state.registers.data();
    forEachLane(
        count, [](int64_t c, T a, T b) { return c ? a : b; },
        lanes[out].get<T>(), lanes[condition].get<int64_t>(),
        lanes[yes].get<T>(), lanes[no].get<T>());
  });
}

bool ProgramBuilder::fma(Operation &op) {
  ElementType type = getType(op.getResult(0));
  if (type.getKind() == ElementType::Double)
    return floats<3>(op,
                     [](auto a, auto b, auto c) { return std::fma(a, b, c); });
  // A narrow float is rounded again, so that the first time must be to odd.
  if (type.isNarrowFloat() || !hasFmaInstruction())
    return floats<3>(op, [](auto a, auto b, auto c) {
      return decltype(a)(fmaToOdd(a, b, c));
    });
  unsigned a = get(op.getOperand(0)), b = get(op.getOperand(1)),
           c = get(op.getOperand(2)), out = define(op.getResult(0));
  program.steps.push_back([=](State &state, unsigned count) {
    Lanes *lanes = state.registers.data();
    fmaByInstruction(count, lanes[out].floats, lanes[a].floats, lanes[b].floats,
                     lanes[c].floats);
  });
  return true;
}

bool ProgramBuilder::translateFloats(Operation &op) {
  using namespace arith;
  return TypeSwitch<Operation *, bool>(&op)
      .Case([&](AddFOp) {
        return floats<2>(op, [](auto a, auto b) { return a + b; });
      })
      .Case([&](SubFOp) {
        return floats<2>(op, [](auto a, auto b) { return a - b; });
      })
      .Case([&](MulFOp) {
        return floats<2>(op, [](auto a, auto b) { return a * b; });
      })
      .Case([&](DivFOp) {
        return floats<2>(op, [](auto a, auto b) { return a / b; });
      })
      .Case([&](RemFOp) {
        return floats<2>(op, [](auto a, auto b) { return std::fmod(a, b); });
      })
      .Case([&](NegFOp) { return floats<1>(op, [](auto a) { return -a; }); })
      .Case([&](MaximumFOp) {
        return floats<2>(op, [](auto a, auto b) { return maximum(a, b); });
      })
      .Case([&](MinimumFOp) {
        return floats<2>(op, [](auto a, auto b) { return minimum(a, b); });
      })
      .Case([&](MaxNumFOp) {
        return floats<2>(op, [](auto a, auto b) {
          return a != a ? b : b != b ? a : maximum(a, b);
        });
      })
      .Case([&](MinNumFOp) {
        return floats<2>(op, [](auto a, auto b) {
          return a != a ? b : b != b ? a : minimum(a, b);
        });
      })
      .Case([&](math::FmaOp) { return fma(op); })
      .Case([&](CmpFOp compare) {
        bool isDouble =
            getType(compare.getLhs()).getKind() == ElementType::Double;
        return isDouble ? compareFloats<double>(compare)
                        : compareFloats<float>(compare),
               true;
      })
      .Case([&](SelectOp op) {
        ElementType::Kind kind = getType(op.getResult()).getKind();
        if (kind == ElementType::Integer)
          select<int64_t>(op);
        else if (kind == ElementType::Double)
          select<double>(op);
        else
          select<float>(op);
        return true;
      })
      .Default(false);
}

static double rsqrt(double x) { return 1 / std::sqrt(x); }

bool ProgramBuilder::translateFunctions(Operation &op) {
  using namespace math;
  return TypeSwitch<Operation *, bool>(&op)
      .Case([&](AbsFOp) {
        return floats<1>(op, [](auto x) { return std::abs(x); });
      })
      .Case([&](CeilOp) {
        return floats<1>(op, [](auto x) { return std::ceil(x); });
      })
      .Case([&](FloorOp) {
        return floats<1>(op, [](auto x) { return std::floor(x); });
      })
      .Case([&](RoundOp) {
        return floats<1>(op, [](auto x) { return std::round(x); });
      })
      .Case([&](RoundEvenOp) {
        return floats<1>(op, [](auto x) { return std::nearbyint(x); });
      })
      .Case([&](TruncOp) {
        return floats<1>(op, [](auto x) { return std::trunc(x); });
      })
      .Case([&](CopySignOp) {
        return floats<2>(op,
                         [](auto x, auto y) { return std::copysign(x, y); });
      })
      .Case([&](SqrtOp) {
        return floats<1>(op, [](auto x) { return std::sqrt(x); });
      })
      .Case([&](RsqrtOp) { return function(op, rsqrt); })
      .Case([&](AcosOp) { return function(op, std::acos); })
      .Case([&](AcoshOp) { return function(op, std::acosh); })
      .Case([&](AsinOp) { return function(op, std::asin); })
      .Case([&](AsinhOp) { return function(op, std::asinh); })
      .Case([&](AtanOp) { return function(op, std::atan); })
      .Case([&](AtanhOp) { return function(op, std::atanh); })
      .Case([&](CbrtOp) { return function(op, std::cbrt); })
      .Case([&](CosOp) { return function(op, std::cos); })
      .Case([&](CoshOp) { return function(op, std::cosh); })
      .Case([&](ErfOp) { return function(op, std::erf); })
      .Case([&](ExpOp) { return function(op, std::exp); })
      .Case([&](Exp2Op) { return function(op, std::exp2); })
      .Case([&](ExpM1Op) { return function(op, std::expm1); })
      .Case([&](LogOp) { return function(op, std::log); })
      .Case([&](Log10Op) { return function(op, std::log10); })
      .Case([&](Log1pOp) { return function(op, std::log1p); })
      .Case([&](Log2Op) { return function(op, std::log2); })
      .Case([&](SinOp) { return function(op, std::sin); })
      .Case([&](SinhOp) { return function(op, std::sinh); })
      .Case([&](TanOp) { return function(op, std::tan); })
      .Case([&](TanhOp) { return function(op, std::tanh); })
      .Case([&](Atan2Op) { return function(op, std::atan2); })
      .Case([&](PowFOp) { return function(op, std::pow); })
      .Default(false);
}

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

/// The integer next to zero, held inside [low, high]; `beyond` is high + 1.
static int64_t saturate(double value, double low, int64_t least, double beyond,
                        int64_t greatest) {
  if (value != value)
    return 0;
  if (value <= low)
    return least;
  return value >= beyond ? greatest : int64_t(value);
}

/// Integer to float: `f` of the integer, rounded once.
template <typename F> void ProgramBuilder::toFloat(Operation &op, F f) {
  ElementType type = getType(op.getResult(0));
  if (type.getKind() == ElementType::Double)
    emit<1, double, int64_t>(op, [=](int64_t a) { return double(f(a)); });
  else if (type.isNarrowFloat())
    emit<1, float, int64_t>(
        op, [=](int64_t a) { return float(type.round(double(f(a)))); });
  else
    emit<1, float, int64_t>(op, [=](int64_t a) { return float(f(a)); });
}

template <typename F> void ProgramBuilder::toInteger(Operation &op, F f) {
  unsigned shift = 64 - getType(op.getResult(0)).getWidth();
  auto wrapped = [=](double value) {
    return int64_t(uint64_t(f(value)) << shift) >> shift;
  };
  if (getType(op.getOperand(0)).getKind() == ElementType::Double)
    emit<1, int64_t, double>(op, wrapped);
  else
    emit<1, int64_t, float>(op, wrapped);
}

bool ProgramBuilder::translateConversions(Operation &op) {
  using namespace arith;
  auto convertFloats = [&](Operation &op) {
    ElementType from = getType(op.getOperand(0)), to = getType(op.getResult(0));
    auto round = [=](double x) { return to.isNarrowFloat() ? to.round(x) : x; };
    if (from.getKind() == ElementType::Double)
      emit<1, float, double>(op, [=](double x) { return float(round(x)); });
    else if (to.getKind() == ElementType::Double)
      emit<1, double, float>(op, [](float x) { return x; });
    else
      emit<1, float, float>(op, [=](float x) { return float(round(x)); });
    return true;
  };
  return TypeSwitch<Operation *, bool>(&op)
      .Case<ExtSIOp, TruncIOp, IndexCastOp>(
          [&](auto) { return integers<1>(op, [](int64_t a) { return a; }); })
      .Case<ExtUIOp, IndexCastUIOp>([&](auto) {
        uint64_t mask = getMask(op.getOperand(0));
        return integers<1>(op, [=](int64_t a) { return a & mask; });
      })
      .Case([&](SIToFPOp) {
        return toFloat(op, [](int64_t a) { return a; }), true;
      })
      .Case([&](UIToFPOp) {
        uint64_t mask = getMask(op.getOperand(0));
        return toFloat(op, [=](int64_t a) { return a & mask; }), true;
      })
      .Case([&](FPToSIOp) {
        double beyond =
            std::ldexp(1.0, getType(op.getResult(0)).getWidth() - 1);
        int64_t greatest = getMask(op.getResult(0)) >> 1;
        return toInteger(op,
                         [=](double x) {
                           return saturate(x, -beyond, -greatest - 1, beyond,
                                           greatest);
                         }),
               true;
      })
      .Case([&](FPToUIOp) {
        double beyond = std::ldexp(1.0, getType(op.getResult(0)).getWidth());
        int64_t greatest = getMask(op.getResult(0));
        return toInteger(op,
                         [=](double x) {
                           // What an int64_t cannot hold, unsigned conversion
                           // does.
                           if (x >= 0x1p63 && x < beyond)
                             return int64_t(uint64_t(x));
                           return saturate(x, 0, 0, beyond, greatest);
                         }),
               true;
      })
      .Case([&](ExtFOp) { return convertFloats(op); })
      .Case([&](TruncFOp truncate) {
        auto mode = truncate.getRoundingmode();
        return (!mode || *mode == RoundingMode::to_nearest_even) &&
               convertFloats(op);
      })
      .Case([&](BitcastOp) {
        ElementType from = getType(op.getOperand(0)),
                    to = getType(op.getResult(0));
        unsigned out = define(op.getResult(0)), in = get(op.getOperand(0));
        program.steps.push_back([=](State &state, unsigned count) {
          char bytes[kNumLanes * 8];
          Places row = {nullptr, 0, 1};
          from.store(state.registers[in], bytes, row, count);
          to.load(state.registers[out], bytes, row, count);
        });
        return true;
      })
      .Case([&](math::FPowIOp) {
        ElementType type = getType(op.getResult(0));
        bool isDouble = type.getKind() == ElementType::Double;
        unsigned out = define(op.getResult(0)), base = get(op.getOperand(0)),
                 exponent = get(op.getOperand(1));
        program.steps.push_back([=](State &state, unsigned count) {
          Lanes *lanes = state.registers.data();
          for (unsigned i = 0; i < count; ++i) {
            double n = lanes[exponent].integers[i];
            if (isDouble)
              lanes[out].doubles[i] = std::pow(lanes[base].doubles[i], n);
            else
              lanes[out].floats[i] =
                  type.round(std::pow(lanes[base].floats[i], n));
          }
        });
        return true;
      })
      .Default(false);
}
