//===- CppHelpers.cpp - Small functions that emitted C++ carries ----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One function a helper and type, defined only where it is used: what C++ has
// no operator for, what would have to name an operand twice, and what compilers
// spell differently.
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppPrinter.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::cpp;

namespace {
/// What the texts are made of.
struct Helper {
  CppPrinter &p;
  StringRef base, name;
  Type type;
  VectorType vector = dyn_cast_or_null<VectorType>(type);
  Type element = vector ? vector.getElementType() : type;
  int64_t lanes = vector ? vector.getNumElements() : 1;
  bool isUnsigned = base.starts_with("unsigned_");

  std::string getType() const { return p.getType(type); }
  /// The type of a comparison of two values.
  std::string getMask() const {
    if (!vector)
      return "bool";
    return p.getType(VectorType::get(
        vector.getShape(),
        IntegerType::get(type.getContext(), element.getIntOrFloatBitWidth())));
  }
  /// `static inline RESULT NAME(ARGUMENTS) { return VALUE; }`
  std::string function(const Twine &result, const Twine &arguments,
                       const Twine &value) const {
    return body(result, arguments, "  return " + value + ";\n");
  }
  std::string body(const Twine &result, const Twine &arguments,
                   const Twine &lines) const {
    // GCC at -O2 leaves a call where a kernel uses a helper often.
    return ("__attribute__((always_inline)) static inline " + result + " " +
            name + "(" + arguments + ") {\n" + lines + "}\n")
        .str();
  }
  /// `T a, T b, T c`
  std::string arguments(int count) const {
    std::string text;
    for (int i = 0; i < count; ++i)
      text += (i ? ", " : "") + getType() + " " + "abc"[i];
    return text;
  }
  /// TEXT for each of `count` lanes, `$` standing for the lane.
  static std::string repeat(int64_t count, StringRef text,
                            StringRef separator) {
    std::string all;
    for (int64_t i = 0; i < count; ++i) {
      all += i ? separator.str() : "";
      for (char c : text)
        all += c == '$' ? std::to_string(i) : std::string(1, c);
    }
    return all;
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

static std::string minMax(const Helper &h) {
  StringRef sign = h.base.ends_with("min") ? "<" : ">";
  std::string cast =
      h.isUnsigned ? "(" + h.p.getUnsignedType(h.type) + ")" : "";
  return h.function(h.getType(), h.arguments(2),
                    cast + "a " + sign + " " + cast + "b ? a : b");
}

/// The bits of one type as another of the same size.
static std::string bits(const Helper &h) {
  unsigned width = h.type.getIntOrFloatBitWidth();
  bool toFloat = isa<FloatType>(h.type);
  std::string from = toFloat       ? "uint" + std::to_string(width) + "_t"
                     : width == 64 ? "double"
                                   : "float";
  return h.body(
      h.getType(), from + " x",
      "  " + h.getType() +
          " y;\n  __builtin_memcpy(&y, &x, sizeof y);\n  return y;\n");
}

static std::string select(const Helper &h) {
  return h.function(h.getType(), h.getMask() + " mask, " + h.arguments(2),
                    "mask ? a : b");
}

/// Comparisons that hold for NaN, and those that take two.
static std::string compare(const Helper &h, StringRef scalar, StringRef lanes) {
  if (!h.vector)
    return h.function("bool", h.arguments(2), scalar);
  return h.function(h.getMask(), h.arguments(2),
                    "(" + h.getMask() + ")(" + lanes + ")");
}

/// Float to integer: saturates, NaN gives zero. The conversion itself only sees
/// what is in range.
static std::string toInteger(const Helper &h) {
  bool isUnsigned = h.base.starts_with("to_u");
  StringRef digits = h.base.drop_front(4).split('x').first;
  unsigned width = 32;
  digits.getAsInteger(10, width);
  const llvm::fltSemantics &semantics =
      cast<FloatType>(h.element).getFloatSemantics();
  APFloat low = APFloat::getZero(semantics), high(semantics, 1);
  int exponent = isUnsigned ? width : width - 1;
  high = scalbn(high, exponent, APFloat::rmNearestTiesToEven);
  if (!isUnsigned)
    low = -high;
  std::string lowText = *getFloatLiteral(low),
              highText = *getFloatLiteral(high);
  APInt least =
      isUnsigned ? APInt::getZero(width) : APInt::getSignedMinValue(width);
  APInt most =
      isUnsigned ? APInt::getAllOnes(width) : APInt::getSignedMaxValue(width);
  std::string leastText = getIntegerLiteral(least, false);
  std::string mostText = getIntegerLiteral(most, isUnsigned);
  Type to = IntegerType::get(h.type.getContext(), width);
  if (!h.vector) {
    std::string cast = "(" + h.p.getType(to) + ")";
    std::string unsignedCast =
        isUnsigned ? cast + "(" + h.p.getUnsignedType(to) + ")" : cast;
    return h.body(h.p.getType(to), h.arguments(1),
                  "  if (!(a >= " + lowText + "))\n    return a < " + lowText +
                      " ? " + cast + leastText + " : " + cast +
                      "0;\n  if (!(a < " + highText + "))\n    return " + cast +
                      mostText + ";\n  return " + unsignedCast + "a;\n");
  }
  auto vector = VectorType::get(h.vector.getShape(), to);
  std::string result = h.p.getType(vector);
  std::string raw = isUnsigned ? h.p.getUnsignedType(vector) : result;
  std::string mask = h.getMask();
  auto splat = [&](const std::string &text) {
    return Helper::repeat(h.lanes, text, ", ");
  };
  return h.body(
      result, h.arguments(1),
      "  const " + h.getType() + " low = {" + splat(lowText) + "};\n  const " +
          h.getType() + " high = {" + splat(highText) + "};\n  const " + raw +
          " most = {" + splat(mostText) + "};\n  const " + raw + " least = {" +
          splat(leastText) + "};\n  const " + mask + " inside = (" + mask +
          ")((a >= low) & (a < high));\n  const " + raw +
          " y = __builtin_convertvector(inside ? a : " + h.getType() + "{}, " +
          raw + ");\n  return (" + result + ")((" + mask +
          ")(a >= high) ? most : (" + mask + ")(a < low) ? least : y);\n");
}

//===----------------------------------------------------------------------===//
// What GCC has no portable name for
//===----------------------------------------------------------------------===//

/// GCC's builtin on vectors, by the macro that tells the machine; `$` is `fma`
/// or `sqrt`.
static std::string getGccVectorMath(const Helper &h, bool isFma) {
  bool isSingle = h.element.isF32();
  int64_t bits = h.lanes * (isSingle ? 32 : 64);
  std::string type = h.getType(), kind = isSingle ? "ps" : "pd";
  std::string lanes = "v" + std::to_string(h.lanes) + (isSingle ? "sf" : "df");
  std::string text;
  std::string x86 = isFma ? "__builtin_ia32_vfmadd" : "__builtin_ia32_sqrt";
  std::string args = isFma ? "a, b, c" : "a";
  // The target pragma above has not defined __AVX512F__ yet where g++ expands
  // macros; the file is for that target, so the builtin is there.
  if (bits == 512) {
    std::string rest = isFma ? "" : ", " + type + "{}";
    std::string mask = isSingle ? "(unsigned short)-1" : "(unsigned char)-1";
    text += "#elif defined(__x86_64__)\n  return " + x86 + kind + "512_mask(" +
            args + rest + ", " + mask + ", 4);\n";
  } else if (bits == 256) {
    text += "#elif defined(__x86_64__)\n  return " + x86 + kind + "256(" +
            args + ");\n";
  } else if (bits == 128) {
    text += "#elif defined(__x86_64__)\n  return " + x86 + kind + "(" + args +
            ");\n";
  }
  if (bits == 128)
    text += "#elif defined(__aarch64__)\n  return __builtin_aarch64_" +
            std::string(isFma ? "fma" : "sqrt") + lanes + "(" + args + ");\n";
  return text;
}

static std::string fma(const Helper &h) {
  std::string scalar = h.element.isF32() ? "__builtin_fmaf" : "__builtin_fma";
  std::string text =
      "#ifdef __clang__\n  return __builtin_elementwise_fma(a, b, "
      "c);\n";
  if (!h.vector)
    text += "#else\n  return " + scalar + "(a, b, c);\n#endif\n";
  else
    text += getGccVectorMath(h, true) + "#else\n  return " + h.getType() + "{" +
            Helper::repeat(h.lanes, scalar + "(a[$], b[$], c[$])", ", ") +
            "};\n#endif\n";
  return h.body(h.getType(), h.arguments(3), text);
}

/// Not `__builtin_sqrtf`: it calls libm, for `errno`, where the value is
/// negative or the optimizer off.
static std::string sqrt(const Helper &h) {
  bool isSingle = h.element.isF32();
  std::string type = h.getType();
  std::string text =
      "#ifdef __clang__\n  return __builtin_elementwise_sqrt(a);\n";
  if (h.vector) {
    std::string name = h.p.useHelper("sqrt", h.element);
    text += getGccVectorMath(h, false) + "#else\n  return " + type + "{" +
            Helper::repeat(h.lanes, name + "(a[$])", ", ") + "};\n#endif\n";
    return h.body(type, h.arguments(1), text);
  }
  h.p.getType(VectorType::get({isSingle ? 4 : 2}, h.element));
  std::string vector = isSingle ? "f32x4" : "f64x2";
  text += "#elif defined(__SSE2__)\n  return __builtin_ia32_sqrts" +
          std::string(isSingle ? "s" : "d") + "(" + vector + "{a})[0];\n";
  text += "#elif defined(__aarch64__)\n  " + type + " y;\n  __asm__(\"fsqrt %" +
          (isSingle ? "s" : "d") + "0, %" + (isSingle ? "s" : "d") +
          "1\" : \"=w\"(y) : \"w\"(a));\n  return y;\n";
  if (isSingle)
    text += "#elif defined(__arm__)\n  " + type +
            " y;\n  __asm__(\"vsqrt.f32 %0, %1\" : \"=t\"(y) : \"t\"(a));\n"
            "  return y;\n";
  text += "#else\n#error \"no square root for this compiler\"\n#endif\n";
  return h.body(type, h.arguments(1), text);
}

//===----------------------------------------------------------------------===//
// Vectors and memory
//===----------------------------------------------------------------------===//

static std::string splat(const Helper &h) {
  return h.function(h.getType(), h.p.getType(h.element) + " a",
                    h.getType() + "{" + Helper::repeat(h.lanes, "a", ", ") +
                        "}");
}

static std::string insert(const Helper &h, StringRef lane) {
  return h.body(h.getType(),
                h.getType() + " a, " + h.p.getType(h.element) + " b",
                "  a[" + lane + "] = b;\n  return a;\n");
}

static std::string loadLanes(const Helper &h, unsigned count) {
  return h.function(
      h.getType(), "const " + h.p.getMemoryType(h.element) + " *p",
      h.getType() + "{" + Helper::repeat(count, "p[$]", ", ") + "}");
}

static std::string storeLanes(const Helper &h, unsigned count) {
  return h.body("void",
                h.p.getMemoryType(h.element) + " *p, " + h.getType() + " a",
                Helper::repeat(count, "  p[$] = a[$];\n", ""));
}

static std::string fill(const Helper &h) {
  std::string index = h.p.getType(IndexType::get(h.type.getContext()));
  return h.body("void",
                h.p.getMemoryType(h.type) + " *p, " + index + " count, " +
                    h.getType() + " a",
                "  for (" + index + " i = 0; i < count; ++i)\n    p[i] = a;\n");
}

/// Sums of neighbouring products; each i32 lane wraps.
static std::string dot(const Helper &h) {
  unsigned width = h.base == "dot_i8" ? 8 : 16, count = 32 / width;
  auto factors = VectorType::get({h.lanes * count},
                                 IntegerType::get(h.type.getContext(), width));
  std::string lines =
      "  " + h.p.getUnsignedType(h.type) + " sum = (" +
      h.p.getUnsignedType(h.type) + ")c;\n  for (int i = 0; i < " +
      std::to_string(h.lanes * count) + "; ++i)\n    sum[i / " +
      std::to_string(count) + "] += (uint32_t)(a[i] * b[i]);\n  return (" +
      h.getType() + ")sum;\n";
  std::string type = h.p.getType(factors);
  return h.body(h.getType(), type + " a, " + type + " b, " + h.getType() + " c",
                lines);
}

std::string cpp::getHelperText(CppPrinter &p, StringRef base, StringRef name,
                               Type type) {
  Helper h{p, base, name, type};
  unsigned lane = 0;
  if (base == "is_misaligned")
    return h.function("bool", "const void *p, uintptr_t alignment",
                      "p == nullptr || (uintptr_t)p % alignment != 0");
  if (base.ends_with("min") || base.ends_with("max"))
    return minMax(h);
  if (base == "bits")
    return bits(h);
  if (base == "select")
    return select(h);
  if (base == "fma")
    return fma(h);
  if (base == "sqrt")
    return sqrt(h);
  if (base == "splat")
    return splat(h);
  if (base == "fill")
    return fill(h);
  if (base.starts_with("dot_"))
    return dot(h);
  if (base.starts_with("to_"))
    return toInteger(h);
  if (base.consume_front("insert"))
    return insert(h, base);
  if (base.consume_front("load") && !base.getAsInteger(10, lane))
    return loadLanes(h, lane);
  if (base.consume_front("store") && !base.getAsInteger(10, lane))
    return storeLanes(h, lane);
  if (base == "less_greater")
    return compare(h, "a < b || a > b", "(a < b) | (a > b)");
  if (base == "equal_or_nan")
    return compare(h, "!(a < b || a > b)", "~((a < b) | (a > b))");
  if (base == "less_or_nan")
    return compare(h, "!(a >= b)", "~(a >= b)");
  if (base == "less_equal_or_nan")
    return compare(h, "!(a > b)", "~(a > b)");
  if (base == "greater_or_nan")
    return compare(h, "!(a <= b)", "~(a <= b)");
  if (base == "greater_equal_or_nan")
    return compare(h, "!(a < b)", "~(a < b)");
  if (base == "no_nan")
    return compare(h, "a == a && b == b", "(a == a) & (b == b)");
  if (base == "any_nan")
    return compare(h, "a != a || b != b", "(a != a) | (b != b)");
  return "";
}

std::string CppPrinter::useHelper(StringRef base, Type type) {
  std::string name = base.str() + (type ? "_" + getShortName(type) : "");
  if (!definitions.names.contains(name)) {
    std::string text = getHelperText(*this, base, name, type);
    definitions.add(name, text);
  }
  return name;
}
