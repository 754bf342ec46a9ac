//===- TargetsCommand.cpp - `tenon targets` -------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/object/Machine.h"
#include "compiler/tools/Commands.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace tenon;
namespace cl = llvm::cl;

#define HERE cl::cat(tools::getCategory()), cl::sub(tools::targetsCommand)

static cl::opt<std::string>
    name(cl::Positional, cl::value_desc("NAME|TRIPLE"),
         cl::desc("Target whose processors and features to list"), HERE);
static cl::opt<bool> json("json", cl::desc("Print JSON"), HERE);

static llvm::json::Object
describe(llvm::StringRef name, const std::string &summary, const Target &row) {
  return llvm::json::Object{{"name", name},
                            {"summary", summary},
                            {"triple", row.triple},
                            {"cpu", row.cpu},
                            {"lanes", row.lanes},
                            {"fma", row.fma},
                            {"pointer_bits", row.indexBits},
                            {"arena_alignment", row.alignment}};
}

/// Names on lines of 80 columns.
static void printNames(llvm::StringRef title,
                       llvm::ArrayRef<llvm::StringRef> names) {
  llvm::outs() << "\n" << title;
  size_t column = 80;
  for (llvm::StringRef name : names) {
    bool isNext = column + 1 + name.size() > 80;
    llvm::outs() << (isNext ? "\n  " : " ") << name;
    column = (isNext ? 2 : column + 1) + name.size();
  }
  llvm::outs() << "\n";
}

/// One target, and the names that --cpu and --features take for it.
static int listNames() {
  const Target *target = tools::findTarget(name);
  if (!target)
    return tools::kUsageError;
  Machine machine = getMachine(*target);
  MachineNames names = getMachineNames(machine.triple);
  if (json) {
    llvm::json::Object object =
        describe(target->name, target->summary, *target);
    object["processors"] = llvm::json::Array(names.processors);
    object["features"] = llvm::json::Array(names.features);
    tools::writeJson(std::move(object));
    return 0;
  }
  llvm::outs() << target->name << ": " << target->summary << "\n"
               << machine.triple << ", " << machine.cpu;
  if (!machine.features.empty())
    llvm::outs() << ", " << machine.features;
  llvm::outs() << "\n";
  printNames("--cpu=NAME", names.processors);
  printNames("--features=+NAME,-NAME", names.features);
  return 0;
}

int tools::runTargets() {
  if (!name.empty())
    return listNames();
  const Target *host = lookupTarget("host");
  llvm::json::Array list;
  for (const Target &target : listTargets()) {
    bool isHost = llvm::StringRef(target.name) == "host";
    std::string summary = target.summary;
    if (isHost && host)
      summary += std::string(": ") + host->name;
    if (!json) {
      std::string line = llvm::formatv("{0,-12} {1,-39} {2}", target.name,
                                       summary, target.triple);
      llvm::outs() << llvm::StringRef(line).rtrim() << "\n";
      continue;
    }
    // What `host` is depends on the machine.
    list.push_back(
        describe(target.name, summary, isHost && host ? *host : target));
  }
  if (json)
    writeJson(std::move(list));
  return 0;
}
