//===- CppFile.cpp - The file of emitted C++ ------------------------------===//
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
      "extern __attribute__((visibility(\"hidden\"))) ";
  std::string cast = "(const " + p.getMemoryType(element) + " *)";
  if (p.options.constants == CppConstants::Blob) {
    std::string name = p.options.prefix + "_weights";
    p.constants.try_emplace(name,
                            (kHidden + "const int8_t " + name + "[];").str());
    return {cast + "(" + name + " + " +
                std::to_string(getConstantOffset(global)) + ")",
            Prec::Unary};
  }
  std::string name = global.getName().str();
  if (p.options.constants == CppConstants::Weights) {
    name = p.options.prefix + "_" + name;
    p.constants.try_emplace(name,
                            (kHidden + getArray(global, name) + ";").str());
  } else if (!p.constants.contains(name)) {
    p.constants.try_emplace(name, "static " + getArray(global, name) + " " +
                                      getConstantAttributes(global) + " = {\n" +
                                      getElements(global) + "};");
  }
  if (getArrayType(global) == p.getType(element))
    return {name};
  return {cast + name, Prec::Unary};
}

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

/// The functions come first: they say what the prelude must hold.
LogicalResult tenon::emitCpp(ModuleOp module, llvm::raw_ostream &os,
                             const CppOptions &options) {
  CppPrinter p(module, options);
  std::string functions;
  llvm::raw_string_ostream text(functions);
  if (failed(p.printFunctions(text)))
    return failure();
  auto printSection = [&](StringRef name) {
    auto getFeatures = [&](StringRef compiler) {
      auto [gcc, clang] = p.target.getPragma().split('|');
      return (compiler == "gcc" || clang.empty() ? gcc : clang).str();
    };
    os << "\n" << substitute(getHelperSection(name), getFeatures) << "\n";
  };
  auto printTexts = [&](const Texts &texts, StringRef separator = "\n") {
    if (!texts.empty())
      os << "\n"
         << llvm::join(llvm::make_second_range(texts), separator) << "\n";
  };
  printBanner(os, options.banner);
  if (!options.header.empty())
    os << "#include \"" << options.header << "\"\n";
  os << options.declarations
     << "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n";
  printSection("rules");
  if (p.target && !p.target.getPragma().empty())
    printSection("target");
  // A header says it of the functions that it declares.
  bool isAlone = options.header.empty() && options.declarations.empty();
  if (isAlone)
    os << "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n";
  if (isAlone && p.usesContext)
    os << "\n" << getContextStruct(options.prefix);
  printTexts(p.types);
  printTexts(p.definitions, "\n\n");
  printTexts(p.constants);
  os << functions;
  if (p.target && !p.target.getPragma().empty())
    printSection("end");
  if (isAlone)
    os << "\n#ifdef __cplusplus\n}\n#endif\n";
  return success();
}
