//===- tenon-translate.cpp - Between MLIR and other forms -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For tests and for people who hack on the compiler. Each room registers its
// own translations.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Import.h"
#include "compiler/tools/LowTranslations.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"

int main(int argc, char **argv) {
  tenon::registerImportTranslations();
  tenon::registerLowTranslations();
  return mlir::failed(
      mlir::mlirTranslateMain(argc, argv, "Tenon's translation driver"));
}
