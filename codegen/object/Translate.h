//===- Translate.h - `tenon-translate --low-to-object` ----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_OBJECT_TRANSLATE_H
#define TENON_CODEGEN_OBJECT_TRANSLATE_H

namespace tenon {
void registerObjectTranslations();
} // namespace tenon

#endif // TENON_CODEGEN_OBJECT_TRANSLATE_H
