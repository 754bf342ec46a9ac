//===- Link.cpp - Shared objects and executables --------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/object/ObjectEmitter.h"

#include "lld/Common/Driver.h"
#include "llvm/Support/Program.h"
#include "llvm/TargetParser/Triple.h"

LLD_HAS_DRIVER(elf)

using namespace mlir;
using namespace tenon;

/// Runs LLD inside of this process.
static LogicalResult runLld(Location loc, ArrayRef<std::string> arguments) {
  SmallVector<const char *> argv;
  for (const std::string &argument : arguments)
    argv.push_back(argument.c_str());
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  lld::Result result =
      lld::lldMain(argv, stream, stream, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode == 0)
    return success();
  return emitError(loc) << "cannot link: " << StringRef(messages).trim();
}

LogicalResult tenon::linkShared(Location loc, ArrayRef<std::string> inputs,
                                StringRef output, kernel::TargetAttr target) {
  llvm::Triple triple(target.getTriple());
  if (!triple.isOSBinFormatELF() || !triple.isOSLinux())
    return emitError(loc) << "no shared objects for " << target.getName();
  std::vector<std::string> arguments = {
      "ld.lld",      "-shared",          "-z",
      "noexecstack", "--hash-style=gnu", "--build-id=none",
      "-o",          output.str(),       "--whole-archive"};
  llvm::append_range(arguments, inputs);
  return runLld(loc, arguments);
}

LogicalResult tenon::linkExecutable(Location loc, ArrayRef<std::string> inputs,
                                    StringRef output, StringRef gcc,
                                    StringRef gccFlags) {
  llvm::ErrorOr<std::string> program = llvm::sys::findProgramByName(gcc);
  if (!program)
    return emitError(loc) << "cannot link: '" << gcc << "' was not found";
  std::vector<StringRef> arguments = {gcc};
  SmallVector<StringRef> flags;
  gccFlags.split(flags, ' ', -1, /*KeepEmpty=*/false);
  llvm::append_range(arguments, flags);
  llvm::append_range(arguments, inputs);
  arguments.push_back("-o");
  arguments.push_back(output);
  std::string message;
  if (llvm::sys::ExecuteAndWait(*program, arguments, std::nullopt, {}, 0, 0,
                                &message) != 0)
    return emitError(loc) << "cannot link: " << gcc << " failed " << message;
  return success();
}
