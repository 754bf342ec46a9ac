//===- ZipFile.cpp - Files in a zip archive -------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format of PKWARE's APPNOTE: each file behind a header, then a directory
// of all of them. Numbers are little-endian.
//
//===----------------------------------------------------------------------===//

#include "codegen/package/ZipFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CRC.h"
#include "llvm/Support/EndianStream.h"

using namespace tenon;

static constexpr uint32_t kFileMark = 0x04034b50, kDirectoryMark = 0x02014b50,
                          kEndMark = 0x06054b50;
static constexpr uint16_t kVersion = 10; // of the format: 1.0
/// 1 January 1980, the first day that the format has.
static constexpr uint16_t kDay = 1 << 5 | 1;

template <typename T> static void write(llvm::raw_ostream &os, T value) {
  llvm::support::endian::write<T>(os, value, llvm::endianness::little);
}

/// What the header of a file and its entry in the directory have in common.
void ZipFile::writeFields(const Entry &entry) {
  write<uint16_t>(os, kVersion);
  write<uint16_t>(os, 0); // flags
  write<uint16_t>(os, 0); // stored as it is
  write<uint16_t>(os, 0); // midnight
  write<uint16_t>(os, kDay);
  write(os, entry.crc);
  write(os, entry.size); // compressed
  write(os, entry.size);
  write<uint16_t>(os, entry.name.size());
  write<uint16_t>(os, 0); // extra fields
}

void ZipFile::add(llvm::StringRef name, llvm::StringRef data) {
  entries.push_back({name.str(), llvm::crc32(llvm::arrayRefFromStringRef(data)),
                     static_cast<uint32_t>(data.size()),
                     static_cast<uint32_t>(os.tell() - begin)});
  write(os, kFileMark);
  writeFields(entries.back());
  os << name << data;
}

void ZipFile::finish() {
  uint32_t start = os.tell() - begin;
  for (const Entry &entry : entries) {
    write(os, kDirectoryMark);
    write(os, kVersion); // that wrote it
    writeFields(entry);
    write<uint16_t>(os, 0); // comment
    write<uint16_t>(os, 0); // disk
    write<uint16_t>(os, 0); // attributes
    write<uint32_t>(os, 0);
    write(os, entry.offset);
    os << entry.name;
  }
  uint32_t end = os.tell() - begin;
  write(os, kEndMark);
  write<uint16_t>(os, 0); // disks
  write<uint16_t>(os, 0);
  write<uint16_t>(os, entries.size()); // on this one
  write<uint16_t>(os, entries.size());
  write(os, end - start);
  write(os, start);
  write<uint16_t>(os, 0); // comment
}
