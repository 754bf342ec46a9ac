//===- StandardNames.cpp - Names of C's library ---------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Most functions of C's and POSIX's libraries are in LLVM's table, and most
// macros have names that C17 reserves as families (7.31, "Future library
// directions"). The lists are the rest of C17, and of POSIX what is short
// enough to be a model's name.
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Identifiers.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Analysis/TargetLibraryInfo.h"

using namespace tenon;
using llvm::StringRef;

static constexpr llvm::StringLiteral kFunctions(
    "FILE abort accept asctime at_quick_exit bind bsearch btowc c16rtomb "
    "c32rtomb cacos cacosh call_once carg casin casinh catan catanh ccos "
    "ccosh cexp cimag clock clog close complex conj connect cpow cproj "
    "creal csin csinh csqrt ctan ctanh ctime daylight difftime div dup "
    "environ erfc exit fdim feclearexcept fegetenv fegetexceptflag "
    "fegetround feholdexcept feraiseexcept fesetenv fesetexceptflag "
    "fesetround fetestexcept feupdateenv fgetwc fgetws fma fpclassify "
    "fputwc fputws freopen fwide fwprintf fwscanf gamma getpid getwc "
    "getwchar gmtime hypot ilogb imaxabs imaxdiv index isalnum isalpha "
    "isblank iscntrl isfinite isgraph isgreater isgreaterequal isinf isless "
    "islessequal islessgreater islower isnan isnormal isprint ispunct "
    "isspace isunordered isupper iswalnum iswalpha iswblank iswcntrl "
    "iswctype iswdigit iswgraph iswlower iswprint iswpunct iswspace "
    "iswupper iswxdigit isxdigit j0 j1 jmp_buf jn kill kill_dependency ldiv "
    "lgamma link listen lldiv llrint llround localeconv localtime longjmp "
    "lrint lround math_errhandling mblen mbrlen mbrtoc16 mbrtoc32 mbrtowc "
    "mbsinit mbsrtowcs mbstowcs mbtowc memory_order nan nextafter "
    "nexttoward nice noreturn once_flag pause pipe poll putwc putwchar "
    "quick_exit raise rand random scalbln scalbn select send setjmp "
    "setlocale signal signbit signgam sleep socket srand stderr stdin "
    "stdout strerror strftime strtoimax strtoumax swprintf swscanf sync "
    "tgamma thread_local time timespec_get timezone tmpnam tolower toupper "
    "towctrans towlower towupper truncate tzname ungetwc va_arg va_copy "
    "va_end va_list va_start vfwprintf vfwscanf vswprintf vswscanf vwprintf "
    "vwscanf wait wcrtomb wcscat wcschr wcscmp wcscoll wcscpy wcscspn "
    "wcsftime wcsncat wcsncmp wcsncpy wcspbrk wcsrchr wcsrtombs wcsspn "
    "wcsstr wcstod wcstof wcstoimax wcstok wcstol wcstold wcstombs wcstoul "
    "wcstoumax wcsxfrm wctob wctomb wctrans wctype wmemchr wmemcmp wmemcpy "
    "wmemmove wmemset wprintf wscanf y0 y1 yn ");

static constexpr llvm::StringLiteral kMacros(
    "BUFSIZ CHAR_BIT CHAR_MAX CHAR_MIN CLOCKS_PER_SEC DECIMAL_DIG "
    "FILENAME_MAX FOPEN_MAX HUGE_VAL HUGE_VALF HUGE_VALL I INFINITY "
    "LLONG_MAX LLONG_MIN LONG_MAX LONG_MIN L_tmpnam MATH_ERREXCEPT "
    "MATH_ERRNO MB_CUR_MAX MB_LEN_MAX NAN NULL ONCE_FLAG_INIT PTRDIFF_MAX "
    "PTRDIFF_MIN RAND_MAX SCHAR_MAX SCHAR_MIN SEEK_CUR SEEK_END SEEK_SET "
    "SHRT_MAX SHRT_MIN SIZE_MAX TIME_UTC TMP_MAX TSS_DTOR_ITERATIONS "
    "UCHAR_MAX ULLONG_MAX ULONG_MAX USHRT_MAX WCHAR_MAX WCHAR_MIN WEOF "
    "WINT_MAX WINT_MIN ");

/// A model of this name would have a header that hides the library's.
static constexpr llvm::StringLiteral kHeaders(
    "alloca assert complex ctype dirent endian errno fcntl features fenv "
    "float inttypes iso646 limits locale malloc math memory poll pthread "
    "sched semaphore setjmp signal stdalign stdarg stdatomic stdbool stddef "
    "stdint stdio stdlib stdnoreturn string strings tgmath threads time "
    "uchar unistd wchar wctype ");

static bool isListed(StringRef name) {
  static const llvm::StringSet<> names = [] {
    llvm::StringSet<> all;
    for (StringRef list : {kFunctions, kMacros, kHeaders})
      for (StringRef name : llvm::split(list.rtrim(), ' '))
        all.insert(name);
    return all;
  }();
  return names.contains(name);
}

static bool isFunction(StringRef name) {
  static const llvm::TargetLibraryInfoImpl library{llvm::Triple()};
  llvm::LibFunc function;
  return library.getLibFunc(name, function) || isListed(name);
}

static bool isOfFamily(StringRef name) {
  for (StringRef prefix :
       {"atomic_", "cnd_", "memory_order", "mtx_", "thrd_", "tss_", "ATOMIC_",
        "DBL_", "FE_", "FLT_", "FP_", "LC_", "LDBL_", "PRI", "SCN", "SIG"})
    if (name.starts_with(prefix))
      return true;
  bool isSized = name.starts_with("INT") || name.starts_with("UINT");
  if (isSized && (name.ends_with("_C") || name.ends_with("_MAX") ||
                  name.ends_with("_MIN")))
    return true;
  return name.size() > 1 && name[0] == 'E' && // ERANGE, EXIT_SUCCESS, EOF
         llvm::all_of(name, [](char c) {
           return llvm::isDigit(c) || c == '_' || (c >= 'A' && c <= 'Z');
         });
}

bool tenon::isStandardName(StringRef name) {
  // Of mathematical functions there are three: exp, expf, expl.
  bool isVariant = name.ends_with("f") || name.ends_with("l");
  return isFunction(name) || isOfFamily(name) ||
         (isVariant && isFunction(name.drop_back()));
}
