/* Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Calls the model of tiny.onnxtxt through its C interface, from C99. */
#include "tiny.h"
#include <stdio.h>
#include <string.h>

/* Room for an arena at a wrong address too. */
static union {
  unsigned char bytes[TINY_ARENA_SIZE + 2 * TINY_ARENA_ALIGN];
  long double align;
} memory;

static void *get_arena(void) {
  unsigned char *p = memory.bytes;
  while ((uintptr_t)p % TINY_ARENA_ALIGN)
    ++p;
  return p;
}

static int is_marked;
static void profile(void *user, int layer, int end) {
  (void)layer;
  (void)end;
  is_marked = user == &is_marked;
}

int main(void) {
  float image[TINY_IMAGE_COUNT] = {1, 2, 3, -1, -2, -3};
  int64_t rows[TINY_ROWS_COUNT] = {1, 0};
  float score[TINY_SCORE_COUNT], picked[TINY_PICKED_COUNT];
  unsigned char *arena = (unsigned char *)get_arena();
  int i, status = tiny_run(image, rows, score, picked, arena);
  printf("status %d: %s\n", status, tiny_error_text(status));
  for (i = 0; i < TINY_SCORE_COUNT; ++i)
    printf("score %g\n", score[i]);
  for (i = 0; i < TINY_PICKED_COUNT; ++i)
    printf("picked %g\n", picked[i]);

  rows[1] = 7;
  status = tiny_run(image, rows, score, picked, arena);
  printf("outside %d: %s\n", status, tiny_error_text(status));
  rows[1] = 0;
  status = tiny_run(image, rows, score, picked, arena + 1);
  printf("misaligned %d: %s\n", status, tiny_error_text(status));
  status = tiny_run((const float *)(const void *)((const char *)image + 1), rows, score, picked, arena);
  printf("misaligned input %d\n", status);
  status = tiny_run(NULL, rows, score, picked, arena);
  printf("null %d: %s\n", status, tiny_error_text(status));
  status = tiny_run(image, rows, score, NULL, arena);
  printf("null output %d\n", status);
  status = tiny_run(image, rows, score, picked, NULL);
  printf("null arena %d\n", status);
  printf("none %s\n", tiny_error_text(99));

  {
    tiny_context context;
    memset(&context, 0, sizeof context);
    context.user = &is_marked;
    context.profile = profile;
    status = tiny_run_ex(image, rows, score, picked, arena, &context);
    printf("with context %d, marked %d\n", status, is_marked);
  }
  {
    const tiny_info *info = tiny_describe();
    printf("%s %s for %s, %d inputs, %d outputs, arena %d %d\n", info->name,
           info->version, info->target, (int)info->input_count,
           (int)info->output_count, (int)info->arena_size == TINY_ARENA_SIZE,
           (int)info->arena_align == TINY_ARENA_ALIGN);
    for (i = 0; i < info->input_count; ++i)
      printf("input %s: type %d, rank %d, [%d], %d elements, %d bytes\n",
             info->inputs[i].name, (int)info->inputs[i].dtype,
             (int)info->inputs[i].rank, (int)info->inputs[i].shape[0],
             (int)info->inputs[i].count, (int)info->inputs[i].bytes);
  }
  return 0;
}
