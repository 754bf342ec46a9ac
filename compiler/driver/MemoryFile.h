//===- MemoryFile.h - What --memory=FILE says -------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_DRIVER_MEMORYFILE_H
#define TENON_COMPILER_DRIVER_MEMORYFILE_H

#include "dialects/kernel/Regions.h"

namespace tenon {

/// "65536", or "64K" or "1M" of 1,024; none of what is not above 0.
std::optional<int64_t> parseBytes(llvm::StringRef text);

/// Reads a file like this, whose regions are in the order in which they are
/// wanted; docs/using.md says what the members mean:
///
///     {"regions": [{"name": "dtcm", "kind": "ram", "size": "64K"},
///                  {"name": "flash", "kind": "flash", "size": "1M"}],
///      "arena": "dtcm"}
llvm::Expected<std::vector<kernel::MemoryRegion>>
readMemoryFile(llvm::StringRef path);

} // namespace tenon

#endif // TENON_COMPILER_DRIVER_MEMORYFILE_H
