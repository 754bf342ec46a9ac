//===- FileNames.h - Files that are called like tensors ---------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_DRIVER_FILENAMES_H
#define TENON_COMPILER_DRIVER_FILENAMES_H

#include "dialects/kernel/Interface.h"

namespace tenon {

/// A file name for each output, without an ending: the name that it has in the
/// model, of which letters, digits, '-', '.' and '_' are left as they are, cut
/// where it is long. No two are equal, even where case does not count.
std::vector<std::string> getFileNames(llvm::ArrayRef<kernel::Port> ports);

} // namespace tenon

#endif // TENON_COMPILER_DRIVER_FILENAMES_H
