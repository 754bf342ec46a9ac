// Measures the error of one-argument and two-argument float functions in ulp of
// the result, against double libm. measure.py writes functions.inc, one line a
// function: UNARY(name, reference, low, high, step) or BINARY(name, reference),
// or the same of doubles against long double libm, UNARY64(name, reference) or
// BINARY64(name, reference).
//
//   accuracy STRIDE      every STRIDE-th float of the domain, of both signs,
//   and special values; 1: exhaustive
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>

typedef float f32x4 __attribute__((vector_size(16)));

static float asFloat(uint32_t bits) {
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

static uint32_t asBits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  return bits;
}

/// The distance of `value` from `reference`, in units of the last place that a
/// float of the reference's size has.
static double ulpError(float value, double reference) {
  if (std::isnan(reference) || std::isnan(value))
    return std::isnan(reference) && std::isnan(value) ? 0 : INFINITY;
  float nearest = (float)reference;
  if (std::isinf(nearest) || std::isinf(value)) {
    if (value == nearest)
      return 0;
    // One is the largest float, the other infinite: the step between them.
    if (std::isinf(value) && value * reference > 0 &&
        std::fabs(reference) > 0x1.fffffcp127)
      return (0x1p128 - std::fabs(reference)) / 0x1p104;
    return INFINITY;
  }
  int exponent;
  std::frexp(reference, &exponent);
  double ulp = std::ldexp(1.0, exponent - 24 < -149 ? -149 : exponent - 24);
  return std::fabs(value - reference) / ulp;
}

struct Worst {
  double error = 0;
  float at[2] = {0, 0};
  float value = 0;
  double reference = 0;
  long count = 0, scalarDiffers = 0;
  /// Of all results, whatever NaN they are: two compilers must agree.
  uint64_t hash = 0;

  void add(float x, float y, float result, float scalar, double expected) {
    double now = ulpError(result, expected);
    if (now > error) {
      error = now;
      at[0] = x, at[1] = y;
      value = result, reference = expected;
    }
    scalarDiffers += asBits(result) != asBits(scalar) &&
                     !(std::isnan(result) && std::isnan(scalar));
    ++count;
    hash = (hash ^ (std::isnan(result) ? 0x7fc00000u : asBits(result))) *
           0x100000001b3u;
  }

  void print(const char *name) {
    printf("{\"name\": \"%s\", \"ulp\": %.4f, \"x\": \"%a\", \"y\": \"%a\", "
           "\"value\": \"%.9g\", \"expected\": \"%.17g\", \"samples\": %ld, "
           "\"scalar_differs\": %ld, \"hash\": \"%016llx\"}\n",
           name, std::isinf(error) ? 1e30 : error, at[0], at[1], value,
           reference, count, scalarDiffers, (unsigned long long)hash);
    fflush(stdout);
  }
};

static const float kSpecial[] = {0.0f,
                                 1.0f,
                                 0.5f,
                                 2.0f,
                                 3.0f,
                                 1.5f,
                                 2.5f,
                                 0x1p-149f,
                                 0x1p-126f,
                                 0x1.fffffep-127f,
                                 0x1.fffffep127f,
                                 0x1p-24f,
                                 0x1p-25f,
                                 0x1p-12f,
                                 0x1.fffffep-1f,
                                 0x1.000002p0f,
                                 0x1p23f,
                                 0x1p22f,
                                 8388607.5f,
                                 4194303.5f,
                                 16777215.0f,
                                 1e-30f,
                                 1e30f,
                                 INFINITY,
                                 NAN};

template <typename Vector, typename Scalar, typename Reference>
static void unary(const char *name, Vector vector, Scalar scalar,
                  Reference reference, float low, float high, uint32_t stride,
                  uint32_t step) {
  Worst worst;
  auto inside = [&](float x) { return !(x < low) && !(x > high); };
  f32x4 batch;
  int filled = 0;
  auto flush = [&] {
    f32x4 result = vector(batch);
    for (int i = 0; i < filled; ++i)
      worst.add(batch[i], 0, result[i], scalar(batch[i]), reference(batch[i]));
    filled = 0;
  };
  auto visit = [&](float x) {
    if (!inside(x))
      return;
    batch[filled++] = x;
    if (filled == 4)
      flush();
  };
  for (float x : kSpecial)
    visit(x), visit(-x);
  visit(low), visit(high);
  for (uint64_t bits = 0; bits <= 0x7f800000u; bits += stride)
    visit(asFloat(bits)), visit(asFloat(bits | 0x80000000u));
  // And numbers of few bits, which are halfway between those of fewer.
  for (uint64_t bits = 0; bits <= 0x7f800000u; bits += step)
    visit(asFloat(bits)), visit(asFloat(bits | 0x80000000u));
  flush();
  worst.print(name);
}

