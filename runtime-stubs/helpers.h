// helpers.h - Small functions that emitted code carries, where it uses them.
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What C and C++ have no operator for, what would have to name an operand twice,
// and what compilers spell differently. What scalar code uses is C11 and C++11
// alike. The printer (codegen/cpp/CppHelpers.cpp) copies a section once for each
// type, under the name `<section>_<type>`. A section ends where the next begins;
// `[vector]` and `[scalar]` choose by type.
//
//   $name $inline     the function's name; that it is inlined always (GCC at -O2
//                     leaves a call where a kernel uses a helper often)
//   $T $U $E $M       the type, as unsigned, its element, what a comparison gives
//   $mem              an element as it is accessed in memory, where types change
//   $I $prefix $PREFIX  the type of an index; the model's name, in capitals
//   $R $X             what a float is converted to, and what the conversion gives
//   $low $high        the floats, $least $most the integers at the ends of its range
//   $k                the number in the call: a lane, a count
//   $lanes(TEXT,)     TEXT for each lane, `#` being the lane, with commas
//   $first(TEXT,)     the same for the first $k lanes
//   @128              this line is for vectors of so many bits

//! rules
#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "do not compile this file with -ffast-math: its results would change"
#endif
#if defined(__FLT_EVAL_METHOD__) && (__FLT_EVAL_METHOD__ == 1 || __FLT_EVAL_METHOD__ == 2)
#error "floats must be computed in their own precision: use -mfpmath=sse"
#endif
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#if defined(__OPTIMIZE_SIZE__)
/* It saves a few bytes here, and takes up to twice the time. */
#pragma GCC optimize("O2")
#endif
#endif

//! target
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("$clang"))), apply_to = function)
#elif defined(__GNUC__)
#pragma GCC target("$gcc")
#endif

//! end
#if defined(__clang__)
#pragma clang attribute pop
#endif

//! context
/* What a caller may give to a run; every member may be null. */
typedef struct $prefix_context {
  /* Handed to the hooks as it is. */
  void *user;
  /* Runs work on several threads: chooses a number of parts, calls
     task(args, part, parts) once for each part from 0 to parts - 1, in any
     order and on any thread, and returns when all calls have returned.
     Null: everything runs on the calling thread. */
  void (*parallel)(void *user, void (*task)(void *args, int part, int parts),
                   void *args);
  /* Called before (end = 0) and after (end = 1) each layer, on the calling
     thread; the report numbers the layers. */
  void (*profile)(void *user, int layer, int end);
  /* The weights file in memory and its size in bytes, where the model was
     compiled with --weights=mapped or external. */
  const void *weights;
  size_t weights_size;
} $prefix_context;

//! mark_layer
static inline void $name(const $prefix_context *context, int layer, int end) {
  if (context != NULL && context->profile != NULL)
    context->profile(context->user, layer, end);
}

//! part_begin
/* Where a part of the range 0..range begins. */
static inline $I $name($I range, int part, int parts) {
  const $I rest = range % parts;
  return range / parts * part + (part < rest ? part : rest);
}

//! is_misaligned
static inline bool $name(const void *p, uintptr_t alignment) {
  return p == NULL || (uintptr_t)p % alignment != 0;
}

//! min
$inline $T $name($T a, $T b) { return a < b ? a : b; }
//! max
$inline $T $name($T a, $T b) { return a > b ? a : b; }
//! unsigned_min
$inline $T $name($T a, $T b) { return ($U)a < ($U)b ? a : b; }
//! unsigned_max
$inline $T $name($T a, $T b) { return ($U)a > ($U)b ? a : b; }
//! clamp
$inline $T $name($T a, $T low, $T high) {
#if defined(__ARM_FEATURE_SAT)
  $T y;
  if (__builtin_constant_p(low) && low == -128 && __builtin_constant_p(high) && high == 127) {
    __asm__("ssat %0, #8, %1" : "=r"(y) : "r"(a));
    return y;
  }
#endif
  return a < low ? low : a > high ? high : a;
}
//! select
$inline $T $name($M mask, $T a, $T b) { return mask ? a : b; }

