//===- Destination.cpp - What a compile writes, and where -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/tools/Destination.h"

#include "compiler/tools/Commands.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace tenon;
using namespace tenon::tools;
using llvm::StringRef;

namespace {
/// In the order of `Emit`.
struct Kind {
  const char *name;
  /// Of a file of this kind; a program has none.
  const char *ending;
  /// Whether -o is one file by any name, rather than a package's folder.
  bool isAlwaysFile;
};
} // namespace

static constexpr Kind kKinds[] = {
    {"cpp", ".cpp", false}, {"c", ".c", false},       {"obj", ".o", false},
    {"lib", ".a", false},   {"shared", ".so", false}, {"exe", "", true},
    {"llvm", ".ll", true},  {"mlir", ".mlir", true}};

/// Endings of files that people ask a compiler for, but not of folders.
static constexpr const char *kForeignEndings[] = {
    ".cc",  ".cxx",  ".h",    ".hh",   ".hpp",  ".s",       ".S",
    ".asm", ".bc",   ".obj",  ".lib",  ".dll",  ".dylib",   ".exe",
    ".elf", ".bin",  ".hex",  ".wasm", ".onnx", ".weights", ".txt",
    ".py",  ".json", ".html", ".zip",  ".npy",  ".pb"};

static const Kind &getKind(Emit emit) { return kKinds[static_cast<int>(emit)]; }

StringRef tools::getName(Emit emit) { return getKind(emit).name; }

/// Folders that exist, and names of folders to make.
static bool isFolder(StringRef path) {
  return path.empty() || path.ends_with("/") ||
         llvm::sys::fs::is_directory(path);
}

/// A pipe or a device, which is written to as it is.
static bool isDevice(StringRef path) {
  return llvm::sys::fs::exists(path) && !llvm::sys::fs::is_directory(path) &&
         !llvm::sys::fs::is_regular_file(path);
}

/// ".so" of libface.so, and of libface.so.1.2 too.
static StringRef getEnding(StringRef path) {
  StringRef name = llvm::sys::path::filename(path);
  StringRef base = name.rtrim("0123456789.");
  return llvm::sys::path::extension(base.ends_with(".so") ? base : name);
}

/// The kind of file that has this ending, if any.
static std::optional<Emit> findKind(StringRef ending) {
  for (size_t i = 0; i < std::size(kKinds); ++i)
    if (!ending.empty() && ending == kKinds[i].ending)
      return static_cast<Emit>(i);
  return std::nullopt;
}

int tools::chooseEmit(StringRef path, std::optional<Emit> asked, Emit &emit) {
  emit = asked.value_or(Emit::Cpp);
  if (path == "-" && (emit == Emit::Shared || emit == Emit::Exe))
    return reportUsage("-o -: --emit=" + getName(emit) +
                           " is linked into a file",
                       "give -o a name");
  if (path == "-" || isFolder(path) || isDevice(path))
    return 0;
  StringRef ending = getEnding(path);
  std::optional<Emit> kind = findKind(ending);
  if (kind && asked && *kind != emit)
    return reportUsage("-o " + path + ": a name that ends in " + ending +
                           " contradicts --emit=" + getName(emit),
                       "leave --emit out, or write " + path +
                           "/ for a folder of this name");
  if (kind)
    emit = *kind;
  else if (!getKind(emit).isAlwaysFile &&
           llvm::is_contained(kForeignEndings, ending))
    return reportUsage(
        "-o " + path + ": Tenon writes no file that ends in " + ending,
        "names end in .cpp, .c, .o, .a, .so, .ll or .mlir, programs "
        "(--emit=exe) in anything; " +
            path + "/ is a folder");
  return 0;
}

std::string Destination::getPath() const {
  if (!isSingle())
    return folder;
  llvm::SmallString<128> path(folder);
  llvm::sys::path::append(path, file);
  return std::string(path);
}

Destination tools::getDestination(StringRef path, Emit emit, StringRef model) {
  const Kind &kind = getKind(emit);
  std::string file = (model + kind.ending).str();
  if (path.empty()) {
    if (emit == Emit::Llvm || emit == Emit::Mlir)
      return {"", "-"};
    return {model.str(), kind.isAlwaysFile ? file : ""};
  }
  if (isFolder(path))
    return {path.str(), kind.isAlwaysFile ? file : ""};
  if (path == "-" || kind.isAlwaysFile || isDevice(path) ||
      getEnding(path) == kind.ending)
    return {llvm::sys::path::parent_path(path).str(),
            llvm::sys::path::filename(path).str()};
  return {path.str(), ""};
}
