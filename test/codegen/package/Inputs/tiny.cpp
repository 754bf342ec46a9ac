// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Calls the model of tiny.onnxtxt through its C++ interface.
#include "tiny.hpp"
#include <array>
#include <cstdio>
#include <vector>

static tiny::Arena arena;

int main() {
  const std::vector<float> image = {1, 2, 3, -1, -2, -3};
  int64_t rows[] = {1, 0};
  std::array<float, TINY_SCORE_COUNT> score;
  float picked[TINY_PICKED_COUNT];
  tiny::Status status = tiny::run(image, rows, score, picked, arena);
  std::printf("%s: %g %g\n", tiny::getText(status), score[0], picked[0]);
  std::vector<float> tooSmall(3);
  status = tiny::run(tooSmall, rows, score, picked, arena);
  std::printf("%s, %s\n", tiny::getText(status), tiny::describe().name);
}
