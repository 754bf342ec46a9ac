//===- Processes.h - Work in processes of its own ---------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_DRIVER_PROCESSES_H
#define TENON_COMPILER_DRIVER_PROCESSES_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include <string>

namespace tenon {

/// What became of one piece of work.
struct ProcessResult {
  /// What the work returned; empty if it did not return.
  std::string value;
  /// "crashed: Segmentation fault", "took more than 60 s"; empty if it
  /// returned.
  std::string failure;
  /// The end of what it printed.
  std::string output;
  double seconds = 0;
};

/// Calls `work(0)` to `work(count - 1)`, each in a child process, `jobs` of
/// them at a time, and `done` in this process, in order. A child that crashes
/// or takes longer than `timeout` seconds harms nobody else. No threads may
/// run.
void runIsolated(size_t count, unsigned jobs, double timeout,
                 llvm::function_ref<std::string(size_t)> work,
                 llvm::function_ref<void(size_t, const ProcessResult &)> done);

} // namespace tenon

#endif // TENON_COMPILER_DRIVER_PROCESSES_H
