//===- IntegerSums.cpp - Sums of two bytes without floats -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sum of two quantized tensors, with a bound perhaps, quantized again, is a
// function of two bytes:
//
//     %x = nn.dequantize %a scale s             %0 = %a * A + %b * B + C
//     %y = nn.dequantize %b scale t      ->     %1 = %0 >> S
//     %z = nn.quantize max(%x + %y, 0) scale u  %q = clamp(%1, low, high)
//
// A and B are s / u and t / u times 2^S, to the nearest or beside it. The
// evaluator says what the floats give for all 65536 pairs; each pair has an
// interval for C. Where no C is in all of them, floats remain.
//
//===----------------------------------------------------------------------===//

#include "passes/simplify/IntegerSums.h"

#include "dialects/nn/EvaluateProgram.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"
#include "passes/simplify/Numbers.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

/// Bytes have this many values, and the evaluator as many lanes.
static constexpr int kBytes = 256;
static_assert(kBytes == kNumLanes);
/// How far A and B may be from the nearest integers.
static constexpr int kMostSteps = 3;

namespace {
class IntegerSum {
public:
  bool find(QuantizeOp op);
  bool evaluate(QuantizeOp op);
  bool fit();
  Value build(QuantizeOp op) const;

private:
  struct Term {
    Value byte;
    bool isUnsigned;
    /// Steps of the result for one of the byte.
    double slope;
  };
  bool collect(Value value, double scale);
  bool fit(int64_t first, int64_t second, unsigned shift);
  int getByte(unsigned term, int bits) const {
    return terms[term].isUnsigned ? bits : int(int8_t(bits));
  }

  SmallVector<Term> terms;
  llvm::SetVector<Operation *> slice;
  /// Of the first byte times 256 plus the second, by their bits.
  std::vector<int> wanted;
  int low, high;
  int64_t factors[2] = {0, 0}, offset = 0;
  unsigned shift = 0;
};
} // namespace

/// The terms of `value`, times `scale`.
bool IntegerSum::collect(Value value, double scale) {
  Operation *op = value.getDefiningOp();
  if (!op || !value.getType().isF32())
    return false;
  slice.insert(op);
  if (auto dequantize = dyn_cast<DequantizeOp>(op)) {
    std::optional<double> step = getNumber(dequantize.getScale());
    Value byte = dequantize.getInput();
    if (!step || !byte.getType().isInteger(8) ||
        (dequantize.getZero() &&
         !matchPattern(dequantize.getZero(), m_Constant())))
      return false;
    bool isUnsigned = dequantize.getIsUnsigned();
    for (Term &term : terms)
      if (term.byte == byte) {
        term.slope += scale * *step;
        return term.isUnsigned == isUnsigned;
      }
    terms.push_back({byte, isUnsigned, scale * *step});
    return terms.size() <= 2;
  }
  if (isa<arith::AddFOp>(op))
    return collect(op->getOperand(0), scale) &&
           collect(op->getOperand(1), scale);
  if (!isa<arith::MulFOp, arith::DivFOp, arith::MaximumFOp, arith::MinimumFOp>(
          op))
    return false;
  std::optional<NumberOperand> operand = getNumberOperand(op);
  if (!operand)
    return false;
  if (isa<arith::MulFOp>(op))
    scale *= operand->number;
  else if (isa<arith::DivFOp>(op))
    scale /= operand->number;
  return collect(operand->other, scale);
}

bool IntegerSum::find(QuantizeOp op) {
  std::optional<double> scale = getNumber(op.getScale());
  if (!scale || (op.getZero() && !matchPattern(op.getZero(), m_Constant())) ||
      !op.getType().isInteger(8) || !collect(op.getInput(), 1 / *scale))
    return false;
  slice.insert(op);
  return !terms.empty();
}

