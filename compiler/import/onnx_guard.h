//===- onnx_guard.h - From exceptions to errors -----------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For the files that are compiled with exceptions, and for no others.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_IMPORT_ONNX_GUARD_H
#define TENON_COMPILER_IMPORT_ONNX_GUARD_H

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"

#include <exception>
#include <new>

namespace tenon::importer::library {

inline llvm::Error makeError(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

/// Runs `action`; what it throws is the error.
template <typename Action> llvm::Error guard(Action action) {
  try {
    action();
    return llvm::Error::success();
  } catch (const std::bad_alloc &) {
    return makeError("needs more memory than there is");
  } catch (const std::exception &exception) {
    return makeError(exception.what());
  } catch (...) {
    return makeError("the ONNX library failed without a reason");
  }
}

} // namespace tenon::importer::library

#endif // TENON_COMPILER_IMPORT_ONNX_GUARD_H
