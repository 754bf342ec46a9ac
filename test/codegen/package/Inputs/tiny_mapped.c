/* Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Runs the model of tiny.onnxtxt, whose weights are in a file, from C99. */
#include "tiny.h"
#include "tiny_weights.h"
#include <stdio.h>
#include <string.h>

static union {
  unsigned char bytes[TINY_ARENA_SIZE + TINY_ARENA_ALIGN];
  long double align;
} memory;
static union {
  unsigned char bytes[TINY_WEIGHTS_SIZE + TINY_WEIGHTS_ALIGN];
  long double align;
} copy;

static unsigned char *align(unsigned char *p, uintptr_t alignment) {
  while ((uintptr_t)p % alignment)
    ++p;
  return p;
}

static float score[TINY_SCORE_COUNT], picked[TINY_PICKED_COUNT];

static int run(const tiny_context *context) {
  static const float image[TINY_IMAGE_COUNT] = {1, 2, 3, -1, -2, -3};
  static const int64_t rows[TINY_ROWS_COUNT] = {1, 0};
  return tiny_run_ex(image, rows, score, picked, align(memory.bytes, TINY_ARENA_ALIGN), context);
}

int main(int argc, char **argv) {
  tiny_context context;
  unsigned char *weights = align(copy.bytes, TINY_WEIGHTS_ALIGN);
  int i;
  memset(&context, 0, sizeof context);
  if (argc < 2 || tiny_open_weights(&context, argv[1])) {
    printf("cannot open the weights\n");
    return 1;
  }
  printf("mapped %d\n", run(&context));
  for (i = 0; i < TINY_SCORE_COUNT; ++i)
    printf("score %g\n", score[i]);
  printf("size %d, described %d\n", context.weights_size == TINY_WEIGHTS_SIZE,
         tiny_describe()->weights_size == TINY_WEIGHTS_SIZE);
  memcpy(weights, context.weights, TINY_WEIGHTS_SIZE);
  tiny_close_weights(&context);
  printf("closed %d\n", run(&context));
  printf("no context %d\n", run(NULL));

  context.weights = weights;
  context.weights_size = TINY_WEIGHTS_SIZE;
  printf("copied %d\n", run(&context));
  context.weights_size = TINY_WEIGHTS_SIZE - 1;
  printf("too small %d: %s\n", run(&context), tiny_error_text(TINY_ERROR_WEIGHTS));
  context.weights_size = TINY_WEIGHTS_SIZE + 100;
  context.weights = weights + 1;
  printf("misaligned %d\n", run(&context));
  context.weights = weights;
  printf("in a larger region %d\n", run(&context));
  weights[47] ^= 1;
  printf("of another model %d\n", run(&context));
  return 0;
}
