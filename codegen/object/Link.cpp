//===- Link.cpp - Shared objects and executables --------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/object/ObjectEmitter.h"

#include "lld/Common/Driver.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Program.h"
#include "llvm/TargetParser/Host.h"

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

//===----------------------------------------------------------------------===//
// Executables
//===----------------------------------------------------------------------===//

namespace {
/// Where Linux keeps the start files of C programs.
struct System {
  llvm::Triple::ArchType arch;
  const char *folder, *loader, *emulation;
};
} // namespace

static constexpr System kSystems[] = {
    {llvm::Triple::x86_64, "/usr/lib/x86_64-linux-gnu",
     "/lib64/ld-linux-x86-64.so.2", "elf_x86_64"},
    {llvm::Triple::aarch64, "/usr/lib/aarch64-linux-gnu",
     "/lib/ld-linux-aarch64.so.1", "aarch64linux"},
};

/// LLD with the C library of this machine; needs no compiler.
static LogicalResult linkWithSystem(Location loc, const System &system,
                                    ArrayRef<std::string> inputs,
                                    StringRef output) {
  std::string folder = system.folder;
  std::vector<std::string> arguments = {"ld.lld",
                                        "-pie",
                                        "-m",
                                        system.emulation,
                                        "-z",
                                        "noexecstack",
                                        "--hash-style=gnu",
                                        "--build-id=none",
                                        "-dynamic-linker",
                                        system.loader,
                                        "-o",
                                        output.str(),
                                        folder + "/Scrt1.o",
                                        folder + "/crti.o",
                                        "-L" + folder};
  llvm::append_range(arguments, inputs);
  arguments.push_back("-lc");
  arguments.push_back(folder + "/crtn.o");
  return runLld(loc, arguments);
}

static LogicalResult linkWithCompiler(Location loc, StringRef gcc,
                                      StringRef gccFlags,
                                      ArrayRef<std::string> inputs,
                                      StringRef output) {
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

LogicalResult tenon::linkExecutable(Location loc, ArrayRef<std::string> inputs,
                                    StringRef output, StringRef gcc,
                                    StringRef gccFlags) {
  llvm::Triple host(llvm::sys::getDefaultTargetTriple());
  for (const System &system : kSystems)
    if (gcc.empty() && host.getArch() == system.arch &&
        llvm::sys::fs::exists(system.folder + llvm::Twine("/Scrt1.o")))
      return linkWithSystem(loc, system, inputs, output);
  if (gcc.empty())
    return emitError(loc)
           << "cannot link an executable: no C library was found here";
  return linkWithCompiler(loc, gcc, gccFlags, inputs, output);
}
