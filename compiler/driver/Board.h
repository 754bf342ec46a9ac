//===- Board.h - Emulated boards for bare-metal code ------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_DRIVER_BOARD_H
#define TENON_COMPILER_DRIVER_BOARD_H

#include "compiler/targets/Targets.h"
#include "llvm/Support/raw_ostream.h"

namespace tenon {

/// A machine of qemu-system-arm, and where its memories are.
struct Board {
  const char *cpu, *machine;
  uint32_t code, codeBytes, ram, ramBytes;
};

/// The board that runs code for the target; null where none does.
const Board *lookupBoard(const Target &target);

/// A linker script.
void writeLinkerScript(llvm::raw_ostream &os, const Board &board);

/// The start of a program, in C and C++: vectors, memory, and `main` with these arguments
/// (there is no command line). Files are the host's, by newlib's semihosting.
void writeStart(llvm::raw_ostream &os, llvm::ArrayRef<std::string> arguments);

} // namespace tenon

#endif // TENON_COMPILER_DRIVER_BOARD_H
