//===- Inspect.cpp - `tenon inspect` --------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Inspect.h"
#include "compiler/tools/Commands.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::tools;
namespace cl = llvm::cl;

#define HERE cl::cat(getCategory()), cl::sub(inspectCommand)

static cl::opt<std::string> model(cl::Positional, cl::Required,
                                  cl::desc("MODEL.onnx"), HERE);
static cl::opt<bool> json("json", cl::desc("Print JSON"), HERE);

static llvm::json::Array toJson(ArrayRef<Inspection::Value> values) {
  llvm::json::Array list;
  for (const Inspection::Value &value : values)
    list.push_back(llvm::json::Object{{"name", llvm::json::fixUTF8(value.name)},
                                      {"type", value.type}});
  return list;
}

static void printAsJson(const Inspection &inspection) {
  llvm::json::Array operators, nodes, open, unsupported;
  for (const auto &[name, count] : inspection.operators)
    operators.push_back(
        llvm::json::Object{{"operator", name}, {"count", count}});
  for (const Inspection::Node &node : inspection.nodes)
    nodes.push_back(
        llvm::json::Object{{"name", llvm::json::fixUTF8(node.name)},
                           {"operator", node.op},
                           {"results", llvm::json::Array(node.types)},
                           {"macs", node.macs}});
  for (const std::string &size : inspection.open)
    open.push_back(llvm::json::fixUTF8(size));
  for (const std::string &problem : inspection.problems)
    unsupported.push_back(llvm::json::fixUTF8(problem));
  tools::writeJson(llvm::json::Object{
      {"inputs", toJson(inspection.inputs)},
      {"outputs", toJson(inspection.outputs)},
      {"parameters", inspection.parameters},
      {"parameter_bytes", inspection.parameterBytes},
      {"macs", inspection.isCompilable() ? llvm::json::Value(inspection.macs)
                                         : llvm::json::Value(nullptr)},
      {"operators", std::move(operators)},
      {"nodes", std::move(nodes)},
      {"supported", inspection.isCompilable()},
      {"open", std::move(open)},
      {"unsupported", std::move(unsupported)}});
}

static void print(const Inspection &inspection) {
  auto printValues = [](StringRef title, ArrayRef<Inspection::Value> values) {
    for (const Inspection::Value &value : values) {
      llvm::outs() << llvm::formatv("{0,-11}", title);
      llvm::printEscapedString(value.name, llvm::outs());
      llvm::outs() << ": " << value.type << "\n";
    }
  };
  printValues("input", inspection.inputs);
  printValues("output", inspection.outputs);
  llvm::outs() << llvm::formatv(
      "parameters {0} ({1} bytes)\nMACs       {2}\noperators ",
      inspection.parameters, inspection.parameterBytes,
      inspection.isCompilable()     ? std::to_string(inspection.macs)
      : inspection.problems.empty() ? "unknown while sizes are open"
                                    : "unknown while something is unsupported");
  for (const auto &[name, count] : inspection.operators)
    llvm::outs() << " " << name << " " << count;
  llvm::outs() << "\n";
  if (verbose)
    for (const Inspection::Node &node : inspection.nodes) {
      if (inspection.isCompilable())
        llvm::outs() << llvm::formatv("{0,12} MACs", node.macs);
      llvm::outs() << llvm::formatv("  {0,-20} ", node.op);
      llvm::printEscapedString(node.name, llvm::outs());
      for (const std::string &type : node.types)
        llvm::outs() << " " << type;
      llvm::outs() << "\n";
    }
  if (inspection.problems.empty())
    llvm::outs() << (inspection.open.empty()
                         ? "supported: every operator\n"
                         : "supported: every operator, as far as can be said "
                           "while sizes are open\n");
  auto printLines = [](StringRef title, ArrayRef<std::string> lines) {
    if (!lines.empty())
      llvm::outs() << title << ":\n";
    for (const std::string &line : lines)
      llvm::outs() << "  " << line << "\n";
  };
  printLines("unsupported", inspection.problems);
  printLines("open", inspection.open);
}

int tools::runInspect() {
  CompileOptions options;
  if (int code = getCompileOptions(model, "host", options))
    return code;
  MLIRContext context;
  std::optional<Inspection> inspection;
  {
    DiagnosticPrinter printer(context, model);
    printer.setVerbose(false);
    inspection = inspectModel(context, options);
    printer.finish();
  }
  if (!inspection)
    return 1;
  if (json)
    printAsJson(*inspection);
  else
    print(*inspection);
  return 0;
}
