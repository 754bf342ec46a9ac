/* Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* An arena where the memory file puts it; here all sections are in memory. */
#include "layers.h"
#include <stdio.h>

LAYERS_DEFINE_ARENA(arena);

int main(void) {
  float x[LAYERS_X_COUNT], y[LAYERS_Y_COUNT];
  int i;
  for (i = 0; i < LAYERS_X_COUNT; ++i)
    x[i] = (float)i;
  if (layers_run(x, y, arena))
    return 1;
  printf("y %g %g\n", y[0], y[LAYERS_Y_COUNT - 1]);
  printf("bytes %d %d %d\n", LAYERS_DTCM_BYTES, LAYERS_FLASH_BYTES,
         LAYERS_QSPI_BYTES);
  return 0;
}
