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
// interval for C. Where no C is in all of them, floats remain. The first A and
// B do in most cases; at the worst 9 shifts times 49 pairs of them are tried,
// and what fails mostly does so in its first few rows.
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
/// A sum of more operations than this stays, so that time is linear.
static constexpr unsigned kMostOperations = 1000;

namespace {
struct Term {
  Value byte;
  bool isUnsigned;
  /// Steps of the result for one of the byte.
  double slope;

  int getNumber(int bits) const {
    return isUnsigned ? bits : int(int8_t(bits));
  }
};

/// One or two bytes, and how the result comes about from them.
struct Sum {
  SmallVector<Term> terms;
  /// Operands before users.
  llvm::SetVector<Operation *> slice;
  unsigned numVisited = 0;

  bool visit(Value value);
  bool addSlopes(QuantizeOp op);
  /// Of the second byte, which a sum of one lacks.
  int getNumSecond() const { return terms.size() == 2 ? kBytes : 1; }
};

/// The results for the first byte times 256 plus the second, by their bits.
struct Table {
  std::vector<int> results;
  int low, high;
};

/// (first * factors[0] + second * factors[1] + offset) >> shift
struct Factors {
  int64_t factors[2];
  int64_t offset;
  unsigned shift;
};
} // namespace

//===----------------------------------------------------------------------===//
// What is summed
//===----------------------------------------------------------------------===//

/// Adds what computes `value`, each operation once.
bool Sum::visit(Value value) {
  Operation *op = value.getDefiningOp();
  if (op && slice.contains(op))
    return true;
  if (!op || ++numVisited > kMostOperations || !value.getType().isF32())
    return false;
  if (auto dequantize = dyn_cast<DequantizeOp>(op)) {
    Value byte = dequantize.getInput();
    bool isUnsigned = dequantize.getIsUnsigned();
    if (!getNumber(dequantize.getScale()) || !byte.getType().isInteger(8) ||
        (dequantize.getZero() &&
         !matchPattern(dequantize.getZero(), m_Constant())))
      return false;
    slice.insert(op);
    for (const Term &term : terms)
      if (term.byte == byte)
        return term.isUnsigned == isUnsigned;
    terms.push_back({byte, isUnsigned, 0});
    return terms.size() <= 2;
  }
  if (isa<arith::AddFOp>(op)) {
    if (!llvm::all_of(op->getOperands(), [&](Value v) { return visit(v); }))
      return false;
  } else {
    std::optional<NumberOperand> operand = getNumberOperand(op);
    if (!isa<arith::MulFOp, arith::DivFOp, arith::MaximumFOp,
             arith::MinimumFOp>(op) ||
        !operand || !visit(operand->other))
      return false;
  }
  slice.insert(op);
  return true;
}

/// From users to operands: all that reads a value is known before it.
bool Sum::addSlopes(QuantizeOp op) {
  std::optional<double> scale = getNumber(op.getScale());
  if (!scale)
    return false;
  DenseMap<Value, double> slopes{{op.getInput(), 1 / *scale}};
  for (Operation *part : llvm::reverse(slice)) {
    double slope = slopes[part->getResult(0)];
    if (auto dequantize = dyn_cast<DequantizeOp>(part)) {
      for (Term &term : terms)
        if (term.byte == dequantize.getInput())
          term.slope += slope * *getNumber(dequantize.getScale());
    } else if (isa<arith::AddFOp>(part)) {
      for (Value operand : part->getOperands())
        slopes[operand] += slope;
    } else {
      NumberOperand operand = *getNumberOperand(part);
      if (isa<arith::MulFOp>(part))
        slope *= operand.number;
      else if (isa<arith::DivFOp>(part))
        slope /= operand.number;
      slopes[operand.other] += slope;
    }
  }
  return true;
}

static std::optional<Sum> findSum(QuantizeOp op) {
  Sum sum;
  if ((op.getZero() && !matchPattern(op.getZero(), m_Constant())) ||
      !op.getType().isInteger(8) || !sum.visit(op.getInput()) ||
      !sum.addSlopes(op))
    return std::nullopt;
  sum.slice.insert(op);
  return sum;
}

