// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Four threads: two run one model, two the other, each with an arena of its own.
#include "other.h"
#include "tiny.h"
#include <atomic>
#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

static std::atomic<int> wrong;

template <typename Run> static void work(Run run, int seed) {
  alignas(TINY_ARENA_ALIGN > OTHER_ARENA_ALIGN ? TINY_ARENA_ALIGN
                                               : OTHER_ARENA_ALIGN)
      unsigned char arena[TINY_ARENA_SIZE > OTHER_ARENA_SIZE
                              ? TINY_ARENA_SIZE
                              : OTHER_ARENA_SIZE];
  for (int i = 0; i < 10000; ++i) {
    float x = float(i % 100 + seed);
    float image[TINY_IMAGE_COUNT] = {x, 0, 0, 0, x, 0};
    int64_t rows[TINY_ROWS_COUNT] = {1, 0};
    float score[TINY_SCORE_COUNT], picked[TINY_PICKED_COUNT];
    const float expected[TINY_SCORE_COUNT] = {x, 0, 3 * x, 4 * x};
    if (run(image, rows, score, picked, arena) != 0 ||
        std::memcmp(score, expected, sizeof score) != 0 || picked[1] != x)
      ++wrong;
  }
}

int main() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([i] {
      i % 2 ? work(tiny_run, i) : work(other_run, i);
    });
  for (std::thread &thread : threads)
    thread.join();
  std::printf("%d of 40000 runs were wrong\n", wrong.load());
}
