//===- Translate.h - `tenon-translate --low-to-cpp` -------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_CPP_TRANSLATE_H
#define TENON_CODEGEN_CPP_TRANSLATE_H

#include "mlir/IR/DialectRegistry.h"

namespace tenon {
void registerLowFormDialects(mlir::DialectRegistry &registry);
void registerCppTranslations();
} // namespace tenon

#endif // TENON_CODEGEN_CPP_TRANSLATE_H
