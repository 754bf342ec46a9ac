/* Start of a program on an emulated Cortex-M board: the vector table, the FPU,
 * and output through semihosting.
 *
 * Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */

extern int main(void);
extern char __bss_start__, __bss_end__, __stack;

static int semihost(int operation, const void *argument) {
  register int r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

void put(const char *text) { semihost(4 /* SYS_WRITE0 */, text); }

static void quit(int status) {
  const int reason[2] = {0x20026 /* application exit */, status};
  semihost(0x20 /* SYS_EXIT_EXTENDED */, reason);
  for (;;)
    ;
}

void fault(void) {
  put("fault\n");
  quit(3);
}

void reset(void) {
#if defined(__ARM_FP)
  *(volatile unsigned *)0xE000ED88 |= 0xFu << 20;
  __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
  for (char *p = &__bss_start__; p != &__bss_end__; ++p)
    *p = 0;
  quit(main());
}

__attribute__((section(".vectors"), used)) static const void *const vectors[16] =
    {&__stack, (void *)reset, (void *)fault, (void *)fault,
     (void *)fault, (void *)fault, (void *)fault};
