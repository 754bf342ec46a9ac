//===- OptLevel.h - What to optimize for ------------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_OBJECT_OPTLEVEL_H
#define TENON_CODEGEN_OBJECT_OPTLEVEL_H

namespace tenon {

/// What `--opt` chooses: shorter code, faster code, or neither at any price.
/// `None` is for tests: what LLVM does is left out.
enum class OptLevel { None, Size, Balanced, Speed };

} // namespace tenon

#endif // TENON_CODEGEN_OBJECT_OPTLEVEL_H
