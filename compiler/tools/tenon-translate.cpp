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

#include "codegen/cpp/Translate.h"
#include "codegen/object/Translate.h"
#include "compiler/import/Import.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"

int main(int argc, char **argv) {
  tenon::registerImportTranslations();
  tenon::registerCppTranslations();
  tenon::registerObjectTranslations();
  return mlir::failed(
      mlir::mlirTranslateMain(argc, argv, "Tenon's translation driver"));
}