/// What the operations give for all bytes.
static std::optional<Table> tabulate(QuantizeOp op, const Sum &sum) {
  Block block;
  IRMapping mapping;
  OpBuilder builder(op.getContext());
  builder.setInsertionPointToEnd(&block);
  for (const Term &term : sum.terms)
    mapping.map(term.byte, block.addArgument(builder.getI8Type(), op.getLoc()));
  for (Operation *part : sum.slice)
    builder.clone(*part, mapping);
  std::string reason;
  FailureOr<Program> program =
      Program::compile(block, mapping.lookup(op.getResult()), reason);
  if (failed(program))
    return std::nullopt;
  bool isUnsigned = int64_t(op.getLow()) >= 0;
  Table table;
  // The last byte runs along the lanes.
  unsigned last = sum.terms.size() - 1;
  for (int first = 0; first < (last == 1 ? kBytes : 1); ++first) {
    if (last == 1)
      std::fill_n(program->getArgument(0).integers, kBytes, int8_t(first));
    for (int i = 0; i < kBytes; ++i)
      program->getArgument(last).integers[i] = int8_t(i);
    program->run(kNumLanes);
    for (int64_t value : program->getResult(0).integers)
      table.results.push_back(isUnsigned ? uint8_t(value) : int8_t(value));
  }
  table.low = *llvm::min_element(table.results);
  table.high = *llvm::max_element(table.results);
  return table;
}

//===----------------------------------------------------------------------===//
// Integers for it
//===----------------------------------------------------------------------===//

/// The offset for these factors: low bounds come from what must be at least n,
/// high ones from what must be less than n + 1.
static std::optional<int64_t> findOffset(const Sum &sum, const Table &table,
                                         int64_t first, int64_t second,
                                         unsigned shift) {
  int64_t least = INT64_MIN, most = INT64_MAX, smallest = INT64_MAX,
          largest = INT64_MIN;
  int numSecond = sum.getNumSecond();
  for (int i = 0, k = 0; i < kBytes; ++i) {
    for (int j = 0; j < numSecond; ++j, ++k) {
      int64_t value = first * sum.terms.front().getNumber(i);
      if (numSecond > 1)
        value += second * sum.terms.back().getNumber(j);
      int64_t n = table.results[k];
      if (n > table.low)
        least = std::max(least, (n << shift) - value);
      if (n < table.high)
        most = std::min(most, ((n + 1) << shift) - 1 - value);
      smallest = std::min(smallest, value);
      largest = std::max(largest, value);
    }
    if (least > most)
      return std::nullopt;
  }
  int64_t middle = least + (most - least) / 2;
  // Sums on the way may wrap.
  if (!llvm::isInt<32>(middle) || !llvm::isInt<32>(smallest + middle) ||
      !llvm::isInt<32>(largest + middle))
    return std::nullopt;
  return middle;
}

static std::optional<Factors> findFactors(const Sum &sum, const Table &table) {
  bool hasTwo = sum.terms.size() == 2;
  // The nearest factors of the most bits first.
  for (unsigned shift = 24; shift >= 16; --shift) {
    int64_t first = std::llround(std::ldexp(sum.terms[0].slope, shift));
    int64_t second =
        hasTwo ? std::llround(std::ldexp(sum.terms[1].slope, shift)) : 0;
    if (!llvm::isInt<24>(first) || !llvm::isInt<24>(second))
      continue;
    for (int distance = 0; distance <= kMostSteps; ++distance)
      for (int i = -distance; i <= distance; ++i)
        for (int j = -distance; j <= distance; ++j) {
          if (std::max(std::abs(i), std::abs(j)) != distance ||
              (!hasTwo && j != 0))
            continue;
          if (std::optional<int64_t> offset =
                  findOffset(sum, table, first + i, second + j, shift))
            return Factors{{first + i, second + j}, *offset, shift};
        }
  }
  return std::nullopt;
}

static Value build(QuantizeOp op, const Sum &sum, const Table &table,
                   const Factors &found) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  auto number = [&](int64_t value) {
    return buildNumber(b, b.getLoc(), value);
  };
  Value value;
  for (auto [term, factor] : llvm::zip(sum.terms, found.factors)) {
    Value byte = buildConversion(b, b.getLoc(), term.byte, b.getI32Type(),
                                 term.isUnsigned);
    Value product = b.create<arith::MulIOp>(byte, number(factor));
    value =
        value ? b.create<arith::AddIOp>(value, product).getResult() : product;
  }
  value = b.create<arith::AddIOp>(value, number(found.offset));
  value = b.create<arith::ShRSIOp>(value, number(found.shift));
  value = buildClamp(b, b.getLoc(), value, table.low, table.high);
  return buildConversion(b, b.getLoc(), value, op.getType());
}

Value tenon::nn::buildIntegerSum(QuantizeOp op) {
  std::optional<Sum> sum = findSum(op);
  std::optional<Table> table = sum ? tabulate(op, *sum) : std::nullopt;
  // A constant is not bounded by its neighbours.
  if (!table || table->low == table->high)
    return {};
  std::optional<Factors> factors = findFactors(*sum, *table);
  return factors ? build(op, *sum, *table, *factors) : Value();
}
