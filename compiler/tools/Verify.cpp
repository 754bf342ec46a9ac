//===- Verify.cpp - `tenon verify` ----------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Processes.h"
#include "compiler/driver/TestCase.h"
#include "compiler/tools/RunnableModel.h"
#include "llvm/Support/Path.h"

using namespace tenon;
using namespace tenon::tools;
using llvm::StringRef;
namespace cl = llvm::cl;

#define HERE cl::cat(getCategory()), cl::sub(verifyCommand)

static cl::list<std::string> paths(cl::Positional, cl::OneOrMore,
                                   cl::desc("MODEL.onnx|DIR..."), HERE);
static cl::opt<double> relative("rtol", cl::init(1e-3), cl::value_desc("R"),
                                cl::desc("Relative tolerance (default 1e-3)"),
                                HERE);
static cl::opt<double> absolute("atol", cl::init(1e-7), cl::value_desc("A"),
                                cl::desc("Absolute tolerance (default 1e-7)"),
                                HERE);
static cl::opt<unsigned> jobs("j", cl::Prefix, cl::init(1), cl::value_desc("N"),
                              cl::desc("Cases at a time"), HERE);
static cl::opt<double> timeout("timeout", cl::init(120), cl::value_desc("S"),
                               cl::desc("Seconds for one case (default 120)"),
                               HERE);
static cl::opt<bool> layers(
    "layers",
    cl::desc("Name the first layer that diverges from the model as it is "
             "before optimization; with --verbose, list all layers"),
    HERE);
static cl::opt<std::string> json("json", cl::value_desc("FILE"),
                                 cl::desc("Write the results as JSON"), HERE);

static const char *const kOutcomeNames[] = {"PASS", "FAIL", "UNSUPPORTED"};

/// A verdict as a text that a child can hand to its parent.
static std::string encode(const Verdict &verdict) {
  return std::to_string(static_cast<int>(verdict.outcome)) + verdict.reason;
}

static Verdict decode(const ProcessResult &result) {
  if (!result.failure.empty() || result.value.empty() ||
      result.value[0] < '0' || result.value[0] > '2') {
    // The last line of what it printed is often the reason.
    StringRef line = StringRef(result.output).rtrim().rsplit('\n').second;
    if (line.empty())
      line = StringRef(result.output).trim();
    return {Outcome::Failed, line.empty()
                                 ? result.failure
                                 : (result.failure + ": " + line).str()};
  }
  return {static_cast<Outcome>(result.value[0] - '0'), result.value.substr(1)};
}

int tools::runVerify() {
  VerifyOptions options;
  // The model is the case's.
  if (int code = getRunOptions("", options.compile))
    return code;
  // Not-a-number is no tolerance either.
  if (!(relative >= 0) || !(absolute >= 0))
    return reportUsage("--rtol and --atol want numbers from 0 on");
  if (jobs < 1)
    return reportUsage("-j wants a number from 1 on");
  if (!(timeout >= 0))
    return reportUsage("--timeout wants a number of seconds from 0 on");
  if (auto error = checkRunnable(*options.compile.target))
    return reportError(llvm::toString(std::move(error)));
  options.emitter = emitter;
  options.tolerance = {relative, absolute};
  options.layers = layers;
  options.listsLayers = layers && verbose;

  std::vector<TestCase> cases;
  for (const std::string &path : paths) {
    auto found = findTestCases(path);
    if (!found)
      return reportError(llvm::toString(found.takeError()));
    llvm::append_range(cases, *found);
  }
  if (cases.empty())
    return reportError("no test cases were found",
                       "a case is a folder with model.onnx and "
                       "test_data_set_0/input_0.pb, output_0.pb ...; without "
                       "data, `tenon verify MODEL.onnx --layers` compares "
                       "layers on random inputs");

  unsigned counts[3] = {};
  llvm::json::Array results;
  auto done = [&](size_t index, const ProcessResult &result) {
    Verdict verdict = decode(result);
    const char *outcome = kOutcomeNames[static_cast<int>(verdict.outcome)];
    ++counts[static_cast<int>(verdict.outcome)];
    if (!quiet || verdict.outcome == Outcome::Failed) {
      llvm::outs() << outcome << " " << cases[index].name;
      if (!verdict.reason.empty())
        llvm::outs() << ": " << verdict.reason;
      llvm::outs() << "\n";
      llvm::outs().flush();
    }
    results.push_back(
        llvm::json::Object{{"name", llvm::json::fixUTF8(cases[index].name)},
                           {"outcome", outcome},
                           {"reason", llvm::json::fixUTF8(verdict.reason)},
                           {"seconds", result.seconds}});
  };
  runIsolated(
      cases.size(), jobs, timeout,
      [&](size_t index) {
        return encode(verifyTestCase(cases[index], options));
      },
      done);

  llvm::outs() << llvm::formatv("{0} passed, {1} failed, {2} unsupported\n",
                                counts[0], counts[1], counts[2]);
  if (!json.empty()) {
    std::error_code error;
    llvm::raw_fd_ostream os(json, error);
    if (error)
      return reportError("cannot write " + json + ": " + error.message());
    os << llvm::formatv("{0:2}\n", llvm::json::Value(llvm::json::Object{
                                       {"passed", counts[0]},
                                       {"failed", counts[1]},
                                       {"unsupported", counts[2]},
                                       {"cases", std::move(results)}}));
  }
  return counts[1] ? 1 : 0;
}
