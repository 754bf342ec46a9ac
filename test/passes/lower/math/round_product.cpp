// Compares nn.round_product, as emitted, with the float arithmetic that it
// stands for. round_product.py compiles it.
//
//   round_product STRIDE   every STRIDE-th input up to 2^24 in magnitude,
//                          all that are near a tie, and edges
//   round_product all      all 2^32 inputs, clamped as expand-quantization
//                          does, by a few factors
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

extern "C" int32_t rounded(int32_t a, int32_t factor);

static const int32_t kMost = 1 << 24;
static uint64_t checked = 0, wrong = 0;

static float getFactor(uint32_t word) {
  return std::ldexp(float(word >> 8), -24 - int(word & 31));
}

/// To nearest even at each step, which is how this program is compiled.
static float product(int32_t a, float factor) { return float(a) * factor; }

static void report(int32_t a, uint32_t word, int64_t got, float want) {
  if (++wrong <= 10)
    printf("%d by %08x: %lld, not %g\n", a, word, (long long)got, want);
}

static void check(int32_t a, uint32_t word) {
  float want = std::rint(product(a, getFactor(word)));
  int32_t got = rounded(a, int32_t(word));
  ++checked;
  if (float(got) != want)
    report(a, word, got, want);
}

/// Beyond 2^24, only that it is at least what 2^24 gives, less one.
static void checkBeyond(int32_t a, uint32_t word) {
  float least = std::rint(product(kMost, getFactor(word))) - 1;
  int32_t got = rounded(a, int32_t(word));
  ++checked;
  if (a > 0 ? got < least : got > -least)
    report(a, word, got, a > 0 ? least : -least);
}

static void checkWord(uint32_t word, int64_t stride, std::mt19937 &random) {
  for (int64_t a = -kMost + int64_t(random() % stride); a <= kMost; a += stride)
    check(int32_t(a), word);
  for (int32_t base = 1; base <= kMost; base *= 2)
    for (int32_t a = base - 2; a <= std::min(base + 2, kMost); ++a) {
      check(a, word);
      check(-a, word);
    }
  // The two inputs on either side of a tie, and their neighbours.
  double factor = getFactor(word);
  for (int32_t n = 0; factor > 0 && n < 1 << 17;
       n = n < 512 ? n + 1 : n + n / 8) {
    double at = std::floor((n + 0.5) / factor);
    for (double a = at - 1; a <= at + 2 && a <= kMost; ++a)
      if (a >= 0) {
        check(int32_t(a), word);
        check(-int32_t(a), word);
      }
  }
  for (int64_t a = kMost; a < int64_t(1) << 29; a += a / 64 + random() % 4096) {
    checkBeyond(int32_t(a), word);
    checkBeyond(-int32_t(a), word);
  }
}

static std::vector<uint32_t> getMantissas(std::mt19937 &random, int count) {
  std::vector<uint32_t> mantissas = {0x800000, 0x800001, 0x800002, 0xFFFFFF,
                                     0xFFFFFE, 0xC00000, 0xAAAAAA, 0xD55555,
                                     0x800FFF, 0x801000, 0xFFF000, 0x8007FF};
  for (int i = 0; i < count; ++i)
    mantissas.push_back(0x800000 | (random() & 0x7FFFFF));
  return mantissas;
}

static void checkAll(uint32_t word) {
  float factor = getFactor(word);
  uint64_t before = wrong;
  for (int64_t a = INT32_MIN; a <= INT32_MAX; ++a) {
    int32_t n = rounded(std::clamp(int32_t(a), -kMost, kMost), int32_t(word));
    int32_t got = std::clamp(n, -128, 127);
    float want =
        std::clamp(std::rint(product(int32_t(a), factor)), -128.0f, 127.0f);
    ++checked;
    if (float(got) != want)
      report(int32_t(a), word, got, want);
  }
  printf("factor %a: %s\n", factor, wrong == before ? "equal" : "DIFFERENT");
}

int main(int, char **arguments) {
  std::mt19937 random(1);
  if (!strcmp(arguments[1], "all")) {
    for (uint32_t word :
         {0x800000u << 8 | 3, 0xFFFFFFu << 8 | 6, 0x83126Fu << 8 | 8,
          0xAAAAAAu << 8 | 11, 0xFFFFFFu << 8 | 13})
      checkAll(word);
  } else {
    int64_t stride = atoll(arguments[1]);
    for (uint32_t shift = 3; shift < 32; ++shift)
      for (uint32_t mantissa : getMantissas(random, 20))
        checkWord(mantissa << 8 | shift, stride, random);
    checkWord(3, stride, random);
  }
  printf("%llu products, %llu wrong\n", (unsigned long long)checked,
         (unsigned long long)wrong);
  return wrong != 0;
}
