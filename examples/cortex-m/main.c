/* Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions. */
/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Two models in one program: is it a face, and which word was said? Each runs
 * on inputs in flash, whose classes are known. */
#include "board.h"
#include "face.h"
#include "kws.h"

/* The models run one after the other, so that one arena does. */
static union {
  _Alignas(FACE_ARENA_ALIGN) unsigned char face[FACE_ARENA_SIZE];
  _Alignas(KWS_ARENA_ALIGN) unsigned char kws[KWS_ARENA_SIZE];
} arena;

/* A file in flash, from NAME to NAME_end. */
#define INCLUDE_FILE(name, path)                                               \
  __asm__(".pushsection .rodata." #name "\n"                                   \
          ".global " #name ", " #name "_end\n" #name ":\n"                     \
          ".incbin \"" path "\"\n" #name "_end:\n"                             \
          ".popsection\n");                                                    \
  extern const unsigned char name[], name##_end[]

INCLUDE_FILE(face_records, FACE_RECORDS);
INCLUDE_FILE(kws_records, KWS_RECORDS);

static const char *const face_classes[] = {"no face", "face"};
static const char *const kws_classes[] = {"down", "go",  "left",    "no",
                                          "off",  "on",  "right",   "stop",
                                          "up",   "yes", "silence", "unknown"};

/* One line; returns whether the class is the expected one. */
static int report(const char *model, const char *class, const char *expected,
                  int status, uint32_t instructions, uint32_t arena_size) {
  board_print(model);
  if (status != 0) {
    board_print(": error ");
    board_print_number((uint32_t)status);
  } else {
    board_print(": ");
    board_print(class);
    board_print(", expected ");
    board_print(expected);
    board_print("; arena ");
    board_print_number(arena_size);
    board_print(" bytes, ");
    board_print_number(instructions);
    board_print(" instructions");
  }
  board_print("\n");
  return status == 0 && class == expected;
}

/* A record is the class, then a byte for each number of the image. */
static int run_face(const unsigned char *record) {
  static float image[FACE_IMAGE_COUNT];
  float score = 0;
  uint32_t start;
  int status;
  for (int i = 0; i < FACE_IMAGE_COUNT; ++i)
    image[i] = (float)record[1 + i] / 255.0f;
  start = board_start_count();
  status = face_run(image, &score, arena.face);
  return report("face", face_classes[score > 0.5f], face_classes[record[0]],
                status, board_get_count(start), FACE_ARENA_SIZE);
}

/* A record is the class, then the spectrogram as the model takes it. */
static int run_kws(const unsigned char *record) {
  int8_t scores[KWS_IDENTITY_COUNT];
  int best = 0;
  uint32_t start = board_start_count();
  int status = kws_run((const int8_t *)record + 1, scores, arena.kws);
  uint32_t instructions = board_get_count(start);
  for (int i = 1; i < KWS_IDENTITY_COUNT; ++i)
    if (scores[i] > scores[best])
      best = i;
  return report("kws", kws_classes[best], kws_classes[record[0]], status,
                instructions, KWS_ARENA_SIZE);
}

int main(void) {
  int wrong = 0;
  /* Thirty faces, then thirty other things. */
  for (int i = 0; i < 60; i += 30)
    wrong += !run_face(face_records + i * (1 + FACE_IMAGE_COUNT));
  for (const unsigned char *record = kws_records; record < kws_records_end;
       record += 1 + KWS_INPUT_1_COUNT)
    wrong += !run_kws(record);
  board_print(wrong ? "FAILED\n" : "all as expected\n");
  return wrong;
}