//! less_greater [scalar]
$inline bool $name($T a, $T b) { return a < b || a > b; }
//! equal_or_nan [scalar]
$inline bool $name($T a, $T b) { return !(a < b || a > b); }
//! less_or_nan [scalar]
$inline bool $name($T a, $T b) { return !(a >= b); }
//! less_equal_or_nan [scalar]
$inline bool $name($T a, $T b) { return !(a > b); }
//! greater_or_nan [scalar]
$inline bool $name($T a, $T b) { return !(a <= b); }
//! greater_equal_or_nan [scalar]
$inline bool $name($T a, $T b) { return !(a < b); }
//! no_nan [scalar]
$inline bool $name($T a, $T b) { return a == a && b == b; }
//! any_nan [scalar]
$inline bool $name($T a, $T b) { return a != a || b != b; }
//! less_greater [vector]
$inline $M $name($T a, $T b) { return ($M)((a < b) | (a > b)); }
//! equal_or_nan [vector]
$inline $M $name($T a, $T b) { return ($M)~((a < b) | (a > b)); }
//! less_or_nan [vector]
$inline $M $name($T a, $T b) { return ($M)~(a >= b); }
//! less_equal_or_nan [vector]
$inline $M $name($T a, $T b) { return ($M)~(a > b); }
//! greater_or_nan [vector]
$inline $M $name($T a, $T b) { return ($M)~(a <= b); }
//! greater_equal_or_nan [vector]
$inline $M $name($T a, $T b) { return ($M)~(a < b); }
//! no_nan [vector]
$inline $M $name($T a, $T b) { return ($M)((a == a) & (b == b)); }
//! any_nan [vector]
$inline $M $name($T a, $T b) { return ($M)((a != a) | (b != b)); }

//! bits
/* The bits of a value of the same size. */
$inline $T $name($from a) {
  $T y;
  __builtin_memcpy(&y, &a, sizeof y);
  return y;
}

//! to [scalar]
/* Saturates; NaN gives zero. */
$inline $R $name($T a) {
  if (!(a >= $low))
    return a < $low ? ($R)$least : ($R)0;
  if (!(a < $high))
    return ($R)$most;
  return ($R)($X)a;
}

//! to [vector]
/* Saturates; NaN gives zero. */
$inline $R $name($T a) {
  const $T low = {$lanes($low,)};
  const $T high = {$lanes($high,)};
  const $X least = {$lanes($least,)};
  const $X most = {$lanes($most,)};
  const $M inside = ($M)((a >= low) & (a < high));
  const $X y = __builtin_convertvector(inside ? a : $T{}, $X);
  return ($R)(($M)(a >= high) ? most : ($M)(a < low) ? least : y);
}

//! fma [scalar]
$inline $T $name($T a, $T b, $T c) {
#if defined(__clang__)
  return __builtin_elementwise_fma(a, b, c);
#else
  return $fma(a, b, c);
#endif
}

//! fma [vector]
/* g++ expands macros before the target pragma has defined __AVX512F__ and the
   like; the file is for that target, so the builtin is there. */
