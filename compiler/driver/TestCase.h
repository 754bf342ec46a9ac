//===- TestCase.h - ONNX's test folders -------------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A case is a folder with `model.onnx` and folders `test_data_set_0` ... of
// `input_0.pb` ... and `output_0.pb` ..., as ONNX's backend tests have it.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_DRIVER_TESTCASE_H
#define TENON_COMPILER_DRIVER_TESTCASE_H

#include "compiler/driver/Compiler.h"
#include "compiler/driver/Runner.h"

namespace tenon {

struct TestCase {
  std::string name, model;
  /// Folders, in the order of their numbers.
  std::vector<std::string> dataSets;
};

/// The cases below a folder, or the one of a model file, by name. Folders
/// without test data are none.
llvm::Expected<std::vector<TestCase>> findTestCases(llvm::StringRef path);

enum class Outcome { Passed, Failed, Unsupported };

struct Verdict {
  Outcome outcome = Outcome::Passed;
  /// Why not.
  std::string reason;
};

struct VerifyOptions {
  /// Model, name and dimensions are the case's.
  CompileOptions compile;
  Emitter emitter = Emitter::Object;
  Tolerance tolerance;
  /// Find the first layer that diverges from Tenon's interpreter, where outputs
  /// are wrong and where they are not; list all layers.
  bool layers = false, listsLayers = false;
};

/// Compiles the model and runs it on each data set. What the compiler refuses
/// is unsupported; what compiles must run and give the expected outputs. With
/// `layers`, a model without data is run on random inputs.
Verdict verifyTestCase(const TestCase &test, const VerifyOptions &options);

} // namespace tenon

#endif // TENON_COMPILER_DRIVER_TESTCASE_H
