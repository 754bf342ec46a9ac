//===- CppHeader.cpp - The C++ interface as a header ----------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/package/Package.h"

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

/// Where in the arena the tensors are, by their names.
static void writePlaces(llvm::raw_ostream &os, const Interface &interface) {
  std::string upper = interface.getUpperName();
  for (ArrayRef<Port> ports :
       {ArrayRef<Port>(interface.inputs), ArrayRef<Port>(interface.outputs)})
    for (const Port &port : ports) {
      std::string span = getSpan(interface, port, false);
      os << "\ninline " << span << " " << port.ident
         << "_of(Arena &arena) noexcept {\n  return " << span
         << "(reinterpret_cast<" << port.getElement().ctype
         << " *>(arena.bytes + " << upper << "_"
         << StringRef(port.ident).upper() << "_OFFSET));\n}\n";
    }
}

void tenon::writeCppHeader(llvm::raw_ostream &os, const Interface &interface) {
  const std::string &name = interface.name;
  std::string upper = interface.getUpperName();
  for (const std::string &line :
       getBanner(interface,
                 name + ": the C++ interface, for C++17 (C++11 will do); see " +
                     name + ".h for what the tensors are."))
    os << (line.empty() ? "//" : "// ") << line << "\n";
  os << "#ifndef " << upper << "_HPP\n#define " << upper
     << "_HPP\n\n#include \"" << name << ".h\"\n#include <stddef.h>\n\n"
     << "#if __cplusplus >= 201703L\n#define " << upper
     << "_NODISCARD [[nodiscard]]\n#else\n#define " << upper
     << "_NODISCARD\n#endif\n\nnamespace " << name << " {\n"
     << kSpan << R"(
/// Working memory of one call at a time.
struct alignas()"
     << upper << R"(_ARENA_ALIGN) Arena {
  unsigned char bytes[)"
     << upper << R"(_ARENA_SIZE];
};
)";
  if (interface.hasPortsInArena())
    writePlaces(os, interface);
  os << R"(
enum class Status : int {
)";
  for (const kernel::StatusText &text : kernel::getStatusTexts()) {
    // ERROR_NULL: ErrorNull
    std::string word;
    bool startsWord = true;
    for (char c : StringRef(text.name)) {
      if (c != '_')
        word += startsWord ? c : llvm::toLower(c);
      startsWord = c == '_';
    }
    os << "  " << word << " = " << upper << "_" << text.name << ", // "
       << text.text << "\n";
  }
  os << R"(};

inline const char *getText(Status status) noexcept {
  return )"
     << name << R"(_error_text(static_cast<int>(status));
}

/// Computes the outputs.
)" << upper
     << "_NODISCARD inline Status run(";
  std::string arguments;
  auto addArguments = [&](ArrayRef<Port> ports, bool isInput) {
    for (const Port &port : ports) {
      os << getSpan(interface, port, isInput) << " " << port.ident << ", ";
      arguments += port.ident + ".data(), ";
    }
  };
  if (!interface.hasPortsInArena()) {
    addArguments(interface.inputs, true);
    addArguments(interface.outputs, false);
  }
  os << "Arena &arena,\n                                const " << name
     << "_context *context"
     << (interface.hasMappedWeights() ? "" : " = nullptr")
     << ") noexcept {\n  return "
        "static_cast<Status>(::"
     << name << "_run_ex(" << arguments << "arena.bytes, context));\n}\n\n"
     << "inline const " << name
     << "_info &describe() noexcept { return *::" << name
     << "_describe(); }\n\n} // namespace " << name << "\n\n#endif // " << upper
     << "_HPP\n";
}
