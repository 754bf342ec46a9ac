/* Runs a compiled model on the inputs of `data.S` and prints every output as
 * hexadecimal digits. `model.inc` says what there is to call.
 *
 * Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef BARE
void put(const char *text);
#else
#include <stdio.h>
static void put(const char *text) { fputs(text, stdout); }
#endif

/* The sanitizer watches what surrounds the memory of a run. */
#ifdef SANITIZE
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, size) ((void)(p))
#define ASAN_UNPOISON_MEMORY_REGION(p, size) ((void)(p))
#endif

enum { GUARD = 64, PATTERN = 0xff }; /* a NaN in every float type */

struct output {
  const char *name;
  unsigned char *memory; /* GUARD bytes, the tensor, GUARD bytes */
  size_t bytes;
};

extern const unsigned char data[];

#include "model.inc"

static unsigned char arena[ARENA_SIZE + ARENA_ALIGN + 2 * GUARD] __attribute__((aligned(64)));

static void put_hex(const unsigned char *p, size_t bytes) {
  char text[129];
  size_t length = 0;
  for (size_t i = 0; i < bytes; ++i) {
    text[length++] = "0123456789abcdef"[p[i] >> 4];
    text[length++] = "0123456789abcdef"[p[i] & 15];
    if (length == sizeof text - 1 || i + 1 == bytes) {
      text[length] = 0;
      put(text);
      length = 0;
    }
  }
}

/* GUARD bytes on both sides of memory that a model may write. */
static void set_guards(unsigned char *memory, size_t bytes) {
  memset(memory, PATTERN, bytes + 2 * GUARD);
  ASAN_POISON_MEMORY_REGION(memory, GUARD);
  ASAN_POISON_MEMORY_REGION(memory + GUARD + bytes, GUARD);
}

static int has_guards(unsigned char *memory, size_t bytes) {
  ASAN_UNPOISON_MEMORY_REGION(memory, bytes + 2 * GUARD);
  for (size_t i = 0; i < GUARD; ++i)
    if (memory[i] != PATTERN || memory[GUARD + bytes + i] != PATTERN)
      return 0;
  return 1;
}

/* The parts of a layer in an order that no loop has. */
static void run_parts(void *user, void (*task)(void *args, int part, int parts), void *args) {
  int parts = *(const int *)user;
  for (int part = parts - 1; part >= 0; --part)
    task(args, part, parts);
}

/* Runs on one set of inputs; every byte around the memory given to the model
 * stays as it is. */
static const char *run_set(const unsigned char *inputs, const model_context *context) {
  set_guards(arena, ARENA_SIZE);
  for (size_t i = 0; i < OUTPUTS; ++i)
    set_guards(outputs[i].memory, outputs[i].bytes);
  int status = run(inputs, arena + GUARD, context);
  int intact = has_guards(arena, ARENA_SIZE);
  for (size_t i = 0; i < OUTPUTS; ++i)
    intact &= has_guards(outputs[i].memory, outputs[i].bytes);
  return status ? "error code returned\n" : intact ? NULL : "wrote outside\n";
}

/* FNV-1a of all outputs. */
static uint64_t hash_outputs(void) {
  uint64_t hash = 0xcbf29ce484222325ull;
  for (size_t i = 0; i < OUTPUTS; ++i)
    for (size_t k = 0; k < outputs[i].bytes; ++k)
      hash = (hash ^ outputs[i].memory[GUARD + k]) * 0x100000001b3ull;
  return hash;
}

int main(void) {
  int parts = 3;
  model_context in_parts = {.user = &parts, .parallel = run_parts};
  for (size_t set = 0; set < SETS; ++set) {
    const char *problem = run_set(data + set * SET_BYTES, &in_parts);
    if (problem)
      put(problem);
    uint64_t expected = hash_outputs();
    problem = run_set(data + set * SET_BYTES, NULL);
    if (problem)
      put(problem);
    if (hash_outputs() != expected)
      put("differs in parts\n");
    const char number[] = {'/', (char)('0' + set), ' ', 0};
    for (size_t i = 0; i < OUTPUTS; ++i) {
      put(outputs[i].name);
      put(number);
      put_hex(outputs[i].memory + GUARD, outputs[i].bytes);
      put("\n");
    }
  }
  if (run(data, NULL, NULL) == 0)
    put("takes no arena\n");
  if (ARENA_ALIGN > 1 && run(data, arena + GUARD + 1, NULL) == 0)
    put("takes a misaligned arena\n");
  put("done\n");
  return 0;
}
