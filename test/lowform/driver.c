/* Calls every test function on the same inputs and prints a hash of what each
 * writes. A generated `table.inc` lists the functions.
 *
 * Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */

#include <stddef.h>
#include <stdint.h>

#ifdef BARE
void put(const char *text);
#else
#include <stdio.h>
static void put(const char *text) { fputs(text, stdout); }
#endif

enum { I8, I16, I32, I64, F32, F64 };
static const unsigned char sizes[] = {1, 2, 4, 8, 4, 8};

/* Bit patterns where things go wrong: the first 16 elements of the first input
 * in all pairs with those of the second. */
static const uint64_t edges[][16] = {
    [I8] = {0, 1, 0xff, 0x7f, 0x80, 2, 0xfe, 3, 7, 8, 0x40, 0xc0, 0x81, 0x55, 0xaa, 0x0f},
    [I16] = {0, 1, 0xffff, 0x7fff, 0x8000, 2, 0xfffe, 3, 15, 16, 0x4000, 0xc000, 0x8001, 0x5555, 0x00ff, 0xff00},
    [I32] = {0, 1, 0xffffffff, 0x7fffffff, 0x80000000, 2, 0xfffffffe, 3, 31, 32, 0x00ffffff, 0x01000001, 0x80000001,
             0x55555555, 0xffff, 0xffff0000},
    [I64] = {0, 1, ~0ull, ~0ull >> 1, 1ull << 63, 2, ~1ull, 3, 63, 64, 0x7fffffff, 0xffffffff, 0x100000000, 0x20000000000001,
             0xfffffffffffffbff, 0xaaaaaaaaaaaaaaaa},
    [F32] = {0, 0x80000000, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000, 0x7fc00000, 0x00000001, 0x807fffff, 0x00800000,
             0x7f7fffff, 0x3f000000, 0x4f000000, 0xcf000000, 0x4b7fffff, 0x42ff0001},
    [F64] = {0, 1ull << 63, 0x3ff0000000000000, 0xbff0000000000000, 0x7ff0000000000000, 0xfff0000000000000, 0x7ff8000000000000, 1,
             0x800fffffffffffff, 0x0010000000000000, 0x7fefffffffffffff, 0x3fe0000000000000, 0x41e0000000000000,
             0xc3e0000000000000, 0x47efffffefffffff, 0x36a0000000000001},
};

static uint64_t state;
static uint64_t next(void) {
  state = state * 6364136223846793005ull + 1442695040888963407ull;
  return state ^ (state >> 29);
}

/* Random floats of moderate size and, one in four, of any bits. */
static uint64_t random_bits(int type) {
  uint64_t bits = next();
  if (type == F32 && bits % 4)
    return (bits >> 8 & 0x807fffff) | (0x78 + (bits >> 40) % 16) << 23;
  if (type == F64 && bits % 4)
    return (bits & 0x800fffffffffffff) | (0x3f8 + (next() >> 40) % 16) << 52;
  return bits >> 3;
}

static void store(unsigned char *p, uint64_t bits, int size) {
  for (int i = 0; i < size; ++i)
    p[i] = (unsigned char)(bits >> (8 * i));
}

static uint64_t load(const unsigned char *p, int size) {
  uint64_t bits = 0;
  for (int i = 0; i < size; ++i)
    bits |= (uint64_t)p[i] << (8 * i);
  return bits;
}

static void fill_input(unsigned char *p, int type, size_t count, int which) {
  state = 17 + (uint64_t)which;
  for (size_t i = 0; i < count; ++i) {
    uint64_t bits = i < 256 ? edges[type][(which % 2 ? i / 16 : i) % 16] : random_bits(type);
    store(p + i * sizes[type], bits, sizes[type]);
  }
}

/* FNV-1a; every NaN counts as the same one. */
static uint64_t hash(uint64_t h, const unsigned char *p, int type, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    uint64_t bits = load(p + i * sizes[type], sizes[type]);
    if (type == F32 && (bits & 0x7fffffff) > 0x7f800000)
      bits = 0x7fc00000;
    if (type == F64 && (bits & ~0ull >> 1) > 0x7ff0000000000000)
      bits = 0x7ff8000000000000;
    for (int k = 0; k < sizes[type]; ++k)
      h = (h ^ (bits >> (8 * k) & 0xff)) * 0x100000001b3ull;
  }
  return h;
}

static void put_hex(uint64_t value, int digits) {
  char text[20];
  for (int i = 0; i < digits; ++i)
    text[i] = "0123456789abcdef"[value >> (4 * (digits - 1 - i)) & 15];
  text[digits] = 0;
  put(text);
}

enum { MAX_ARGS = 6, MAX_BYTES = 1024 * 8 };
static unsigned char buffers[MAX_ARGS][MAX_BYTES + 64] __attribute__((aligned(64)));

struct arg {
  int type, is_output;
  size_t count;
};

/* What surrounds an output: nothing may write there. */
static int is_intact(const unsigned char *p, size_t size) {
  for (size_t i = size; i < size + 64 && i < MAX_BYTES + 64; ++i)
    if (p[i] != 0xa5)
      return 0;
  return 1;
}

static void prepare(const struct arg *args, int count) {
  for (int k = 0; k < count; ++k) {
    size_t size = args[k].count * sizes[args[k].type];
    for (size_t i = 0; i < MAX_BYTES + 64; ++i)
      buffers[k][i] = i < size ? 0 : 0xa5;
    if (!args[k].is_output)
      fill_input(buffers[k], args[k].type, args[k].count, k);
  }
}

static void report(const char *name, const struct arg *args, int count, int status) {
  uint64_t h = 0xcbf29ce484222325ull ^ (uint64_t)(unsigned)status;
  int intact = 1;
  for (int k = 0; k < count; ++k) {
    h = hash(h, buffers[k], args[k].type, args[k].count);
    intact &= is_intact(buffers[k], args[k].count * sizes[args[k].type]);
  }
  put(name);
  put(" ");
  put_hex(h, 16);
  put(intact ? "\n" : " WROTE OUTSIDE\n");
#ifdef DUMP
  for (int k = 0; k < count; ++k)
    for (size_t i = 0; i < args[k].count; ++i) {
      put(i % 8 ? " " : "\n  ");
      put_hex(load(buffers[k] + i * sizes[args[k].type], sizes[args[k].type]), 2 * sizes[args[k].type]);
    }
  put("\n");
#endif
}

/* The caller's hooks, for tests that take a context. */
struct context {
  void *user;
  void (*parallel)(void *user, void (*task)(void *args, int part, int parts), void *args);
  void (*profile)(void *user, int layer, int end);
  const void *weights;
  size_t weights_size;
};
static int marks;
static void count_mark(void *user, int layer, int end) { marks = marks * 31 + layer * 2 + end + (user == &marks); }
/* Backwards: the order of the parts does not matter. */
static void split(void *user, void (*task)(void *args, int part, int parts), void *args) {
  (void)user;
  for (int part = 2; part >= 0; --part)
    task(args, part, 3);
}
static const unsigned char mapped[64] = {1, 2, 3, 4, 5, 6, 7, 8};
static const struct context hooks = {&marks, split, count_mark, mapped, sizeof mapped};
static const struct context no_hooks = {0, 0, 0, mapped, sizeof mapped};

#include "table.inc"

int main(void) {
  run_all();
  put("done\n");
  return 0;
}
