//===- TargetsCommand.cpp - `tenon targets` -------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/tools/Commands.h"

#include "llvm/Support/FormatVariadic.h"

using namespace tenon;
namespace cl = llvm::cl;

static cl::opt<bool> json("json", cl::desc("Print JSON"),
                          cl::cat(tools::getCategory()),
                          cl::sub(tools::targetsCommand));

int tools::runTargets() {
  const Target *host = lookupTarget("host");
  llvm::json::Array list;
  for (const Target &target : listTargets()) {
    bool isHost = llvm::StringRef(target.name) == "host";
    std::string summary = target.summary;
    if (isHost && host)
      summary += std::string(": ") + host->name;
    if (!json) {
      llvm::outs() << llvm::formatv("{0,-12} {1}\n", target.name, summary);
      continue;
    }
    // What `host` is depends on the machine.
    const Target &row = isHost && host ? *host : target;
    list.push_back(llvm::json::Object{{"name", target.name},
                                      {"summary", summary},
                                      {"triple", row.triple},
                                      {"cpu", row.cpu},
                                      {"lanes", row.lanes},
                                      {"fma", row.fma},
                                      {"pointer_bits", row.indexBits},
                                      {"arena_alignment", row.alignment}});
  }
  if (json)
    llvm::outs() << llvm::formatv("{0:2}\n",
                                  llvm::json::Value(std::move(list)));
  return 0;
}
