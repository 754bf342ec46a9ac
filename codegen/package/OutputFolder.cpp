//===- OutputFolder.cpp - Files that appear all or not at all -------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/package/OutputFolder.h"

#include "llvm/Support/Path.h"

using namespace tenon;
using llvm::StringRef;

OutputFolder::~OutputFolder() {
  for (File &file : files) {
    // What the stream still holds goes to a file that is open yet.
    file.buffer.reset();
    file.stream->flush();
    file.stream->clear_error();
    file.stream.reset();
    if (file.temporary)
      llvm::consumeError(file.temporary->discard());
  }
  llvm::consumeError(std::move(error));
}

static llvm::Error makeError(const std::string &path, std::error_code code) {
  return llvm::createStringError(code, "cannot write " + path + ": " +
                                           code.message());
}

std::string OutputFolder::getPath(StringRef name) const {
  llvm::SmallString<128> path(folder);
  llvm::sys::path::append(path, name);
  return std::string(path);
}

llvm::raw_pwrite_stream &OutputFolder::create(StringRef name) {
  auto fail = [&](const std::string &path,
                  std::error_code code) -> llvm::raw_pwrite_stream & {
    error = makeError(path, code);
    nowhere = std::make_unique<llvm::raw_null_ostream>();
    return *nowhere;
  };
  if (nowhere)
    return *nowhere;
  std::string path = getPath(name);
  StringRef parent = llvm::sys::path::parent_path(path);
  if (!parent.empty())
    if (auto code = llvm::sys::fs::create_directories(
            parent, /*IgnoreExisting=*/true, llvm::sys::fs::all_all))
      return fail(parent.str(), code);
  if (llvm::sys::fs::is_directory(path))
    return fail(path, std::make_error_code(std::errc::is_a_directory));
  if (llvm::sys::fs::exists(path) && !llvm::sys::fs::is_regular_file(path)) {
    std::error_code code;
    auto stream = std::make_unique<llvm::raw_fd_ostream>(path, code);
    if (code)
      return fail(path, code);
    auto buffer = std::make_unique<llvm::buffer_ostream>(*stream);
    files.push_back({path, std::nullopt, std::move(stream), std::move(buffer)});
    return *files.back().buffer;
  }
  auto temporary = llvm::sys::fs::TempFile::create(
      path + ".tmp%%%%%%", llvm::sys::fs::all_read | llvm::sys::fs::all_write);
  if (!temporary)
    return fail(path, llvm::errorToErrorCode(temporary.takeError()));
  auto stream = std::make_unique<llvm::raw_fd_ostream>(temporary->FD,
                                                       /*shouldClose=*/false);
  files.push_back({path, std::move(*temporary), std::move(stream), nullptr});
  return *files.back().stream;
}

llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>>
OutputFolder::read(StringRef name) {
  std::string path = getPath(name);
  for (File &file : files)
    if (file.path == path && file.temporary) {
      file.stream->flush();
      return llvm::MemoryBuffer::getFile(file.temporary->TmpName,
                                         /*IsText=*/false,
                                         /*RequiresNullTerminator=*/false);
    }
  return std::make_error_code(std::errc::no_such_file_or_directory);
}

llvm::Error OutputFolder::commit() {
  llvm::Error result = std::move(error);
  error = llvm::Error::success();
  for (File &file : files) {
    file.buffer.reset();
    file.stream->flush();
    if (std::error_code code = file.stream->error(); code && !result)
      result = makeError(file.path, code);
    file.stream->clear_error();
  }
  if (result)
    return result;
  for (File &file : files)
    if (auto failure = file.temporary ? file.temporary->keep(file.path)
                                      : llvm::Error::success())
      result = llvm::joinErrors(std::move(result), std::move(failure));
  files.clear();
  return result;
}
