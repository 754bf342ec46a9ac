//===- EvaluateProgram.cpp - Scalar regions as programs -------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/EvaluateProgram.h"

#include "dialects/nn/EvaluateBuilder.h"
#include "dialects/nn/Quantization.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tenon::nn;

LogicalResult ProgramBuilder::defineConstant(Value value, Attribute attr) {
  Lanes &lanes = program.state.registers[define(value)];
  if (auto integer = dyn_cast<IntegerAttr>(attr)) {
    std::fill_n(lanes.integers, kNumLanes, integer.getValue().getSExtValue());
    return success();
  }
  auto number = dyn_cast<FloatAttr>(attr);
  if (!number)
    return fail("a constant that is no number");
  if (getType(value).getKind() == ElementType::Double)
    std::fill_n(lanes.doubles, kNumLanes, number.getValueAsDouble());
  else
    std::fill_n(lanes.floats, kNumLanes, float(number.getValueAsDouble()));
  return success();
}

LogicalResult ProgramBuilder::build(Block &block, ValueRange results) {
  auto checkType = [&](Value value) -> LogicalResult {
    if (ElementType::get(value.getType()))
      return success();
    llvm::raw_string_ostream(reason)
        << "the evaluator does not know values of type " << value.getType();
    return failure();
  };
  for (Value argument : block.getArguments()) {
    if (failed(checkType(argument)))
      return failure();
    define(argument);
  }
  for (Operation &op : block) {
    if (op.hasTrait<OpTrait::IsTerminator>())
      break;
    for (Value operand : op.getOperands()) {
      // A value from around the region must be a constant.
      Attribute constant;
      if (registers.contains(operand))
        continue;
      if (!matchPattern(operand, m_Constant(&constant)))
        return fail("a value from outside the region");
      if (failed(checkType(operand)) ||
          failed(defineConstant(operand, constant)))
        return failure();
    }
    for (Value result : op.getResults())
      if (failed(checkType(result)))
        return failure();
    if (failed(translate(op)))
      return failure();
  }
  for (Value result : results) {
    Attribute constant;
    if (!registers.contains(result)) {
      if (!matchPattern(result, m_Constant(&constant)))
        return fail("a value from outside the region");
      if (failed(checkType(result)) || failed(defineConstant(result, constant)))
        return failure();
    }
    // A copy, for arguments are overwritten before results are read.
    unsigned from = get(result), to = program.state.registers.size();
    if (from < block.getNumArguments()) {
      program.state.registers.emplace_back();
      program.steps.push_back([=](State &state, unsigned) {
        state.registers[to] = state.registers[from];
      });
      from = to;
    }
    program.results.push_back(from);
  }
  return success();
}

LogicalResult ProgramBuilder::translate(Operation &op) {
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    return defineConstant(constant.getResult(), constant.getValue());
  if (translateIntegers(op) || translateFloats(op) || translateFunctions(op) ||
      translateConversions(op))
    return success();
  if (isa<DequantizeOp, QuantizeOp, RequantizeOp, RoundProductOp>(op))
    return translateQuantization(op);
  return fail("the evaluator does not know " + op.getName().getStringRef());
}

/// As the arithmetic that the operation stands for.
LogicalResult ProgramBuilder::translateQuantization(Operation &op) {
  Block block;
  OpBuilder builder(op.getContext());
  builder.setInsertionPointToEnd(&block);
  for (Value operand : op.getOperands())
    registers[block.addArgument(operand.getType(), op.getLoc())] = get(operand);
  Value result = expandQuantization(builder, &op, block.getArguments());
  for (Operation &part : block)
    if (failed(translate(part)))
      return failure();
  registers[op.getResult(0)] = get(result);
  // Their addresses may become those of other values.
  for (BlockArgument argument : block.getArguments())
    registers.erase(argument);
  for (Operation &part : block)
    for (Value value : part.getResults())
      registers.erase(value);
  return success();
}

FailureOr<Program> Program::compile(Block &block, ValueRange results,
                                    std::string &reason) {
  ProgramBuilder builder(reason);
  if (failed(builder.build(block, results)))
    return failure();
  return std::move(builder.program);
}
