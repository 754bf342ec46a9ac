//===- EvaluateIntegers.cpp - Integer operations of programs --------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/EvaluateBuilder.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/ADT/bit.h"

using namespace mlir;
using namespace tenon::nn;

static int64_t divideFloor(int64_t a, int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static int64_t divideCeil(int64_t a, int64_t b) {
  return a / b + (a % b != 0 && (a < 0) == (b < 0));
}

static int64_t power(int64_t base, int64_t exponent) {
  if (exponent < 0)
    return base == 1 ? 1 : base == -1 ? (exponent % 2 ? -1 : 1) : 0;
  uint64_t result = 1, factor = base;
  for (; exponent; exponent >>= 1, factor *= factor)
    if (exponent & 1)
      result *= factor;
  return result;
}

template <typename F> bool ProgramBuilder::division(Operation &op, F f) {
  unsigned shift = 64 - getType(op.getResult(0)).getWidth();
  unsigned out = define(op.getResult(0)), lhs = get(op.getOperand(0)),
           rhs = get(op.getOperand(1));
  uint64_t mask = getMask(op.getOperand(0));
  program.steps.push_back([=](State &state, unsigned count) {
    Lanes *lanes = state.registers.data();
    for (unsigned i = 0; i < count; ++i) {
      int64_t a = lanes[lhs].integers[i], b = lanes[rhs].integers[i];
      state.trapped |= b == 0;
      uint64_t value = b == 0 ? 0 : uint64_t(f(a, b, mask));
      lanes[out].integers[i] = int64_t(value << shift) >> shift;
    }
  });
  return true;
}

/// a / b and a % b by -1 without the one overflow of C++.
static int64_t quotient(int64_t a, int64_t b) {
  return b == -1 ? int64_t(-uint64_t(a)) : a / b;
}
static int64_t remainder(int64_t a, int64_t b) { return b == -1 ? 0 : a % b; }

void ProgramBuilder::compareIntegers(arith::CmpIOp op) {
  auto with = [&](auto f) {
    emit<2, int64_t, int64_t>(
        *op, [=](int64_t a, int64_t b) { return -int64_t(f(a, b)); });
  };
  using P = arith::CmpIPredicate;
  // Sign extension keeps the order of unsigned numbers of one width.
  switch (op.getPredicate()) {
  case P::eq:
    return with([](int64_t a, int64_t b) { return a == b; });
  case P::ne:
    return with([](int64_t a, int64_t b) { return a != b; });
  case P::slt:
    return with([](int64_t a, int64_t b) { return a < b; });
  case P::sle:
    return with([](int64_t a, int64_t b) { return a <= b; });
  case P::sgt:
    return with([](int64_t a, int64_t b) { return a > b; });
  case P::sge:
    return with([](int64_t a, int64_t b) { return a >= b; });
  case P::ult:
    return with([](uint64_t a, uint64_t b) { return a < b; });
  case P::ule:
    return with([](uint64_t a, uint64_t b) { return a <= b; });
  case P::ugt:
    return with([](uint64_t a, uint64_t b) { return a > b; });
  case P::uge:
    return with([](uint64_t a, uint64_t b) { return a >= b; });
  }
}

/// Low and high half of a product.
bool ProgramBuilder::extendedProduct(Operation &op, bool isSigned) {
  unsigned width = getType(op.getOperand(0)).getWidth(), shift = 64 - width;
  uint64_t mask = isSigned ? ~uint64_t(0) : getMask(op.getOperand(0));
  integers<2>(op, [](uint64_t a, uint64_t b) { return a * b; });
  unsigned out = define(op.getResult(1)), lhs = get(op.getOperand(0)),
           rhs = get(op.getOperand(1));
  using Wide = __int128;
  program.steps.push_back([=](State &state, unsigned count) {
    Lanes *lanes = state.registers.data();
    for (unsigned i = 0; i < count; ++i) {
      uint64_t a = lanes[lhs].integers[i] & mask,
               b = lanes[rhs].integers[i] & mask;
      Wide product = isSigned ? Wide(int64_t(a)) * int64_t(b)
                              : Wide((unsigned __int128)a * b);
      lanes[out].integers[i] =
          int64_t(uint64_t(product >> width) << shift) >> shift;
    }
  });
  return true;
}

bool ProgramBuilder::translateIntegers(Operation &op) {
  using namespace arith;
  using I = int64_t;
  using U = uint64_t;
  unsigned width = 0;
  if (op.getNumOperands() && op.getOperand(0).getType().isIntOrIndex())
    width = getType(op.getOperand(0)).getWidth();
  return TypeSwitch<Operation *, bool>(&op)
      .Case([&](AddIOp) {
        return integers<2>(op, [](U a, U b) { return a + b; });
      })
      .Case([&](SubIOp) {
        return integers<2>(op, [](U a, U b) { return a - b; });
      })
      .Case([&](MulIOp) {
        return integers<2>(op, [](U a, U b) { return a * b; });
      })
      .Case([&](AndIOp) {
        return integers<2>(op, [](U a, U b) { return a & b; });
      })
      .Case([&](OrIOp) {
        return integers<2>(op, [](U a, U b) { return a | b; });
      })
      .Case([&](XOrIOp) {
        return integers<2>(op, [](U a, U b) { return a ^ b; });
      })
      .Case([&](MaxSIOp) {
        return integers<2>(op, [](I a, I b) { return std::max(a, b); });
      })
      .Case([&](MinSIOp) {
        return integers<2>(op, [](I a, I b) { return std::min(a, b); });
      })
      .Case([&](MaxUIOp) {
        return integers<2>(op, [](U a, U b) { return std::max(a, b); });
      })
      .Case([&](MinUIOp) {
        return integers<2>(op, [](U a, U b) { return std::min(a, b); });
      })
      // A shift by the width or more is poison; it gives what is left: nothing.
      .Case([&](ShLIOp) {
        return naturals(op, [=](U a, U b) { return b < width ? a << b : 0; });
      })
      .Case([&](ShRUIOp) {
        return naturals(op, [=](U a, U b) { return b < width ? a >> b : 0; });
      })
      .Case([&](ShRSIOp) {
        return integers<2>(op,
                           [=](I a, U b) { return a >> std::min<U>(b, 63); });
      })
      .Case([&](DivSIOp) {
        return division(op, [](I a, I b, U) { return quotient(a, b); });
      })
      .Case([&](RemSIOp) {
        return division(op, [](I a, I b, U) { return remainder(a, b); });
      })
      .Case([&](DivUIOp) {
        return division(op, [](U a, U b, U m) { return (a & m) / (b & m); });
      })
      .Case([&](RemUIOp) {
        return division(op, [](U a, U b, U m) { return (a & m) % (b & m); });
      })
      .Case([&](CeilDivUIOp) {
        return division(op, [](U a, U b, U m) {
          return (a & m) / (b & m) + ((a & m) % (b & m) != 0);
        });
      })
      .Case([&](CeilDivSIOp) {
        return division(op, [](I a, I b, U) {
          return b == -1 ? quotient(a, b) : divideCeil(a, b);
        });
      })
      .Case([&](FloorDivSIOp) {
        return division(op, [](I a, I b, U) {
          return b == -1 ? quotient(a, b) : divideFloor(a, b);
        });
      })
      .Case([&](math::AbsIOp) {
        return integers<1>(op, [](I a) { return a < 0 ? -U(a) : U(a); });
      })
      .Case([&](math::IPowIOp) {
        return integers<2>(op, [](I a, I b) { return power(a, b); });
      })
      .Case([&](math::CtPopOp) {
        U mask = getMask(op.getOperand(0));
        return integers<1>(op, [=](U a) { return llvm::popcount(a & mask); });
      })
      .Case([&](math::CountLeadingZerosOp) {
        U mask = getMask(op.getOperand(0));
        return integers<1>(op, [=](U a) {
          return llvm::countl_zero(a & mask) - (64 - width);
        });
      })
      .Case([&](math::CountTrailingZerosOp) {
        return integers<1>(op, [=](U a) {
          return std::min<unsigned>(llvm::countr_zero(a), width);
        });
      })
      .Case([&](MulSIExtendedOp) { return extendedProduct(op, true); })
      .Case([&](MulUIExtendedOp) { return extendedProduct(op, false); })
      .Case([&](CmpIOp compare) { return compareIntegers(compare), true; })
      .Default(false);
}
