//===- CppPrelude.cpp - What stands around the functions ------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/ContextStruct.h"
#include "codegen/cpp/CppPrinter.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::cpp;

/// Results must be the same bits everywhere: nothing may be reordered, fused or
/// kept in more precision. GCC fuses across statements unless told not to;
/// under -ffast-math Clang ignores its pragma.
static constexpr StringLiteral kFloatRules = R"(
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
#endif
)";

void CppPrinter::printPrelude(llvm::raw_ostream &os) {
  if (!options.header.empty())
    os << "#include \"" << options.header << "\"\n";
  os << "#include <stddef.h>\n#include <stdint.h>\n" << kFloatRules;
  if (target && !target.getPragma().empty())
    os << "#if defined(__clang__)\n#pragma clang attribute "
          "push(__attribute__((target(\""
       << target.getPragma()
       << "\"))), apply_to = function)\n#elif defined(__GNUC__)\n#pragma GCC "
          "target(\""
       << target.getPragma() << "\")\n#endif\n";
  if (options.header.empty() && usesContext)
    os << "\nextern \"C\" {\n" << getContextStruct(options.prefix) << "}\n";
  auto print = [&](const Texts &list, StringRef separator) {
    if (!list.texts.empty())
      os << "\n" << llvm::join(list.texts, separator) << "\n";
  };
  print(types, "\n");
  print(definitions, "\n");
  print(constants, "\n");
}

void CppPrinter::printEpilogue(llvm::raw_ostream &os) {
  if (target && !target.getPragma().empty())
    os << "\n#if defined(__clang__)\n#pragma clang attribute pop\n#endif\n";
}

static void printBanner(llvm::raw_ostream &os, const CppOptions &options) {
  for (const std::string &line : options.banner)
    os << (line.empty() ? "//" : "// ") << escapeComment(line) << "\n";
}

/// The functions come first: they say what the prelude must hold.
static LogicalResult printCode(CppPrinter &printer, llvm::raw_ostream &code) {
  std::string functions;
  llvm::raw_string_ostream text(functions);
  if (failed(printer.printFunctions(text)))
    return failure();
  printBanner(code, printer.options);
  printer.printPrelude(code);
  code << functions;
  printer.printEpilogue(code);
  return success();
}

LogicalResult tenon::emitCpp(ModuleOp module, llvm::raw_ostream &code,
                             llvm::raw_ostream *weights,
                             const CppOptions &options) {
  CppPrinter printer(module, options);
  if (!weights)
    return printCode(printer, code);
  printer.constantsAre = CppPrinter::Constants::Extern;
  if (failed(printCode(printer, code)))
    return failure();
  printBanner(*weights, options);
  *weights << "#include <stdint.h>\n\nextern \"C\" {\n";
  for (auto global : module.getOps<kernel::GlobalOp>()) {
    ArrayText array = getArray(global);
    std::string name = options.prefix + "_" + global.getName().str();
    std::string declaration = "const " + array.type + " " + name + "[" +
                              std::to_string(array.count) + "]";
    *weights << "\n__attribute__((visibility(\"hidden\"))) extern "
             << declaration << ";\nalignas(" << getConstantAlignment(global)
             << ") " << declaration << " = {\n";
    printArrayElements(global, *weights);
    *weights << "};\n";
  }
  *weights << "\n} // extern \"C\"\n";
  return success();
}

LogicalResult tenon::emitCppWithBlob(ModuleOp module, llvm::raw_ostream &code,
                                     llvm::raw_ostream &blob,
                                     llvm::raw_ostream &assembly,
                                     StringRef blobFile,
                                     const CppOptions &options) {
  CppPrinter printer(module, options);
  printer.constantsAre = CppPrinter::Constants::Blob;
  uint64_t offset = 0, alignment = 16;
  for (auto global : module.getOps<kernel::GlobalOp>()) {
    uint64_t begin = llvm::alignTo(offset, getConstantAlignment(global));
    alignment = std::max(alignment, getConstantAlignment(global));
    blob.write_zeros(begin - offset);
    std::vector<char> data = getConstantData(global);
    blob.write(data.data(), data.size());
    printer.blobOffsets[global] = begin;
    offset = begin + data.size();
  }
  if (failed(printCode(printer, code)))
    return failure();
  std::string symbol = options.prefix + "_weights";
  for (const std::string &line : options.banner)
    assembly << (line.empty() ? "//" : "// ") << escapeComment(line) << "\n";
  assembly << "    .section .rodata\n    .global " << symbol << "\n    .hidden "
           << symbol << "\n    .balign " << alignment << "\n"
           << symbol << ":\n    .incbin \"" << blobFile
           << "\"\n    .section .note.GNU-stack,\"\",%progbits\n";
  return success();
}
