// Classifies the held-out images with the compiled model and prints the
// accuracy.
//   face_demo test_images.bin
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "face.h"

#include <cstdio>
#include <fstream>
#include <vector>

// All memory that the model needs: no heap.
alignas(FACE_ARENA_ALIGN) static unsigned char arena[FACE_ARENA_SIZE];

int main(int argc, char **argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s test_images.bin\n", argv[0]);
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "error: cannot open %s\n", argv[1]);
    return 1;
  }

  // A record is a label (1: a face), then the bytes of one image[32][32][3].
  std::vector<unsigned char> record(1 + FACE_IMAGE_COUNT);
  std::vector<float> image(FACE_IMAGE_COUNT);
  int images = 0, correct = 0;
  while (file.read(reinterpret_cast<char *>(record.data()), record.size())) {
    for (int i = 0; i < FACE_IMAGE_COUNT; ++i)
      image[i] = record[1 + i] / 255.0f;

    float score[FACE_OUTPUT_0_COUNT];
    if (int error = face_run(image.data(), score, arena)) {
      std::fprintf(stderr, "error: %s\n", face_error_text(error));
      return 1;
    }
    correct += (score[0] > 0.5f) == (record[0] == 1);
    ++images;
  }
  if (!images) {
    std::fprintf(stderr, "error: %s holds no image\n", argv[1]);
    return 1;
  }
  std::printf("Tenon:        %d of %d images right, accuracy %.2f %%\n",
              correct, images, 100.0 * correct / images);
  return 0;
}