static uint64_t state = 0x9e3779b97f4a7c15u;
static uint32_t random32() {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return state >> 32;
}

template <typename Vector, typename Scalar, typename Reference>
static void binary(const char *name, Vector vector, Scalar scalar,
                   Reference reference, uint32_t stride) {
  Worst worst;
  auto visit = [&](float x, float y) {
    f32x4 result = vector(f32x4{x, x, x, x}, f32x4{y, y, y, y});
    worst.add(x, y, result[0], scalar(x, y), reference(x, y));
  };
  for (float x : kSpecial)
    for (float y : kSpecial)
      visit(x, y), visit(-x, y), visit(x, -y), visit(-x, -y);
  uint64_t samples = (uint64_t(1) << 33) / stride;
  for (uint64_t i = 0; i < samples; ++i) {
    float x = asFloat(random32() & 0x7fffffffu);
    float y;
    switch (i % 8) {
    case 0: // any two floats
      y = asFloat(random32());
      break;
    case 1: // near one, where the logarithm cancels
      x = 1.0f + (int32_t)random32() * 0x1p-34f;
      y = (int32_t)random32() * 0x1p-20f;
      break;
    case 2: // small integers
      y = (int32_t)(random32() % 64) - 32;
      x = (int32_t)random32() * 0x1p-26f;
      break;
    default: // any base, and an exponent that keeps the result in range
      y = (float)((int32_t)random32() * 0x1p-31 * 150 /
                  std::log2(std::fabs((double)x)));
    }
    visit(x, y);
  }
  worst.print(name);
}

/// The nearest number of eight bits, by the compiler's integer rounding.
[[maybe_unused]] static double bfloat16(float x) {
  if (std::isnan(x) || std::isinf(x))
    return x;
  int exponent;
  std::frexp(x, &exponent);
  double unit = std::ldexp(1.0, exponent - 8 < -133 ? -133 : exponent - 8);
  double rounded = std::nearbyint(x / unit) * unit;
  return std::fabs(rounded) >= 0x1p128 ? std::copysign(INFINITY, x) : rounded;
}

//===----------------------------------------------------------------------===//
// Doubles
//===----------------------------------------------------------------------===//

static double asDouble(uint64_t bits) {
  double value;
  memcpy(&value, &bits, 8);
  return value;
}

static double ulpError64(double value, long double reference) {
  double nearest = (double)reference;
  if (std::isnan(value) || std::isnan(nearest))
    return std::isnan(value) && std::isnan(nearest) ? 0 : INFINITY;
  if (std::isinf(nearest) || std::isinf(value))
    return value == nearest ? 0 : INFINITY;
  int exponent = nearest == 0 ? -1022 : std::max(std::ilogb(nearest), -1022);
  return (double)(fabsl(value - reference) / ldexpl(1, exponent - 52));
}

struct Worst64 {
  double error = 0, at[2] = {0, 0}, value = 0;
  long double reference = 0;
  long count = 0;
  uint64_t hash = 0;

  void add(double x, double y, double result, long double expected) {
    double now = ulpError64(result, expected);
    if (now > error) {
      error = now;
      at[0] = x, at[1] = y;
      value = result, reference = expected;
    }
    ++count;
    uint64_t bits = 0x7ff8000000000000u;
    if (!std::isnan(result))
      memcpy(&bits, &result, 8);
    hash = (hash ^ bits) * 0x100000001b3u;
  }

  void print(const char *name) {
    printf("{\"name\": \"%s\", \"ulp\": %.4f, \"x\": \"%a\", \"y\": \"%a\", "
           "\"value\": \"%.17g\", \"expected\": \"%.21Lg\", \"samples\": %ld, "
           "\"scalar_differs\": 0, \"hash\": \"%016llx\"}\n",
           name, std::isinf(error) ? 1e30 : error, at[0], at[1], value,
           reference, count, (unsigned long long)hash);
    fflush(stdout);
  }
};

