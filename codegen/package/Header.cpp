//===- Header.cpp - The C interface as a header ---------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/package/Package.h"
#include "codegen/text/Text.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tenon;
using kernel::Interface;
using kernel::Port;

/// `const float *image`.
static std::string getParameter(const Port &port, bool isInput) {
  return std::string(isInput ? "const " : "") + port.getElement().ctype + " *" +
         port.ident;
}

/// What a caller must know of a tensor.
static void describePort(llvm::raw_ostream &os, const Port &port) {
  const kernel::ElementInfo &element = port.getElement();
  os << " *   " << port.ident << getShapeText(port.type) << ": "
     << element.name;
  if (*element.meaning)
    os << " (" << element.meaning << ")";
  os << ", " << port.getBytes() << " bytes";
  if (port.name != port.ident)
    os << "; in the model: " << escapeComment(port.name);
  os << "\n";
  if (port.scale != 0)
    os << " *     real value = (value - " << port.zeroPoint << ") * "
       << llvm::format("%.9g", port.scale) << "\n";
}

/// Where the caller gets the weights, and what happens to wrong ones.
static void describeWeights(llvm::raw_ostream &os, const Interface &interface) {
  std::string upper = interface.getUpperName();
  os << " * Weights\n *   The file " << interface.name << ".weights, "
     << interface.weightsBytes
     << " bytes. The caller puts it into memory (flash, a\n"
        " *   mapped file), where it is only read, aligned to "
     << interface.weightsAlignment
     << " bytes, and gives its\n *   address and size in the context of each "
        "run. No context or no weights:\n *   "
     << upper << "_ERROR_NULL; misaligned: " << upper
     << "_ERROR_ALIGNMENT;\n *   too small, or of another model (the first 48 "
        "bytes, which hold size and\n *   SHA-256 of the rest, are compared): "
     << upper << "_ERROR_WEIGHTS.\n";
}

static void writeIntroduction(llvm::raw_ostream &os,
                              const Interface &interface) {
  os << "/*\n";
  for (const std::string &line :
       getBanner(interface, interface.name + ": a neural network."))
    os << (line.empty() ? " *" : " * ") << line << "\n";
  os << " *\n * Inputs\n";
  for (const Port &port : interface.inputs)
    describePort(os, port);
  os << " * Outputs\n";
  for (const Port &port : interface.outputs)
    describePort(os, port);
  if (interface.hasMappedWeights())
    describeWeights(os, interface);
  if (interface.hasPortsInArena())
    os << R"( *
 * Tensors are in the arena, dense, the last dimension innermost. The caller
 * writes inputs at their offsets before a run and reads outputs at theirs after
 * it. Their space is used for other things in between: after a run the inputs
 * are lost.
)";
  else
    os << R"( *
 * Tensors are the caller's. They are dense, the last dimension innermost, and
 * aligned as their elements are. Outputs overlap neither inputs nor each other.
)";
  os << R"( * All working memory is in the arena: calls with different arenas may run at
 * the same time. Nothing in the arena needs to be kept between calls.
 */
)";
}

/// Enumerators must fit an int: larger values are macros.
static void writeSizes(llvm::raw_ostream &os, const Interface &interface,
                       uint64_t constantBytes) {
  struct Size {
    std::string name;
    int64_t value;
    std::string comment;
  };
  std::string upper = interface.getUpperName();
  SmallVector<Size> sizes = {
      {upper + "_ARENA_SIZE", std::max<int64_t>(interface.arenaBytes, 1),
       "bytes"},
      {upper + "_ARENA_ALIGN", interface.arenaAlignment, "bytes"},
      {upper + "_CONSTANTS_SIZE", int64_t(constantBytes),
       "bytes, part of the program"}};
  if (interface.hasMappedWeights()) {
    sizes.push_back({upper + "_WEIGHTS_SIZE", interface.weightsBytes, "bytes"});
    sizes.push_back(
        {upper + "_WEIGHTS_ALIGN", interface.weightsAlignment, "bytes"});
  }
  for (const kernel::MemoryRegion &region : interface.regions)
    sizes.push_back({upper + "_" + StringRef(region.name).upper() + "_BYTES",
                     region.used,
                     "of " + std::to_string(region.size) +
                         (region.hasArena ? ": the arena" : "") +
                         (region.isRam ? "" : ": constants")});
  for (ArrayRef<Port> ports :
       {ArrayRef<Port>(interface.inputs), ArrayRef<Port>(interface.outputs)})
    for (const Port &port : ports) {
      std::string name = upper + "_" + StringRef(port.ident).upper();
      sizes.push_back({name + "_COUNT", port.getCount(),
                       "elements of " + port.ident + getShapeText(port.type)});
      if (port.offset >= 0)
        sizes.push_back({name + "_OFFSET", port.offset,
                         "bytes from the start of the arena"});
    }
  os << "enum {\n";
  std::string macros;
  for (const Size &size : sizes)
    if (size.value <= INT32_MAX)
      os << "  " << size.name << " = " << size.value << ", /* " << size.comment
         << " */\n";
    else
      macros += llvm::formatv("#define {0} {1}LL /* {2} */\n", size.name,
                              size.value, size.comment);
  // Without a comma after the last one.
  os << "  " << upper << "_INPUTS = " << interface.inputs.size() << ",\n  "
     << upper << "_OUTPUTS = " << interface.outputs.size() << "\n};\n"
     << macros;
}

