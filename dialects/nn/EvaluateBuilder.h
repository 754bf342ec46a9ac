//===- EvaluateBuilder.h - Translation of scalar operations -----*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inside the evaluator only. Each operation becomes a closure over register
// numbers that loops over the lanes; the compiler vectorizes most of these
// loops.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_NN_EVALUATEBUILDER_H
#define TENON_DIALECTS_NN_EVALUATEBUILDER_H

#include "dialects/nn/EvaluateProgram.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

namespace tenon::nn {

template <typename F, typename Out, typename... In>
void forEachLane(unsigned count, F f, Out *out, const In *...in) {
  for (unsigned i = 0; i < count; ++i)
    out[i] = f(in[i]...);
}

class ProgramBuilder {
public:
  explicit ProgramBuilder(std::string &reason) : reason(reason) {}
  mlir::LogicalResult build(mlir::Block &block, mlir::ValueRange results);
  Program program;

private:
  using Step = Program::Step;
  using State = Program::State;

  mlir::LogicalResult translate(mlir::Operation &op);
  bool translateIntegers(mlir::Operation &op);
  bool translateFloats(mlir::Operation &op);
  bool translateFunctions(mlir::Operation &op);
  bool translateConversions(mlir::Operation &op);
  mlir::LogicalResult translateQuantization(mlir::Operation &op);
  bool fma(mlir::Operation &op);

  mlir::LogicalResult fail(const llvm::Twine &why) {
    reason = why.str();
    return mlir::failure();
  }
  /// A new register, known under `value`.
  unsigned define(mlir::Value value) {
    unsigned index = program.state.registers.size();
    program.state.registers.emplace_back();
    registers[value] = index;
    return index;
  }
  unsigned get(mlir::Value value) { return registers.lookup(value); }
  ElementType getType(mlir::Value value) {
    return *ElementType::get(value.getType());
  }
  mlir::LogicalResult defineConstant(mlir::Value value, mlir::Attribute attr);

  /// out = f(in...), with the lanes taken as `Out` and `In`.
  template <typename Out, typename In, typename F, size_t... I>
  void emit(mlir::Operation &op, F f, std::index_sequence<I...>) {
    unsigned out = define(op.getResult(0));
    std::array<unsigned, sizeof...(I)> in = {get(op.getOperand(I))...};
    program.steps.push_back([=](State &state, unsigned count) {
      auto get = [&](unsigned index) -> Lanes & {
        return state.registers[index];
      };
      forEachLane(count, f, get(out).template get<Out>(),
                  get(in[I]).template get<In>()...);
    });
  }
  template <unsigned N, typename Out, typename In, typename F>
  void emit(mlir::Operation &op, F f) {
    emit<Out, In>(op, f, std::make_index_sequence<N>());
  }

  /// Integers to integer: the result wraps.
  template <unsigned N, typename F> bool integers(mlir::Operation &op, F f) {
    unsigned shift = 64 - getType(op.getResult(0)).getWidth();
    emit<N, int64_t, int64_t>(op, [=](auto... in) {
      return int64_t(uint64_t(f(in...)) << shift) >> shift;
    });
    return true;
  }
  /// Of numbers without a sign.
  template <typename F> bool naturals(mlir::Operation &op, F f) {
    uint64_t mask = getMask(op.getOperand(0));
    return integers<2>(op, [=](int64_t a, int64_t b) {
      return int64_t(f(uint64_t(a) & mask, uint64_t(b) & mask));
    });
  }
  /// A division; by zero it gives zero and stops the evaluation.
  template <typename F> bool division(mlir::Operation &op, F f);

  /// Floats to float, each at its own precision. `f` is exact or rounds as
  /// the arithmetic of its argument's type.
  template <unsigned N, typename F> bool floats(mlir::Operation &op, F f) {
    ElementType type = getType(op.getResult(0));
    if (type.getKind() == ElementType::Double)
      emit<N, double, double>(op, f);
    else if (type.isNarrowFloat())
      emit<N, float, float>(
          op, [=](auto... in) { return float(type.round(f(double(in)...))); });
    else
      emit<N, float, float>(op, f);
    return true;
  }
  /// The host's function, in double.
  bool function(mlir::Operation &op, double (*f)(double)) {
    return floats<1>(op, [=](auto x) { return decltype(x)(f(x)); });
  }
  bool function(mlir::Operation &op, double (*f)(double, double)) {
    return floats<2>(op, [=](auto x, auto y) { return decltype(x)(f(x, y)); });
  }

  template <typename T> void compareFloats(mlir::arith::CmpFOp op);
  void compareIntegers(mlir::arith::CmpIOp op);
  template <typename T> void select(mlir::arith::SelectOp op);
  template <typename F> void toFloat(mlir::Operation &op, F f);
  template <typename F> void toInteger(mlir::Operation &op, F f);
  bool extendedProduct(mlir::Operation &op, bool isSigned);

  uint64_t getMask(mlir::Value value) {
    return ~uint64_t(0) >> (64 - getType(value).getWidth());
  }

  std::string &reason;
  llvm::DenseMap<mlir::Value, unsigned> registers;
};

} // namespace tenon::nn

#endif // TENON_DIALECTS_NN_EVALUATEBUILDER_H
