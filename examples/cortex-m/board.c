/* Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Start-up code, and output by semihosting, without a C library. */
#include "board.h"

extern uint32_t data_in_flash[], data_start[], data_end[], bss_start[],
    bss_end[], stack_top[];
int main(void);
void reset(void);
void fault(void);

/*===-----------------------------------------------------------------------===
 * Semihosting: a breakpoint that the debugger, or the emulator, understands
 *===-----------------------------------------------------------------------===*/

enum { SYS_WRITE0 = 0x04, SYS_EXIT_EXTENDED = 0x20 };

static void call_host(int operation, const void *argument) {
  register int r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void board_print(const char *text) { call_host(SYS_WRITE0, text); }

void board_print_number(uint32_t number) {
  char text[12], *p = text + sizeof text;
  *--p = 0;
  do
    *--p = (char)('0' + number % 10);
  while (number /= 10);
  board_print(p);
}

static void exit_to_host(uint32_t code) {
  const uint32_t reason[2] = {0x20026 /* the program ends */, code};
  call_host(SYS_EXIT_EXTENDED, reason);
  for (;;)
    ;
}

/*===-----------------------------------------------------------------------===
 * Time
 *===-----------------------------------------------------------------------===*/

#define SYST_CSR (*(volatile uint32_t *)0xE000E010)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018)

/* The counter counts down, and has 24 bits. */
uint32_t board_start_count(void) { return SYST_CVR; }

/* With -icount shift=0, an instruction takes a nanosecond. */
uint32_t board_get_count(uint32_t start) {
  uint32_t ticks = (start - SYST_CVR) & 0xFFFFFF;
  return (uint32_t)(ticks * (uint64_t)1000 / (CLOCK_HZ / 1000000));
}

/*===-----------------------------------------------------------------------===
 * Start
 *===-----------------------------------------------------------------------===*/

void fault(void) {
  board_print("fault\n");
  exit_to_host(1);
}

void reset(void) {
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
  /* Let the program use the coprocessors that are the FPU. */
  *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20;
  __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
  for (uint32_t *to = data_start, *from = data_in_flash; to < data_end;)
    *to++ = *from++;
  for (uint32_t *to = bss_start; to < bss_end;)
    *to++ = 0;
  SYST_RVR = 0xFFFFFF;
  SYST_CVR = 0;
  SYST_CSR = 5; /* on, by the clock of the processor */
  exit_to_host((uint32_t)main());
}

__attribute__((section(".vectors"),
               used)) static const void *const vectors[] = {
    stack_top,           (const void *)reset, (const void *)fault,
    (const void *)fault, (const void *)fault, (const void *)fault,
    (const void *)fault};
