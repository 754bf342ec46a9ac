//===- EvaluateProgram.h - Scalar regions as programs -----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_NN_EVALUATEPROGRAM_H
#define TENON_DIALECTS_NN_EVALUATEPROGRAM_H

#include "dialects/nn/EvaluateElements.h"
#include "mlir/IR/Block.h"
#include "mlir/IR/ValueRange.h"
#include "mlir/Support/LogicalResult.h"
#include <functional>
#include <string>

namespace tenon::nn {

/// A block of `arith` and `math` operations on scalars, translated once and
/// run on rows of lanes.
///
/// Every operation rounds to its type; integers wrap; float to integer
/// saturates, NaN to 0; functions without an exact result are the host's, in
/// double, rounded once.
class Program {
public:
  /// Values that the operations see.
  struct State {
    std::vector<Lanes> registers;
    /// An integer was divided by zero.
    bool trapped = false;
  };
  using Step = std::function<void(State &, unsigned count)>;

  /// Translates the operations of `block`, to yield `results`. Fails with a
  /// reason where the evaluator does not know an operation or a type.
  static mlir::FailureOr<Program>
  compile(mlir::Block &block, mlir::ValueRange results, std::string &reason);

  void run(unsigned count) {
    for (const Step &step : steps)
      step(state, count);
  }

  Lanes &getArgument(unsigned index) { return state.registers[index]; }
  /// Never the lanes of an argument.
  const Lanes &getResult(unsigned index) const {
    return state.registers[results[index]];
  }
  bool hasTrapped() const { return state.trapped; }

private:
  friend class ProgramBuilder;
  std::vector<Step> steps;
  std::vector<unsigned> results;
  State state;
};

} // namespace tenon::nn

#endif // TENON_DIALECTS_NN_EVALUATEPROGRAM_H
