//===- CppHeader.cpp - The C++ interface as a header ----------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/package/Package.h"
#include "codegen/text/Text.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tenon;
using kernel::Interface;
using kernel::Port;

/// The C++ standard library is not needed, so that the header serves
/// freestanding programs too.
static constexpr StringLiteral kSpan = R"(
/// Elements that someone else owns: `N` of them. Made from an array, from
/// anything with `data()` and `size()`, or from a pointer that is trusted. What
/// has another size becomes a null pointer, which `run` reports.
template <typename T, size_t N> class Span {
public:
  template <size_t M> constexpr Span(T (&array)[M]) noexcept : elements(array) {
    static_assert(M == N, "the tensor has another number of elements");
  }
  template <typename Container,
            typename = decltype(static_cast<T *>(
                static_cast<Container *>(nullptr)->data()))>
  constexpr Span(Container &container) noexcept
      : elements(container.size() == N ? container.data() : nullptr) {}
  constexpr explicit Span(T *pointer) noexcept : elements(pointer) {}

  constexpr T *data() const noexcept { return elements; }
  static constexpr size_t size() noexcept { return N; }
  constexpr T &operator[](size_t index) const { return elements[index]; }

private:
  T *elements;
};
)";

static std::string getSpan(const Interface &interface, const Port &port,
                           bool isInput) {
  return std::string("Span<") + (isInput ? "const " : "") +
         port.getElement().ctype + ", " + interface.getUpperName() + "_" +
         StringRef(port.ident).upper() + "_COUNT>";
}

/// In the text, what a `$key` stands for is said below.
static constexpr StringLiteral kHeader = R"(#ifndef $NAME_HPP
#define $NAME_HPP

#include "$name.h"
#include <stddef.h>

#if __cplusplus >= 201703L
#define $NAME_NODISCARD [[nodiscard]]
#else
#define $NAME_NODISCARD
#endif

namespace $name {
$span
/// Working memory of one call at a time.
struct alignas($NAME_ARENA_ALIGN) Arena {
  unsigned char bytes[$NAME_ARENA_SIZE];
};
$places
enum class Status : int {
$statuses};

inline const char *getText(Status status) noexcept {
  return $name_error_text(static_cast<int>(status));
}

/// Computes the outputs.
$NAME_NODISCARD inline Status run($parameters,
                                const $name_context *context$default) noexcept {
  return static_cast<Status>(::$name_run_ex($arguments, context));
}

inline const $name_info &describe() noexcept { return *::$name_describe(); }

} // namespace $name

#endif // $NAME_HPP
)";

/// Where in the arena the tensors are, by their names.
static constexpr StringLiteral kPlace = R"(
inline $type $ident_of(Arena &arena) noexcept {
  return $type(reinterpret_cast<$element *>(arena.bytes + $NAME_OFFSET));
}
)";

static std::string getPlace(const Interface &interface, const Port &port) {
  return substitute(kPlace, [&](StringRef key) {
    return llvm::StringSwitch<std::string>(key)
        .Case("type", getSpan(interface, port, false))
        .Case("ident", port.ident)
        .Case("element", port.getElement().ctype)
        .Default(interface.getUpperName() + "_" +
                 StringRef(port.ident).upper());
  });
}

/// The enumerator for ERROR_NULL is ErrorNull.
static std::string getStatuses(StringRef upper) {
  std::string lines;
  for (const kernel::StatusText &status : kernel::getStatusTexts()) {
    std::string word;
    bool startsWord = true;
    for (char c : StringRef(status.name)) {
      if (c != '_')
        word += startsWord ? c : llvm::toLower(c);
      startsWord = c == '_';
    }
    lines += llvm::formatv("  {0} = {1}_{2}, // {3}\n", word, upper,
                           status.name, status.text);
  }
  return lines;
}

void tenon::writeCppHeader(llvm::raw_ostream &os, const Interface &interface) {
  const std::string &name = interface.name;
  for (const std::string &line :
       getBanner(interface,
                 name + ": the C++ interface, for C++17 (C++11 will do); see " +
                     name + ".h for what the tensors are."))
    os << (line.empty() ? "//" : "// ") << line << "\n";

  std::string upper = interface.getUpperName();
  std::string parameters, arguments, places;
  auto add = [&](ArrayRef<Port> ports, bool isInput) {
    for (const Port &port : ports) {
      if (interface.hasPortsInArena()) {
        places += getPlace(interface, port);
        continue;
      }
      parameters += getSpan(interface, port, isInput) + " " + port.ident + ", ";
      arguments += port.ident + ".data(), ";
    }
  };
  add(interface.inputs, true);
  add(interface.outputs, false);
  os << substitute(kHeader, [&](StringRef key) {
    return llvm::StringSwitch<std::string>(key)
        .Case("name", name)
        .Case("NAME", upper)
        .Case("span", kSpan.str())
        .Case("places", places)
        .Case("statuses", getStatuses(upper))
        .Case("parameters", parameters + "Arena &arena")
        .Case("arguments", arguments + "arena.bytes")
        .Case("default", interface.hasMappedWeights() ? "" : " = nullptr")
        .Default("");
  });
}