/// What the operations give for all bytes.
bool IntegerSum::evaluate(QuantizeOp op) {
  Block block;
  IRMapping mapping;
  OpBuilder builder(op.getContext());
  builder.setInsertionPointToEnd(&block);
  for (const Term &term : terms)
    mapping.map(term.byte, block.addArgument(builder.getI8Type(), op.getLoc()));
  for (Operation &part : *op->getBlock())
    if (slice.contains(&part))
      builder.clone(part, mapping);
  std::string reason;
  FailureOr<Program> program =
      Program::compile(block, mapping.lookup(op.getResult()), reason);
  if (failed(program))
    return false;
  bool isUnsigned = int64_t(op.getLow()) >= 0;
  // The last byte runs along the lanes.
  Lanes &lanes = program->getArgument(terms.size() - 1);
  for (int first = 0; first < (terms.size() == 2 ? kBytes : 1); ++first) {
    if (terms.size() == 2)
      std::fill_n(program->getArgument(0).integers, kBytes, int8_t(first));
    for (int i = 0; i < kBytes; ++i)
      lanes.integers[i] = int8_t(i);
    program->run(kNumLanes);
    for (int64_t value : program->getResult(0).integers)
      wanted.push_back(isUnsigned ? uint8_t(value) : int8_t(value));
  }
  low = *llvm::min_element(wanted);
  high = *llvm::max_element(wanted);
  return low < high;
}

/// Finds an offset for these factors: low bounds come from what must be at
/// least n, high ones from what must be less than n + 1.
bool IntegerSum::fit(int64_t first, int64_t second, unsigned bits) {
  int64_t least = INT64_MIN, most = INT64_MAX, smallest = INT64_MAX,
          largest = INT64_MIN;
  bool hasTwo = terms.size() == 2;
  for (int i = 0, k = 0; i < kBytes; ++i)
    for (int j = 0; j < (hasTwo ? kBytes : 1); ++j, ++k) {
      int64_t sum =
          first * getByte(0, i) + (hasTwo ? second * getByte(1, j) : 0);
      int64_t n = wanted[k];
      if (n > low)
        least = std::max(least, (n << bits) - sum);
      if (n < high)
        most = std::min(most, ((n + 1) << bits) - 1 - sum);
      smallest = std::min(smallest, sum);
      largest = std::max(largest, sum);
    }
  if (least > most)
    return false;
  int64_t middle = least + (most - least) / 2;
  // Sums on the way may wrap.
  if (!llvm::isInt<32>(middle) || !llvm::isInt<32>(smallest + middle) ||
      !llvm::isInt<32>(largest + middle))
    return false;
  factors[0] = first;
  factors[1] = second;
  offset = middle;
  shift = bits;
  return true;
}

bool IntegerSum::fit() {
  // The nearest factors of the most bits first.
  for (unsigned bits = 24; bits >= 16; --bits) {
    int64_t first = std::llround(std::ldexp(terms[0].slope, bits));
    int64_t second =
        terms.size() == 2 ? std::llround(std::ldexp(terms[1].slope, bits)) : 0;
    if (!llvm::isInt<24>(first) || !llvm::isInt<24>(second))
      continue;
    for (int distance = 0; distance <= kMostSteps; ++distance)
      for (int i = -distance; i <= distance; ++i)
        for (int j = -distance; j <= distance; ++j)
          if (std::max(std::abs(i), std::abs(j)) == distance &&
              (terms.size() == 2 || j == 0) && fit(first + i, second + j, bits))
            return true;
  }
  return false;
}

Value IntegerSum::build(QuantizeOp op) const {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  auto number = [&](int64_t value) -> Value {
    return b.create<arith::ConstantIntOp>(value, 32);
  };
  Value sum;
  for (auto [index, term] : llvm::enumerate(terms)) {
    Value byte = buildConversion(b, b.getLoc(), term.byte, b.getI32Type(),
                                 term.isUnsigned);
    Value product = b.create<arith::MulIOp>(byte, number(factors[index]));
    sum = sum ? b.create<arith::AddIOp>(sum, product).getResult() : product;
  }
  sum = b.create<arith::AddIOp>(sum, number(offset));
  sum = b.create<arith::ShRSIOp>(sum, number(shift));
  sum = b.create<arith::MaxSIOp>(sum, number(low));
  sum = b.create<arith::MinSIOp>(sum, number(high));
  return buildConversion(b, b.getLoc(), sum, op.getType());
}

Value tenon::nn::buildIntegerSum(QuantizeOp op) {
  IntegerSum sum;
  if (!sum.find(op) || !sum.evaluate(op) || !sum.fit())
    return {};
  return sum.build(op);
}
