//===- RunHooks.cpp - The hooks of a run in this process ------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/RunHooks.h"

#include "llvm/Support/Parallel.h"

using namespace tenon;

/// LLVM's threads start with the first parallel layer, so that a process that
/// has not run a model yet may still fork.
static void runParallel(void *user, RunContext::Task task, void *args) {
  int parts = static_cast<RunHooks *>(user)->getThreads();
  llvm::parallelFor(0, parts, [&](size_t part) { task(args, part, parts); });
}

RunHooks::RunHooks(int threads) : threads(threads) {
  context.user = this;
  context.profile = [](void *user, int layer, int end) {
    static_cast<RunHooks *>(user)->onLayer(layer, end != 0);
  };
  if (threads < 2)
    return;
  context.parallel = runParallel;
  llvm::parallel::strategy = llvm::hardware_concurrency(threads);
}

RunHooks::~RunHooks() = default;
