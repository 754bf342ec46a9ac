//===- Progress.h - What a long compile is doing ----------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_DRIVER_PROGRESS_H
#define TENON_COMPILER_DRIVER_PROGRESS_H

#include "llvm/ADT/StringRef.h"
#include <memory>

namespace tenon {

/// While it lives, a line on the terminal says which stage runs and since when,
/// once two seconds have passed; nothing where standard error is no terminal.
class Progress {
public:
  explicit Progress(bool isWanted);
  ~Progress();

  /// Of the one that lives, if any.
  static void setStage(llvm::StringRef stage);

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace tenon

#endif // TENON_COMPILER_DRIVER_PROGRESS_H
