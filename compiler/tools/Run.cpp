//===- Run.cpp - `tenon run` ----------------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/package/OutputFolder.h"
#include "compiler/driver/FileNames.h"
#include "compiler/import/Diagnostics.h"
#include "compiler/tools/RunnableModel.h"

#include <cmath>

using namespace mlir;
using namespace tenon;
using namespace tenon::tools;
namespace cl = llvm::cl;

#define HERE cl::cat(getCategory()), cl::sub(runCommand)

static cl::opt<std::string> model(cl::Positional, cl::Required,
                                  cl::desc("MODEL.onnx"), HERE);
static cl::list<std::string>
    inputs("input", cl::value_desc("NAME=FILE.npy"),
           cl::desc("An input; without NAME=, the next one in order. Inputs "
                    "that are not given are random"),
           HERE);
static cl::opt<std::string>
    outputDir("output-dir", cl::value_desc("DIR"),
              cl::desc("Write each output there, as NAME.npy"), HERE);

/// Reads what the command line names; the rest is random.
static int readInputs(const kernel::Interface &interface,
                      std::vector<Tensor> &tensors) {
  std::vector<std::string> files(interface.inputs.size());
  size_t next = 0;
  for (StringRef argument : inputs) {
    size_t index = 0;
    StringRef file = argument;
    auto [name, rest] = argument.split('=');
    for (; index < files.size(); ++index)
      if (argument.contains('=') && (name == interface.inputs[index].name ||
                                     name == interface.inputs[index].ident))
        break;
    if (index < files.size()) {
      file = rest;
    } else {
      if (argument.contains('=') && !llvm::sys::fs::exists(argument)) {
        std::string names;
        for (const kernel::Port &port : interface.inputs)
          names += (names.empty() ? "" : ", ") + port.name;
        return reportError("--input " + argument +
                               ": the model has no input '" + name + "'",
                           "its inputs are: " + names);
      }
      index = next++;
      if (index >= files.size())
        return reportError("--input: the model has only " +
                           importer::getCountText(files.size(), "input"));
    }
    if (!files[index].empty())
      return reportError("--input: '" + interface.inputs[index].name +
                         "' is given twice");
    files[index] = file.str();
  }
  for (auto [file, port] : llvm::zip_equal(files, interface.inputs)) {
    if (file.empty()) {
      tensors.push_back(makeTensor(port));
      fillRandom(tensors.back(), tensors.size());
      continue;
    }
    auto tensor = readNumpy(file);
    if (!tensor)
      return reportError(llvm::toString(tensor.takeError()));
    tensor->name = port.name;
    // NumPy lacks some types; their bits come as integers of the size.
    const kernel::ElementInfo *info = kernel::getElementInfo(tensor->dtype);
    if (*port.getElement().meaning && info &&
        info->bytes == port.getElement().bytes)
      tensor->dtype = port.getElement().number;
    tensors.push_back(std::move(*tensor));
  }
  return 0;
}

static void printTensor(const Tensor &tensor) {
  constexpr int64_t kShown = 8;
  int64_t count = tensor.getCount();
  double least = INFINITY, most = -INFINITY;
  for (int64_t i = 0; i < count; ++i) {
    least = std::fmin(least, getNumber(tensor, i));
    most = std::fmax(most, getNumber(tensor, i));
  }
  llvm::printEscapedString(tensor.name, llvm::outs());
  llvm::outs() << ": " << getTypeText(tensor) << ":";
  for (int64_t i = 0; i < std::min(count, kShown); ++i)
    llvm::outs() << llvm::format(" %.6g", getNumber(tensor, i));
  if (count > kShown)
    llvm::outs() << llvm::format(" ... (%.6g to %.6g)", least, most);
  llvm::outs() << "\n";
}

int tools::runRun() {
  RunnableModel loaded;
  if (int code = loaded.load(model))
    return code;
  Runner &runner = *loaded.runner;
  const kernel::Interface &interface = runner.getInterface();
  std::vector<Tensor> tensors;
  if (int code = readInputs(interface, tensors))
    return code;
  auto outputs = runner.run(tensors);
  if (!outputs)
    return reportError(llvm::toString(outputs.takeError()));

  OutputFolder folder(outputDir);
  std::vector<std::string> files = getFileNames(interface.outputs);
  for (auto [tensor, file] : llvm::zip_equal(*outputs, files)) {
    if (!quiet)
      printTensor(tensor);
    if (!outputDir.empty())
      writeNumpy(folder.create(file + ".npy"), tensor);
  }
  if (auto error = folder.commit())
    return reportError(llvm::toString(std::move(error)));
  return 0;
}
