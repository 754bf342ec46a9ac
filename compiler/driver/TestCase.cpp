//===- TestCase.cpp - ONNX's test folders ---------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The data say what the model leaves open: dimensions take the sizes of the
// inputs, and the model is compiled again only for a data set with other ones.
//
// What the compiler refuses is UNSUPPORTED, with its first error as the reason.
// An error that no user should see, such as one of a verifier, is a FAIL like a
// wrong output: the compiler is at fault, not the model.
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/TestCase.h"

#include "compiler/driver/DiagnosticPrinter.h"
#include "compiler/driver/LayerCheck.h"
#include "compiler/import/ModelFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace tenon;

//===----------------------------------------------------------------------===//
// Finding them
//===----------------------------------------------------------------------===//

/// `test_data_set_0`, `test_data_set_1` ... in a folder, by number.
static std::vector<std::string> findDataSets(StringRef folder) {
  std::vector<std::pair<unsigned, std::string>> found;
  std::error_code code;
  for (llvm::sys::fs::directory_iterator it(folder, code), end;
       it != end && !code; it.increment(code)) {
    StringRef name = llvm::sys::path::filename(it->path());
    unsigned number;
    if (name.consume_front("test_data_set_") && !name.getAsInteger(10, number))
      found.emplace_back(number, it->path());
  }
  llvm::sort(found);
  std::vector<std::string> paths;
  for (auto &entry : found)
    paths.push_back(std::move(entry.second));
  return paths;
}

static void findCases(StringRef folder, StringRef name,
                      std::vector<TestCase> &cases) {
  llvm::SmallString<128> model(folder);
  llvm::sys::path::append(model, "model.onnx");
  if (llvm::sys::fs::exists(model)) {
    TestCase test{name.str(), std::string(model), findDataSets(folder)};
    if (!test.dataSets.empty())
      cases.push_back(std::move(test));
  }
  std::vector<std::string> folders;
  std::error_code code;
  for (llvm::sys::fs::directory_iterator it(folder, code), end;
       it != end && !code; it.increment(code))
    if (llvm::sys::fs::is_directory(it->path()))
      folders.push_back(it->path());
  llvm::sort(folders);
  for (const std::string &inner : folders) {
    StringRef base = llvm::sys::path::filename(inner);
    if (!base.starts_with("test_data_set_"))
      findCases(inner, name.empty() ? base.str() : (name + "/" + base).str(),
                cases);
  }
}

llvm::Expected<std::vector<TestCase>> tenon::findTestCases(StringRef path) {
  std::vector<TestCase> cases;
  if (!llvm::sys::fs::exists(path))
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   path + ": no such file or folder");
  if (llvm::sys::fs::is_directory(path)) {
    findCases(path, "", cases);
    // The folder itself is one.
    llvm::SmallString<128> absolute(path);
    llvm::sys::fs::make_absolute(absolute);
    llvm::sys::path::remove_dots(absolute, true);
    for (TestCase &test : cases)
      if (test.name.empty())
        test.name = llvm::sys::path::filename(absolute).str();
  } else {
    StringRef folder = llvm::sys::path::parent_path(path);
    std::vector<std::string> dataSets =
        findDataSets(folder.empty() ? StringRef(".") : folder);
    StringRef name = llvm::sys::path::stem(path);
    if (name == "model" && !folder.empty())
      name = llvm::sys::path::filename(folder);
    cases.push_back({name.str(), path.str(), std::move(dataSets)});
  }
  return cases;
}

//===----------------------------------------------------------------------===//
// Data
//===----------------------------------------------------------------------===//

namespace {
struct DataSet {
  std::vector<Tensor> inputs, outputs;
};
} // namespace

/// `input_0.pb`, `input_1.pb` ... up to the first that is missing.
static llvm::Expected<std::vector<Tensor>> readTensors(StringRef folder,
                                                       StringRef kind) {
  std::vector<Tensor> tensors;
  while (true) {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, kind + "_" + Twine(tensors.size()) + ".pb");
    if (!llvm::sys::fs::exists(path))
      return tensors;
    auto tensor = readTensorProto(path);
    if (!tensor)
      return tensor.takeError();
    tensors.push_back(std::move(*tensor));
  }
}

static llvm::Expected<DataSet> readDataSet(StringRef folder) {
  auto inputs = readTensors(folder, "input");
  if (!inputs)
    return inputs.takeError();
  auto outputs = readTensors(folder, "output");
  if (!outputs)
    return outputs.takeError();
  return DataSet{std::move(*inputs), std::move(*outputs)};
}

