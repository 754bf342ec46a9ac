//===- LowTranslations.h - From the low form to C++, objects ----*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_TOOLS_LOWTRANSLATIONS_H
#define TENON_COMPILER_TOOLS_LOWTRANSLATIONS_H

namespace tenon {
void registerLowTranslations();
} // namespace tenon

#endif // TENON_COMPILER_TOOLS_LOWTRANSLATIONS_H
