//===- Text.h - What emitted C and C++ have in common -----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_TEXT_TEXT_H
#define TENON_CODEGEN_TEXT_TEXT_H

#include "dialects/kernel/Kernel.h"

namespace tenon {

/// A section of runtime-stubs/helpers.h; empty if there is none.
llvm::StringRef getHelperSection(llvm::StringRef name, bool isVector = false);

/// A section's text with what `get` gives for its placeholders.
std::string substitute(llvm::StringRef text,
                       llvm::function_ref<std::string(llvm::StringRef)> get);

/// The C99 and C++ definition of `<prefix>_context`. The order of its members
/// is that of `kernel::ContextMember`.
std::string getContextStruct(llvm::StringRef prefix);

/// Text for a comment: printable, on one line, without what ends a comment.
std::string escapeComment(llvm::StringRef text);

/// `0.1f`, `-0.0f`; null where a literal cannot say it (infinities, NaN).
std::optional<std::string> getFloatLiteral(const llvm::APFloat &value);
std::string getIntegerLiteral(const llvm::APInt &value, bool isUnsigned);
/// The least or the greatest value of an integer type. As a float of type
/// `asFloat`, if there is one, the lower end of the range, or what is the first
/// above it.
std::string getIntegerBound(mlir::Type integer, bool isUnsigned, bool isHigh,
                            mlir::Type asFloat = {});

/// A comment of these lines; escaped.
void printBanner(llvm::raw_ostream &os, llvm::ArrayRef<std::string> lines);

/// Where the constant lies if all constants of the module are in one file.
uint64_t getConstantOffset(kernel::GlobalOp global);
/// The size of that file.
uint64_t getConstantBytes(mlir::ModuleOp module);

/// A constant as a C array: the type of its elements, `const float w[432]`,
/// `__attribute__((aligned(16)))`, and the lines between the braces.
std::string getArrayType(kernel::GlobalOp global);
std::string getArray(kernel::GlobalOp global, llvm::StringRef name);
std::string getConstantAttributes(kernel::GlobalOp global);
std::string getElements(kernel::GlobalOp global);

/// Constants in files of their own, as hidden symbols that begin with `prefix`:
/// as C and C++, or as bytes in `blob` and a source whose assembly includes them,
/// as the file `blobFile`.
void writeWeights(mlir::ModuleOp module, llvm::raw_ostream &os,
                  llvm::StringRef prefix, llvm::ArrayRef<std::string> banner);
void writeBlob(mlir::ModuleOp module, llvm::raw_ostream &blob,
               llvm::raw_ostream &source, llvm::StringRef blobFile,
               llvm::StringRef prefix, llvm::ArrayRef<std::string> banner);

} // namespace tenon

#endif // TENON_CODEGEN_TEXT_TEXT_H
