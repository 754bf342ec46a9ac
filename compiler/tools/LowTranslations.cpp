//===- LowTranslations.cpp - From the low form to C++ and objects ---------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `tenon-translate --low-to-cpp`, `--low-to-llvmir`, `--low-to-object`: the
// emitters by themselves, for tests.
//
//===----------------------------------------------------------------------===//

#include "compiler/tools/LowTranslations.h"
#include "codegen/cpp/CppEmitter.h"
#include "codegen/object/ObjectEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
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

static void registerDialects(DialectRegistry &registry) {
  registry.insert<arith::ArithDialect, func::FuncDialect, math::MathDialect,
                  memref::MemRefDialect, scf::SCFDialect, vector::VectorDialect,
                  LLVM::LLVMDialect, kernel::KernelDialect>();
}

static void registerCpp() {
  static llvm::cl::opt<std::string> prefix(
      "cpp-prefix", llvm::cl::desc("Begins the names of shared symbols"),
      llvm::cl::init("model"));
  static llvm::cl::opt<std::string> weightsFile(
      "cpp-weights", llvm::cl::desc("File that gets the constants"));
  static llvm::cl::opt<std::string> blobFile(
      "cpp-blob", llvm::cl::desc("File that gets the constants as bytes; the "
                                 "source with them is FILE.cpp"));

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
        options.constants = !blobFile.empty()      ? CppConstants::Blob
                            : !weightsFile.empty() ? CppConstants::Weights
                                                   : CppConstants::Here;
        if (failed(emitCpp(module, os, options)))
          return failure();
        if (!blobFile.empty()) {
          auto blob = open(blobFile), source = open(blobFile + ".cpp");
          if (error)
            return failure();
          writeBlob(module, blob->os(), source->os(), blobFile, prefix, {});
          blob->keep();
          source->keep();
        } else if (!weightsFile.empty()) {
          auto weights = open(weightsFile);
          if (error)
            return failure();
          writeWeights(module, weights->os(), prefix, {});
          weights->keep();
        }
        return success();
      },
      registerDialects);
}

static void registerObject() {
  static llvm::cl::opt<OptLevel> level(
      "object-opt", llvm::cl::desc("How much LLVM optimizes"),
      llvm::cl::init(OptLevel::Balanced),
      llvm::cl::values(clEnumValN(OptLevel::None, "none", "not at all"),
                       clEnumValN(OptLevel::Size, "size", "for size"),
                       clEnumValN(OptLevel::Balanced, "balanced", "for both"),
                       clEnumValN(OptLevel::Speed, "speed", "for speed")));

  TranslateFromMLIRRegistration object(
      "low-to-object", "compile low form to an object file",
      [](ModuleOp module, raw_ostream &os) -> LogicalResult {
        SmallVector<char, 0> bytes;
        llvm::raw_svector_ostream stream(bytes);
        if (failed(emitObject(module, stream, level)))
          return failure();
        os << StringRef(bytes.data(), bytes.size());
        return success();
      },
      registerDialects);

  TranslateFromMLIRRegistration ir(
      "low-to-llvmir", "translate low form to LLVM IR, before optimization",
      [](ModuleOp module, raw_ostream &os) -> LogicalResult {
        llvm::LLVMContext context;
        std::unique_ptr<llvm::Module> translated =
            translateToLLVM(module, context, level);
        if (!translated)
          return failure();
        translated->print(os, nullptr);
        return success();
      },
      registerDialects);
}

void tenon::registerLowTranslations() {
  registerCpp();
  registerObject();
}
