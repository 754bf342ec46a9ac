//===- Inspect.h - What is in a model ---------------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_DRIVER_INSPECT_H
#define TENON_COMPILER_DRIVER_INSPECT_H

#include "compiler/driver/Compiler.h"

#include <map>
#include <optional>

namespace tenon {

struct Inspection {
  struct Value {
    std::string name, type;
  };
  struct Node {
    std::string name, op;
    std::vector<std::string> types;
    int64_t macs = 0;
  };
  std::vector<Value> inputs, outputs;
  std::vector<Node> nodes;
  /// How many nodes of each operator.
  std::map<std::string, int64_t> operators;
  int64_t parameters = 0, parameterBytes = 0, macs = 0;
  /// Sizes that the file leaves open and nobody has given; a line each.
  std::vector<std::string> open;
  /// What cannot be compiled, and why; a line each. Where sizes are open, there
  /// may be more.
  std::vector<std::string> problems;

  bool isCompilable() const { return open.empty() && problems.empty(); }
};

/// None where the model cannot be read; diagnostics say why.
std::optional<Inspection> inspectModel(mlir::MLIRContext &context,
                                       const CompileOptions &options);

} // namespace tenon

#endif // TENON_COMPILER_DRIVER_INSPECT_H
