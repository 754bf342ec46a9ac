// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two threads run the model `face`, two `other`, each with an arena of its own. What one thread alone computes is expected.
#include "face.h"
#include "other.h"
#include <atomic>
#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

static_assert(FACE_ARENA_SIZE > 0 && OTHER_ARENA_SIZE > 0, "a model without an arena shows nothing");
using Function = int (*)(const float *, float *, void *);
enum { kImages = 8, kRuns = 40 };

static std::vector<float> images(kImages *FACE_IMAGE_COUNT);

static float classify(Function run, int image) {
  static thread_local std::vector<unsigned char> memory(FACE_ARENA_SIZE + OTHER_ARENA_SIZE + 64);
  unsigned char *arena = memory.data();
  while ((uintptr_t)arena % 64)
    ++arena;
  float score = -1;
  return run(&images[image * FACE_IMAGE_COUNT], &score, arena) == 0 ? score : -2;
}

int main() {
  unsigned state = 1;
  for (float &pixel : images)
    pixel = float((state = state * 1664525u + 1013904223u) >> 8) / float(1 << 26);
  const Function functions[] = {face_run, other_run};
  float expected[2][kImages];
  for (int model = 0; model < 2; ++model)
    for (int image = 0; image < kImages; ++image)
      expected[model][image] = classify(functions[model], image);

  std::atomic<int> wrong(0);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRuns; ++i) {
        int image = (i + t) % kImages;
        float score = classify(functions[t % 2], image);
        if (std::memcmp(&score, &expected[t % 2][image], sizeof score) != 0)
          ++wrong;
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  bool differ = expected[0][0] != expected[0][1] && expected[0][0] > 0;
  std::printf("%d of %d runs were wrong, scores %s\n", wrong.load(), 4 * kRuns, differ ? "differ" : "are all the same");
}
