/* Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* The little that a program wants of its board. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

/* Text and numbers, on the debugger's console: here that of the emulator. */
void board_print(const char *text);
void board_print_number(uint32_t number);

/* The instructions between two calls, up to half a billion. The emulator counts
   them; on hardware the same counter is one of time. */
uint32_t board_start_count(void);
uint32_t board_get_count(uint32_t start);

#endif
