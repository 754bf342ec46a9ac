//===- Translate.cpp - `tenon-translate --low-to-cpp` ---------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/Translate.h"

#include "codegen/cpp/CppEmitter.h"
#include "dialects/kernel/Kernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace tenon;

void tenon::registerLowFormDialects(DialectRegistry &registry) {
  registry.insert<arith::ArithDialect, func::FuncDialect, math::MathDialect,
                  memref::MemRefDialect, scf::SCFDialect, vector::VectorDialect,
                  kernel::KernelDialect>();
}

void tenon::registerCppTranslations() {
  static llvm::cl::opt<std::string> prefix(
      "cpp-prefix", llvm::cl::desc("Begins the names of shared symbols"),
      llvm::cl::init("model"));
  static llvm::cl::opt<std::string> weightsFile(
      "cpp-weights", llvm::cl::desc("File that gets the constants"));
  static llvm::cl::opt<std::string> blobFile(
      "cpp-blob", llvm::cl::desc("File that gets the constants as bytes; the "
                                 "assembly goes to FILE.S"));

  TranslateFromMLIRRegistration cpp(
      "low-to-cpp", "print legalized low form as C++",
      [](ModuleOp module, raw_ostream &os) -> LogicalResult {
        CppOptions options;
        options.prefix = prefix;
        std::error_code error;
        auto open = [&](StringRef name) {
          return std::make_unique<llvm::ToolOutputFile>(name, error,
                                                        llvm::sys::fs::OF_None);
        };
        if (!blobFile.empty()) {
          auto blob = open(blobFile), assembly = open(blobFile + ".S");
          if (error ||
              failed(emitCppWithBlob(module, os, blob->os(), assembly->os(),
                                     blobFile, options)))
            return failure();
          blob->keep();
          assembly->keep();
          return success();
        }
        if (weightsFile.empty())
          return emitCpp(module, os, nullptr, options);
        auto weights = open(weightsFile);
        if (error || failed(emitCpp(module, os, &weights->os(), options)))
          return failure();
        weights->keep();
        return success();
      },
      registerLowFormDialects);
}
