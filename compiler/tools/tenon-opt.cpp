//===- tenon-opt.cpp - Runs single passes on MLIR text --------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/import/OpInference.h"
#include "compiler/pipeline/Pipeline.h"
#include "dialects/kernel/Kernel.h"
#include "dialects/nn/Nn.h"
#include "dialects/onnx/Onnx.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"
#include "passes/import/Passes.h"
#include "passes/lower/Passes.h"
#include "passes/schedule/Passes.h"
#include "passes/simplify/Passes.h"
#include "test/lib/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<mlir::arith::ArithDialect, mlir::func::FuncDialect,
                  mlir::math::MathDialect, mlir::memref::MemRefDialect,
                  mlir::scf::SCFDialect, mlir::tensor::TensorDialect,
                  mlir::vector::VectorDialect, tenon::kernel::KernelDialect,
                  tenon::nn::NnDialect, tenon::onnx::OnnxDialect>();
  tenon::registerOnnxInference(registry);
  mlir::registerTransformsPasses();
  tenon::registerSchedulePasses();
  tenon::registerImportPasses();
  tenon::registerLowerPasses();
  tenon::registerSimplifyPasses();
  tenon::registerPipelines();
  tenon::registerTestPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "Tenon's pass driver\n", registry));
}
