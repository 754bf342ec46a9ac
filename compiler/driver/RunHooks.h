//===- RunHooks.h - The hooks of a run in this process ----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_DRIVER_RUNHOOKS_H
#define TENON_COMPILER_DRIVER_RUNHOOKS_H

#include <cstddef>

namespace tenon {

/// A `<model>_context`, as runtime-stubs/helpers.h has it.
struct RunContext {
  using Task = void (*)(void *args, int part, int parts);

  void *user = nullptr;
  void (*parallel)(void *user, Task task, void *args) = nullptr;
  void (*profile)(void *user, int layer, int end) = nullptr;
  const void *weights = nullptr;
  size_t weightsSize = 0;
};

/// What a caller of a model does with its hooks.
class RunHooks {
public:
  /// `threads` share the work of large layers.
  explicit RunHooks(int threads);
  virtual ~RunHooks();

  /// Called before and after each layer of a model compiled with marks.
  virtual void onLayer(int layer, bool ended) {}

  /// The context of a run; valid as long as the hooks are.
  const RunContext *getContext() const { return &context; }
  int getThreads() const { return threads; }

private:
  int threads;
  RunContext context;
};

} // namespace tenon

#endif // TENON_COMPILER_DRIVER_RUNHOOKS_H
