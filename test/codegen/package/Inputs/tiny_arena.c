/* Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Runs the model of tiny.onnxtxt, whose inputs and outputs are in the arena, from C99. */
#include "tiny.h"
#include <stdio.h>
#include <string.h>

static union {
  unsigned char bytes[TINY_ARENA_SIZE + TINY_ARENA_ALIGN];
  long double align;
} memory;

int main(void) {
  static const float image[TINY_IMAGE_COUNT] = {1, 2, 3, -1, -2, -3};
  static const int64_t rows[TINY_ROWS_COUNT] = {1, 0};
  unsigned char *arena = memory.bytes;
  const tiny_info *info = tiny_describe();
  int i, k, status;
  while ((uintptr_t)arena % TINY_ARENA_ALIGN)
    ++arena;
  for (k = 0; k < 2; ++k) { /* inputs are written before each run */
    float score[TINY_SCORE_COUNT], picked[TINY_PICKED_COUNT];
    memcpy(arena + TINY_IMAGE_OFFSET, image, sizeof image);
    memcpy(arena + TINY_ROWS_OFFSET, rows, sizeof rows);
    status = tiny_run(arena);
    memcpy(score, arena + TINY_SCORE_OFFSET, sizeof score);
    memcpy(picked, arena + TINY_PICKED_OFFSET, sizeof picked);
    printf("status %d score %g %g %g %g picked", status, score[0], score[1], score[2], score[3]);
    for (i = 0; i < TINY_PICKED_COUNT; ++i)
      printf(" %g", picked[i]);
    printf("\n");
  }
  printf("null %d, misaligned %d\n", tiny_run(NULL), tiny_run(arena + 1));
  printf("described %d %d\n", info->inputs[1].offset == TINY_ROWS_OFFSET,
         info->outputs[1].offset == TINY_PICKED_OFFSET);
  return 0;
}
