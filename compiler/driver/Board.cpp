//===- Board.cpp - Emulated boards for bare-metal code --------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Board.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace tenon;

// Code for the M0 runs on the M3's board: the same instructions, more memory.
static const Board kBoards[] = {
    {"cortex-m0", "mps2-an385", 0, 4 << 20, 0x21000000, 16 << 20},
    {"cortex-m4", "mps2-an386", 0, 4 << 20, 0x21000000, 16 << 20},
    {"cortex-m7", "mps2-an500", 0, 4 << 20, 0x60000000, 16 << 20},
    {"cortex-m33", "mps2-an505", 0x10000000, 4 << 20, 0x38000000, 4 << 20},
    {"cortex-m55", "mps3-an547", 0, 512 << 10, 0x21000000, 4 << 20},
};

const Board *tenon::lookupBoard(const Target &target) {
  for (const Board &board : kBoards)
    if (llvm::StringRef(target.cpu) == board.cpu)
      return &board;
  return nullptr;
}

/// QEMU loads every segment where it runs: nothing is copied at the start.
void tenon::writeLinkerScript(llvm::raw_ostream &os, const Board &board) {
  os << "ENTRY(reset)\nMEMORY {\n"
     << llvm::formatv("  CODE (rx) : ORIGIN = {0:x}, LENGTH = {1}\n",
                      board.code, board.codeBytes)
     << llvm::formatv("  RAM (rwx) : ORIGIN = {0:x}, LENGTH = {1}\n", board.ram,
                      board.ramBytes)
     << R"(}
SECTIONS {
  .text : { KEEP(*(.vectors)) *(.text*) *(.rodata*) } > CODE
  .ARM.exidx : { *(.ARM.exidx*) } > CODE
  .data : { *(.data*) } > RAM
  .bss (NOLOAD) : { bss_start = .; *(.bss*) *(COMMON) bss_end = .; } > RAM
  end = .;
  stack_top = ORIGIN(RAM) + LENGTH(RAM);
}
)";
}

static constexpr llvm::StringLiteral kStart = R"(
#include <stdio.h>

int main(int argc, char **argv);
#ifdef __cplusplus
extern "C" {
#endif
extern char bss_start, bss_end, stack_top;
void initialise_monitor_handles(void);
void _exit(int);
void reset(void);
void fault(void);

void fault(void) {
  fputs("error: a fault of the processor\n", stderr);
  _exit(1);
}

void reset(void) {
#ifdef __ARM_FP
  *(volatile unsigned *)0xE000ED88 |= 0xFu << 20;
  __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
  for (char *p = &bss_start; p != &bss_end; ++p)
    *p = 0;
  initialise_monitor_handles();
  _exit(main(sizeof arguments / sizeof arguments[0] - 1, arguments));
}

__attribute__((section(".vectors"), used)) const void *const vectors[16] = {
    &stack_top,    (void *)reset, (void *)fault, (void *)fault,
    (void *)fault, (void *)fault, (void *)fault, (void *)fault};
#ifdef __cplusplus
}
#endif
)";

void tenon::writeStart(llvm::raw_ostream &os,
                       llvm::ArrayRef<std::string> arguments) {
  os << "static char text[][1024] = {\"program\"";
  for (const std::string &argument : arguments) {
    os << ",\n  \"";
    os.write_escaped(argument);
    os << "\"";
  }
  os << "};\nstatic char *arguments[] = {";
  for (size_t i = 0; i <= arguments.size(); ++i)
    os << "text[" << i << "], ";
  os << "0};\n" << kStart;
}
