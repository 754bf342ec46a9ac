//===- CppEmitter.h - Low form to C++ ---------------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_CPP_CPPEMITTER_H
#define TENON_CODEGEN_CPP_CPPEMITTER_H

#include "codegen/text/Text.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LogicalResult.h"

namespace tenon {

/// Where the code finds constants: in the same file, in the file of
/// `writeWeights`, or in that of `writeBlob`.
enum class CppConstants { Here, Weights, Blob };

struct CppOptions {
  /// Begins every symbol that the files share: the model's name.
  std::string prefix = "model";
  /// A header that declares the public functions and `<prefix>_context`; the
  /// code includes it. Where empty, the code defines the context itself.
  std::string header;
  /// The text of such a header, to stand in the code instead of an include.
  std::string declarations;
  /// Text of the comment at the top of the file, a line each; escaped.
  std::vector<std::string> banner;
  CppConstants constants = CppConstants::Here;
};

/// Prints the module, which went through `legalize-for-cpp`, as C++11; unless
/// there are vectors, which C has no values and selections of, the text is C11
/// too. The printer changes nothing; what it cannot print is an error at the
/// place.
mlir::LogicalResult emitCpp(mlir::ModuleOp module, llvm::raw_ostream &os,
                            const CppOptions &options);

} // namespace tenon

#endif // TENON_CODEGEN_CPP_CPPEMITTER_H