static const double kSpecial64[] = {0.0,
                                    1.0,
                                    0.5,
                                    2.0,
                                    3.0,
                                    1.5,
                                    2.5,
                                    710,
                                    746,
                                    1e-30,
                                    1e30,
                                    0x1p-1074,
                                    0x1p-53,
                                    1024,
                                    0x1p-54,
                                    0x1p-1022,
                                    0x1p52,
                                    0x1.fffffffffffffp1023,
                                    0x1p53,
                                    1023,
                                    0x1p51,
                                    4503599627370495.5,
                                    0.49999999999999994,
                                    0x1.fffffffffffffp-1,
                                    INFINITY,
                                    NAN};

template <typename Scalar, typename Reference>
static void unary64(const char *name, Scalar scalar, Reference reference,
                    uint64_t stride) {
  Worst64 worst;
  auto visit = [&](double x) { worst.add(x, 0, scalar(x), reference(x)); };
  for (double x : kSpecial64)
    visit(x), visit(-x);
  uint64_t samples = (uint64_t(1) << 32) / stride;
  for (uint64_t i = 0; i < samples; ++i) {
    uint64_t bits = uint64_t(random32()) << 32 | random32();
    visit(asDouble(bits));
    // Most doubles are as good as zero or infinity to most functions.
    visit(std::ldexp((int32_t)bits, int(bits >> 32) % 24 - 21));
  }
  worst.print(name);
}

template <typename Scalar, typename Reference>
static void binary64(const char *name, Scalar scalar, Reference reference,
                     uint64_t stride) {
  Worst64 worst;
  auto visit = [&](double x, double y) {
    worst.add(x, y, scalar(x, y), reference(x, y));
  };
  for (double x : kSpecial64)
    for (double y : kSpecial64)
      visit(x, y), visit(-x, y), visit(x, -y), visit(-x, -y);
  uint64_t samples = (uint64_t(1) << 32) / stride;
  for (uint64_t i = 0; i < samples; ++i) {
    uint64_t bits = uint64_t(random32()) << 32 | random32();
    double x = asDouble(bits & ~(uint64_t(1) << 63));
    visit(x, asDouble(uint64_t(random32()) << 32 | bits >> 32));
    visit(1 + (int32_t)bits * 0x1p-40, (int32_t)random32() * 0x1p-12);
    visit((int32_t)bits * 0x1p-26, (int32_t)(random32() % 64) - 32);
    visit(x, (int32_t)random32() * 0x1p-31 * 1080 / std::log2(x));
  }
  worst.print(name);
}

/// The nearest of the numbers of `bits` bits behind the point, whose smallest
/// normal one is 2^(1 - bias); what rounds to more than `largest` is `large`.
[[maybe_unused]] static double float8(float x, int bits, int bias,
                                      double largest, double large) {
  if (std::isnan(x))
    return x;
  if (std::isinf(x))
    return std::copysign(large, x);
  int exponent;
  std::frexp(x, &exponent);
  double unit = std::ldexp(1.0, std::max(exponent - 1, 1 - bias) - bits);
  double rounded = std::nearbyint(x / unit) * unit;
  return std::fabs(rounded) > largest ? std::copysign(large, x) : rounded;
}

#define UNARY64(name, reference) extern "C" double name##_s(double);
#define BINARY64(name, reference) extern "C" double name##_s(double, double);
#define UNARY(name, reference, low, high, step)                                \
  extern "C" f32x4 name##_v(f32x4);                                            \
  extern "C" float name##_s(float);
#define BINARY(name, reference)                                                \
  extern "C" f32x4 name##_v(f32x4, f32x4);                                     \
  extern "C" float name##_s(float, float);
#include "functions.inc"
#undef UNARY
#undef BINARY
#undef UNARY64
#undef BINARY64

int main(int argc, char **argv) {
  uint32_t stride = argc > 1 ? strtoul(argv[1], nullptr, 0) : 4001;
  if (!stride)
    return 2;
#define UNARY(name, reference, low, high, step)                                \
  unary(                                                                       \
      #name, name##_v, name##_s, [](double x) -> double { return reference; }, \
      low, high, stride, step);
#define UNARY64(name, reference)                                               \
  unary64(                                                                     \
      #name, name##_s, [](long double x) -> long double { return reference; }, \
      stride);
#define BINARY64(name, reference)                                              \
  binary64(                                                                    \
      #name, name##_s,                                                         \
      [](long double x, long double y) -> long double { return reference; },   \
      stride);
#define BINARY(name, reference)                                                \
  binary(                                                                      \
      #name, name##_v, name##_s,                                               \
      [](double x, double y) -> double { return reference; }, stride);
#include "functions.inc"
}
