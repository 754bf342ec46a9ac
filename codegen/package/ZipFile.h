//===- ZipFile.h - Files in a zip archive -----------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_PACKAGE_ZIPFILE_H
#define TENON_CODEGEN_PACKAGE_ZIPFILE_H

#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace tenon {

/// Writes a zip archive of uncompressed files of less than 4 GB, all of the
/// same day: the same files give the same archive.
class ZipFile {
public:
  explicit ZipFile(llvm::raw_ostream &os) : os(os), begin(os.tell()) {}

  void add(llvm::StringRef name, llvm::StringRef data);
  /// Writes the directory; nothing may follow.
  void finish();

private:
  struct Entry {
    std::string name;
    uint32_t crc, size, offset;
  };
  void writeFields(const Entry &entry);

  llvm::raw_ostream &os;
  uint64_t begin;
  std::vector<Entry> entries;
};

} // namespace tenon

#endif // TENON_CODEGEN_PACKAGE_ZIPFILE_H