/// The inputs in the file, without those that have a value there: the tensors
/// of a data set are theirs, in order.
static std::vector<const ::onnx::ValueInfoProto *>
getFreeInputs(const importer::Model &model) {
  llvm::StringMap<bool> hasValue;
  for (const auto &weight : model.weights)
    hasValue[weight.getKey()] = true;
  for (const auto &tensor : model.proto.graph().initializer())
    hasValue[tensor.name()] = true;
  std::vector<const ::onnx::ValueInfoProto *> inputs;
  for (const auto &input : model.proto.graph().input())
    if (!hasValue.contains(input.name()))
      inputs.push_back(&input);
  return inputs;
}

/// Open dimensions take the sizes that the data have: by their names, which
/// outputs may use too, where all inputs agree on them.
static void addDims(ArrayRef<const ::onnx::ValueInfoProto *> inputs,
                    ArrayRef<Tensor> tensors, llvm::StringMap<int64_t> &dims) {
  for (auto [input, tensor] : llvm::zip(inputs, tensors)) {
    const auto &shape = input->type().tensor_type().shape();
    for (int axis = 0; axis < shape.dim_size(); ++axis) {
      const auto &dim = shape.dim(axis);
      if (dim.has_dim_value() || axis >= static_cast<int>(tensor.shape.size()))
        continue;
      int64_t size = tensor.shape[axis];
      auto named = dim.dim_param().empty()
                       ? dims.end()
                       : dims.try_emplace(dim.dim_param(), size).first;
      if (named == dims.end() || named->second != size)
        dims[input->name() + "[" + std::to_string(axis) + "]"] = size;
    }
  }
}

//===----------------------------------------------------------------------===//
// Verdicts
//===----------------------------------------------------------------------===//

/// An error that is the compiler's own: its verifiers', or one that says so.
static bool isInternal(StringRef error) {
  auto [before, after] = error.split("' op ");
  bool namesOperation = !after.empty() && before.contains('\'');
  return namesOperation || error.contains("a bug of") ||
         error.contains("please report this");
}

static std::string describe(llvm::Error error) {
  return llvm::toString(std::move(error));
}

/// Puts the tensors in the order of the interface, by name where the data have
/// the names.
static std::vector<Tensor> orderInputs(const kernel::Interface &interface,
                                       std::vector<Tensor> tensors) {
  std::vector<Tensor> ordered;
  for (const kernel::Port &port : interface.inputs)
    for (const Tensor &tensor : tensors)
      if (tensor.name == port.name) {
        ordered.push_back(tensor);
        break;
      }
  return ordered.size() == interface.inputs.size() ? ordered : tensors;
}

static Verdict runDataSet(Runner &runner, DataSet data,
                          const Tolerance &tolerance) {
  auto outputs =
      runner.run(orderInputs(runner.getInterface(), std::move(data.inputs)));
  if (!outputs)
    return {Outcome::Failed, describe(outputs.takeError())};
  if (outputs->size() < data.outputs.size())
    return {Outcome::Failed, "has " + std::to_string(outputs->size()) +
                                 " outputs, expected " +
                                 std::to_string(data.outputs.size())};
  for (auto [actual, expected] : llvm::zip(*outputs, data.outputs)) {
    std::string difference = compareTensors(actual, expected, tolerance);
    if (!difference.empty())
      return {Outcome::Failed,
              "output " + importer::quoteName(actual.name) + " " + difference};
  }
  return {};
}

namespace {
/// One case in a process of its own.
class CaseVerifier {
public:
  CaseVerifier(const TestCase &test, const VerifyOptions &options)
      : test(test), options(options), context(MLIRContext::Threading::DISABLED),
        printer(context, test.model, llvm::nulls()) {
    this->options.compile.model = test.model;
  }

  Verdict verify();

private:
  Verdict refuse() const;
  Verdict verifyRandom();
  Verdict verifyDataSet(StringRef folder,
                        ArrayRef<const ::onnx::ValueInfoProto *> inputs);
  Verdict addLayers(ArrayRef<Tensor> inputs, Verdict verdict);
  std::optional<Verdict> compile();

  const TestCase &test;
  VerifyOptions options; // with the dimensions of the last data set
  MLIRContext context;
  DiagnosticPrinter printer;
  std::unique_ptr<Runner> runner;
  /// The dimensions for which `runner` was compiled.
  std::map<std::string, int64_t> compiledDims;
  std::vector<Tensor> lastInputs;
};
} // namespace

/// What the compiler said, which need not be its own fault.
Verdict CaseVerifier::refuse() const {
  const std::string &reason = printer.getFirstError();
  return {isInternal(reason) ? Outcome::Failed : Outcome::Unsupported, reason};
}