$inline $T $name($T a, $T b, $T c) {
#if defined(__clang__)
  return __builtin_elementwise_fma(a, b, c);
@128#elif defined(__x86_64__)
@128  return __builtin_ia32_vfmadd$p(a, b, c);
@256#elif defined(__x86_64__)
@256  return __builtin_ia32_vfmadd$p256(a, b, c);
@512#elif defined(__x86_64__)
@512  return __builtin_ia32_vfmadd$p512_mask(a, b, c, ($kmask)-1, 4);
@128#elif defined(__aarch64__)
@128  return __builtin_aarch64_fma$v(a, b, c);
#else
  return $T{$lanes($fma(a[#], b[#], c[#]),)};
#endif
}

//! sqrt [scalar]
/* Not __builtin_sqrt: that calls libm, for errno, where the value is negative
   or the optimizer off. Vectors may or may not need it. */
__attribute__((unused)) $inline $T $name($T a) {
#if defined(__clang__)
  return __builtin_elementwise_sqrt(a);
#elif defined(__SSE2__)
  typedef $T lanes __attribute__((vector_size(16)));
  return __builtin_ia32_sqrt$s(lanes{a})[0];
#elif defined(__aarch64__)
  $T y;
  __asm__("fsqrt %$w0, %$w1" : "=w"(y) : "w"(a));
  return y;
#elif defined(__arm__)
  $T y;
  __asm__("vsqrt.f32 %0, %1" : "=t"(y) : "t"(a));
  return y;
#else
#error "no square root for this compiler"
#endif
}

//! sqrt [vector]
$inline $T $name($T a) {
#if defined(__clang__)
  return __builtin_elementwise_sqrt(a);
@128#elif defined(__x86_64__)
@128  return __builtin_ia32_sqrt$p(a);
@256#elif defined(__x86_64__)
@256  return __builtin_ia32_sqrt$p256(a);
@512#elif defined(__x86_64__)
@512  return __builtin_ia32_sqrt$p512_mask(a, $T{}, ($kmask)-1, 4);
@128#elif defined(__aarch64__)
@128  return __builtin_aarch64_sqrt$v(a);
#else
  return $T{$lanes($sqrt(a[#]),)};
#endif
}

//! splat
$inline $T $name($E a) { return $T{$lanes(a,)}; }

//! insert
$inline $T $name($T a, $E b) {
  a[$k] = b;
  return a;
}

//! load
/* The first lanes; the others are zero. */
$inline $T $name(const $mem *p) { return $T{$first(p[#],)}; }

//! store
/* The first lanes only. */
$inline void $name($mem *p, $T a) { $first(p[#] = a[#];) }

//! fill
static inline void $name($mem *p, $I count, $T a) {
  for ($I i = 0; i < count; ++i)
    p[i] = a;
}

//! load_word1
$inline int32_t $name(const $mem *p) { return (uint8_t)*p; }
//! load_word2
$inline int32_t $name(const $mem *p) {
  uint16_t y;
  __builtin_memcpy(&y, p, sizeof y);
  return y;
}
//! load_word3
$inline int32_t $name(const $mem *p) {
  uint16_t y;
  __builtin_memcpy(&y, p, sizeof y);
  return (int32_t)(y | (uint32_t)(uint8_t)p[2] << 16);
}
//! load_word4
$inline int32_t $name(const $mem *p) {
  int32_t y;
  __builtin_memcpy(&y, p, sizeof y);
  return y;
}

//! widen [scalar]
$inline $T $name($T a, $T b) {
  const uint32_t low = (uint32_t)($X)((uint32_t)a >> $k) + (uint32_t)b;
  const uint32_t high = (uint32_t)($X)((uint32_t)a >> (16 + $k)) + ((uint32_t)b >> 16);
  return ($T)((low & 65535u) | (high << 16));
}
//! widen [vector]
$inline $T $name($T a, $T b) {
  return ($T)(($ushorts)(($wide)(($ushorts)a << (8 - $k)) >> 8) + ($ushorts)b);
}
//! widen_dsp
$inline $T $name($T a, $T b) {
#if !defined(__ARM_FEATURE_DSP)
#error "this code is for cores with the DSP extension"
#endif
  $T y;
  if (__builtin_constant_p(b) && b == 0)
    __asm__("$xtb16 %0, %1, ror #$k" : "=r"(y) : "r"(a));
  else
    __asm__("$xtab16 %0, %1, %2, ror #$k" : "=r"(y) : "r"(b), "r"(a));
  return y;
}

//! dot_shorts [scalar]
$inline $T $name($T a, $T b, $T c) {
  const int32_t low = (int16_t)a * (int16_t)b;
  const int32_t high = (int16_t)((uint32_t)a >> 16) * (int16_t)((uint32_t)b >> 16);
  return ($T)((uint32_t)c + (uint32_t)low + (uint32_t)high);
}
//! dot_shorts [vector]
$inline $T $name($T a, $T b, $T c) {
  const $shorts x = ($shorts)a;
  const $shorts w = ($shorts)b;
  $U sum = ($U)c;
  for (int i = 0; i < (int)(sizeof x / 2); ++i)
    sum[i / 2] += (uint32_t)(x[i] * w[i]);
  return ($T)sum;
}
//! dot_shorts_dsp
$inline $T $name($T a, $T b, $T c) {
#if !defined(__ARM_FEATURE_DSP)
#error "this code is for cores with the DSP extension"
#endif
  $T y;
  __asm__("smlad %0, %1, %2, %3" : "=r"(y) : "r"(a), "r"(b), "r"(c));
  return y;
}

//! dot_shorts_vnni
$inline $T $name($T a, $T b, $T c) {
#if defined(__clang__)
@128  return ($T)__builtin_ia32_vpdpwssd128(c, a, b);
@256  return ($T)__builtin_ia32_vpdpwssd256(c, a, b);
@512  return ($T)__builtin_ia32_vpdpwssd512(c, a, b);
#else
@128  return ($T)__builtin_ia32_vpdpwssd_v4si(c, a, b);
@256  return ($T)__builtin_ia32_vpdpwssd_v8si(c, a, b);
@512  return ($T)__builtin_ia32_vpdpwssd_v16si(c, a, b);
#endif
}

//! dot_shorts_maddwd
$inline $T $name($T a, $T b, $T c) {
@128  const $T y = ($T)__builtin_ia32_pmaddwd128(($shorts)a, ($shorts)b);
@256  const $T y = ($T)__builtin_ia32_pmaddwd256(($shorts)a, ($shorts)b);
#if defined(__clang__)
@512  const $T y = ($T)__builtin_ia32_pmaddwd512(($shorts)a, ($shorts)b);
#else
@512  const $T zero = {0};
@512  const $T y = ($T)__builtin_ia32_pmaddwd512_mask(($shorts)a, ($shorts)b, zero, (unsigned short)-1);
#endif
  return ($T)(($U)c + ($U)y);
}

//! dot_bytes [scalar]
$inline $T $name($T a, $T b, $T c) {
  uint32_t sum = (uint32_t)c;
  for (int i = 0; i < 32; i += 8)
    sum += (uint32_t)(($X)((uint32_t)a >> i) * (int8_t)((uint32_t)b >> i));
  return ($T)sum;
}
//! dot_bytes [vector]
$inline $T $name($T a, $T b, $T c) {
  const $bytes x = ($bytes)a;
  const $bytes w = ($bytes)b;
  $U sum = ($U)c;
  for (int i = 0; i < (int)sizeof x; ++i)
    sum[i / 4] += (uint32_t)(($X)x[i] * w[i]);
  return ($T)sum;
}
//! dot_bytes_dotprod
$inline $T $name($T a, $T b, $T c) {
  __asm__("sdot %0.4s, %1.16b, %2.16b" : "+w"(c) : "w"(a), "w"(b));
  return c;
}
//! dot_bytes_neon
$inline $T $name($T a, $T b, $T c) {
  $shorts low, high;
  __asm__("smull %0.8h, %1.8b, %2.8b" : "=w"(low) : "w"(a), "w"(b));
  __asm__("smull2 %0.8h, %1.16b, %2.16b" : "=w"(high) : "w"(a), "w"(b));
  __asm__("addp %0.8h, %0.8h, %1.8h" : "+w"(low) : "w"(high));
  __asm__("sadalp %0.4s, %1.8h" : "+w"(c) : "w"(low));
  return c;
}

//! dot_lanes
$inline int32_t $name($T a, $T b, int32_t c) {
  uint32_t sum = (uint32_t)c;
  for (int i = 0; i < (int)sizeof a; ++i)
    sum += (uint32_t)(a[i] * b[i]);
  return (int32_t)sum;
}
//! dot_lanes_mve
$inline int32_t $name($T a, $T b, int32_t c) {
#if !defined(__ARM_FEATURE_MVE)
#error "this code is for cores with Helium"
#endif
  __asm__("vmladava.s8 %0, %q1, %q2" : "+Te"(c) : "w"(a), "w"(b));
  return c;
}

//! dot_bytes_vnni
$inline $T $name($T a, $T b, $T c) {
#if defined(__clang__)
@128  return ($T)__builtin_ia32_vpdpbusd128(c, a, b);
@256  return ($T)__builtin_ia32_vpdpbusd256(c, a, b);
@512  return ($T)__builtin_ia32_vpdpbusd512(c, a, b);
#else
@128  return ($T)__builtin_ia32_vpdpbusd_v4si(c, a, b);
@256  return ($T)__builtin_ia32_vpdpbusd_v8si(c, a, b);
@512  return ($T)__builtin_ia32_vpdpbusd_v16si(c, a, b);
#endif
}

//! task
typedef struct $callee_args {
  $members$I range;
} $callee_args;

static void $callee_task(void *opaque, int part, int parts) {
  const $callee_args *args = (const $callee_args *)opaque;
  $callee($arguments part_begin(args->range, part, parts),
      part_begin(args->range, part + 1, parts));
}

//! parallel
{
  $callee_args call_args = {$values};
  if ($context != NULL && $context->parallel != NULL)
    $context->parallel($context->user, $callee_task, &call_args);
  else
    $callee_task(&call_args, 0, 1);
}

//! weights_loader
#if defined(__unix__) || defined(__APPLE__)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#else
#include <stdio.h>
#include <stdlib.h>
#endif

/* Takes the memory back; no run may use the context any more. */
static inline void $prefix_close_weights($prefix_context *context) {
#if defined(__unix__) || defined(__APPLE__)
  if (context->weights != NULL)
    munmap((void *)(uintptr_t)context->weights, context->weights_size);
#else
  if (context->weights != NULL) /* the start is kept in front of the data */
    free(((void *const *)context->weights)[-1]);
#endif
  context->weights = NULL;
  context->weights_size = 0;
}

/* Maps the file, or reads it where files cannot be mapped, and sets the context
   to it. Returns 0, or -1 where that fails (errno says why); a run tells whether
   the file is the right one. */
static inline int $prefix_open_weights($prefix_context *context, const char *path) {
  context->weights = NULL;
  context->weights_size = 0;
#if defined(__unix__) || defined(__APPLE__)
  {
    struct stat info;
    void *data = MAP_FAILED;
    const int file = open(path, O_RDONLY);
    if (file < 0)
      return -1;
    if (fstat(file, &info) == 0)
      data = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    close(file);
    if (data == MAP_FAILED)
      return -1;
    context->weights = data;
    context->weights_size = (size_t)info.st_size;
  }
#else
  {
    const size_t room = $PREFIX_WEIGHTS_ALIGN + sizeof(void *);
    FILE *file = fopen(path, "rb");
    char *start = (char *)malloc($PREFIX_WEIGHTS_SIZE + room), *data;
    if (file == NULL || start == NULL) {
      if (file != NULL)
        fclose(file);
      free(start);
      return -1;
    }
    data = start + room - ((uintptr_t)start + room) % $PREFIX_WEIGHTS_ALIGN;
    ((void **)data)[-1] = start;
    context->weights_size = fread(data, 1, $PREFIX_WEIGHTS_SIZE, file);
    context->weights = data;
    fclose(file);
  }
#endif
  return 0;
}

//! blob
/* Assemblers look for the file where they run: whoever runs them elsewhere gives
   its path. */
#ifndef WEIGHTS_FILE
#define WEIGHTS_FILE "$file"
#endif
__asm__(".pushsection .rodata\n"
        ".global $prefix_weights\n"
        ".hidden $prefix_weights\n"
        ".balign $alignment\n"
        "$prefix_weights:\n"
        ".incbin \"" WEIGHTS_FILE "\"\n"
        ".popsection\n");
