//===- Destination.h - What a compile writes, and where ---------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_TOOLS_DESTINATION_H
#define TENON_COMPILER_TOOLS_DESTINATION_H

#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace tenon::tools {

enum class Emit { Cpp, C, Obj, Lib, Shared, Exe, Llvm, Mlir };

inline bool isSource(Emit emit) { return emit <= Emit::C; }

/// As `--emit` says it: "cpp".
llvm::StringRef getName(Emit emit);

/// What is written to `path`, which is -o's and may be empty: what was asked
/// for, else what the ending says, else C++. 0, or the exit code after an error
/// was printed: an ending that contradicts, or that is of no file of ours.
int chooseEmit(llvm::StringRef path, std::optional<Emit> asked, Emit &emit);

/// A folder for a package, or one file: its name there; "-" is stdout.
struct Destination {
  std::string folder, file;

  bool isSingle() const { return !file.empty(); }
  bool isStdout() const { return file == "-"; }
  /// Of the file or the folder.
  std::string getPath() const;
};

/// Where -o says, for a model of this name.
Destination getDestination(llvm::StringRef path, Emit emit,
                           llvm::StringRef model);

} // namespace tenon::tools

#endif // TENON_COMPILER_TOOLS_DESTINATION_H
