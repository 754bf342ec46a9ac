//===- Translate.cpp - `tenon-translate --low-to-object`, `-llvmir` -------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/object/Translate.h"

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

using namespace mlir;
using namespace tenon;

static void registerDialects(DialectRegistry &registry) {
  registry.insert<arith::ArithDialect, func::FuncDialect, math::MathDialect,
                  memref::MemRefDialect, scf::SCFDialect, vector::VectorDialect,
                  LLVM::LLVMDialect, kernel::KernelDialect>();
}

void tenon::registerObjectTranslations() {
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
            translateToLLVM(module, context);
        if (!translated)
          return failure();
        translated->print(os, nullptr);
        return success();
      },
      registerDialects);
}
