//===- CppFile.cpp - The files of emitted C++ -----------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppPrinter.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::cpp;

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

Expr cpp::getConstant(CppPrinter &p, kernel::ConstantOp op) {
  auto global = SymbolTable::lookupNearestSymbolFrom<kernel::GlobalOp>(
      op, op.getGlobalAttr());
  Type element = cast<MemRefType>(op.getType()).getElementType();
  constexpr StringLiteral kHidden =
      "extern \"C\" __attribute__((visibility(\"hidden\"))) ";
  std::string cast = "(const " + p.getMemoryType(element) + " *)";
  if (p.constantsAre == CppPrinter::Constants::Blob) {
    std::string name = p.options.prefix + "_weights";
    p.constants.add(name, (kHidden + "const int8_t " + name + "[];").str());
    return {cast + "(" + name + " + " +
                std::to_string(p.blobOffsets.lookup(global)) + ")",
            Prec::Unary};
  }
  std::string name = global.getName().str();
  if (p.constantsAre == CppPrinter::Constants::Extern) {
    name = p.options.prefix + "_" + name;
    p.constants.add(name, (kHidden + getArray(global, name) + ";").str());
  } else if (!p.constants.names.contains(name)) {
    p.constants.add(name, "alignas(" +
                              std::to_string(getConstantAlignment(global)) +
                              ") static " + getArray(global, name) + " = {\n" +
                              getElements(global) + "};");
  }
  if (getArrayType(global) == p.getType(element))
    return {name};
  return {cast + name, Prec::Unary};
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

static void printBanner(llvm::raw_ostream &os, const CppOptions &options) {
  for (const std::string &line : options.banner)
    os << (line.empty() ? "//" : "// ") << escapeComment(line) << "\n";
}

/// The functions come first: they say what the prelude must hold.
static LogicalResult printCode(CppPrinter &p, llvm::raw_ostream &os) {
  std::string functions;
  llvm::raw_string_ostream text(functions);
  if (failed(p.printFunctions(text)))
    return failure();
  std::string features = p.target ? p.target.getPragma().str() : "";
  auto printSection = [&](StringRef name) {
    os << "\n"
       << substitute(getHelperSection(name),
                     [&](StringRef) { return features; })
       << "\n";
  };
  auto printTexts = [&](const Texts &texts, StringRef separator = "\n") {
    if (!texts.texts.empty())
      os << "\n" << llvm::join(texts.texts, separator) << "\n";
  };
  printBanner(os, p.options);
  if (!p.options.header.empty())
    os << "#include \"" << p.options.header << "\"\n";
  os << p.options.declarations << "#include <stddef.h>\n#include <stdint.h>\n";
  printSection("rules");
  if (!features.empty())
    printSection("target");
  if (p.options.header.empty() && p.options.declarations.empty() &&
      p.usesContext)
    os << "\nextern \"C\" {\n" << getContextStruct(p.options.prefix) << "}\n";
  printTexts(p.types);
  printTexts(p.definitions, "\n\n");
  printTexts(p.constants);
  os << functions;
  if (!features.empty())
    printSection("end");
  return success();
}

LogicalResult tenon::emitCpp(ModuleOp module, llvm::raw_ostream &code,
                             llvm::raw_ostream *weights,
                             const CppOptions &options) {
  CppPrinter printer(module, options);
  if (weights)
    printer.constantsAre = CppPrinter::Constants::Extern;
  if (failed(printCode(printer, code)))
    return failure();
  if (!weights)
    return success();
  printBanner(*weights, options);
  *weights << "#include <stdint.h>\n\nextern \"C\" {\n";
  for (auto global : module.getOps<kernel::GlobalOp>()) {
    std::string array =
        getArray(global, options.prefix + "_" + global.getName().str());
    *weights << "\n__attribute__((visibility(\"hidden\"))) extern " << array
             << ";\nalignas(" << getConstantAlignment(global) << ") " << array
             << " = {\n"
             << getElements(global) << "};\n";
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
    std::vector<char> data = kernel::getData(global);
    blob.write_zeros(begin - offset).write(data.data(), data.size());
    printer.blobOffsets[global] = begin;
    offset = begin + data.size();
  }
  if (failed(printCode(printer, code)))
    return failure();
  printBanner(assembly, options);
  assembly << substitute(getHelperSection("blob"), [&](StringRef key) {
    return key == "prefix" ? options.prefix
           : key == "file" ? blobFile.str()
                           : std::to_string(alignment);
  }) << "\n";
  return success();
}
