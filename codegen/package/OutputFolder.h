//===- OutputFolder.h - Files that appear all or not at all -----*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_PACKAGE_OUTPUTFOLDER_H
#define TENON_CODEGEN_PACKAGE_OUTPUTFOLDER_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>
#include <string>
#include <vector>

namespace tenon {

/// Writes files under temporary names, which `commit` makes final. Without it,
/// nothing is left behind: a failed compile leaves what was there before.
class OutputFolder {
public:
  /// `folder` may be empty: the current one.
  explicit OutputFolder(llvm::StringRef folder) : folder(folder) {}
  ~OutputFolder();

  /// A stream for the file `name`, which may be in a folder; after an error,
  /// one that goes nowhere.
  llvm::raw_pwrite_stream &create(llvm::StringRef name);
  /// What was written to a file so far; an error that `commit` gives too.
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> read(llvm::StringRef name);
  /// The first error, if any: without it, all files are where they should be.
  llvm::Error commit();
  /// Where a file will be.
  std::string getPath(llvm::StringRef name) const;

private:
  struct File {
    std::string path;
    /// None for what is no regular file, like /dev/null: it is written to as
    /// it is, through a buffer since it may not seek.
    std::optional<llvm::sys::fs::TempFile> temporary;
    std::unique_ptr<llvm::raw_fd_ostream> stream;
    std::unique_ptr<llvm::buffer_ostream> buffer;
  };

  std::string folder;
  std::vector<File> files;
  llvm::Error error = llvm::Error::success();
  /// There after an error.
  std::unique_ptr<llvm::raw_pwrite_stream> nowhere;
};

} // namespace tenon

#endif // TENON_CODEGEN_PACKAGE_OUTPUTFOLDER_H
