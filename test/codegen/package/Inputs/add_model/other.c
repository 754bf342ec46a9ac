/* Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Fails to compile where the second model's header is not there. */
#include "other.h"
typedef int has_score[OTHER_SCORE_COUNT];
int other_runs(void);
int other_runs(void) { return other_run(0, 0, 0, 0, 0) == OTHER_ERROR_NULL; }