/// What --layers adds to a verdict.
Verdict CaseVerifier::addLayers(ArrayRef<Tensor> inputs, Verdict verdict) {
  if (!options.layers)
    return verdict;
  std::string &reason = verdict.reason;
  reason += reason.empty() ? "" : "; ";
  auto layers = compareLayers(context, options, inputs);
  if (!layers) {
    reason += describe(layers.takeError());
    return {Outcome::Failed, reason};
  }
  reason += getLayersText(*layers, options.listsLayers);
  if (!layers->agrees())
    return {Outcome::Failed, reason};
  if (verdict.outcome == Outcome::Failed)
    reason += "\n  the interpreter and the code agree: an operator is "
              "lowered wrongly, or the expected output is wrong";
  return verdict;
}

/// Without data, the layers are compared on random inputs.
Verdict CaseVerifier::verifyRandom() {
  auto module = compileModel(context, options.compile, Stage::Import);
  FailureOr<kernel::Interface> interface = failure();
  if (succeeded(module))
    interface = kernel::getInterface(**module);
  if (failed(interface))
    return refuse();
  std::vector<Tensor> inputs;
  for (const kernel::Port &port : interface->inputs) {
    inputs.push_back(makeTensor(port));
    fillRandom(inputs.back(), inputs.size());
  }
  return addLayers(inputs, {});
}

/// Makes `runner` for the dimensions of the options, unless it is there; what
/// is to be said where that fails.
std::optional<Verdict> CaseVerifier::compile() {
  const CompileOptions &compile = options.compile;
  std::map<std::string, int64_t> dims;
  for (const auto &dim : compile.dims)
    dims[dim.getKey().str()] = dim.getValue();
  if (runner && dims == compiledDims)
    return std::nullopt;
  auto module = compileModel(context, compile);
  if (failed(module))
    return refuse();
  if (options.emitter != Emitter::Object &&
      failed(legalizeForCpp(**module, compile)))
    return Verdict{Outcome::Failed, printer.getFirstError()};
  auto made = Runner::create(**module, *compile.target, options.emitter,
                             compile.optimize);
  if (!made)
    return Verdict{Outcome::Failed,
                   describe(made.takeError()) + " " + printer.getFirstError()};
  runner = std::move(*made);
  runner->setThreads(compile.threads);
  compiledDims = std::move(dims);
  return std::nullopt;
}

Verdict
CaseVerifier::verifyDataSet(StringRef folder,
                            ArrayRef<const ::onnx::ValueInfoProto *> inputs) {
  auto data = readDataSet(folder);
  if (!data) {
    // Sequences and strings: the compiler says what it thinks of them.
    std::string problem = describe(data.takeError());
    if (failed(compileModel(context, options.compile)))
      return refuse();
    return {Outcome::Failed, problem};
  }
  for (auto [input, tensor] : llvm::zip(inputs, data->inputs))
    if (tensor.name.empty())
      tensor.name = input->name();
  addDims(inputs, data->inputs, options.compile.dims);
  if (std::optional<Verdict> problem = compile())
    return *problem;
  lastInputs = orderInputs(runner->getInterface(), data->inputs);
  Verdict verdict = runDataSet(*runner, std::move(*data), options.tolerance);
  if (verdict.outcome == Outcome::Passed)
    return verdict;
  verdict = addLayers(lastInputs, std::move(verdict));
  if (test.dataSets.size() > 1)
    verdict.reason =
        (llvm::sys::path::filename(folder) + ": " + verdict.reason).str();
  return verdict;
}

Verdict CaseVerifier::verify() {
  if (test.dataSets.empty())
    return options.layers
               ? verifyRandom()
               : Verdict{Outcome::Failed, "has no test_data_set_0 beside it; "
                                          "--layers needs no data"};
  importer::Model model;
  importer::FileDiagnostics diagnostics(context, test.model);
  if (failed(importer::readModel(test.model, model, diagnostics)))
    return refuse();
  std::vector<const ::onnx::ValueInfoProto *> inputs = getFreeInputs(model);
  const llvm::StringMap<int64_t> asked = options.compile.dims;
  for (const std::string &folder : test.dataSets) {
    options.compile.dims = asked;
    Verdict verdict = verifyDataSet(folder, inputs);
    if (verdict.outcome != Outcome::Passed)
      return verdict;
  }
  return addLayers(lastInputs, {});
}

Verdict tenon::verifyTestCase(const TestCase &test,
                              const VerifyOptions &options) {
  return CaseVerifier(test, options).verify();
}