/// A variable in the region that holds the arena.
static void writeArenaMacro(llvm::raw_ostream &os, const Interface &interface) {
  std::string upper = interface.getUpperName();
  for (const kernel::MemoryRegion &region : interface.regions) {
    if (!region.hasArena)
      continue;
    os << "\n/* Defines an arena in " << region.name << ", at file scope. */\n"
       << "#define " << upper << "_DEFINE_ARENA(name) \\\n"
       << "  static unsigned char name[" << upper << "_ARENA_SIZE] \\\n"
       << "      __attribute__((aligned(" << upper << "_ARENA_ALIGN)";
    if (!region.section.empty())
      os << ", section(\"" << region.section << "\")";
    os << "))\n";
  }
}

static void writeErrors(llvm::raw_ostream &os, const Interface &interface) {
  std::string upper = interface.getUpperName();
  os << "\n/* What a run returns. */\nenum {\n";
  ArrayRef<kernel::StatusText> texts = kernel::getStatusTexts();
  for (const kernel::StatusText &text : texts)
    os << "  " << upper << "_" << text.name << " = " << int(text.status)
       << (&text == &texts.back() ? " " : ", ") << "/* " << text.text
       << " */\n";
  os << "};\n\n#if defined(__GNUC__)\n__attribute__((unused))\n#endif\n"
     << "static inline const char *" << interface.name
     << "_error_text(int code) {\n  switch (code) {\n";
  for (const kernel::StatusText &text : texts)
    os << "  case " << upper << "_" << text.name << ":\n    return \""
       << text.text << "\";\n";
  os << "  default:\n    return \"unknown error\";\n  }\n}\n";
}

static void writeFunctions(llvm::raw_ostream &os, const Interface &interface) {
  const std::string &name = interface.name;
  std::string parameters;
  if (!interface.hasPortsInArena()) {
    for (const Port &port : interface.inputs)
      parameters += getParameter(port, true) + ", ";
    for (const Port &port : interface.outputs)
      parameters += getParameter(port, false) + ", ";
  }
  parameters += "void *arena";
  os << "\n/* Computes the outputs. Returns " << interface.getUpperName()
     << "_OK or an error code; after an error the\n   outputs are undefined.";
  if (interface.hasMappedWeights())
    os << " The context must hold the weights. */\n";
  else
    os << " */\nint " << name << "_run(" << parameters << ");\n\n"
       << "/* The same with hooks; the context may be null. */\n";
  os << "int " << name << "_run_ex(" << parameters << ", const " << name
     << "_context *context);\n\n"
     << "/* A constant that says what this is. */\n"
     << "const " << name << "_info *" << name << "_describe(void);\n";
}

void tenon::writeHeader(llvm::raw_ostream &os, const Interface &interface,
                        uint64_t constantBytes) {
  std::string guard = interface.getUpperName() + "_H";
  kernel::InfoRecord record = kernel::buildInfoRecord(interface);
  writeIntroduction(os, interface);
  os << "#ifndef " << guard << "\n#define " << guard << "\n\n";
  auto isBool = [](const Port &port) {
    return StringRef(port.getElement().ctype) == "bool";
  };
  if (llvm::any_of(interface.inputs, isBool) ||
      llvm::any_of(interface.outputs, isBool))
    os << "#include <stdbool.h>\n";
  os << "#include <stddef.h>\n#include <stdint.h>\n\n"
     << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  writeSizes(os, interface, constantBytes);
  writeArenaMacro(os, interface);
  writeErrors(os, interface);
  os << "\n" << getContextStruct(interface.name) << "\n" << record.declaration;
  os << "\n/* Fails to compile where the members lie otherwise. */\ntypedef "
        "char "
     << interface.name << "_info_size[sizeof(" << interface.name
     << "_info) == " << record.bytes.size() << " ? 1 : -1];\n";
  writeFunctions(os, interface);
  os << "\n#ifdef __cplusplus\n}\n#endif\n\n#endif /* " << guard << " */\n";
}
